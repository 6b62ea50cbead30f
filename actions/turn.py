"""What every action starts from: the turn, gated. No action can coach without the clearance made here."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from typing import Any, Literal

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import remember
from bot import clock, names
from bot.guidance.memory.facts import Noticed
from bot.guidance.say import line_bubble
from bot.guidance.values import COACHING, Card, CardKind
from bot.reading.values import Reading, Safety
from bot.safety import answers, checks
from bot.safety.gate import DANGERS, FEW_WORDS, gate
from bot.safety.values import ENCODER, Clearance, Lock, SafetyReading, clear
from bot.store.store import shared_store

Events = list[dict[str, Any]]
# The buttons under a direct question.
_BUTTONS: dict[str, answers.Answer | Literal["skip"]] = {
    names.INTENT_AFFIRM: "yes",
    names.INTENT_DENY: "no",
    names.INTENT_UNSURE_REPLY: "unsure",
    names.INTENT_SKIP: "skip",
}
_SUICIDE_QUESTION = "suicide_question"
_ASKS_DIRECTLY = ("safety.suicide.question.", "safety.checks.own.")
_TOLD_EVERY = timedelta(hours=3)  # how often it is said again that this is a program (California SB 243, New York GBL 47)
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
    def channel(self) -> str:
        """Name of the channel that the message came by."""
        return str(self.tracker.get_latest_input_channel() or "")

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
        kinds = (Safety(row["kind"]), tuple(map(Safety, row["also"])))
        found = SafetyReading(*kinds, row["immediate"], row["soft"], rule=row["rule"], firm=row["firm"])
        guessed = found.rule == ENCODER and found.kind in DANGERS and len(self.text.split()) <= FEW_WORDS
        # A few words that answer a question ("slow breathing please") leave the encoder guessing: it asks, and locks on a yes.
        return replace(found, also=(), soft=True) if guessed and self._answers_exercise else found

    @property
    def _answers_exercise(self) -> bool:
        """True where the message answers a question of an exercise under way."""
        return bool((self.slot(names.SLOT_EXERCISE) or {}).get("at")) and self.check is None

    @cached_property
    def lock(self) -> Lock:
        """The lock as it stands after this message. Kept in the store, so that a restart does not open it."""
        store = shared_store()
        kept = Lock.from_json([*store.lock_of(self.person).to_json(), *(self.slot(names.SLOT_LOCK) or ())])
        after = kept.after(self.danger)
        return store.tighten(self.person, after) if after.closed else after

    @property
    def answered(self) -> answers.Answer | Literal["skip"] | None:
        """What this message answers to a direct question; None for anything else, and where it tells of danger itself."""
        if self.danger.hit or self.danger.asks:
            return None
        # Of typed words only the list of plain answers counts: a "no" may open what danger has closed.
        return _BUTTONS.get(self.intent) if self.text.startswith("/") else answers.direct_answer(self.text)

    @property
    def check(self) -> checks.Check | None:
        """The question before coaching that waits for its answer."""
        return checks.Check.from_slot(self.slot(names.SLOT_AWAITING))

    @property
    def asked(self) -> list[str]:
        """Names of the questions before coaching that were asked, oldest first."""
        return list(self.slot(names.SLOT_ASKED) or ())

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
    """A card to say, the slots that it changes, other events, such as a reminder, and what it brings that may be remembered."""

    card: Card
    slots: dict[str, Any] = field(default_factory=dict)
    events: tuple[dict[str, Any], ...] = ()
    noticed: Noticed | None = None


class GatedAction(Action, ABC):  # type: ignore[misc]
    """An action that answers only where the gate lets it; where it does not, the safety answer is all that is said.

    Subclasses write `answer`. They never override `run`: a contract test sees to that.
    """

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Gate the turn, say one card, remember what was said."""
        turn = Turn(tracker)
        lock = turn.lock
        clearance = clear(lock, turn.danger)
        # Under a lock nothing is under way any more, and no question of an exercise comes after the answer to danger.
        ended = [ActiveLoop(None)] if clearance is None else []
        if clearance is None and _answered(tracker):
            return ended
        reply = self.guarded(turn, lock) if clearance is None else self.let_through(turn, lock, clearance)
        card, told_at = _reminded(turn, reply.card)
        dispatcher.utter_message(json_message={"card": card.to_json()})
        said = [*(line for line in turn.said if line not in card.lines), *card.lines][-_SAID_KEPT:]
        kept = {names.SLOT_SAID: said, names.SLOT_LOCK: lock.to_json(), names.SLOT_MISSES: 0.0, names.SLOT_TOLD_AT: told_at}
        slots = {**kept, **reply.slots, **remember.learned(turn, reply)}
        return [*(SlotSet(name, value) for name, value in slots.items() if turn.slot(name) != value), *reply.events, *ended]

    def guarded(self, turn: Turn, lock: Lock) -> Reply:
        """Answer a turn in which coaching is locked: nothing but safety."""
        country, said, seed = turn.country, turn.said, turn.person
        answer = turn.answered
        if turn.slot(names.SLOT_AWAITING) == _SUICIDE_QUESTION and answer in ("yes", "no", "unsure"):
            after = lock.after_no() if answer == "no" else lock.after(SafetyReading(Safety.SUICIDE, firm=answer == "yes"))
            kept = shared_store().tighten(turn.person, after)
            card = answers.after_direct_question(answer, country=country, lock=kept, said=said, seed=seed)
            return Reply(card, {names.SLOT_AWAITING: None, names.SLOT_DEFERRED: None, names.SLOT_LOCK: kept.to_json()})
        card = answers.respond(turn.danger, lock, country=country, said=said, seed=seed)
        asks = any(line.startswith(_ASKS_DIRECTLY) for line in card.lines)
        return Reply(card, {names.SLOT_AWAITING: _SUICIDE_QUESTION if asks else None, names.SLOT_DEFERRED: None})

    def let_through(self, turn: Turn, lock: Lock, clearance: Clearance) -> Reply:
        """Answer a turn in which nothing is locked: first what must be asked, then what the action has to say."""
        if turn.check and turn.answered:
            return self._after_check(turn, lock, turn.check, turn.answered)
        if told := remember.told(turn):
            return Reply(*told)
        reply = remember.with_names(turn, self.answer(turn, clearance))
        if turn.check and reply.card.kind in (CardKind.ASK, CardKind.MENU):
            # What was written instead of an answer says no move: then to the reply that waits.
            reply = _deferred(turn) or reply
        coaches = reply.card.kind in COACHING
        check = checks.due(turn.danger, turn.asked, coaches=coaches, unanswered=turn.check)
        if check is None:
            if coaches and lock.eased:
                reply = replace(reply, card=answers.gently(reply.card, said=turn.said, seed=turn.person))
            return replace(reply, slots={names.SLOT_DEFERRED: None, **reply.slots}) if coaches else reply
        return _asking(turn, check, reply if coaches else _deferred(turn))

    def _after_check(self, turn: Turn, lock: Lock, check: checks.Check, answer: answers.Answer | Literal["skip"]) -> Reply:
        """Go on after the answer to a question before coaching. A yes, and a "not sure", are taken as told."""
        if answer == "yes" or answer == "unsure":
            kept = shared_store().tighten(turn.person, lock.after(check.meant))
            card = answers.after_check(check, answer, kept, country=turn.country, said=turn.said, seed=turn.person)
            return Reply(card, {names.SLOT_AWAITING: None, names.SLOT_DEFERRED: None, names.SLOT_LOCK: kept.to_json()})
        waiting = _deferred(turn)
        if waiting:
            further = checks.due(SafetyReading(), turn.asked, coaches=True)
            if further:
                return _asking(turn, further, waiting)
            return replace(waiting, slots={**waiting.slots, names.SLOT_DEFERRED: None})
        card = answers.nothing_waits(answer, said=turn.said, seed=turn.person)
        return Reply(card, {names.SLOT_AWAITING: None, names.SLOT_DEFERRED: None})

    @abstractmethod
    def answer(self, turn: Turn, clearance: Clearance) -> Reply:
        """Answer a turn that the gate let through."""


