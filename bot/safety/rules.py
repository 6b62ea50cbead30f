"""Danger rules and their look-alikes, read from data/safety/ and checked line by line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import paths, yaml_files
from bot.errors import DataError
from bot.reading.inflect import forms
from bot.reading.patterns import Lexicon
from bot.reading.typos import vocabulary
from bot.reading.values import Safety
from bot.safety.fold import Folder

FILES = ("immediate", "suicide", "child", "harmed", "harming", "others", "out_of_scope")
REACHES = ("words", "sentence", "message")
LEAVES = ("nothing", "soft")
# From which probability of any danger at all the encoder's guess is a hit (in few words, otherwise), or is asked about;
# from which no look-alike makes it faint; from which probability of out_of_scope that is said.
THRESHOLDS = ("flag", "flag_few_words", "doubt", "certain", "out_of_scope")


@dataclass(frozen=True)
class Rule:
    """One way of speaking about danger. *patterns* are lines of the pattern language.

    *immediate*: it seems to happen now. *soft*: the words are faint, so they are asked about and lock nothing.
    *firm*: so plain that a later no to the direct question eases nothing.
    *unless*: ids of look-alikes that take a hit back. *matches*, *spares*: sentences that must and must not hit.
    """

    id: str
    kind: Safety
    patterns: tuple[str, ...]
    immediate: bool = False
    soft: bool = False
    firm: bool = False
    unless: tuple[str, ...] = ()
    matches: tuple[str, ...] = ()
    spares: tuple[str, ...] = ()


@dataclass(frozen=True)
class LookAlike:
    """A way of speaking that only looks like danger.

    *reach*: it must overlap the ``words`` of the hit, or stand in the same ``sentence`` or ``message``.
    *leaves*: ``nothing``, or a ``soft`` hit that is asked about and locks nothing.
    """

    id: str
    patterns: tuple[str, ...]
    reach: str
    leaves: str
    matches: tuple[str, ...] = ()


@dataclass(frozen=True)
class RuleBook:
    """Everything the gate reads by, as loaded from one folder.

    *thresholds*: probabilities of the encoder, by the names of `THRESHOLDS`.
    """

    rules: Mapping[str, Rule]
    look_alikes: Mapping[str, LookAlike]
    thresholds: Mapping[str, float]
    lexicon: Lexicon
    folder: Folder

    @classmethod
    def load(cls, folder: Path | None = None) -> RuleBook:
        """Read data/safety (or *folder*), on top of the words of data/cues. Raises DataError on a bad entry."""
        folder = folder or paths.data() / "safety"
        look_alikes: dict[str, LookAlike] = {}
        for row in yaml_files.rows(folder / "look_alikes.yml"):
            alike = _look_alike(row, folder / "look_alikes.yml")
            _once(alike.id, look_alikes, folder / "look_alikes.yml")
            look_alikes[alike.id] = alike
        rules: dict[str, Rule] = {}
        for name in FILES:
            for row in yaml_files.rows(folder / f"{name}.yml"):
                rule = _rule(row, folder / f"{name}.yml", look_alikes)
                _once(rule.id, rules, folder / f"{name}.yml")
                rules[rule.id] = rule
        return cls(rules, look_alikes, _thresholds(folder / "thresholds.yml"), *_words(folder))


def _once(name: str, known: Mapping[str, object], where: Path) -> None:
    if name in known:
        raise DataError(f"id {name!r} stands twice", where=where, expected="a new id for each entry")


def _rule(row: Mapping[str, Any], where: Path, look_alikes: Mapping[str, LookAlike]) -> Rule:
    name = _name(row, where)
    try:
        kind = Safety(row.get("kind"))
    except ValueError:
        kind = Safety.NONE
    if kind is Safety.NONE:
        raise DataError(
            f"{name}: kind {row.get('kind')!r} is not known",
            where=where,
            expected="one of " + ", ".join(kind.value for kind in Safety if kind is not Safety.NONE),
        )
    unless = yaml_files.texts(row, "unless", name, where)
    for other in unless:
        if other not in look_alikes:
            raise DataError(f"{name}: unless names {other!r}", where=where, expected="an id of look_alikes.yml")
    extra = set(row) - {"id", "kind", "immediate", "soft", "firm", "patterns", "unless", "matches", "spares"}
    if extra:
        raise DataError(
            f"{name}: {', '.join(sorted(map(str, extra)))} is not a field of a rule",
            where=where,
            expected="id, kind, immediate, soft, firm, patterns, unless, matches, spares",
        )
    patterns = yaml_files.texts(row, "patterns", name, where)
    if not patterns:
        raise DataError(f"{name}: has no patterns", where=where, expected="a list of pattern lines")
    return Rule(name, kind, patterns, row.get("immediate") is True, row.get("soft") is True, row.get("firm") is True, unless,
                yaml_files.texts(row, "matches", name, where), yaml_files.texts(row, "spares", name, where))  # fmt: skip


def _look_alike(row: Mapping[str, Any], where: Path) -> LookAlike:
    name = _name(row, where)
    reach, leaves = row.get("reach", "words"), row.get("leaves", "nothing")
    if reach not in REACHES or leaves not in LEAVES:
        raise DataError(
            f"{name}: reach {reach!r}, leaves {leaves!r}",
            where=where,
            expected=f"reach one of {', '.join(REACHES)} and leaves one of {', '.join(LEAVES)}",
        )
    patterns = yaml_files.texts(row, "patterns", name, where)
    if not patterns:
        raise DataError(f"{name}: has no patterns", where=where, expected="a list of pattern lines")
    return LookAlike(name, patterns, reach, leaves, yaml_files.texts(row, "matches", name, where))


def _name(row: Mapping[str, Any], where: Path) -> str:
    name = row.get("id")
    if not isinstance(name, str) or not name:
        raise DataError(f"an entry has id {name!r}", where=where, expected="'- id: some_name' at the top of each entry")
    return name


def _thresholds(where: Path) -> dict[str, float]:
    found = yaml_files.mapping(where)
    if set(found) != set(THRESHOLDS):
        raise DataError(f"holds {', '.join(map(str, found)) or 'nothing'}", where=where, expected=", ".join(THRESHOLDS))
    for name, value in found.items():
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= 1:
            raise DataError(f"{name}: {value!r}", where=where, expected="a number above 0, up to 1")
    return {name: float(value) for name, value in found.items()}


def _words(folder: Path) -> tuple[Lexicon, Folder]:
    """Return the words of data/cues with those of *folder* added, and what undoes disguises."""
    base = Lexicon.load(paths.data() / "cues")
    groups = dict(base.groups)
    where = folder / "words.yml"
    for name, words in yaml_files.mapping(where).items():
        if not isinstance(words, list):
            raise DataError(f"group {name!r} is not a list", where=where, expected="a list of words")
        found: set[str] = set()
        for word in map(str, words):
            if word.startswith("<"):
                if word.strip("<>") not in groups:
                    raise DataError(f"group {name!r} uses {word}", where=where, expected="a group defined above it")
                found |= groups[word.strip("<>")]
            else:
                found |= forms(word[1:], base.irregular) if word.startswith("~") else {word.lower()}
        groups[str(name)] = frozenset(found)
    spelt = yaml_files.mapping(folder / "spellings.yml")
    for part in ("spellings", "masks"):
        if not isinstance(spelt.get(part), dict):
            raise DataError(f"has no {part}", where=folder / "spellings.yml", expected=f"{part}: followed by 'written: meant'")
    for part in ("spaced", "censored", "slips"):
        if not isinstance(spelt.get(part), list):
            raise DataError(f"has no {part}", where=folder / "spellings.yml", expected=f"{part}: [a list of words]")
    slips = _slips(map(str, spelt["slips"]))
    spellings = {**slips, **base.spellings, **{str(k).lower(): str(v).lower() for k, v in spelt["spellings"].items()}}
    masks = {str(mask): str(plain) for mask, plain in spelt["masks"].items()}
    return Lexicon(groups, base.irregular, spellings), Folder(map(str, spelt["spaced"]), masks, map(str, spelt["censored"]))


def _slips(words: Iterable[str]) -> dict[str, str]:
    """Return misspellings of *words* by one letter left out, doubled or swapped, where they are no words themselves.

    The reading's own typos (bot.reading.typos) leave alone what could be a known word with an ending: "slaped",
    "strangld". In the few words of violence such a slip is far likelier than a new word.
    """
    wanted = {word.lower() for word in words}
    taken = vocabulary().keys() | wanted
    found: dict[str, str] = {}
    for word in sorted(wanted):
        for place in range(1, len(word)):
            before, letter, after = word[:place], word[place], word[place + 1 :]
            written = [before + letter + letter + after]
            if place > 1:  # without its second letter a word is another one too often: "sapping" is not "slapping"
                written.append(before + after)
            if after:
                written.append(before + after[0] + letter + after[1:])
            for slip in written:
                if len(slip) >= 4 and slip not in taken:
                    found.setdefault(slip, word)
    return found
