"""What is asked of a running bot: one user, one long conversation, sixteen users at once."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from bench.processes import BenchError
from bench.users import Answer, User

MESSAGES = Path(__file__).parent / "messages.txt"
CONVERSATION = 20
AROUND = 4
EARLY = 10

Enter = Callable[[str], AbstractContextManager[User]]


@dataclass(frozen=True)
class Growth:
    """Seconds per message near the beginning (around message 10) and around message *late_at* of one conversation."""

    early: tuple[float, ...]
    late: tuple[float, ...]
    late_at: int


@dataclass(frozen=True)
class Throughput:
    """*messages* answered to *users* at once within *seconds* of wall time."""

    messages: int
    seconds: float
    users: int


def sentences() -> tuple[str, ...]:
    """Return the fixed messages of the bench."""
    return tuple(line for line in MESSAGES.read_text(encoding="utf-8").splitlines() if line)


def warm_up(enter: Enter, texts: Sequence[str]) -> None:
    """Send a few messages that do not count: the first ones pay for what is loaded on first use."""
    with enter("warm-up") as user:
        for text in texts[:10]:
            user.say(text)


def one_user(enter: Enter, texts: Sequence[str], messages: int) -> tuple[Answer, ...]:
    """Return the answers to *messages* sent one after the other, in conversations of 20 messages."""
    said = cycle(texts)
    answers: list[Answer] = []
    while len(answers) < messages:
        with enter(f"one-user-{len(answers)}") as user:
            answers += [user.say(text) for text in islice(said, min(CONVERSATION, messages - len(answers)))]
    return tuple(answers)


def long_conversation(enter: Enter, texts: Sequence[str], late_at: int, *, seconds: float) -> Growth | None:
    """Time messages around the 10th and around *late_at* of one conversation; None when that needs over *seconds*."""
    begun = time.monotonic()
    took: list[float] = []
    with enter("long-conversation") as user:
        for text in islice(cycle(texts), late_at + AROUND):
            took.append(user.say(text).seconds)
            if time.monotonic() - begun > seconds:
                return None
    return Growth(early=_around(took, EARLY), late=_around(took, late_at), late_at=late_at)


def many_users(enter: Enter, texts: Sequence[str], users: int, messages: int, *, seconds: float) -> Throughput:
    """Return how *messages* in all, shared out over *users* at once, are answered. After *seconds* nobody sends another."""
    share = -(-messages // users)
    with ExitStack() as entered, ThreadPoolExecutor(users) as pool:
        # Everybody enters first: opening conversations is not part of the figure.
        people = [entered.enter_context(enter(f"crowd-{number}")) for number in range(users)]
        begun = time.monotonic()
        until = begun + seconds
        talks = [pool.submit(_talk, person, _from(texts, 3 * number), share, until) for number, person in enumerate(people)]
        answered = sum(talk.result() for talk in talks)
        took = time.monotonic() - begun
    if not answered:
        raise BenchError(f"no message of {users} users was answered")
    return Throughput(messages=answered, seconds=took, users=users)


def kinds(answers: Sequence[Answer]) -> dict[str, int]:
    """Return how many answers were of each kind, most frequent first."""
    return dict(Counter(answer.kind for answer in answers).most_common())


def _talk(user: User, texts: Iterator[str], messages: int, until: float) -> int:
    answered = 0
    for text in islice(texts, messages):
        if time.monotonic() > until:
            break
        user.say(text)
        answered += 1
    return answered


def _from(texts: Sequence[str], first: int) -> Iterator[str]:
    return islice(cycle(texts), first % len(texts), None)


def _around(took: Sequence[float], message: int) -> tuple[float, ...]:
    return tuple(took[message - 1 - AROUND : message + AROUND])
