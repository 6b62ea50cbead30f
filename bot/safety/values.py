"""The values of the gate. A `Clearance` is the only key to guidance, and only `clear` makes one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.reading.values import Evidence, Safety

ENCODER = "encoder"  # the rule of a hit that no pattern made
# How a lock keeps what else it knows, beside the kinds.
_SAID_NO = "suicide:said_no"
_FIRM = "suicide:firm"
# The first that applies decides the answer (docs/safety.md).
PRECEDENCE = (Safety.SUICIDE, Safety.CHILD, Safety.HARMED, Safety.HARMING, Safety.OTHERS, Safety.OUT_OF_SCOPE)


@dataclass(frozen=True)
class SafetyReading:
    """What one input says about danger.

    *kind* is the first that applies by `PRECEDENCE`; *also* the others found; *immediate* (S0) that it seems to
    happen now; *soft* that the words are only figurative or faint, so that a soft check may be asked but nothing
    locks; *firm* that they are too plain for a later no to ease. *evidence* is for the person alone and is never
    logged.
    """

    kind: Safety = Safety.NONE
    also: tuple[Safety, ...] = ()
    immediate: bool = False
    soft: bool = False
    evidence: tuple[Evidence, ...] = ()
    rule: str = ""
    firm: bool = False

    @property
    def asks(self) -> bool:
        """True when the words are faint, so that one question comes before anything else.

        A joke about killing somebody ("I could kill him lol") is left a joke; a joke about dying is asked about.
        """
        if not self.soft or self.kind in (Safety.NONE, Safety.OUT_OF_SCOPE):
            return False
        return self.rule == ENCODER or self.kind in (Safety.SUICIDE, Safety.CHILD, Safety.HARMED)

    @property
    def hit(self) -> bool:
        """True when coaching must not follow."""
        return self.kind is not Safety.NONE and not self.soft


@dataclass(frozen=True)
class Lock:
    """What earlier messages of a conversation have locked. Grows only; nothing but a new session empties it.

    *kinds* are in the order of `PRECEDENCE`. Out-of-scope answers its own message and locks nothing.
    *said_no*: the direct question about suicide was answered with no, which eases that kind and no other.
    *firm*: a plan, a threat or means were told, it seemed to happen now, or such words came again after the no;
    no answer eases it any more.
    """

    kinds: tuple[Safety, ...] = ()
    said_no: bool = False
    firm: bool = False

    @property
    def closed(self) -> bool:
        """True when no coaching, rewriting, lean-in or self-soothing may be said."""
        return bool(self.kinds) and not self.eased

    @property
    def eased(self) -> bool:
        """True when only suicide was locked and the person then said no to the direct question: go on, gently."""
        return self.kinds == (Safety.SUICIDE,) and self.said_no and not self.firm

    def after(self, reading: SafetyReading) -> Lock:
        """Return the lock as it stands after *reading*."""
        if not reading.hit:
            return self
        found = {reading.kind, *reading.also} - {Safety.NONE, Safety.OUT_OF_SCOPE}
        firm = Safety.SUICIDE in found and (self.said_no or reading.immediate or reading.firm)
        return self.with_lock(Lock(tuple(found), firm=firm))

    def after_no(self) -> Lock:
        """Return the lock as it stands after a direct no to the direct question."""
        return self.with_lock(Lock(said_no=Safety.SUICIDE in self.kinds))

    def with_lock(self, other: Lock) -> Lock:
        """Return both together: what either has locked, noted or made firm."""
        kinds = {*self.kinds, *other.kinds}
        return Lock(tuple(kind for kind in PRECEDENCE if kind in kinds), self.said_no or other.said_no, self.firm or other.firm)

    def to_json(self) -> list[str]:
        """Return the lock as plain strings, as it is kept."""
        notes = ((_SAID_NO, self.said_no), (_FIRM, self.firm))
        return [kind.value for kind in self.kinds] + [note for note, holds in notes if holds]

    @classmethod
    def from_json(cls, kinds: Iterable[Any] | None) -> Lock:
        """Rebuild a lock. A kind that this version does not know locks as HARMED, the strictest."""
        kept = list(kinds or ())
        found = set()
        for kind in kept:
            if kind in (_SAID_NO, _FIRM):
                continue
            try:
                found.add(Safety(kind))
            except ValueError:
                found.add(Safety.HARMED)
        return cls(tuple(kind for kind in PRECEDENCE if kind in found), _SAID_NO in kept, _FIRM in kept)


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

    Faint words (`SafetyReading.asks`) lock nothing; what is coached on them waits until their question is
    answered (bot.safety.checks).
    """
    if lock.closed or reading.hit:
        return None
    return Clearance(_KEY)
