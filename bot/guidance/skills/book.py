"""Reads the exercises of data/skills, one file each, and says which of them a message asks for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property, lru_cache
from pathlib import Path

from bot import paths, yaml_files
from bot.errors import DataError
from bot.guidance.entries import LineSide
from bot.guidance.library import CUES, Sources
from bot.guidance.rows import Row, no_id_twice
from bot.guidance.say import LEAST_VARIANTS, Variant
from bot.guidance.skills.shown import SHOWN
from bot.guidance.skills.values import Choice, Gift, Skill, Step, Takes
from bot.guidance.skills.workings import WORKINGS
from bot.reading.patterns import Lexicon, PatternSet
from bot.reading.words import sentences

MOST_WORDS = 45
LEAST_WORDS = 5
MOST_CHOICES = 6
_CONTROLS, _MENU = "words/controls.yml", "words/menu.yml"
_TRIED = "tried"
_CONTROL_WORDS = 9  # words; "I asked her to stop" is an answer
_ASKING = 14  # words; a longer message tells a story, in which "I need a break" asks for nothing
_VALUE = re.compile(r"[A-Za-z0-9_.]{1,20}\Z")
_PLACEHOLDER = re.compile(r"\{(\w+)(?:\.\w+)?\}")


class SkillBook:
    """Every exercise by its id."""

    def __init__(
        self,
        skills: Mapping[str, Skill],
        controls: Mapping[str, Iterable[str]],
        requests: Mapping[str, Iterable[str]],
        lexicon: Lexicon,
    ) -> None:
        """Compile the words that ask for each, or for the list of them, and those that lead through one.

        Raises DataError on a line that is no pattern.
        """
        self.skills = dict(skills)
        self._controls = PatternSet(
            ((intent, line) for intent, lines in controls.items() for line in lines),
            lexicon,
            where=f"data/skills/{_CONTROLS}",
        )
        asking = [(f"start_{skill.id}", line) for skill in skills.values() for line in skill.words]
        asking += [(intent, line) for intent, lines in requests.items() for line in lines]
        self._asked = PatternSet(asking, lexicon, where="data/skills")

    @classmethod
    def load(cls, folder: Path | None = None) -> SkillBook:
        """Read *folder* (default: data/skills). Raises DataError, with file and entry, where it is not right."""
        folder = folder or paths.data() / "skills"
        known = Sources.load(paths.data() / "guidance" / "sources.yml").ids
        skills = {path.stem: _skill(path, known) for path in sorted(folder.glob("*.yml"))}
        no_id_twice(folder, (line.id for skill in skills.values() for line in _lines(skill)))
        controls = {intent: list(map(str, lines)) for intent, lines in yaml_files.mapping(folder / _CONTROLS).items()}
        requests = {intent: list(map(str, lines)) for intent, lines in yaml_files.mapping(folder / _MENU).items()}
        return cls(skills, controls, requests, Lexicon.load(paths.data() / "cues"))

    def is_title(self, text: str) -> bool:
        """Return whether *text* is the very words of one of the buttons of the exercises."""
        return " ".join(text.casefold().split()).strip(" .!") in self._titles

    @cached_property
    def _titles(self) -> frozenset[str]:
        steps = [step for skill in self.skills.values() for step in skill.steps]
        return frozenset(
            title.casefold()
            for title in (*(s.title for s in self.skills.values()), *(c.title for one in steps for c in one.choices))
        )

    @cached_property
    def lines(self) -> tuple[Variant | Gift, ...]:
        """Every line of every exercise."""
        return tuple(line for skill in self.skills.values() for line in _lines(skill))

    @cached_property
    def sources_of(self) -> dict[str, tuple[str, ...]]:
        """What each line of the exercises cites, by its id."""
        return {line.id: line.sources for line in self.lines}

    def control_of(self, text: str) -> str | None:
        """Return the intent that *text*, a few words in the middle of an exercise, stands for ("stop": leave); else None."""
        if len(text.split()) > _CONTROL_WORDS:
            return None
        return next((hit.key for hit in self._controls.find(self._controls.doc(text.strip()))), None)

    def asked_for(self, text: str) -> str | None:
        """Return the intent of what *text*, a short request, asks for: an exercise, their list, a word after a failed try."""
        if len(text.split()) > _ASKING:
            return None
        short = len(text.split()) <= _CONTROL_WORDS
        for sentence in sentences(text):
            for hit in self._asked.find(self._asked.doc(sentence.text)):
                if hit.key != _TRIED or short:
                    return hit.key
        return None


@lru_cache(maxsize=1)
def skill_book() -> SkillBook:
    """Return the exercises of data/skills, read once."""
    return SkillBook.load()


def _lines(skill: Skill) -> list[Variant | Gift]:
    pools = [skill.opens, skill.ends, *(step.ask for step in skill.steps)]
    return [*(variant for pool in pools for variant in pool), *skill.gives]


def _skill(path: Path, known: Collection[str]) -> Skill:
    row = Row(path, {"id": path.stem, **yaml_files.mapping(path)})
    row.only("id", "title", "about", "minutes", "order", "fits", "words", "opens", "steps", "ends", "gives", "end_shows", "turns")
    steps: list[Step] = []
    for fields in _rows(row, "steps"):
        steps.append(_step(Row(path, fields), known, steps))
    names = [step.id for step in steps]
    gives = tuple(_gift(Row(path, fields), known, names) for fields in row.fields.get("gives", ()))
    return Skill(
        row.id, row.text("title", most=6), row.text("about", most=16), row.number("minutes", least=0.5, most=60),
        row.number("order", least=1, most=99), row.choice("fits", LineSide, default=LineSide.BOTH), _words(row),
        _pool(row, "opens", known, ()), tuple(steps), _pool(row, "ends", known, names), gives,
        _known_name(row, "end_shows", SHOWN), _turns(row, names),
    )  # fmt: skip


def _words(row: Row) -> tuple[str, ...]:
    # Pattern lines hold signs that other texts may not; they are checked when they are compiled.
    found = row.fields.get("words")
    if not isinstance(found, list) or len(found) < LEAST_WORDS:
        raise DataError("words is not right", where=row.where, expected=f"at least {LEAST_WORDS} pattern lines that ask for it")
    return tuple(map(str, found))


def _step(row: Row, known: Collection[str], before: list[Step]) -> Step:
    row.only(
        "id", "takes", "ask", "choices", "when", "steps", "minutes", "minutes_of", "skippable", "open", "shows", "least", "most",
        "leads", "quoted",
    )  # fmt: skip
    takes = row.choice("takes", Takes)
    if takes is Takes.WORKED_OUT:
        row.only("id", "takes")
        _known_name(row, "id", WORKINGS)
        return Step(row.id, takes, ())
    names = [step.id for step in before]
    choices = tuple(_choice(row, fields, known, names) for fields in row.fields.get("choices", ()))
    if (takes is Takes.CHOICE) and not choices:
        raise DataError("has no choices", where=row.where, expected=f"1 to {MOST_CHOICES} choices with value and title")
    minutes_of = str(row.fields.get("minutes_of", ""))
    if minutes_of and minutes_of not in names:
        raise DataError(f"minutes_of is {minutes_of!r}", where=row.where, expected=f"an earlier step: {', '.join(names)}")
    return Step(
        row.id, takes, _pool(row, "ask", known, names), choices, _when(row, row.fields.get("when"), names),
        row.texts("steps", least=1, most=5, words=24) if "steps" in row.fields else (),
        row.number("minutes", least=0.5, most=60) if "minutes" in row.fields else 0, minutes_of,
        row.fields.get("skippable", False) is True, row.fields.get("open", False) is True,
        _known_name(row, "shows", SHOWN), _limit(row, "least"), _limit(row, "most"),
        row.texts("leads", least=1, most=20, words=8) if "leads" in row.fields else (), row.fields.get("quoted", False) is True,
    )  # fmt: skip


def _limit(row: Row, name: str) -> float:
    return row.number(name, least=1, most=Step.most) if name in row.fields else float(getattr(Step, name))


def _choice(step: Row, fields: object, known: Collection[str], names: Collection[str]) -> Choice:
    if not isinstance(fields, dict):
        raise DataError(f"a choice is {fields!r}", where=step.where, expected="value and title")
    row = Row(step.path, {str(name): value for name, value in fields.items()}, key="value")
    row.only("value", "title", "says", "note", "cues", "when", "sources", "words")
    if not _VALUE.match(row.id):
        raise DataError(
            f"value is {row.id!r}", where=row.where, expected="at most 20 letters, digits and _: it travels in a button"
        )
    title = row.text("title", most=7)
    return Choice(
        row.id, title, row.text("says", most=14) if "says" in row.fields else title,
        row.text("note", most=40) if "note" in row.fields else "", row.known("cues", CUES),
        _when(row, row.fields.get("when"), names), row.known("sources", known),
        row.texts("words", least=1, most=30, words=6) if "words" in row.fields else (),
    )  # fmt: skip


def _gift(row: Row, known: Collection[str], names: Collection[str]) -> Gift:
    row.only("id", "text", "when", "sources", "sent")
    text = row.text("text", most=60, placeholders=_placeholders(row.fields.get("text"), row, names))
    return Gift(
        row.id,
        text,
        frozenset(_PLACEHOLDER.findall(text)),
        _when(row, row.fields.get("when"), names),
        row.known("sources", known),
        row.fields.get("sent", False) is True,
    )


def _pool(row: Row, name: str, known: Collection[str], names: Collection[str]) -> tuple[Variant, ...]:
    found = []
    for fields in _rows(row, name):
        line = Row(row.path, fields)
        line.only("id", "text", "sources")
        text = line.text("text", most=MOST_WORDS, placeholders=_placeholders(fields.get("text"), line, names))
        found.append(Variant(line.id, text, line.known("sources", known)))
    if len(found) < LEAST_VARIANTS:
        raise DataError(f"{name} has {len(found)} wordings", where=row.where, expected=f"at least {LEAST_VARIANTS}")
    return tuple(found)


def _placeholders(text: object, row: Row, names: Collection[str]) -> list[str]:
    """Return the placeholders of *text*, which must name earlier steps: {step} its answer, {step.note} the note of the choice."""
    used = re.findall(r"\{(\w+(?:\.note)?)\}", str(text))
    unknown = [one for one in used if one.removesuffix(".note") not in names]
    if unknown:
        raise DataError(
            f"text names {', '.join(unknown)}", where=row.where, expected=f"earlier steps: {', '.join(names) or 'none'}"
        )
    return used


def _turns(row: Row, names: Collection[str]) -> dict[str, str]:
    found = row.fields.get("turns", {})
    if not isinstance(found, dict) or not {*map(str, found), *map(str, found.values())} <= set(names):
        raise DataError(f"turns is {found!r}", where=row.where, expected="pairs of steps, such as {i_do: they_do}")
    return {str(one): str(other) for one, other in found.items()}


def _known_name(row: Row, field: str, accepted: Collection[str]) -> str:
    found = str(row.fields.get(field, ""))
    if found and found not in accepted:
        raise DataError(f"{field} is {found!r}", where=row.where, expected=f"one of {', '.join(sorted(accepted))}")
    return found


def _when(row: Row, found: object, names: Collection[str]) -> dict[str, frozenset[str]]:
    if found is None:
        return {}
    if not isinstance(found, dict) or not set(map(str, found)) <= set(names):
        raise DataError(
            f"when is {found!r}", where=row.where, expected=f"earlier steps with one or more values: {', '.join(names)}"
        )
    return {str(name): frozenset(map(str, value if isinstance(value, list) else [value])) for name, value in found.items()}


def _rows(row: Row, name: str) -> list[dict[str, object]]:
    found = row.fields.get(name)
    if not isinstance(found, list) or not found or not all(isinstance(one, dict) for one in found):
        raise DataError(f"{name} is missing", where=row.where, expected="a list of entries")
    return found
