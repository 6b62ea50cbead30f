"""The cues, their look-alikes and the calm moves, read from data/cues/ and checked entry by entry."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import yaml_files
from bot.errors import DataError
from bot.reading.values import Actor

CUES = [f"{family}{number:02d}" for family in "PW" for number in range(1, 15)]
HEALTHY = ("healthy_space", "healthy_reach")
STRONG = "strong"
SIDES = ("patterns", "self", "draft", "partner")
REACHES = ("words", "sentence", "message")


@dataclass(frozen=True)
class Match:
    """A sentence that must carry the cue, and whose move it then is."""

    text: str
    actor: Actor


@dataclass(frozen=True)
class CueEntry:
    """One cue. *patterns* serve whoever acts; *self*, *partner* only that one; *draft* what is said to a partner as "you"."""

    id: str
    name: str
    means: str
    lines: Mapping[str, tuple[str, ...]]  # one list for each of `SIDES`
    unless: tuple[str, ...]
    vetoes: tuple[str, ...]  # cues that look the same and have another aim: dropped where the same person shows this one
    matches: tuple[Match, ...]
    spares: tuple[str, ...]


@dataclass(frozen=True)
class CalmEntry:
    """A calm move (`HEALTHY`) that takes back hits of *vetoes*, or the `STRONG` words that no calm move carries."""

    id: str
    patterns: tuple[str, ...]
    vetoes: tuple[str, ...]
    matches: tuple[str, ...]
    spares: tuple[str, ...]


@dataclass(frozen=True)
class LookAlike:
    """Words that look like a cue and are none.

    *reach*: they overlap the hit (``words``), or stand in the same ``sentence`` or ``message``.
    """

    id: str
    patterns: tuple[str, ...]
    reach: str
    matches: tuple[str, ...]


def load_cues(folder: Path, look_alikes: Collection[str]) -> dict[str, CueEntry]:
    """Return pursue.yml and withdraw.yml below *folder*, by id. Raises DataError on a bad entry."""
    found: dict[str, CueEntry] = {}
    for name in ("pursue", "withdraw"):
        where = folder / f"{name}.yml"
        for row in yaml_files.rows(where):
            entry = _cue(row, where)
            if entry.id in found:
                raise DataError(f"{entry.id} stands twice", where=where, expected="one entry for each cue")
            for other in entry.unless:
                if other not in look_alikes:
                    raise DataError(f"{entry.id}: unless names {other!r}", where=where, expected="an id of look_alikes.yml")
            found[entry.id] = entry
    missing = [cue for cue in CUES if cue not in found]
    if missing:
        expected = "P01-P14 in pursue.yml and W01-W14 in withdraw.yml"
        raise DataError(f"{', '.join(missing)} missing", where=folder, expected=expected)
    return found


def load_calm(folder: Path) -> dict[str, CalmEntry]:
    """Return healthy.yml below *folder*, by id. Raises DataError on a bad entry."""
    where = folder / "healthy.yml"
    found: dict[str, CalmEntry] = {}
    for row in yaml_files.rows(where):
        name = _id(row, where, (*HEALTHY, STRONG))
        _fields(row, {"id", "patterns", "vetoes", "matches", "spares"}, name, where)
        found[name] = CalmEntry(
            name, _lines(row, name, where), _vetoes(row, name, where),
            yaml_files.texts(row, "matches", name, where), yaml_files.texts(row, "spares", name, where),
        )  # fmt: skip
    for name in (*HEALTHY, STRONG):
        if name not in found:
            raise DataError(f"has no entry {name!r}", where=where, expected="one entry for " + ", ".join((*HEALTHY, STRONG)))
    return found


def load_look_alikes(folder: Path) -> dict[str, LookAlike]:
    """Return look_alikes.yml below *folder*, by id. Raises DataError on a bad entry."""
    where = folder / "look_alikes.yml"
    found: dict[str, LookAlike] = {}
    for row in yaml_files.rows(where):
        name = _id(row, where)
        _fields(row, {"id", "reach", "patterns", "matches"}, name, where)
        reach = row.get("reach", "sentence")
        if reach not in REACHES:
            raise DataError(f"{name}: reach {reach!r}", where=where, expected="one of " + ", ".join(REACHES))
        if name in found:
            raise DataError(f"{name} stands twice", where=where, expected="a new id for each entry")
        found[name] = LookAlike(name, _lines(row, name, where), reach, yaml_files.texts(row, "matches", name, where))
    return found


def _cue(row: Mapping[str, Any], where: Path) -> CueEntry:
    name = _id(row, where, CUES)
    _fields(row, {"id", "name", "means", *SIDES, "unless", "vetoes", "matches", "spares"}, name, where)
    for key in ("name", "means"):
        if not isinstance(row.get(key), str) or not row[key]:
            raise DataError(f"{name}: has no {key}", where=where, expected=f"{key}: followed by a short text")
    lines = {side: yaml_files.texts(row, side, name, where) for side in SIDES}
    if not any(lines.values()):
        raise DataError(f"{name}: has no patterns", where=where, expected="pattern lines under patterns, self, draft or partner")
    matches = row.get("matches", [])
    if not isinstance(matches, list):
        raise DataError(f"{name}: matches is not a list", where=where, expected="entries {text: ..., actor: ...}")
    return CueEntry(
        name, row["name"], row["means"], lines, yaml_files.texts(row, "unless", name, where), _vetoes(row, name, where),
        tuple(_match(match, name, where) for match in matches), yaml_files.texts(row, "spares", name, where),
    )  # fmt: skip


def _vetoes(row: Mapping[str, Any], name: str, where: Path) -> tuple[str, ...]:
    vetoes = yaml_files.texts(row, "vetoes", name, where)
    for cue in vetoes:
        if cue not in CUES:
            raise DataError(f"{name}: vetoes names {cue!r}", where=where, expected="ids of cues, P01 to W14")
    return vetoes


def _match(row: object, name: str, where: Path) -> Match:
    try:
        if isinstance(row, dict) and isinstance(row["text"], str):
            return Match(row["text"], Actor(row["actor"]))
    except (KeyError, ValueError):
        pass
    raise DataError(f"{name}: a match is {row!r}", where=where, expected="{text: ..., actor: self, draft, partner or received}")


def _id(row: Mapping[str, Any], where: Path, known: Collection[str] = ()) -> str:
    name = row.get("id")
    if not isinstance(name, str) or not name or (known and name not in known):
        expected = "one of " + ", ".join(known) if known else "'- id: some_name' at the top of each entry"
        raise DataError(f"an entry has id {name!r}", where=where, expected=expected)
    return name


def _fields(row: Mapping[str, Any], known: set[str], name: str, where: Path) -> None:
    extra = sorted(str(key) for key in row if key not in known)
    if extra:
        raise DataError(f"{name}: {', '.join(extra)} is not a field here", where=where, expected=", ".join(sorted(known)))


def _lines(row: Mapping[str, Any], name: str, where: Path) -> tuple[str, ...]:
    lines = yaml_files.texts(row, "patterns", name, where)
    if not lines:
        raise DataError(f"{name}: has no patterns", where=where, expected="a list of pattern lines")
    return lines