def _asking(turn: Turn, check: checks.Check, waits: Reply | None) -> Reply:
    """Ask *check* before anything else; *waits* is said once it is answered."""
    return Reply(answers.check(check, country=turn.country, said=turn.said, seed=turn.person), {
        names.SLOT_AWAITING: check.to_slot(),
        names.SLOT_ASKED: [*turn.asked, check.question.value],
        names.SLOT_DEFERRED: _kept(waits) if waits else None,
    })  # fmt: skip


def _deferred(turn: Turn) -> Reply | None:
    """Return the reply that waited for an answer; None where none waits."""
    waits = turn.slot(names.SLOT_DEFERRED)
    if not waits:
        return None
    noticed = Noticed.from_json(waits["noticed"]) if waits.get("noticed") else None
    return Reply(Card.from_json(waits["card"]), dict(waits["slots"]), tuple(waits.get("events", ())), noticed)


def _kept(waits: Reply) -> dict[str, Any]:
    """Return a reply that waits, as plain JSON values."""
    row = {"card": waits.card.to_json(), "slots": waits.slots, "events": list(waits.events)}
    return {**row, "noticed": waits.noticed.to_json()} if waits.noticed else row


def _answered(tracker: Tracker) -> bool:
    """Return whether something was said since the person's last message."""
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return False
        if event.get("event") == "bot":
            return True
    return False


def _reminded(turn: Turn, card: Card) -> tuple[Card, float]:
    """Return *card*, every three hours with the words that this is a program, and when they were last said."""
    now, told_at = clock.now().timestamp(), turn.slot(names.SLOT_TOLD_AT)
    if told_at is None:  # the opening of each channel has said it
        return card, now
    if now - float(told_at) < _TOLD_EVERY.total_seconds():
        return card, float(told_at)
    reminder = line_bubble("reminder", said=turn.said, seed=turn.person)
    return replace(card, bubbles=(reminder, *card.bubbles)), now
