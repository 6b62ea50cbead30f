"""The rules and wordings of data/soften, read and checked once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot import paths, yaml_files
from bot.errors import DataError
from bot.guidance.library import Sources
from bot.guidance.rows import Row, no_id_twice
from bot.guidance.soften.tokens import Typing
from bot.guidance.soften.values import Reason
from bot.guidance.soften.verbs import Verbs
from bot.reading.typos import Typos, vocabulary

ROLES = ("complaint", "request", "pause", "wound", "drop", "keep", "clear_no")
WORDINGS = ("close", "short", "feel", "ask", "choice", "close_back", "short_back", "choice_back")
LEAST_REASONS = 3
_FIELDS = ("id", "kind", "role", "match", "topic", "weight", "heated", "span", "before", "big", "adapt", "skip", *WORDINGS)
_MACRO = re.compile(r"@(\w+)|(?<!P)<(\w)(\?)?>")
_BARE_GROUP = re.compile(r"\((?!\?)")
_REFUSALS = ("violence", "self_harm", "said_no", "control")


@dataclass(frozen=True)
class Rule:
    """How a sentence is read and what it may become (data/soften/rules.yml)."""

    id: str
    kind: str
    role: str
    matches: tuple[tuple[re.Pattern[str], bool], ...]  # with True: not where the draft names a time to come back
    topic: str
    weight: int
    heated: bool
    many: bool
    wordings: Mapping[str, tuple[str, ...]]

    @property
    def dated(self) -> bool:
        """True where a wording takes up "tonight" or "tomorrow" of the sentence."""
        return any("{d}" in line for lines in self.wordings.values() for line in lines)


@dataclass(frozen=True)
class Book:
    """Everything of data/soften."""

    rules: tuple[Rule, ...]
    frames: Mapping[str, tuple[str, ...]]
    reasons: Mapping[str, tuple[Reason, ...]]
    verbs: Verbs
    typing: Typing
    noise: frozenset[str]
    swearing: Mapping[str, str]
    groups: Mapping[str, tuple[str, ...]]
    leads: re.Pattern[str]
    tails: re.Pattern[str]
    opinions: re.Pattern[str]
    warm: frozenset[str]
    facts: frozenset[str]
    big: tuple[re.Pattern[str], ...]
    back: tuple[re.Pattern[str], ...]
    refusals: tuple[re.Pattern[str], ...]
    hostile_emoji: frozenset[str]
    grammar: Mapping[str, frozenset[str]]
    patterns: Mapping[str, re.Pattern[str]]

    @classmethod
    def load(cls, folder: Path | None = None) -> Book:
        """Read and check *folder* (default: data/soften). Raises DataError with file and entry on what is not right."""
        folder = folder or paths.data() / "soften"
        words = yaml_files.mapping(folder / "words.yml")
        groups = {str(name): yaml_files.texts(words["groups"], name, name, folder / "words.yml") for name in words["groups"]}
        rules = _rules(folder / "rules.yml", groups)
        spellings = {str(k).lower(): str(v).lower() for k, v in yaml_files.mapping(folder / "spellings.yml").items()}
        forms = yaml_files.mapping(folder / "verbs.yml")
        verbs = Verbs.build(forms["irregular"], forms["regular"], vocabulary())
        facts = frozenset(str(word) for group in words["facts"].values() for word in group)
        swearing = {str(k): str(v) for k, v in words["swearing"].items()}
        mend = Typos(_keys(rules, verbs), {*vocabulary(), *facts, *swearing, *spellings, *_words(groups), *words["noise"]}).mend
        typing = Typing(
            spellings,
            {str(k): str(v) for k, v in words["phrases"].items()},
            frozenset(words["names"]),
            frozenset(words["acronyms"]),
            mend,
        )
        grammar = yaml_files.mapping(folder / "grammar.yml")
        return cls(
            rules=rules,
            frames=_frames(folder / "frames.yml"),
            reasons=_reasons(folder / "reasons.yml"),
            verbs=verbs,
            typing=typing,
            noise=frozenset(words["noise"]),
            swearing=swearing,
            groups=groups,
            leads=_edge(words["leads"], "^(?:{})(?: ,| ;)* "),
            tails=_edge(words["tails"], "(?: ,| ;)* (?:{})$"),
            opinions=_edge(words["opinions"], "^(?:{}) (?=you |i )"),
            warm=frozenset(words["warm"]),
            facts=facts,
            big=tuple(re.compile(line) for line in words["big"]),
            back=tuple(re.compile(line) for line in words["back"]),
            refusals=_refusals(folder / "refuse.yml", groups),
            hostile_emoji=frozenset(words["hostile_emoji"]),
            grammar={str(name): frozenset(map(str, found)) for name, found in grammar["words"].items()},
            patterns={str(name): re.compile(line, re.IGNORECASE) for name, line in grammar["patterns"].items()},
        )


@lru_cache(maxsize=1)
def book() -> Book:
    """Return the book of data/soften, read once in a process."""
    return Book.load()


def _rules(path: Path, groups: Mapping[str, Sequence[str]]) -> tuple[Rule, ...]:
    found: list[Rule] = []
    early: dict[str, list[Rule]] = {}
    for fields in yaml_files.rows(path):
        rule, before = _rule(Row(path, fields), groups)
        if before:
            early.setdefault(before, []).append(rule)
        else:
            found.append(rule)
    ordered = [one for rule in found for one in (*early.pop(rule.id, ()), rule)]
    if early:
        raise DataError(f"before names {', '.join(early)}", where=path, expected="the id of another rule")
    no_id_twice(path, (rule.id for rule in ordered))
    return tuple(ordered)


def _rule(row: Row, groups: Mapping[str, Sequence[str]]) -> tuple[Rule, str]:
    row.only(*_FIELDS)
    fields = row.fields
    role = str(fields.get("role"))
    if role not in ROLES:
        raise DataError(f"role is {role!r}", where=row.where, expected=f"one of {', '.join(ROLES)}")
    wordings = {name: yaml_files.texts(fields, name, row.id, row.path) for name in WORDINGS if name in fields}
    missing = [name for name in ("close", "short", "feel", "ask", "choice") if not wordings.get(name)]
    if role in ("complaint", "request", "pause") and missing:
        raise DataError(f"{', '.join(missing)} is missing", where=row.where, expected="a wording for each of the three options")
    told = any("{r" in line for lines in wordings.values() for line in lines)
    matches = tuple(
        (compile_match(line.removeprefix("~"), groups, row.where, circumstance=told), line.startswith("~"))
        for line in yaml_files.texts(fields, "match", row.id, row.path)
    )
    rule = Rule(
        row.id, str(fields.get("kind")), role, matches, str(fields.get("topic", row.id)), int(fields.get("weight", 2)),
        bool(fields.get("heated", False)), fields.get("span") == "many", wordings,
    )  # fmt: skip
    return rule, str(fields.get("before", ""))


def compile_match(
    line: str, groups: Mapping[str, Sequence[str]], where: str = "", *, circumstance: bool = False
) -> re.Pattern[str]:
    """Compile one match line of rules.yml. Raises DataError that quotes it where it is not one.

    *circumstance*: <r?> is said again, so it must be a when or where, and "like I'm nothing" after it is not caught.
    """
    seen: dict[str, int] = {}

    def macro(found: re.Match[str]) -> str:
        if found.group(1):
            if found.group(1) not in groups:
                raise DataError(f"{line!r} uses @{found.group(1)}", where=where, expected="a group of words.yml")
            return f"(?:{'|'.join(_BARE_GROUP.sub('(?:', one) for one in groups[found.group(1)])})"
        # A name may stand in several alternatives; `re` wants each once.
        seen[found.group(2)] = seen.get(found.group(2), 0) + 1
        name = f"{found.group(2)}_{seen[found.group(2)]}"
        if circumstance and found.group(2) == "r" and found.group(3):
            when = "|".join(groups["circumstance"])
            return f"(?P<{name}>(?: (?:{when})(?: [^ ?]+)*?)?)(?: (?:like|as if|as though) .*?)?"
        return f"(?P<{name}>(?: [^ ?]+)*?)" if found.group(3) else f"(?P<{name}>[^ ?]+(?: [^ ?]+)*?)"

    try:
        return re.compile(f"(?:{_MACRO.sub(macro, _BARE_GROUP.sub('(?:', line))})(?: \\?)?")
    except re.error as error:
        raise DataError(f"{line!r} cannot be read: {error}", where=where, expected="a regular expression over words") from error


def _edge(lines: Sequence[str], frame: str) -> re.Pattern[str]:
    return re.compile(frame.format("|".join(_BARE_GROUP.sub("(?:", line) for line in sorted(lines, key=len, reverse=True))))


def _keys(rules: Sequence[Rule], verbs: Verbs) -> set[str]:
    """Return the words that a typo may be mended to: those of the rules and the forms of the verbs."""
    return {word for rule in rules for match, _ in rule.matches for word in re.findall(r"[a-z]{4,}", match.pattern)} | set(
        verbs.bases
    )


def _words(groups: Mapping[str, Sequence[str]]) -> set[str]:
    return {word for group in groups.values() for one in group for word in re.findall(r"[a-z-]+", one)}


def _frames(path: Path) -> Mapping[str, tuple[str, ...]]:
    found = yaml_files.mapping(path)
    return {str(name): yaml_files.texts(found, name, name, path) for name in found}


def _reasons(path: Path) -> Mapping[str, tuple[Reason, ...]]:
    known = Sources.load(paths.data() / "guidance" / "sources.yml").ids
    return {str(kind): _reason_list(path, str(kind), rows, known) for kind, rows in yaml_files.mapping(path).items()}


def _reason_list(path: Path, kind: str, rows: Any, known: frozenset[str]) -> tuple[Reason, ...]:
    if not isinstance(rows, list) or len(rows) < LEAST_REASONS:
        raise DataError(f"{kind} is not right", where=path, expected=f"at least {LEAST_REASONS} entries '- id: ...'")
    found = []
    for fields in rows:
        row = Row(path, fields)
        row.only("id", "text", "sources")
        found.append(Reason(row.id, row.text("text", most=30), row.known("sources", known, least=1)))
    return tuple(found)


def _refusals(path: Path, groups: Mapping[str, Sequence[str]]) -> tuple[re.Pattern[str], ...]:
    found = yaml_files.mapping(path)
    if set(found) != set(_REFUSALS):
        raise DataError("the kinds are not right", where=path, expected=", ".join(_REFUSALS))
    lines = [line for kind in _REFUSALS for line in yaml_files.texts(found, kind, kind, path)]
    macros = [re.sub(r"@(\w+)", lambda m: f"(?:{'|'.join(groups[m.group(1)])})", line) for line in lines]
    return tuple(re.compile(rf"(?<!\w)(?:{line})(?!\w)") for line in macros)
