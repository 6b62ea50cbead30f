"""The words of the safety answers, read from data/safety/answers.yml and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot import paths, yaml_files
from bot.errors import DataError
from bot.guidance.values import Button
from bot.reading.values import Safety

PARTS = ("first", "now", "people", "question", "stay")


@dataclass(frozen=True)
class Line:
    """One wording; *id* names its place in the file, so that it is not said twice in a row."""

    id: str
    text: str


@dataclass(frozen=True)
class Wording:
    """All wordings, by place.

    *pools*: lines by place ("suicide.first"). *variants*: rule id to the block that answers it. *blocks*: each
    block and the danger it answers; *also_lines*: a second danger whose help lines a block shows.
    """

    pools: Mapping[str, tuple[Line, ...]]
    variants: Mapping[str, str]
    blocks: Mapping[str, Safety]
    sources: tuple[str, ...]
    emergency_here: str
    emergency_anywhere: str
    buttons: Mapping[str, Button]
    country_payload: str
    steady_sources: tuple[str, ...]
    also_lines: Mapping[str, Safety]

    @classmethod
    def load(cls, path: Path | None = None) -> Wording:
        """Read data/safety/answers.yml (or *path*). Raises DataError that names the place."""
        path = path or paths.data() / "safety" / "answers.yml"
        found = yaml_files.mapping(path)
        blocks = _part(found, "blocks", path)
        pools: dict[str, tuple[Line, ...]] = {}
        kinds: dict[str, Safety] = {}
        also: dict[str, Safety] = {}
        for name, block in blocks.items():
            kinds[str(name)] = _kind(name, block, path)
            if "also_lines" in block:
                also[str(name)] = _kind(name, {"kind": block["also_lines"]}, path)
            if set(block) - {*PARTS, "kind", "also_lines"} or {*PARTS} - {"now"} - set(block):
                raise DataError(f"block {name!r} is not right", where=path, expected="the parts " + ", ".join(PARTS))
            for part, texts in block.items():
                if part in ("kind", "also_lines"):
                    continue
                pools[f"{name}.{part}"] = _lines(f"{name}.{part}", texts, path)
        missing = {kind.value for kind in Safety if kind is not Safety.NONE} - set(blocks)
        if missing:
            raise DataError(f"has no block for {', '.join(sorted(missing))}", where=path, expected="a block for each kind")
        for section in ("direct", "help", "lines", "checks"):
            for part, texts in _part(found, section, path).items():
                pools[f"{section}.{part}"] = _lines(f"{section}.{part}", texts, path)
        for place in ("gently", "steady"):
            pools[place] = _lines(place, found.get(place), path)
        variants = {str(rule): str(block) for rule, block in _part(found, "variants", path).items()}
        for rule, block in variants.items():
            if block not in blocks:
                raise DataError(f"variant {rule!r} names {block!r}", where=path, expected="one of " + ", ".join(blocks))
        emergency = _part(found, "emergency", path)
        return cls(
            pools, variants, kinds, tuple(map(str, found.get("sources", ()))),
            str(emergency.get("here", "")), str(emergency.get("anywhere", "")),
            {str(name): Button(*map(str, pair)) for name, pair in _part(found, "buttons", path).items()},
            str(found.get("country_payload", "")), tuple(map(str, found.get("steady_sources", ()))), also,
        )  # fmt: skip


def _kind(name: str, block: Any, path: Path) -> Safety:
    try:
        return Safety(block.get("kind", name))
    except (AttributeError, ValueError) as error:
        raise DataError(
            f"block {name!r} answers no known danger",
            where=path,
            expected="kind: one of " + ", ".join(kind.value for kind in Safety),
        ) from error


def _part(found: Mapping[str, Any], key: str, path: Path) -> dict[str, Any]:
    part = found.get(key)
    if not isinstance(part, dict):
        raise DataError(f"has no {key}", where=path, expected=f"{key}: followed by indented entries")
    return part


def _lines(place: str, texts: Any, path: Path) -> tuple[Line, ...]:
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) and text for text in texts):
        raise DataError(f"{place} is not a list of texts", where=path, expected="at least one line '- text'")
    return tuple(Line(f"safety.{place}.{number}", text) for number, text in enumerate(texts, start=1))


@lru_cache(maxsize=1)
def wording() -> Wording:
    """Return the words of data/safety/answers.yml, read once in a process."""
    return Wording.load()
