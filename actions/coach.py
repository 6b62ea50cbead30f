"""Answers to a move: coach it, honour it, ask about it, turn it round."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from actions import remember
from actions.turn import GatedAction, Reply, Turn
from bot import names
from bot.guidance import choose
from bot.guidance.memory.facts import Noticed, of_moment
from bot.guidance.say import line_bubble, say
from bot.guidance.values import Card, CardKind
from bot.reading.tongue import is_english
from bot.reading.values import Actor, Coach, PartnerMove, Reading, Safety, Side, coach_for
from bot.safety.values import Clearance

_LONG = 4000  # characters
_MENU = ("i_reached", "i_stepped_back", "they_pulled_away", "they_came_at_me")
_PICKED = {
    "self_pursue": (Side.PURSUE, Actor.SELF, PartnerMove.NONE),
    "self_withdraw": (Side.WITHDRAW, Actor.SELF, PartnerMove.NONE),
    "partner_withdraw": (Side.NEITHER, Actor.PARTNER, PartnerMove.WITHDRAW),
    "partner_pursue": (Side.NEITHER, Actor.PARTNER, PartnerMove.PURSUE),
}
_OTHER_SIDE = {Coach.ANXIOUS.value: Coach.AVOIDANT, Coach.AVOIDANT.value: Coach.ANXIOUS}


def coached(turn: Turn, clearance: Clearance, coach: Coach | None = None) -> Reply:
    """Return the coaching card for this turn, or a question where the reading names no side."""
    reading = turn.reading
    if reading is None or (coach is None and reading.coach is Coach.NONE) or not is_english(turn.text):
        return asked(turn)
    return _answering(reading, turn, clearance, coach)


def _answering(reading: Reading, turn: Turn, clearance: Clearance, coach: Coach | None = None) -> Reply:
    """Return the coaching card for *reading*."""
    helped = remember.helped(turn)
    card = choose.coach(reading, clearance=clearance, said=turn.said, seed=turn.person, coach=coach, helped=helped)
    return remembered(card, of_moment(card.about, reading), **{names.SLOT_LAST_READING: reading.to_json()})


def remembered(card: Card, noticed: Noticed | None = None, **slots: Any) -> Reply:
    """Return *card* with the slots that let "Why this?", "Show more" and "Something else" find it again.

    *noticed*: the moves that it answers, where it answers a new moment.
    """
    side = card.about.get("coach")
    kept = {names.SLOT_LAST_CARD: card.to_json(), names.SLOT_AWAITING: "coach", names.SLOT_SIDE: side, **slots}
    return Reply(card, kept, noticed=replace(noticed or Noticed(), again=remember.offered_again(card)))


def asked(turn: Turn) -> Reply:
    """Ask one question after a first miss; from the second on, offer the menu."""
    misses = float(turn.slot(names.SLOT_MISSES) or 0.0) + 1.0
    if not turn.text.strip():
        key = "empty_message"
    elif not is_english(turn.text):
        key = "other_language"
    elif misses >= 2:
        return which_way(turn, misses)
    else:
        key = "unsure"
    card = say(key, said=turn.said, seed=turn.person, kind=CardKind.ASK)
    return Reply(card, {names.SLOT_MISSES: misses, names.SLOT_AWAITING: "side"})


def which_way(turn: Turn, misses: float = 0.0, *, key: str = "not_me") -> Reply:
    """Offer the menu of four moves under the line *key*, or that of a second miss."""
    card = say("second_miss" if misses else key, said=turn.said, seed=turn.person, buttons=_MENU, kind=CardKind.MENU)
    return Reply(card, {names.SLOT_MISSES: misses, names.SLOT_AWAITING: "side"})


def picked(value: str) -> Reading | None:
    """Return the reading that a button of the menu stands for, None for anything else."""
    if value not in _PICKED:
        return None
    side, actor, partner = _PICKED[value]
    return Reading(side, actor, partner, coach_for(side, partner, Safety.NONE), (), 1.0, Safety.NONE)


class ActionCoach(GatedAction):
    """Answer a move with one card: validation, naming, practice, reframe, question."""

    def name(self) -> str:
        """Name in the domain."""
        return names.ACTION_COACH

    def answer(self, turn: Turn, clearance: Clearance) -> Reply:
        """Coach the side that the reading names."""
        return coached(turn, clearance)


class ActionHealthy(GatedAction):
    """Say what was good about a calm request or a pause with a return. Never scold it."""

    def name(self) -> str:
        """Name in the domain."""
        return names.ACTION_HEALTHY

    def answer(self, turn: Turn, clearance: Clearance) -> Reply:
        """Honour the healthy move."""
        if turn.reading is None:
            return asked(turn)
        card = choose.healthy(turn.reading, clearance=clearance, said=turn.said, seed=turn.person)
        return Reply(card, {names.SLOT_LAST_CARD: card.to_json(), names.SLOT_AWAITING: "coach"})


class ActionNoMove(GatedAction):
    """A story without a move: say that it was heard, ask one question."""

    def name(self) -> str:
        """Name in the domain."""
        return names.ACTION_NO_MOVE

    def answer(self, turn: Turn, clearance: Clearance) -> Reply:
        """Ask who moved."""
        if not is_english(turn.text) or float(turn.slot(names.SLOT_MISSES) or 0.0) >= 1.0:
            return asked(turn)
        key = "too_long" if len(turn.text) > _LONG else "no_move"
        card = say(key, said=turn.said, seed=turn.person, kind=CardKind.ASK)
        return Reply(card, {names.SLOT_MISSES: 1.0, names.SLOT_AWAITING: "side"})


class ActionUnsure(GatedAction):
    """When the reading is unsure: one question; after two misses, a menu."""

    def name(self) -> str:
        """Name in the domain."""
        return names.ACTION_UNSURE

    def answer(self, turn: Turn, clearance: Clearance) -> Reply:
        """Ask instead of guessing."""
        return asked(turn)


class ActionPickSide(GatedAction):
    """The person said which way it went, by a button of the menu."""

    def name(self) -> str:
        """Name in the domain."""
        return names.ACTION_PICK_SIDE

    def answer(self, turn: Turn, clearance: Clearance) -> Reply:
        """Coach the side that was picked."""
        reading = picked(turn.value)
        if reading is None:
            return asked(turn)
        return _answering(reading, turn, clearance)


class ActionNotMe(GatedAction):
    """Turn the side at once: "not me, it is him"."""

    def name(self) -> str:
        """Name in the domain."""
        return names.ACTION_NOT_ME

    def answer(self, turn: Turn, clearance: Clearance) -> Reply:
        """Answer the other side of the last card; without one, ask which way round it was."""
        row = turn.slot(names.SLOT_LAST_READING)
        other = _OTHER_SIDE.get(str(turn.slot(names.SLOT_SIDE) or ""))
        if not row or other is None:
            return which_way(turn)
        reading, helped = Reading.from_json(row), remember.helped(turn)
        card = choose.coach(reading, coach=other, clearance=clearance, said=turn.said, seed=turn.person, helped=helped)
        # The apology stands where the validation would: the reply stays as short as any other.
        lead = line_bubble("turned_round", said=turn.said, seed=turn.person)
        # Turned twice, it is as it was read.
        noticed = replace(of_moment(card.about, reading, as_read=other is reading.coach), turned=True)
        return remembered(replace(card, bubbles=(lead, *card.bubbles[1:])), noticed)


class ActionAnother(GatedAction):
    """Offer a different practice for the same moment."""

    def name(self) -> str:
        """Name in the domain."""
        return names.ACTION_ANOTHER

    def answer(self, turn: Turn, clearance: Clearance) -> Reply:
        """Choose a practice that was not yet said."""
        last = turn.slot(names.SLOT_LAST_CARD)
        if not last or last["about"].get("coach") not in _OTHER_SIDE:
            return which_way(turn, key="unsure")
        helped = remember.helped(turn)
        card = choose.another_practice(last["about"], clearance=clearance, said=turn.said, seed=turn.person, helped=helped)
        return remembered(card)


class ActionMore(GatedAction):
    """Show what the last card kept one tap away."""

    def name(self) -> str:
        """Name in the domain."""
        return names.ACTION_MORE

    def answer(self, turn: Turn, clearance: Clearance) -> Reply:
        """Show the hidden bubbles of the last card."""
        last = turn.slot(names.SLOT_LAST_CARD)
        if not last or not last.get("more"):
            return Reply(say("nothing_more", said=turn.said, seed=turn.person))
        return Reply(choose.more(Card.from_json(last), clearance=clearance))
