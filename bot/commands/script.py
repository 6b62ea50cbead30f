"""``middle-ground script``: play scripted conversations and show where they differ. Format: docs/scripts.md."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO

from bot.rasa.quiet import hush
from bot.scripts.parse import scripts_in
from bot.scripts.show import report, summary
from bot.scripts.stage import Outcome, Stage
from bot.scripts.transcript import transcript
from bot.scripts.values import Script


def run_scripts(files: Iterable[Path], *, out: TextIO | None = None, write: Path | None = None) -> int:
    """Play every script of *files* (files or folders), write a report each and a summary to *out* (standard output).

    *write*: a folder that gets each conversation as a page to read, under the name of its script.

    Returns 0 when all passed, 1 when one failed. Raises DataError, before anything is played, for a file
    that is not a script, and when there is no trained model.
    """
    out = out or sys.stdout
    scripts = scripts_in(files)
    hush()
    outcomes = asyncio.run(_play(scripts, out))
    if write:
        write.mkdir(parents=True, exist_ok=True)
        for outcome in outcomes:
            (write / f"{outcome.script.path.stem}.md").write_text(transcript(outcome), encoding="utf-8")
    out.write(f"\n{summary(outcomes)}\n")
    return 0 if all(outcome.passed for outcome in outcomes) else 1


async def _play(scripts: Sequence[Script], out: TextIO) -> list[Outcome]:
    stage = Stage()
    outcomes = []
    for script in scripts:
        outcome = await stage.play(script)
        outcomes.append(outcome)
        out.write(f"{report(outcome)}\n")
        out.flush()
    return outcomes
