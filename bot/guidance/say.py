"""The everyday lines of data/responses: greeting, menu, what to say when nothing was understood."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from bot import paths, yaml_files
from bot.errors import DataError
from bot.guidance.library import Sources
from bot.guidance.pick import pick
from bot.guidance.rows import Row, no_id_twice
from bot.guidance.values import Bubble, Button, Card, CardKind

LEAST_VARIANTS = 3
MOST_WORDS = 60
MOST_BYTES = 64
_PLACEHOLDERS = ("words", "name", "says", "minutes", "practice", "before", "after", "source", "text", "place", "title")
_FILLED = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Variant:
    """One wording of an everyday line."""

    id: str
    text: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Responses:
    """Every everyday line by its key, and the buttons by their names."""

    lines: dict[str, tuple[Variant, ...]]
    buttons: dict[str, Button]

    @classmethod
    def load(cls, folder: Path | None = None, *, sources: Collection[str] | None = None) -> Responses:
        """Read and check *folder* (default: data/responses).

        *sources* are the names that lines may cite (default: those of data/guidance/sources.yml).
        Raises DataError, with file and key, on fewer than three wordings, an id or a key that is
        there twice, too many words, or a payload over 64 bytes.
        """
        folder = folder or paths.data() / "responses"
        known = Sources.load(paths.data() / "guidance" / "sources.yml").ids if sources is None else sources
        lines: dict[str, tuple[Variant, ...]] = {}
        for path in sorted(folder.glob("*.yml")):
            if path.name == "buttons.yml":
                continue
            for key, rows in yaml_files.mapping(path).items():
                if key in lines:
                    raise DataError(f"the key {key} is there twice", where=path, expected="each key in one file only")
                lines[key] = _variants(path, key, rows, known)
        no_id_twice(folder, (variant.id for variants in lines.values() for variant in variants))
        return cls(lines, _buttons(folder / "buttons.yml"))


@lru_cache(maxsize=1)
def responses() -> Responses:
    """Return the lines and buttons of data/responses, read once."""
    return Responses.load()


def say(
    key: str,
    *,
    said: Collection[str],
    seed: str,
    buttons: Iterable[str | Button] = (),
    kind: CardKind = CardKind.EVERYDAY,
    **fill: str,
) -> Card:
    """Return a card with one wording of *key*, one that is not in *said* while others are left.

    *buttons* are names of data/responses/buttons.yml or buttons; *fill* gives the words for the
    placeholders of the line. Raises KeyError for a key, button or placeholder that does not exist.
    """
    bubble = line_bubble(key, said=said, seed=seed, **fill)
    return Card(kind, (bubble,), tuple(one if isinstance(one, Button) else button(one) for one in buttons))


def line_bubble(key: str, *, said: Collection[str], seed: str, **fill: str) -> Bubble:
    """Return one wording of *key* as a bubble whose part is the key."""
    variants = responses().lines[key]
    found = pick(((0, variant) for variant in variants), said=said, seed=seed)
    assert found is not None  # load checks that there are three
    return Bubble(key, _FILLED.sub(lambda name: fill[name.group(1)], found.text), found.id, found.sources)


def with_line(card: Card, key: str, *, said: Collection[str], seed: str) -> Card:
    """Return *card* with one wording of *key* as its last bubble."""
    return replace(card, bubbles=(*card.bubbles, line_bubble(key, said=said, seed=seed)))


def button(name: str, *, practice: str = "") -> Button:
    """Return the button *name*; *practice* is the practice that it starts, where it starts one."""
    found = responses().buttons[name]
    return Button(found.title, found.payload.replace("<practice>", practice))


def _variants(path: Path, key: str, rows: object, known: Collection[str]) -> tuple[Variant, ...]:
    if not isinstance(rows, list) or len(rows) < LEAST_VARIANTS or not all(isinstance(row, dict) for row in rows):
        raise DataError(
            f"{key} is not right", where=path, expected=f"at least {LEAST_VARIANTS} entries '- id: ...' with a text each"
        )
    found = []
    for fields in rows:
        row = Row(path, fields)
        row.only("id", "text", "sources")
        found.append(Variant(row.id, row.text("text", most=MOST_WORDS, placeholders=_PLACEHOLDERS), row.known("sources", known)))
    return tuple(found)


def _buttons(path: Path) -> dict[str, Button]:
    found = {}
    for row in yaml_files.rows(path):
        entry = Row(path, row)
        entry.only("id", "title", "payload")
        title, payload = entry.text("title", most=6), str(row.get("payload", ""))
        if not payload.startswith("/") or len(payload.encode()) > MOST_BYTES:
            raise DataError(f"payload is {payload!r}", where=entry.where, expected=f"'/' and at most {MOST_BYTES} bytes in all")
        found[entry.id] = Button(title, payload)
    return found
