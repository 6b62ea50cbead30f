"""`middle-ground coverage`: where each statement of the articles is said, and how varied the answers to each cue are."""

from __future__ import annotations

import sys
from collections import defaultdict
from typing import TextIO

from bot.guidance.coverage import said_where, variety
from bot.guidance.entries import LineActor
from bot.guidance.library import library

_PARTS = ("validation", "naming", "practice", "reframe", "question")


def coverage(out: TextIO = sys.stdout) -> int:
    """Write both tables as Markdown. Returns 0, or 1 where a statement is said nowhere."""
    out.write(table())
    return int(any(not places for places in _places().values()))


def table() -> str:
    """Return docs/coverage.md."""
    places, names = _places(), library().cue_names
    rows = [
        "# What is said where",
        "",
        "Written by `middle-ground coverage > docs/coverage.md`; a test keeps it current.",
        "",
        f"## The {len(places)} statements of the two articles",
        "",
        f"{sum(map(bool, places.values()))} of {len(places)} are said. The number counts the lines that say it in each place.",
        "",
        "| item | where it is said |",
        "|---|---|",
    ]
    for item, found in places.items():
        rows.append(f"| {item} | {', '.join(f'{place} {len(lines)}' for place, lines in sorted(found.items()))} |")
    rows += [
        "",
        "## How varied the answers to each cue are",
        "",
        "Lines and practices written for this very cue: for whoever made the move / for whoever faces it.",
        "",
    ]
    rows += [f"| cue | | {' | '.join(_PARTS)} |", f"|---|---|{'---|' * len(_PARTS)}"]
    counted = variety()
    for cue in sorted(names):
        own, facing = counted[cue, LineActor.SELF], counted[cue, LineActor.PARTNER]
        rows.append(f"| {cue} | {names[cue].name} | {' | '.join(f'{own[part]} / {facing[part]}' for part in _PARTS)} |")
    return "\n".join(rows) + "\n"


def _places() -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = {f"A{number:02d}": defaultdict(list) for number in range(1, 112)}
    for one in said_where():
        found[one.item][one.place].append(one.line)
    return found
