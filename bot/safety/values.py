"""The values of the gate. A `Clearance` is the only key to guidance, and only `clear` makes one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.reading.values import Evidence, Safety

ENCODER = "encoder"  # the rule of a hit that no pattern made
# The first that applies decides the answer (docs/safety.md).
PRECEDENCE = (Safety.SUICIDE, Safety.CHILD, Safety.HARMED, Safety.HARMING, Safety.OTHERS, Safety.OUT_OF_SCOPE)


@dataclass(frozen=True)
class SafetyReading:
    """What one input says about danger.

    *kind* is the first that applies by `PRECEDENCE`; *also* the others found; *immediate* (S0) that it
    seems to happen now; *soft* that the words are only figurative or faint, so that a soft check may
    be asked but nothing locks. *evidence* is for the person alone and is never logged.
    """

    kind: Safety = Safety.NONE
    also: tuple[Safety, ...] = ()
    immediate: bool = False
    soft: bool = False
    evidence: tuple[Evidence, ...] = ()
    rule: str = ""

    @property
    def asks(self) -> bool:
        """True when faint words about not living call for a direct question instead of coaching."""
        return self.kind is Safety.SUICIDE and self.soft and self.rule != ENCODER

    @property
    def hit(self) -> bool:
        """True when coaching must not follow."""
        return self.kind is not Safety.NONE and not self.soft


@dataclass(frozen=True)
class Lock:
    """What earlier messages of a conversation have locked. Grows only; nothing but a new session empties it.

    *kinds* are in the order of `PRECEDENCE`. Out-of-scope answers its own message and locks nothing.
    """

    kinds: tuple[Safety, ...] = ()

    @property
    def closed(self) -> bool:
        """True when no coaching, rewriting, lean-in or self-soothing may be said."""
        return bool(self.kinds)

    def after(self, reading: SafetyReading) -> Lock:
        """Return the lock as it stands after *reading*."""
        if not reading.hit:
            return self
        found = {*self.kinds, reading.kind, *reading.also} - {Safety.NONE, Safety.OUT_OF_SCOPE}
        return Lock(tuple(kind for kind in PRECEDENCE if kind in found))

    def to_json(self) -> list[str]:
        """Return the kinds as plain strings, as they are kept."""
        return [kind.value for kind in self.kinds]

    @classmethod
    def from_json(cls, kinds: Iterable[Any] | None) -> Lock:
        """Rebuild a lock. A kind that this version does not know locks as HARMED, the strictest."""
        found = set()
        for kind in kinds or ():
            try:
                found.add(Safety(kind))
            except ValueError:
                found.add(Safety.HARMED)
        return cls(tuple(kind for kind in PRECEDENCE if kind in found))


class Clearance:
    """Proof that the gate let a message through. Guidance asks for one; only `clear` hands it out."""

    __slots__ = ("_made_by_gate",)

    def __init__(self, key: object) -> None:
        if key is not _KEY:
            raise TypeError("a Clearance is made by bot.safety.values.clear and nowhere else")
        self._made_by_gate = True


_KEY = object()


def clear(lock: Lock, reading: SafetyReading) -> Clearance | None:
    """Return a clearance to coach, or None when this message or an earlier one forbids it.

    Faint words about not living lock nothing, but they are asked about before anything else is said.
    """
    if lock.closed or reading.hit or reading.asks:
        return None
    return Clearance(_KEY)
