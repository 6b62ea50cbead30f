"""Which of several lines comes next: the same one for the same conversation, and none twice while others are left."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from typing import Protocol, TypeVar


class _Named(Protocol):
    @property
    def id(self) -> str: ...


_One = TypeVar("_One", bound=_Named)
ENOUGH = 4  # lines that may come round again without sounding like a machine


def pick(ranked: Iterable[tuple[int, _One]], *, said: Collection[str], seed: str, best_first: bool = False) -> _One | None:
    """Return the next of *ranked*, pairs of rank (0 fits best) and line; None where there is none.

    *said* holds the ids of lines already said, oldest first. A line not yet said comes before any that
    was; among those, by rank, then in an order that depends on *seed* alone. When all were said, the
    one said longest ago comes again. With *best_first* only those of the best rank count, as long as there are
    `ENOUGH` of them: what fits best comes again rather than what fits less.
    """
    candidates = list(ranked)
    if not candidates:
        return None
    best = [entry for entry in candidates if entry[0] == min(rank for rank, _ in candidates)]
    if best_first and len(best) >= ENOUGH:
        candidates = best
    last_said = {line: place for place, line in enumerate(said)}
    fresh = [(rank, _shuffled(seed, line.id), line) for rank, line in candidates if line.id not in last_said]
    if fresh:
        return min(fresh, key=lambda entry: entry[:2])[2]
    return min((line for _, line in candidates), key=lambda line: last_said[line.id])


def _shuffled(seed: str, line: str) -> bytes:
    # Python's own hash differs from one process to the next; a conversation must not.
    return hashlib.blake2b(f"{seed}\n{line}".encode("utf-8", "replace"), digest_size=8).digest()
