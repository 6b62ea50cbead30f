"""Reminders that the person asked for: setting them, what is said when they are due, stopping them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from rasa_sdk.events import ActiveLoop, FollowupAction, ReminderCancelled, ReminderScheduled

from actions.turn import Events, GatedAction, Reply, Turn
from bot import names
from bot.guidance.say import say
from bot.guidance.values import Bubble
from bot.safety.values import Clearance
from bot.store.store import shared_store

RETURN, PULSE = "return", "pulse"
_INTENTS = {RETURN: names.INTENT_RETURN_TIME, PULSE: names.INTENT_PULSE_TIME}
_FIRST = "first"


def scheduled(turn: Turn, kind: str, due: datetime, note: str = "") -> Events:
    """Keep a reminder and return Rasa's event for it; an earlier one of the same kind is replaced.

    *kind*: "return" or "pulse"; *due*: an aware time; *note*: the person's own words to show then. It is the store that
    makes it fire (bot/rasa/reminders.py); the event tells the conversation. Raises ValueError for any other kind.
    """
    shared_store().remind(turn.person, kind, due, note)
    return [ReminderScheduled(_INTENTS[kind], due, name=_name(turn, kind), kill_on_user_message=False)]


def cancelled(turn: Turn, kind: str) -> Events:
    """Forget the reminder of *kind*, where there is one, and return Rasa's event for it."""
    shared_store().cancel_reminder(turn.person, kind)
    return [ReminderCancelled(name=_name(turn, kind), intent_name=_INTENTS[kind])]


class ActionReturnTime(GatedAction):
    """A reminder is due: the return time of a pause, or the weekly pulse."""

    def name(self) -> str:
        """Name in the domain."""
        return names.ACTION_RETURN_TIME

    def answer(self, turn: Turn, clearance: Clearance) -> Reply:
        """Say that it is time, and offer what one can do. It is no coaching: nothing has to be asked before it."""
        if turn.intent == names.INTENT_PULSE_TIME:
            buttons: tuple[str, ...] = ("pulse_now", "stop_pulse")
        else:
            buttons = ("return_first", "more_time", "not_today") if _note(turn) else ("more_time", "not_today")
        return Reply(say(turn.intent, said=turn.said, seed=turn.person, buttons=buttons), events=_nothing_else(turn))


class ActionAtReturn(GatedAction):
    """A button under the card of the return time."""

    def name(self) -> str:
        """Name in the domain."""
        return names.ACTION_AT_RETURN

    def answer(self, turn: Turn, clearance: Clearance) -> Reply:
        """Show the sentence that the person kept, or leave it for today."""
        said, seed, note = turn.said, turn.person, _note(turn)
        if turn.value != _FIRST:
            return Reply(say("return_not_today", said=said, seed=seed, buttons=("more_time",)))
        if not note:
            return Reply(say("return_nothing_kept", said=said, seed=seed))
        card = say("return_first", said=said, seed=seed)
        return Reply(replace(card, bubbles=(*card.bubbles, Bubble("gift", note))))


class ActionStopPulse(GatedAction):
    """No more weekly pulses."""

    def name(self) -> str:
        """Name in the domain."""
        return names.ACTION_STOP_PULSE

    def answer(self, turn: Turn, clearance: Clearance) -> Reply:
        """Cancel and confirm."""
        events = tuple(cancelled(turn, PULSE))
        return Reply(say("pulse_stopped", said=turn.said, seed=turn.person), events=events)


def _nothing_else(turn: Turn) -> tuple[dict[str, Any], ...]:
    """Return the events that let an exercise under way wait for its answer as before, its question not asked again.

    The person has said nothing: a question asked again could pass over a safety question that still waits.
    """
    loop = (turn.tracker.active_loop or {}).get("name")
    return (ActiveLoop(loop), FollowupAction("action_listen")) if loop else ()


def _note(turn: Turn) -> str:
    kept = shared_store().reminder(turn.person, RETURN)
    return kept.note if kept else ""


def _name(turn: Turn, kind: str) -> str:
    return f"{kind}:{turn.person}"
