"""Reminders that survive a restart: the store knows what is due, one process claims it, the agent says it, a channel brings it.

Rasa's own scheduler keeps reminders in memory and says them into the output of the turn that set them, which nobody reads
any more by then. It is not used here: an action's `ReminderScheduled` tells the conversation, and that the store be looked at.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from rasa.core.channels.channel import CollectingOutputChannel
from rasa.shared.core.events import ActionExecutionRejected, ReminderScheduled

from bot import clock, names
from bot.channels import replies
from bot.channels.web_turns import log_without_words
from bot.guidance.values import Card
from bot.safety.values import Lock

if TYPE_CHECKING:
    from rasa.core.agent import Agent

    from bot.store.store import Store
    from bot.store.values import Reminder

# Another process may have set a reminder, or left one when it was killed: the store is looked at this often.
LOOK_SECONDS = 10.0
PATIENCE_SECONDS = 60.0
TOO_LATE = timedelta(hours=12)
_WEEK = timedelta(days=7)
_INTENTS = {"return": names.INTENT_RETURN_TIME, "pulse": names.INTENT_PULSE_TIME}


class Way(Protocol):
    """How one channel brings a reminder to the person. *senders*: how the ids of its conversations begin."""

    senders: str

    def owns(self, sender_id: str) -> bool:
        """Return whether the conversation *sender_id* is held in this channel, in this process."""

    async def open(self, reminder: Reminder) -> bool:
        """Return whether the person could still read it, now or later."""

    async def bring(self, reminder: Reminder, cards: Sequence[Card], again: datetime | None) -> None:
        """Show *cards*, once, and close the claimed *reminder*; *again*: when it comes next."""


def leave_to_the_store(agent: Agent) -> None:
    """Keep Rasa's scheduler from firing what the store fires, and from binding this process to one event loop."""

    async def nothing(*_: Any) -> None:
        return None

    _listen(agent, nothing)


class Reminders:
    """Fires the reminders of one channel, each once, for as long as it runs."""

    def __init__(self, agent: Agent, store: Store, way: Way, *, look_every: float = LOOK_SECONDS) -> None:
        """Hear from *agent* of new reminders; *look_every*: seconds between two looks into *store* at the most."""
        self._agent = agent
        self._store = store
        self._way = way
        self._look_every = look_every
        self._news = asyncio.Event()
        self._watch: asyncio.Task[None] | None = None
        _listen(agent, self._heard)

    def start(self) -> None:
        """Take up every open reminder, those first whose time has passed, and go on until `close`."""
        self._watch = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Stop. What was claimed and not brought is claimed again later, by this or another process."""
        leave_to_the_store(self._agent)
        if self._watch:
            self._watch.cancel()
            with suppress(asyncio.CancelledError):
                await self._watch

    async def look(self) -> None:
        """Fire all that is due now."""
        now = clock.now()
        due = await asyncio.to_thread(self._store.due_reminders, now, now=now, within=self._way.senders)
        await asyncio.gather(*(self._fire(reminder) for reminder in due if self._way.owns(reminder.sender_id)))

    async def _run(self) -> None:
        while True:
            wait = self._look_every
            self._news.clear()
            try:
                await self.look()
                wait = await self._until_next()
            except Exception as error:  # the database is busy or gone for a while: look again later
                log_without_words("the reminders could not be looked at", error)
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._news.wait(), wait)

    async def _until_next(self) -> float:
        """Return the seconds to the next look."""
        now = clock.now()
        by = now + timedelta(seconds=self._look_every)
        coming = await asyncio.to_thread(self._store.due_reminders, by, now=now, within=self._way.senders)
        waits = [(one.due - now).total_seconds() for one in coming if one.due > now and self._way.owns(one.sender_id)]
        return min(waits, default=self._look_every)

    async def _heard(self, events: Sequence[Any], *_: Any) -> None:
        if any(isinstance(event, ReminderScheduled) for event in events):
            self._news.set()

    async def _fire(self, found: Reminder) -> None:
        try:
            now = clock.now()
            reminder = await asyncio.to_thread(self._store.claim_reminder, found.id, now=now)
            if reminder is None:
                return
            if not await self._way.open(reminder):
                await asyncio.to_thread(self._store.done_reminder, reminder, now=now)
                return
            late = now - reminder.due > TOO_LATE
            cards = () if late else await asyncio.wait_for(self._say(reminder), PATIENCE_SECONDS)
            if cards:
                await self._way.bring(reminder, cards, _again(reminder, now))
            else:
                await asyncio.to_thread(self._store.done_reminder, reminder, again=_again(reminder, now), now=now)
        except Exception as error:  # the claim runs out, and it is tried again
            log_without_words("a reminder could not be brought", error)

    async def _say(self, reminder: Reminder) -> tuple[Card, ...]:
        """Let the dialogue answer the reminder as an external event; nothing at all under a lock."""
        agent: Any = self._agent
        output = CollectingOutputChannel()
        async with agent.lock_store.lock(reminder.sender_id):
            tracker = await agent.processor.fetch_tracker_and_update_session(reminder.sender_id, output)
            if await self._locked(tracker):
                return ()
            earlier = _said_before(tracker, reminder)
            if earlier is None:
                if tracker.active_loop_name:
                    # A form would take the event for an answer to its question.
                    tracker.update(ActionExecutionRejected(tracker.active_loop_name))
                number = {"entity": names.ENTITY_VALUE, "value": str(reminder.id)}
                await agent.trigger_intent(_INTENTS[reminder.kind], [number], output, tracker)
                earlier = replies.cards(output.messages)
            # Another process may have locked the conversation in between.
            return () if await self._locked(tracker) else tuple(earlier)

    async def _locked(self, tracker: Any) -> bool:
        kept = await asyncio.to_thread(self._store.lock_of, tracker.sender_id)
        return Lock.from_json([*kept.to_json(), *(tracker.get_slot(names.SLOT_LOCK) or ())]).closed


def _listen(agent: Agent, hear: Any) -> None:
    # Rasa calls these two for the events of every action; there is no other place to turn its scheduler off.
    processor: Any = agent.processor
    processor._schedule_reminders = processor._cancel_reminders = hear


def _again(reminder: Reminder, now: datetime) -> datetime | None:
    """Return when *reminder* comes next: the pulse once a week, weeks that were missed left out."""
    if reminder.kind != "pulse":
        return None
    return reminder.due + _WEEK * ((now - reminder.due) // _WEEK + 1)


def _said_before(tracker: Any, reminder: Reminder) -> list[Card] | None:
    """Return what was answered to *reminder* by a run that was killed before it could bring it; None where there was none."""
    events = [event.as_dict() for event in tracker.events]
    for event in events:
        if event["event"] == "user" and (event.get("metadata") or {}).get("is_external"):
            values = [one["value"] for one in event["parse_data"]["entities"] if one["entity"] == names.ENTITY_VALUE]
            event["message_id"] = f"reminder.{''.join(values)}"
    return replies.earlier(events, f"reminder.{reminder.id}")
