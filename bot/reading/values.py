"""The values of a reading. They speak of one message, never of the person who wrote it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Side(str, Enum):
    """The writer's own move."""

    PURSUE = "pursue"
    WITHDRAW = "withdraw"
    BOTH = "both"
    HEALTHY_REACH = "healthy_reach"
    HEALTHY_SPACE = "healthy_space"
    NEITHER = "neither"


class Actor(str, Enum):
    """Whose move the message tells."""

    SELF = "self"
    PARTNER = "partner"
    DRAFT = "draft"
    RECEIVED = "received"
    BOTH = "both"
    NONE = "none"


class PartnerMove(str, Enum):
    """The partner's move as the message tells it."""

    PURSUE = "pursue"
    WITHDRAW = "withdraw"
    BOTH = "both"
    NONE = "none"


class Coach(str, Enum):
    """Which side the answer helps."""

    ANXIOUS = "anxious"
    AVOIDANT = "avoidant"
    BOTH = "both"
    NONE = "none"


class Safety(str, Enum):
    """What the message says about danger; NONE is not a promise that there is none."""

    NONE = "none"
    SUICIDE = "suicide"
    CHILD = "child"
    HARMED = "harmed"
    HARMING = "harming"
    OTHERS = "others"
    OUT_OF_SCOPE = "out_of_scope"


class Time(str, Enum):
    """When a told move happens. What is only imagined is no move, and has no time."""

    NOW = "now"  # today, or in a past that the words do not set apart from today
    PAST = "past"  # set apart: years ago, in those days, with an ex
    HABIT = "habit"  # again and again
    URGE = "urge"  # wanted, or about to be done


@dataclass(frozen=True)
class Evidence:
    """Words of the message that carry a cue. *start*, *end*: character offsets into it, end exclusive."""

    start: int
    end: int
    text: str

    def to_json(self) -> dict[str, Any]:
        """Return the offsets and words as plain JSON values."""
        return {"start": self.start, "end": self.end, "text": self.text}


@dataclass(frozen=True)
class Cue:
    """One cue of the taxonomy (P01-P14, W01-W14) found in a message.

    *actor* tells whose move it is; *source* is ``pattern`` or ``encoder``; *strength* is 0 to 1; *time* is
    that of the sentence.
    """

    id: str
    evidence: Evidence
    actor: Actor
    source: str = "pattern"
    strength: float = 1.0
    time: Time = Time.NOW

    def to_json(self) -> dict[str, Any]:
        """Return the cue as plain JSON values, evidence offsets inlined."""
        return {
            "id": self.id,
            **self.evidence.to_json(),
            "actor": self.actor.value,
            "source": self.source,
            "strength": round(self.strength, 3),
            "time": self.time.value,
        }


@dataclass(frozen=True)
class Reading:
    """What one message says about the moment.

    *confidence* is the calibrated probability (0 to 1) that *coach* is right. *unsure* is true when
    the bot should ask instead of guessing. *everyday* is the everyday intent the words carry
    (``greet``, ``thanks``, ...) or ``""``.
    """

    side: Side
    actor: Actor
    partner: PartnerMove
    coach: Coach
    cues: tuple[Cue, ...]
    confidence: float
    safety: Safety
    unsure: bool = False
    everyday: str = ""
    everyday_confidence: float = 0.0
    ranking: tuple[tuple[str, float], ...] = field(default=())

    def to_json(self) -> dict[str, Any]:
        """Return the reading as plain JSON values, as it travels through the tracker."""
        return {
            "side": self.side.value,
            "actor": self.actor.value,
            "partner": self.partner.value,
            "coach": self.coach.value,
            "cues": [cue.to_json() for cue in self.cues],
            "confidence": round(self.confidence, 4),
            "safety": self.safety.value,
            "unsure": self.unsure,
            "everyday": self.everyday,
            "everyday_confidence": round(self.everyday_confidence, 4),
        }

    @classmethod
    def from_json(cls, row: dict[str, Any]) -> Reading:
        """Rebuild a reading from `to_json`. Raises KeyError or ValueError on anything else."""
        return cls(
            side=Side(row["side"]),
            actor=Actor(row["actor"]),
            partner=PartnerMove(row["partner"]),
            coach=Coach(row["coach"]),
            cues=tuple(
                Cue(
                    id=cue["id"],
                    evidence=Evidence(cue["start"], cue["end"], cue["text"]),
                    actor=Actor(cue["actor"]),
                    source=cue["source"],
                    strength=cue["strength"],
                    time=Time(cue.get("time", "now")),
                )
                for cue in row["cues"]
            ),
            confidence=row["confidence"],
            safety=Safety(row["safety"]),
            unsure=row["unsure"],
            everyday=row["everyday"],
            everyday_confidence=row["everyday_confidence"],
        )


def coach_for(side: Side, partner: PartnerMove, safety: Safety) -> Coach:
    """Return whom to coach: nobody in danger, else the writer's side, else the side facing the partner."""
    if safety is not Safety.NONE:
        return Coach.NONE
    if side is not Side.NEITHER:
        return {Side.PURSUE: Coach.ANXIOUS, Side.WITHDRAW: Coach.AVOIDANT, Side.BOTH: Coach.BOTH}.get(side, Coach.NONE)
    return {
        PartnerMove.WITHDRAW: Coach.ANXIOUS,
        PartnerMove.PURSUE: Coach.AVOIDANT,
        PartnerMove.BOTH: Coach.BOTH,
        PartnerMove.NONE: Coach.NONE,
    }[partner]
