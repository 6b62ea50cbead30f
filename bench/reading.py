"""How fast `middle-ground read` reads on one core, and how soon its first line is there."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.bots import our_environment
from bench.processes import BenchError, Child, python, running
from bot import paths

READ_SECONDS = 120.0


@dataclass(frozen=True)
class ReadingSpeed:
    """*per_second* counts from the first line written to the last; *first_line* has the seconds to the first line of each run."""

    messages: int
    words_mean: float
    per_second: float
    first_line: tuple[float, ...]


def pairs(texts: Sequence[str], count: int) -> list[str]:
    """Return *count* different texts of two sentences each, about 30 words; none comes twice, so that nothing is remembered."""
    most = len(texts) * (len(texts) - 1)
    if count > most:
        raise BenchError(f"{len(texts)} sentences make {most} pairs, {count} are wanted. Add sentences to bench/messages.txt.")
    steps = range(1, len(texts))
    return [f"{first} {texts[(at + step) % len(texts)]}" for step in steps for at, first in enumerate(texts)][:count]


def read_speed(work: Path, texts: Sequence[str], messages: int, runs: int) -> ReadingSpeed:
    """Run the reader once over *messages* and *runs* - 1 times over one, each on one core."""
    found = pairs(texts, messages)
    first, last = _run(work, found)
    firsts = [first, *(_run(work, found[:1])[0] for _ in range(runs - 1))]
    return ReadingSpeed(
        messages=messages,
        words_mean=sum(len(text.split()) for text in found) / messages,
        per_second=(messages - 1) / (last - first),
        first_line=tuple(firsts),
    )


def _run(work: Path, texts: Sequence[str]) -> tuple[float, float]:
    """Return the seconds from start to the first and to the last line."""
    lines = b"".join(json.dumps({"id": str(number), "text": text}).encode() + b"\n" for number, text in enumerate(texts))
    core = min(os.sched_getaffinity(0))

    def start() -> Child:
        command = python("-m", "bot.cli", "read")
        log = work / "middle-ground-read.log"
        return Child(command, folder=paths.root(), environment=our_environment(work), log=log, piped=True, core=core)

    with running(start) as (child,):
        feeder = threading.Thread(target=_feed, args=(child, lines), daemon=True)
        timer = threading.Timer(READ_SECONDS, child.process.kill)
        feeder.start()
        timer.start()
        try:
            stamps = _stamps(child)
        finally:
            timer.cancel()
        if len(stamps) != len(texts):
            raise BenchError(f"middle-ground read wrote {len(stamps)} lines for {len(texts)} messages.{child.last_words()}")
        return stamps[0], stamps[-1]


def _stamps(child: Child) -> list[float]:
    assert child.process.stdout is not None
    stamps = []
    for line in child.process.stdout:
        stamps.append(time.monotonic() - child.started)
        if b'"error"' in line:
            raise BenchError(f"middle-ground read could not read a message: {line[:200].decode(errors='replace')}")
    return stamps


def _feed(child: Child, lines: bytes) -> None:
    assert child.process.stdin is not None
    try:
        child.process.stdin.write(lines)
        child.process.stdin.close()
    except OSError:  # it ended early, which its output tells
        pass
