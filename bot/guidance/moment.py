"""What of a reading an answer speaks to: whose move, which cue, which of the person's own words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.guidance.entries import EFFORTS, Line, LineActor, LineSide, Part, Practice
from bot.guidance.quote import needs
from bot.reading.values import Actor, Coach, Cue, Evidence, PartnerMove, Reading, Side

_SIDES = {Coach.ANXIOUS: LineSide.PURSUE, Coach.AVOIDANT: LineSide.WITHDRAW}
_NAMED = 0.5  # strength from which a cue is named; below, the lines of its side are said
_OWN_MOVES = {Side.PURSUE, Side.WITHDRAW, Side.BOTH}


@dataclass(frozen=True)
class Moment:
    """The side that the answer helps and what it can point to.

    *actor*: SELF, DRAFT or PARTNER; *own*: the writer's strongest cue on *side*; *other*: theirs on the
    facing side (only in a mixed message); *partner*: the partner's strongest cue; *mixed*: whoever
    moved did both.
    """

    side: LineSide
    actor: LineActor
    own: Cue | None = None
    other: Cue | None = None
    partner: Cue | None = None
    mixed: bool = False

    @property
    def cue(self) -> Cue | None:
        """The cue that the answer names: None where there is only a guess, which gives words to point to but no name."""
        found = self.partner if self.actor is LineActor.PARTNER else self.own
        return found if found and found.strength >= _NAMED else None

    @property
    def words(self) -> dict[str, Evidence]:
        """The person's words for each placeholder that can be filled."""
        cues = {"words": self.own, "other": self.other, "theirs": self.partner}
        if self.actor is LineActor.PARTNER:
            cues = {"words": self.partner}
        found = {name: cue.evidence for name, cue in cues.items() if cue and cue.evidence.text.strip()}
        first = found.get("words")
        # Two quotations of the same words would say nothing.
        return {name: words for name, words in found.items() if words is first or not (first and _overlap(first, words))}

    def fits(self, line: Line | Practice) -> bool:
        """True when *line* may be said in this moment."""
        if line.side not in (self.side, LineSide.BOTH) or not self._speaks_of_the_mover(line.actor):
            return False
        for_any_move = not line.cues or (isinstance(line, Practice) and line.any_move)
        if not for_any_move and not self._cues & set(line.cues):
            return False
        return not isinstance(line, Line) or needs(line.text) <= set(self.words)

    def rank(self, line: Line | Practice) -> int:
        """Return how well a fitting *line* fits, 0 best.

        It tells both moves; it is for this very cue or for a draft; for the partner's cue; for any; it is
        a naming that points to no words although there are some. Of practices, the small come first.
        """
        effort = EFFORTS.index(line.effort) if isinstance(line, Practice) else 0
        return len(EFFORTS) * self._distance(line) + effort

    def _distance(self, line: Line | Practice) -> int:
        if line.actor is LineActor.BOTH or (isinstance(line, Line) and len(needs(line.text)) > 1):
            return 0
        points_to_nothing = isinstance(line, Line) and line.part is Part.NAMING and bool(self.words) and not needs(line.text)
        if named := self._cues & set(line.cues):
            return 1 if self.cue and self.cue.id in named and not points_to_nothing else 2
        if points_to_nothing:
            return 4
        return 1 if line.actor is LineActor.DRAFT else 3

    @property
    def _cues(self) -> set[str]:
        return {cue.id for cue in (self.own, self.partner) if cue and cue.strength >= _NAMED}

    def _speaks_of_the_mover(self, actor: LineActor) -> bool:
        if actor is LineActor.ANY or actor is self.actor:
            return True
        if self.actor is LineActor.PARTNER:
            return False
        return actor is LineActor.SELF or (actor is LineActor.BOTH and self.partner is not None)


def moment_of(reading: Reading, coach: Coach | None = None) -> Moment:
    """Return the moment that *reading* tells; *coach* overrides whom it says to help.

    An override that turns the side means that the words tell the other person's move ("not me, it's
    him"). Raises ValueError when there is nobody to coach.
    """
    wanted = coach or reading.coach
    if wanted is Coach.NONE:
        raise ValueError("this reading has nobody to coach; expected coach anxious, avoidant or both")
    turned = coach is not None and coach is not reading.coach and Coach.BOTH not in (coach, reading.coach)
    own_told = reading.side in _OWN_MOVES
    own = [cue for cue in reading.cues if _is_own(cue, own_told) is not turned]
    theirs = [cue for cue in reading.cues if _is_own(cue, own_told) is turned]
    own_told = own_told is not turned
    side = _SIDES.get(wanted) or _mixed_side(own if own_told else theirs, own_told=own_told)
    mixed = wanted is Coach.BOTH and (reading.side is Side.BOTH or reading.partner is PartnerMove.BOTH)
    if not own_told:
        return Moment(side, LineActor.PARTNER, partner=_strongest(theirs, side.facing), mixed=mixed)
    actor = LineActor.DRAFT if reading.actor is Actor.DRAFT else LineActor.SELF
    return Moment(
        side, actor, own=_strongest(own, side), other=_strongest(own, side.facing) if mixed else None,
        partner=_strongest(theirs, side.facing), mixed=mixed,
    )  # fmt: skip


def _is_own(cue: Cue, own_told: bool) -> bool:
    return cue.actor in (Actor.SELF, Actor.DRAFT) or (own_told and cue.actor in (Actor.NONE, Actor.BOTH))


def _overlap(one: Evidence, other: Evidence) -> bool:
    return one.start < other.end and other.start < one.end


def _strongest(cues: Iterable[Cue], side: LineSide) -> Cue | None:
    """Return the strongest cue of *side*; on a tie one with exact words, then the first in the message."""
    found = [cue for cue in cues if cue.id.startswith(side.letter)]
    return max(found, key=lambda cue: (cue.strength, cue.source == "pattern", -cue.evidence.start), default=None)


def _mixed_side(cues: list[Cue], *, own_told: bool) -> LineSide:
    """Return the side to help where both are told: that of the last of the strongest cues; pursue where there is none."""
    last = max(cues, key=lambda cue: (cue.strength, cue.evidence.start), default=None)
    side = LineSide.WITHDRAW if last and last.id.startswith("W") else LineSide.PURSUE
    return side if own_told or last is None else side.facing
