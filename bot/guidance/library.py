"""Everything the bot may say about the dynamic, read from data/guidance and checked once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import TypeVar

from bot import paths, yaml_files
from bot.errors import DataError
from bot.guidance.entries import (
    EFFORTS,
    Article,
    Concept,
    CueName,
    Item,
    Line,
    LineActor,
    LineSide,
    Outside,
    Part,
    Place,
    Practice,
)  # fmt: skip
from bot.guidance.rows import Row, count, no_id_twice, read

CUES = frozenset(f"{letter}{number:02d}" for letter in "PW" for number in range(1, 15))

# Words a line may have, so that a whole answer stays near 90 with the person's own words quoted in it.
MOST_WORDS = {Part.VALIDATION: 16, Part.NAMING: 20, Part.PRACTICE: 26, Part.REFRAME: 26, Part.QUESTION: 16}
MOST_WORDS_TWO_QUOTES = 16
MOST_WORDS_STEPS = 55
_FILES = {
    Part.VALIDATION: "validations.yml",
    Part.NAMING: "namings.yml",
    Part.REFRAME: "reframes.yml",
    Part.QUESTION: "questions.yml",
}
_Entry = TypeVar("_Entry")


@dataclass(frozen=True)
class Sources:
    """The two articles, statement by statement, and the few sources beside them."""

    articles: dict[str, Article]
    items: dict[str, Item]
    outside: dict[str, Outside]

    @property
    def ids(self) -> frozenset[str]:
        """Every name a line may cite."""
        return frozenset((*self.items, *self.outside))

    @classmethod
    def load(cls, path: Path) -> Sources:
        """Read *path* (sources.yml). Raises DataError where it is not right."""
        found = yaml_files.mapping(path)
        articles = _unique(_article(row) for row in _section(path, found, "articles"))
        outside = _unique(_outside(row) for row in _section(path, found, "outside"))
        items = _unique(_item(Row(path, fields), articles) for fields in _list(path, found, "items"))
        return cls(articles, items, outside)


@dataclass(frozen=True)
class Library:
    """The lines, practices, answers, cue names and sources of one folder."""

    lines: dict[Part, tuple[Line, ...]]
    practices: dict[str, Practice]
    concepts: tuple[Concept, ...]
    cue_names: dict[str, CueName]
    sources: Sources

    @classmethod
    def load(cls, folder: Path | None = None) -> Library:
        """Read and check *folder* (default: data/guidance).

        Raises DataError, with file and entry, on an unknown cue, source or field, a line with too
        many words, an id that is there twice, or a cue without a name.
        """
        folder = folder or paths.data() / "guidance"
        sources = Sources.load(folder / "sources.yml")
        lines = {part: tuple(_line(row, part, sources.ids) for row in _all(folder, name)) for part, name in _FILES.items()}
        practices = tuple(_practice(row, sources.ids) for row in _all(folder, "practices.yml"))
        concepts = tuple(_concept(row, sources.ids) for row in read(folder / "concepts.yml"))
        names = {row.id: _cue_name(row) for row in read(folder / "cue_names.yml")}
        if missing := CUES - set(names):
            raise DataError(f"no entry for {', '.join(sorted(missing))}", where=folder / "cue_names.yml", expected="all 28 cues")
        no_id_twice(folder, [*(line.id for part in lines.values() for line in part), *(p.id for p in practices),
                              *(concept.id for concept in concepts)])  # fmt: skip
        return cls(lines, {practice.id: practice for practice in practices}, concepts, names, sources)

    def find(self, line: str) -> Line | Practice | Concept | None:
        """Return the entry with the id *line*, or None."""
        every: Iterable[Line | Practice | Concept] = chain(self.practices.values(), self.concepts, *self.lines.values())
        return next((entry for entry in every if entry.id == line), None)


@lru_cache(maxsize=1)
def library() -> Library:
    """Return the library of data/guidance, read once."""
    return Library.load()


def _all(folder: Path, name: str) -> Iterator[Row]:
    """Yield the entries of *name* in *folder* and in the folders below it, which hold what is written for one cue."""
    for path in (folder / name, *sorted(folder.glob(f"*/{name}"))):
        yield from read(path)


def _line(row: Row, part: Part, sources: frozenset[str]) -> Line:
    row.only("id", "side", "cues", "actor", "text", "sources")
    actor = row.choice("actor", LineActor, default=LineActor.ANY)
    text = row.text("text", most=MOST_WORDS[part], placeholders=("words", "theirs", "other") if part is Part.NAMING else ())
    if text.count("{") > 1 and count(text) > MOST_WORDS_TWO_QUOTES:
        raise DataError(
            f"text has {count(text)} words and two quotations", where=row.where, expected=f"at most {MOST_WORDS_TWO_QUOTES} words"
        )
    return Line(
        row.id, part, row.choice("side", LineSide), row.known("cues", CUES), actor, text, row.known("sources", sources, least=1)
    )


def _practice(row: Row, sources: frozenset[str]) -> Practice:
    row.only("id", "side", "cues", "actor", "any_move", "effort", "minutes", "title", "text", "steps", "sources")
    effort = row.text("effort", most=1)
    if effort not in EFFORTS:
        raise DataError(f"effort is {effort!r}", where=row.where, expected=f"one of {', '.join(EFFORTS)}")
    steps = row.texts("steps", least=2, most=5, words=20)
    if sum(map(count, steps)) > MOST_WORDS_STEPS:
        raise DataError(
            f"the steps have {sum(map(count, steps))} words", where=row.where, expected=f"at most {MOST_WORDS_STEPS} in all"
        )
    return Practice(
        id=row.id,
        side=row.choice("side", LineSide),
        cues=row.known("cues", CUES),
        effort=effort,
        minutes=row.number("minutes", least=0.5, most=60),
        title=row.text("title", most=6),
        text=row.text("text", most=MOST_WORDS[Part.PRACTICE]),
        steps=steps,
        sources=row.known("sources", sources, least=1),
        actor=row.choice("actor", LineActor, default=LineActor.ANY),
        any_move=row.fields.get("any_move", False) is True,
    )


def _concept(row: Row, sources: frozenset[str]) -> Concept:
    row.only("id", "ask", "text", "sources")
    ask = row.texts("ask", least=3, most=14, words=20)
    return Concept(row.id, ask, row.text("text", most=60), row.known("sources", sources, least=1))


def _cue_name(row: Row) -> CueName:
    row.only("id", "name", "says")
    if row.id not in CUES:
        raise DataError("is not a cue", where=row.where, expected="P01 to P14 or W01 to W14")
    return CueName(row.id, row.text("name", most=8), row.text("says", most=20))


def _article(row: Row) -> tuple[str, Article]:
    row.only("key", "title", "author", "year", "named", "note")
    return row.id, Article(
        row.id, row.text("title", most=20), row.text("author", most=12), _year(row), row.text("named", most=16),
        row.text("note", most=60),
    )  # fmt: skip


def _outside(row: Row) -> tuple[str, Outside]:
    row.only("key", "title", "author", "year", "named", "text")
    return row.id, Outside(
        row.id, row.text("title", most=30), row.text("author", most=12), _year(row), row.text("named", most=16),
        row.text("text", most=40),
    )  # fmt: skip


def _item(row: Row, articles: dict[str, Article]) -> tuple[str, Item]:
    row.only("id", "text", "where")
    places = row.fields.get("where")
    if not isinstance(places, list) or not places:
        raise DataError("where is missing", where=row.where, expected="a list such as [{article: healing, para: 8}]")
    found = []
    for place in places:
        article, para = (place.get("article"), place.get("para")) if isinstance(place, dict) else (None, None)
        if article not in articles or not isinstance(para, int) or para < 1:
            raise DataError(f"where holds {place!r}", where=row.where, expected=f"article: {' or '.join(articles)}, para: 1 up")
        found.append(Place(str(article), para))
    return row.id, Item(row.id, row.text("text", most=32), tuple(found))


def _year(row: Row) -> int | None:
    return None if row.fields.get("year") is None else int(row.number("year", least=1900, most=2100))


def _list(path: Path, found: dict[str, object], name: str) -> list[dict[str, object]]:
    rows = found.get(name)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise DataError(f"{name} is missing", where=path, expected="the sections articles, outside and items, each a list")
    return rows


def _section(path: Path, found: dict[str, object], name: str) -> Iterable[Row]:
    return (Row(path, fields, key="key") for fields in _list(path, found, name))


def _unique(pairs: Iterable[tuple[str, _Entry]]) -> dict[str, _Entry]:
    entries: dict[str, _Entry] = {}
    for name, entry in pairs:
        if name in entries:
            raise DataError("is there twice", where=f"sources.yml, {name}", expected="one entry for each")
        entries[name] = entry
    return entries
