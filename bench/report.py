"""The figures of one run, their ratios, and how they are shown: a table to read, JSON to compare."""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.loads import Growth, Throughput
from bench.processes import Memory
from bench.reading import ReadingSpeed

MEGABYTE = 1_000_000
NOT_MEASURED = "not measured"
# The ratio beside each row of `_column`, "" where there is none.
ROWS = ("ready_ratio", "", "memory_ratio", "", "", "p50_ratio", "p95_ratio", "growth_ratio", "throughput_ratio")


@dataclass(frozen=True)
class BotFigures:
    """What was measured of one bot. Times in seconds; one entry of *ready* and *first_answer* for each start.

    *per_message* has every message of the one user, *kinds* what sort of answers they got; *growth* is None
    where the long conversation was left out or took too long.
    """

    ready: tuple[float, ...]
    first_answer: tuple[float, ...]
    memory: Memory
    per_message: tuple[float, ...]
    kinds: dict[str, int]
    growth: Growth | None
    throughput: Throughput


@dataclass(frozen=True)
class Figures:
    """One run. *second_run* is `train --if-needed` plus the server until ready, None where the model was not up to date."""

    ours: BotFigures
    default: BotFigures
    reading: ReadingSpeed
    second_run: tuple[float, ...] | None
    training: float
    machine: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def median(values: Sequence[float]) -> float:
    """Return the median of *values*."""
    return statistics.median(values)


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest of *values* that at least *percent* of them do not exceed (nearest rank)."""
    ranked = sorted(values)
    return ranked[max(0, math.ceil(len(ranked) * percent / 100) - 1)]


def grown(growth: Growth | None) -> float | None:
    """Return how many times as long a late message takes as an early one."""
    return median(growth.late) / median(growth.early) if growth else None


def rate(throughput: Throughput) -> float:
    """Return messages a second."""
    return throughput.messages / throughput.seconds


def ratios(figures: Figures) -> dict[str, float | None]:
    """Return ours over default; *growth_ratio* is ours alone, late over early. Less is better, more for *throughput_ratio*."""
    ours, default = figures.ours, figures.default
    found: dict[str, float | None] = {
        "ready_ratio": median(ours.ready) / median(default.ready),
        "memory_ratio": ours.memory.pss / default.memory.pss,
        "p50_ratio": median(ours.per_message) / median(default.per_message),
        "p95_ratio": percentile(ours.per_message, 95) / percentile(default.per_message, 95),
        "growth_ratio": grown(ours.growth),
        "throughput_ratio": rate(ours.throughput) / rate(default.throughput),
    }
    return {name: None if value is None else round(value, 4) for name, value in found.items()}


def to_json(figures: Figures) -> dict[str, Any]:
    """Return the ratios and, under *ours*, *default*, *reading* and *second_run_s*, the figures they come from."""
    return {
        **ratios(figures),
        "ours": _bot(figures.ours),
        "default": {**_bot(figures.default), "training_s": round(figures.training, 2)},
        "reading": {
            "messages_per_second": round(figures.reading.per_second, 1),
            "first_line_s": round(median(figures.reading.first_line), 3),
            "raw": asdict(figures.reading),
        },
        "second_run_s": round(median(figures.second_run), 3) if figures.second_run else None,
        "second_run_raw_s": figures.second_run,
        "machine": figures.machine,
        "notes": list(figures.notes),
    }


def write(figures: Figures, path: Path) -> None:
    """Write `to_json` to *path*, in one step: a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(to_json(figures), indent=1) + "\n", encoding="utf-8")
    part.replace(path)


def table(figures: Figures) -> Table:
    """Return the figures side by side."""
    shown = Table(title="Middle Ground beside a default rasa init bot")
    shown.add_column("figure")
    for name in ("ours", "default", "ratio"):
        shown.add_column(name, justify="right")
    ratio = ratios(figures)
    left, right = _column(figures.ours), _column(figures.default)
    for name, key in zip(left, ROWS, strict=True):
        value = ratio.get(key)
        shown.add_row(name, left[name], right[name], "" if value is None else f"{value:.3f}")
    second = f"{median(figures.second_run):.2f} s" if figures.second_run else NOT_MEASURED
    shown.add_section()
    shown.add_row("second start, ready", second)
    shown.add_row("read: messages on one core", f"{figures.reading.per_second:.0f} /s")
    shown.add_row("read: first line after start", f"{median(figures.reading.first_line):.2f} s")
    return shown


def show(figures: Figures, console: Console) -> None:
    """Show table and notes on *console*."""
    console.print(table(figures))
    console.print("Ratios are ours / default: less is better, but more for messages a second.")
    console.print(_meant(figures.ours), soft_wrap=True)
    for note in figures.notes:
        console.print(f"Note: {note}", markup=False, soft_wrap=True)


def _bot(bot: BotFigures) -> dict[str, Any]:
    return {
        "ready_s": round(median(bot.ready), 3),
        "first_answer_s": round(median(bot.first_answer), 3),
        "pss_bytes": bot.memory.pss,
        "rss_bytes": bot.memory.rss,
        "processes": bot.memory.processes,
        "p50_ms": round(1000 * median(bot.per_message), 2),
        "p95_ms": round(1000 * percentile(bot.per_message, 95), 2),
        "growth": None if bot.growth is None else round(grown(bot.growth) or 0.0, 3),
        "messages_per_second": round(rate(bot.throughput), 2),
        "kinds_of_answer": bot.kinds,
        "raw": asdict(bot),
    }


def _column(bot: BotFigures) -> dict[str, str]:
    """Return the figures of *bot* as they are shown, by the name of their row."""
    late = grown(bot.growth)
    return {
        "server ready after start": f"{median(bot.ready):.2f} s",
        "first message answered": f"{median(bot.first_answer):.2f} s",
        "memory (PSS)": f"{bot.memory.pss / MEGABYTE:,.0f} MB",
        "memory (RSS)": f"{bot.memory.rss / MEGABYTE:,.0f} MB",
        "processes": str(bot.memory.processes),
        "p50 per message, 1 user": f"{1000 * median(bot.per_message):.1f} ms",
        "p95 per message, 1 user": f"{1000 * percentile(bot.per_message, 95):.1f} ms",
        "late message / message 10": NOT_MEASURED if late is None else f"{late:.2f} times",
        "many users at once": f"{rate(bot.throughput):.1f} /s",
    }


def _meant(bot: BotFigures) -> str:
    """Return what "late" and "many" mean in the table."""
    late = (
        f"The late message is number {bot.growth.late_at} of one conversation, and its ratio is ours alone; "
        if bot.growth
        else ""
    )
    return f"{late}many users are {bot.throughput.users}."
