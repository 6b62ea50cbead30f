"""What every action starts from: the turn, gated. No action can coach without the clearance made here."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot import names
from bot.guidance.values import Card
from bot.reading.values import Reading, Safety
from bot.safety import answers
from bot.safety.gate import gate
from bot.safety.values import Clearance, Lock, SafetyReading, clear
from bot.store.store import shared_store

Events = list[dict[str, Any]]
# The buttons under the direct question about suicide.
_BUTTONS: dict[str, answers.Answer] = {
    names.INTENT_AFFIRM: "yes",
    names.INTENT_DENY: "no",
    names.INTENT_UNSURE_REPLY: "unsure",
}
_SAID_KEPT = 240  # ids of lines; about sixty cards, more than any line pool


@dataclass(frozen=True)
class Turn:
    """One message with its reading and what the conversation remembers."""

    tracker: Tracker

    @property
    def person(self) -> str:
        """The conversation's id; also the seed of every choice, so that a conversation can be told again."""
        return str(self.tracker.sender_id)

    @property
    def text(self) -> str:
        """The message as sent."""
        return str(self.tracker.latest_message.get("text") or "")

    @property
    def intent(self) -> str:
        """Name of the intent, from the reading or from a button."""
        return str((self.tracker.latest_message.get("intent") or {}).get("name") or "")

    @property
    def value(self) -> str:
        """What a button carries ("7", "GB", a practice id), or ""."""
        return str(next(self.tracker.get_latest_entity_values(names.ENTITY_VALUE), "") or "")

    @cached_property
    def reading(self) -> Reading | None:
        """The reading of the message; None for buttons."""
        row = self.tracker.latest_message.get("reading")
        return Reading.from_json(row) if row else None

    @cached_property
    def danger(self) -> SafetyReading:
        """The gate's answer. A button's text is read here, for Rasa does not send it through the reader."""
        row = self.tracker.latest_message.get("danger")
        if row is None:
            return gate().read(self.text)
        return SafetyReading(
            Safety(row["kind"]), tuple(map(Safety, row["also"])), row["immediate"], row["soft"], rule=row["rule"]
        )

    @cached_property
    def lock(self) -> Lock:
        """The lock as it stands after this message. Kept in the store, so that a restart does not open it."""
        store = shared_store()
        kept = Lock.from_json([*store.lock_of(self.person).to_json(), *(self.slot(names.SLOT_LOCK) or ())])
        after = kept.after(self.danger)
        return store.tighten(self.person, after) if after.closed else after

    @property
    def said(self) -> list[str]:
        """Ids of the lines said in this conversation, oldest first."""
        return list(self.slot(names.SLOT_SAID) or ())

    @property
    def country(self) -> str | None:
        """Two letters, once the person has chosen."""
        return self.slot(names.SLOT_COUNTRY) or None

    def slot(self, name: str) -> Any:
        """Value of a slot, None when it was never set."""
        return self.tracker.get_slot(name)


@dataclass(frozen=True)
class Reply:
    """A card to say and the slots that it changes."""

    card: Card
    slots: dict[str, Any] = field(default_factory=dict)


class GatedAction(Action, ABC):  # type: ignore[misc]
    """An action that answers only where the gate lets it; where it does not, the safety answer is all that is said.

    Subclasses write `answer`. They never override `run`: a contract test sees to that.
    """

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Gate the turn, say one card, remember what was said."""
        turn = Turn(tracker)
        lock = turn.lock
        clearance = clear(lock, turn.danger)
        reply = self.guarded(turn, lock) if clearance is None else self.answer(turn, clearance)
        dispatcher.utter_message(json_message={"card": reply.card.to_json()})
        said = [*(line for line in turn.said if line not in reply.card.lines), *reply.card.lines][-_SAID_KEPT:]
        slots = {names.SLOT_SAID: said, names.SLOT_LOCK: lock.to_json(), names.SLOT_MISSES: 0.0, **reply.slots}
        return [SlotSet(name, value) for name, value in slots.items() if turn.slot(name) != value]

    def guarded(self, turn: Turn, lock: Lock) -> Reply:
        """Answer a turn in which coaching is locked: nothing but safety."""
        if turn.slot(names.SLOT_AWAITING) == "suicide_question" and not turn.danger.hit:
            answer = _BUTTONS.get(turn.intent) or answers.direct_answer(turn.text)
            if answer:
                card = answers.after_direct_question(answer, country=turn.country, lock=lock, said=turn.said, seed=turn.person)
                return Reply(card, {names.SLOT_AWAITING: None})
        card = answers.respond(turn.danger, lock, country=turn.country, said=turn.said, seed=turn.person)
        asked = any(line.startswith("safety.suicide.question.") for line in card.lines)
        return Reply(card, {names.SLOT_AWAITING: "suicide_question" if asked else None})

    @abstractmethod
    def answer(self, turn: Turn, clearance: Clearance) -> Reply:
        """Answer a turn that the gate let through."""
