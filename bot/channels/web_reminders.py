"""Reminders on the page: written into the log like any answer, so that a page that comes back later finds them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bot.channels.web_feed import Feed
from bot.guidance.values import Card

if TYPE_CHECKING:
    from bot.store.store import Store
    from bot.store.values import Reminder


class WebReminders:
    """Brings reminders to web sessions (`bot.rasa.reminders.Way`)."""

    senders = "web:"

    def __init__(self, store: Store, feed: Feed, *, now: Callable[[], datetime]) -> None:
        self._store = store
        self._feed = feed
        self._now = now

    def owns(self, sender_id: str) -> bool:
        """Any server may bring what any page asked for: the log is one for all."""
        return True

    async def open(self, reminder: Reminder) -> bool:
        """Return whether the session has not ended: after that nobody can read the log."""
        return await asyncio.to_thread(self._store.session_of, reminder.sender_id, self._now()) is not None

    async def bring(self, reminder: Reminder, cards: Sequence[Card], again: datetime | None) -> None:
        """Write *cards* into the log of the session and wake its streams."""
        session = await asyncio.to_thread(self._store.session_of, reminder.sender_id, self._now())
        if session is None:
            return
        bodies = [{"card": card.to_json()} for card in cards]
        try:
            await asyncio.to_thread(self._store.deliver_reminder, reminder, session.id, bodies, again=again, now=self._now())
        except LookupError:  # erased in the meantime: nobody waits for it
            return
        self._feed.tell(session.id)
