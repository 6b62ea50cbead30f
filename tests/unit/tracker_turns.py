"""Turns of a conversation as Rasa writes them, and a domain for them; shared by the tests of the tracker store."""

from __future__ import annotations

from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActionReverted,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    ConversationPaused,
    ConversationResumed,
    Event,
    FollowupAction,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

DOMAIN = Domain.from_yaml(
    """
version: "3.1"
intents: [pursue, withdraw, back, restart]
slots:
  safety_lock: {type: list, influence_conversation: false, mappings: [{type: custom}]}
  last_card: {type: text, influence_conversation: false, mappings: [{type: custom}]}
  misses: {type: float, initial_value: 0.0, influence_conversation: false, mappings: [{type: custom}]}
  heat: {type: any, influence_conversation: false, mappings: [{type: custom}]}
  requested_slot: {type: text, influence_conversation: false, mappings: [{type: custom}]}
forms:
  pause_form: {required_slots: [heat, last_card]}
actions: [action_coach, action_extract_slots, action_more]
"""
)


def user(text: str, intent: str = "pursue") -> UserUttered:
    """Return a message of the person, with an id and a reading as the pipeline leaves it."""
    return UserUttered(
        text,
        {"name": intent, "confidence": 0.9},
        parse_data={"text": text, "intent": {"name": intent, "confidence": 0.9}, "entities": [], "reading": {"cues": ["P02"]}},
        input_channel="web",
        message_id=f"id {text}",
    )


def session(*carried: Event) -> list[Event]:
    """Return the start of a session, with slots that are carried over."""
    return [ActionExecuted("action_session_start"), SessionStarted(), *carried, ActionExecuted("action_listen")]


def coached(text: str, card: str, **slots: Any) -> list[Event]:
    """Return an ordinary turn: a message, a card, slots."""
    said = [SlotSet(name, value) for name, value in slots.items()]
    bot = BotUttered("", {"custom": {"card": {"kind": "coach", "line": card}}})
    return [user(text), ActionExecuted("action_coach"), bot, SlotSet("last_card", card), *said, ActionExecuted("action_listen")]


def form_opened(text: str) -> list[Event]:
    """Return a turn that opens the form and asks its first question."""
    asked = [SlotSet("requested_slot", "heat"), BotUttered("how strong?")]
    return [user(text), ActionExecuted("pause_form"), ActiveLoop("pause_form"), *asked, ActionExecuted("action_listen")]


def form_answered(text: str, heat: int) -> list[Event]:
    """Return a turn inside the form, which asks again."""
    asked = [SlotSet("heat", heat), SlotSet("requested_slot", "last_card"), BotUttered("and now?")]
    return [user(text), ActionExecuted("pause_form"), *asked, ActionExecuted("action_listen")]


def form_left_aside(text: str) -> list[Event]:
    """Return a turn that the form refuses and another action answers; the form stays open."""
    return [user(text), ActionExecutionRejected("pause_form"), ActionExecuted("action_more"), ActionExecuted("action_listen")]


def form_closed(text: str) -> list[Event]:
    """Return a turn that ends the form."""
    ended = [SlotSet("heat", 3), SlotSet("requested_slot", None), ActiveLoop(None)]
    return [user(text), ActionExecuted("pause_form"), *ended, ActionExecuted("action_listen")]


def not_understood(text: str) -> list[Event]:
    """Return a turn that is taken back, as Rasa's own fallback does."""
    tried = [SlotSet("misses", 1.0), ActionExecuted("action_default_fallback"), UserUtteranceReverted()]
    return [user(text), *tried, ActionExecuted("action_listen")]


def gone_back(text: str) -> list[Event]:
    """Return a turn that takes back itself and the one before, as Rasa's own /back does."""
    back = [ActionExecuted("action_back"), UserUtteranceReverted(), UserUtteranceReverted()]
    return [user(text, "back"), *back, ActionExecuted("action_listen")]


def restarted(text: str) -> list[Event]:
    """Return a turn that begins anew."""
    return [user(text, "restart"), ActionExecuted("action_restart"), Restarted(), *session()]


def slots_reset(text: str) -> list[Event]:
    """Return a turn that empties every slot and fills one again."""
    return [user(text), ActionExecuted("action_more"), AllSlotsReset(), SlotSet("misses", 2.0), ActionExecuted("action_listen")]


def handed_on(text: str) -> list[Event]:
    """Return a turn that stops with an action still to come, as one that was killed between two actions would."""
    return [user(text), ActionExecuted("action_coach"), FollowupAction("action_more")]


def action_undone(text: str) -> list[Event]:
    """Return a turn whose action is undone."""
    wrong = [ActionExecuted("action_more"), SlotSet("heat", 9), ActionReverted()]
    return [user(text), *wrong, ActionExecuted("action_coach"), ActionExecuted("action_listen")]


def paused(text: str) -> list[Event]:
    """Return a turn after which the bot holds still."""
    return [user(text), ActionExecuted("action_more"), ConversationPaused(), ActionExecuted("action_listen")]


def resumed(text: str) -> list[Event]:
    """Return a turn after which the bot goes on."""
    return [user(text), ConversationResumed(), ActionExecuted("action_more"), ActionExecuted("action_listen")]


def state(tracker: DialogueStateTracker) -> dict[str, Any]:
    """Return what a tracker knows about the moment, without its events."""
    message, loop = tracker.latest_message, tracker.active_loop
    return {
        "slots": tracker.current_slot_values(),
        "set": {name for name, slot in tracker.slots.items() if slot.has_been_set},
        "loop": (loop.name, loop.rejected, loop.is_interrupted) if loop else None,
        "message": (message.text, message.intent_name, message.message_id) if message else None,
        "reading": message.parse_data.get("reading") if message else None,
        "said": tracker.latest_bot_utterance.data if tracker.latest_bot_utterance else None,
        "last action": tracker.latest_action_name,
        "next action": tracker.followup_action,
        "paused": tracker.is_paused(),
        "channel": tracker.get_latest_input_channel(),
    }
