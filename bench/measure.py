"""One run: both bots started in turn, each alone on the machine while it is measured."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench import bots, loads
from bench.bots import Bot
from bench.processes import memory, running, wait_ready
from bench.reading import read_speed
from bench.report import BotFigures, Figures

USERS = 16
CHECK_SECONDS = 60.0
# Runnable processes over the last minute, before the bench adds its own.
MOST_LOAD = 1.0


@dataclass(frozen=True)
class Plan:
    """How much is measured.

    *runs* starts of each bot; *messages* of the one user; *depth* the late message of the long
    conversation, which the default bot holds only with *default_growth*; *crowd* messages of 16 users;
    *read* messages for the reader; *limit* seconds for the whole run, *load_seconds* for each load.
    """

    runs: int
    messages: int
    depth: int
    default_growth: bool
    crowd: int
    read: int
    limit: int
    load_seconds: float = 60.0


FULL = Plan(runs=3, messages=200, depth=200, default_growth=True, crowd=208, read=1000, limit=15 * 60)
QUICK = Plan(runs=1, messages=80, depth=200, default_growth=False, crowd=96, read=300, limit=10 * 60)

Say = Callable[[str], None]


def measure(plan: Plan, work: Path, say: Say) -> Figures:
    """Return the figures of one run made in the folder *work*; *say* hears what is going on. Raises BenchError."""
    bots.check_model()
    load = os.getloadavg()[0]
    texts = loads.sentences()
    say("Training a default rasa init bot (one to three minutes)")
    begun = time.monotonic()
    default = bots.default_bot(work)
    training = time.monotonic() - begun

    found: dict[str, BotFigures] = {}
    ready: dict[str, list[float]] = {}
    first: dict[str, list[float]] = {}
    for number in range(1, plan.runs + 1):
        for bot in (bots.ours(work), default):
            say(f"Start {number} of {plan.runs}: {bot.name}")
            last = number == plan.runs
            plan_here = plan if last else None
            seconds, answered, figures = _start(bot, texts, plan_here, say)
            ready.setdefault(bot.name, []).append(seconds)
            first.setdefault(bot.name, []).append(answered)
            if figures:
                found[bot.name] = figures
    whole = {name: replace(figures, ready=tuple(ready[name]), first_answer=tuple(first[name])) for name, figures in found.items()}

    second_run = None
    # Asked only now: files may have changed since the start, and a bench must not train over somebody's model.
    up_to_date = bots.check_model()
    if up_to_date:
        say("Starting again as a second make run does")
        second_run = tuple(_second_run(work) for _ in range(plan.runs))
    say("Reading on one core")
    return Figures(
        ours=whole["ours"],
        default=whole["default"],
        reading=read_speed(work, texts, plan.read, plan.runs),
        second_run=second_run,
        training=training,
        machine=machine(),
        notes=notes(plan, whole["ours"], whole["default"], up_to_date, load),
    )


def _start(bot: Bot, texts: tuple[str, ...], plan: Plan | None, say: Say) -> tuple[float, float, BotFigures | None]:
    """Return the seconds until *bot* was ready and until its first answer, and with a *plan* what was measured then."""
    launch = bot.launch()
    with running(*launch.commands) as children:
        ready = wait_ready(children, launch.ready, seconds=bots.READY_SECONDS)
        with launch.user("first-answer") as user:
            user.say(texts[0])
        answered = time.monotonic() - children[0].started
        if plan is None:
            return ready, answered, None
        say(f"  one user: {plan.messages} messages")
        loads.warm_up(launch.user, texts)
        answers = loads.one_user(launch.user, texts, plan.messages)
        held = memory(children)
        growth = None
        if bot.name == "ours" or plan.default_growth:
            say(f"  one long conversation: {plan.depth} messages")
            growth = loads.long_conversation(launch.user, texts, plan.depth, seconds=plan.load_seconds)
        say(f"  {USERS} users: {plan.crowd} messages")
        throughput = loads.many_users(launch.user, texts, USERS, plan.crowd, seconds=plan.load_seconds)
        took = tuple(answer.seconds for answer in answers)
        return ready, answered, BotFigures((), (), held, took, loads.kinds(answers), growth, throughput)


def _second_run(work: Path) -> float:
    """Return the seconds that a second `make run` takes until the server is ready: the check of the model, then the start."""
    begun = time.monotonic()
    environment = bots.our_environment(work)
    with running(partial(bots.our_command, "train", "--if-needed", work=work, environment=environment)) as (check,):
        check.finish(seconds=CHECK_SECONDS)
    launch = bots.ours(work).launch()
    with running(*launch.commands) as servers:
        wait_ready(servers, launch.ready, seconds=bots.READY_SECONDS)
        return time.monotonic() - begun


def notes(plan: Plan, ours: BotFigures, default: BotFigures, up_to_date: bool, load: float) -> tuple[str, ...]:
    """Return what a reader of the figures must know: what was left out, and whether the turns were alike."""
    found = []
    if not up_to_date:
        found.append("the trained model is older than its files, so the second start was not measured (run: make setup)")
    if ours.growth is None:
        found.append(f"our long conversation took more than {plan.load_seconds:.0f} s and was broken off")
    if default.growth is None:
        why = f"took more than {plan.load_seconds:.0f} s and was broken off" if plan.default_growth else "is left out by --quick"
        found.append(f"the default bot's long conversation {why}")
    acted = default.kinds.get("action", 0) / max(1, len(default.per_message))
    found.append(f"the default bot ran its custom action in {acted:.0%} of the turns; our cards were: {_listed(ours.kinds)}")
    if load > MOST_LOAD:
        found.append(
            f"the machine was busy with other work at the start (load {load:.1f}): run it again alone before you compare"
        )
    return tuple(found)


def machine() -> dict[str, Any]:
    """Return what the figures were measured on; nothing that names the machine."""
    model = next((line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "unknown")
    total = next((int(line.split()[1]) * 1024 for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    return {
        "at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "cores": len(os.sched_getaffinity(0)),
        "processor": model,
        "memory_bytes": total,
        "python": platform.python_version(),
        "rasa": version("rasa"),
    }


def _lines(path: str) -> list[str]:
    return Path(path).read_text(errors="replace").splitlines()


def _listed(kinds: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in kinds.items())
