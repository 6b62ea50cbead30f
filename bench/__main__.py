"""The command line: python -m bench [--quick] [--runs N] [--depth N] [--out FILE]."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType

from rich.console import Console

from bench import measure, report
from bench.processes import BenchError

OUT = Path(__file__).parent / "out" / "latest.json"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the bench. Returns 0, 2 when it could not be run (with one clear line), 130 when it was interrupted."""
    args = parser().parse_args(argv)
    plan = measure.QUICK if args.quick else measure.FULL
    plan = replace(plan, runs=args.runs or plan.runs, depth=args.depth or plan.depth)
    console, talk = Console(), Console(stderr=True, highlight=False, soft_wrap=True)
    begun = time.monotonic()

    def say(what: str) -> None:
        talk.print(f"{time.monotonic() - begun:5.0f} s  {what}", markup=False)

    try:
        with limited(plan.limit), tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as work:
            figures = measure.measure(plan, Path(work), say)
    except BenchError as error:
        talk.print(f"bench: {error}", markup=False)
        return 2
    except KeyboardInterrupt:
        talk.print("bench: stopped; nothing was written", markup=False)
        return 130
    report.write(figures, args.out)
    report.show(figures, console)
    console.print(f"Written to {args.out}", markup=False, soft_wrap=True)
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the command line's grammar."""
    about = "Speed and size, side by side with a default rasa init bot."
    top = argparse.ArgumentParser(prog="python -m bench", description=about)
    top.add_argument("--quick", action="store_true", help="fewer starts and messages; for a first look, not for comparing")
    top.add_argument("--runs", type=_positive, metavar="N", help="starts of each bot (default: 3, with --quick 1)")
    top.add_argument("--depth", type=_depth, metavar="N", help="late message of the long conversation (default: 200)")
    top.add_argument("--out", type=Path, default=OUT, metavar="FILE", help="where the JSON goes (default: bench/out/latest.json)")
    return top


@contextmanager
def limited(seconds: int) -> Iterator[None]:
    """End what runs inside after *seconds*, and at SIGTERM or SIGHUP, with an error, so that every child is still ended."""

    def late(number: int, frame: FrameType | None) -> None:
        raise BenchError(f"the whole run took more than {seconds} s. The machine may be busy; try again, or --quick.")

    def asked(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    wanted = {signal.SIGALRM: late, signal.SIGTERM: asked, signal.SIGHUP: asked}
    before = {number: signal.signal(number, handler) for number, handler in wanted.items()}
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        for number, handler in before.items():
            signal.signal(number, handler)


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


def _depth(text: str) -> int:
    number = _positive(text)
    if number < 20:
        raise argparse.ArgumentTypeError("at least 20, so that early and late messages do not overlap")
    return number


if __name__ == "__main__":
    sys.exit(main())
