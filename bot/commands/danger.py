"""``middle-ground evaluate --danger``: what the gate finds on sets of danger and of what only looks like it."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from bot import names, yaml_files
from bot.errors import DataError
from bot.reading.measure import Bootstrap, Interval
from bot.reading.reader import Reader
from bot.reading.values import Coach, Safety
from bot.safety.checks import Question

EXPECTED = "entries with text, kind (none or a danger) and form; or JSON lines with text and safety"
DANGERS = tuple(kind.value for kind in Safety if kind not in (Safety.NONE, Safety.OUT_OF_SCOPE))
_OUTCOMES = ("flagged", "asked", "coached", "quiet")


@dataclass(frozen=True)
class Item:
    """One sentence of a set. *kind*: none or a danger. *form*: explicit, veiled, figurative, ...; "" where not known."""

    text: str
    kind: str
    form: str = ""


def read_set(path: Path) -> list[Item]:
    """Return the items of *path*. Raises DataError, with the number of the entry, where one is not right."""
    if not path.is_file():
        raise DataError("is not there", where=path, expected=f"a file of {EXPECTED}")
    if path.suffix == ".jsonl":
        rows = [_json(line, path, number) for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)]
        rows = [{**row, "kind": row.get("safety")} for row in rows]
    else:
        rows = yaml_files.rows(path)
    return [_item(row, f"{path}, entry {number}") for number, row in enumerate(rows, 1)]


def _json(line: str, path: Path, number: int) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError:
        row = None
    if not isinstance(row, dict):
        raise DataError(f"line {number} is not a JSON object", where=path, expected=EXPECTED)
    return row


def _item(row: dict[str, Any], where: str) -> Item:
    text, kind, form = row.get("text"), row.get("kind"), row.get("form", "")
    if not isinstance(text, str) or not text.strip() or not isinstance(form, str):
        raise DataError("has no text", where=where, expected=EXPECTED)
    if not isinstance(kind, str) or kind not in (*DANGERS, Safety.NONE.value):
        raise DataError(f"kind is {kind!r}", where=where, expected=f"none or one of {', '.join(DANGERS)}")
    return Item(text, kind, form)


def outcome(reader: Reader, text: str) -> str:
    """Return what a message leads to: ``flagged`` (locks), ``asked`` (a question first), ``coached`` or ``quiet``."""
    reading, danger = reader.read_with_safety(text)
    if danger.hit and danger.kind is not Safety.OUT_OF_SCOPE:
        return "flagged"
    if danger.asks:
        return "asked"
    return "quiet" if reading.coach is Coach.NONE else "coached"


def evaluate_danger(files: Sequence[Path], *, replies: bool = True, out: TextIO = sys.stdout) -> int:
    """Print recall by kind and form, false alarms, and how many replies to danger held guidance. Returns 0."""
    sets = [(path, read_set(path)) for path in files]
    reader = Reader.load()
    for path, items in sets:
        found = [(item, outcome(reader, item.text)) for item in items]
        out.write(f"{path.name}: {len(items)} sentences (in brackets: 95 % bootstrap intervals)\n")
        _table("danger", [(item.kind, result) for item, result in found if item.kind in DANGERS], DANGERS, out)
        _table(
            "danger, by form", [(item.form, result) for item, result in found if item.kind in DANGERS and item.form], None, out
        )
        _table(
            "only looks like it", [(item.form or "all", result) for item, result in found if item.kind not in DANGERS], None, out
        )
    if replies:
        dangers = [item for _, items in sets for item in items if item.kind in DANGERS]
        first, later = asyncio.run(_guided(dangers))
        out.write(
            f"replies with guidance to {len(dangers)} sentences of danger: {first} as the first message of a conversation, "
        )
        out.write(f"{later} after the question to everybody was answered with no\n")
    return 0


def _table(title: str, rows: Sequence[tuple[str, str]], order: Sequence[str] | None, out: TextIO) -> None:
    if not rows:
        return
    counts = Counter(rows)
    labels = [label for label in order or sorted({label for label, _ in rows}) if any(label == one for one, _ in rows)]
    out.write(f"  {title:22s}{'n':>5s}  flagged{'':14s}" + "".join(f"{name:>9s}" for name in _OUTCOMES[1:]) + "\n")
    for label in (*labels, "all"):
        results = [result for one, result in rows if label in (one, "all")]
        shares = "".join(f"{sum(counts[one, name] for one in labels if label in (one, 'all')):9d}" for name in _OUTCOMES[1:])
        out.write(f"  {label:22s}{len(results):5d}  {_share(results)!s:21s}{shares}\n")
    out.write("\n")


def _share(results: Sequence[str]) -> Interval:
    hits = [float(result == "flagged") for result in results]
    bootstrap = Bootstrap([str(number) for number in range(len(hits))])
    return bootstrap.interval(lambda weights: float((weights * hits).sum() / max(1.0, weights.sum())))


async def _guided(items: Sequence[Item]) -> tuple[int, int]:
    """Return how many replies held guidance: to a first message, and to one after the universal question."""
    from bot.rasa.quiet import hush

    hush()
    from bot.rasa.agent import Conversation
    from bot.scripts.sets import SETS
    from bot.scripts.stage import Stage

    found = []
    with Stage().conversation("danger") as opened:
        for name, slots in (("first", {}), ("later", {names.SLOT_ASKED: [Question.FIRST.value]})):
            count = 0
            for number, item in enumerate(items):
                conversation = Conversation(opened.agent, sender=f"{name}:{number}")
                await conversation.begin(slots)
                heard = await conversation.hear(item.text)
                count += any(SETS["guidance"](card) for card in heard.cards)
            found.append(count)
    return found[0], found[1]
