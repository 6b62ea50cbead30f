"""Greetings, thanks, goodbyes, and a bare yes or no."""

from __future__ import annotations

from dataclasses import replace

from actions import remember
from actions.coach import which_way
from actions.memory import consented
from actions.turn import GatedAction, Reply, Turn
from bot import names
from bot.guidance import choose
from bot.guidance.library import library
from bot.guidance.say import button, say, with_line
from bot.reading.intents import asks_whether_human
from bot.safety.values import Clearance


class ActionEveryday(GatedAction):
    """What people say to a program besides their story."""

    def name(self) -> str:
        """Name in the domain."""
        return names.ACTION_EVERYDAY

    def answer(self, turn: Turn, clearance: Clearance) -> Reply:
        """Say a line for the intent."""
        key = "are_you_human" if asks_whether_human(turn.text) else turn.intent
        card = say(key, said=turn.said, seed=turn.person)
        if key == names.INTENT_TRIED:
            card = with_line(card, "expectations", said=turn.said, seed=turn.person)
            return Reply(replace(card, buttons=(button("something_else"), button("skills"))))
        if key == names.INTENT_GOODBYE and turn.slot(names.SLOT_LAST_CARD):
            card = with_line(card, "follow_up", said=turn.said, seed=turn.person)
        return Reply(card)


class ActionYesNo(GatedAction):
    """A bare yes or no answers what was asked last."""

    def name(self) -> str:
        """Name in the domain."""
        return names.ACTION_YES_NO

    def answer(self, turn: Turn, clearance: Clearance) -> Reply:
        """After a card, yes shows its steps; no offers something else; else ask what it was about."""
        said, person = turn.said, turn.person
        if turn.slot(names.SLOT_AWAITING) == remember.CONSENT and turn.intent in (names.INTENT_AFFIRM, names.INTENT_DENY):
            return consented(turn, turn.intent == names.INTENT_AFFIRM)
        if turn.slot(names.SLOT_AWAITING) == "side":
            return which_way(turn, misses=1.0)
        about = (turn.slot(names.SLOT_LAST_CARD) or {}).get("about") or {}
        if turn.intent == names.INTENT_AFFIRM and about.get("practice") in library().practices:
            return Reply(choose.steps(about["practice"], clearance=clearance), {names.SLOT_PRACTICE: about["practice"]})
        return Reply(say(turn.intent, said=said, seed=person))
