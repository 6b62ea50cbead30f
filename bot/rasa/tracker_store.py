"""Rasa's conversations in our own tables: every event is kept, and a turn reads only a window of them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rasa import tracker_window as window
from bot.store.store import Store, shared_store, utc_now
from bot.store.values import Conversation

# Left on events and trackers that come from here or were saved here. The name is ours alone; Rasa carries it along.
_MARK = "_middle_ground"
_STORED, _SNAPSHOT = "stored", "snapshot"


class WindowTrackerStore(TrackerStore):  # type: ignore[misc]
    """A tracker store whose turns cost the same however long the conversation is.

    In endpoints.yml: ``tracker_store: {type: bot.rasa.tracker_store.WindowTrackerStore}``, with ``url`` for a
    database other than that of `shared_store`. Rasa's ``max_event_history`` is not needed and has no effect.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        host: str | None = None,
        url: str | None = None,
        store: Store | None = None,
        **kwargs: Any,
    ) -> None:
        """Take *store*, else open *url*, else share the store of this process.

        *host* is what Rasa calls the ``url`` of endpoints.yml. Raises DataError where the database cannot be opened.
        """
        super().__init__(domain, event_broker, **kwargs)
        address = url or host
        self._store = store or (Store.open(address) if address else shared_store())
        self._kept = self._store.conversations

    async def keys(self) -> Iterable[str]:
        """Return the sender ids of all conversations."""
        return await asyncio.to_thread(self._kept.ids)

    async def exists(self, conversation_id: str) -> bool:
        """Return whether anything was ever saved for *conversation_id*."""
        return await asyncio.to_thread(self._kept.window, conversation_id) is not None

    async def delete(self, sender_id: str) -> None:
        """Remove the conversation and its events; `Store.erase` removes everything about the person."""
        await asyncio.to_thread(self._kept.remove, sender_id)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the tracker of *sender_id* with the events of its window, None where there is none.

        Its slots, form, last action and last message are those that the whole history leads to.
        """
        return await asyncio.to_thread(self._retrieve, sender_id)

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """Return the tracker with every event over all sessions; from the snapshot on where older events were purged."""
        return await asyncio.to_thread(self._retrieve_full, conversation_id)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the events of *tracker* that are not kept yet, all or none. Saving twice changes nothing."""
        new = await asyncio.to_thread(self._save, tracker)
        if self.event_broker:
            await self._stream_new_events(self.event_broker, new, tracker.sender_id)

    # -- reading --------------------------------------------------------------------------------

    def _retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        found = self._kept.window(sender_id)
        if not found:
            return None
        conversation, rows = found
        snapshot, recent = window.parse(conversation.snapshot), window.parse(row.body for row in rows)
        if conversation.cut and not conversation.purged and _out_of_reach(sender_id, [*snapshot, *recent]):
            conversation, snapshot, recent = self._fold_anew(conversation)
        return self._tracker(conversation, snapshot, recent)

    def _retrieve_full(self, sender_id: str) -> DialogueStateTracker | None:
        found = self._kept.window(sender_id)
        if not found:
            return None
        conversation, rows = found
        if conversation.purged:
            snapshot, recent = window.parse(conversation.snapshot), window.parse(row.body for row in rows)
        else:
            snapshot, recent = [], window.parse(row.body for row in self._kept.events(sender_id))
        return self._tracker(conversation, snapshot, recent)

    def _tracker(self, conversation: Conversation, snapshot: list[Any], recent: list[Any]) -> DialogueStateTracker:
        key = self._key(conversation.sender_id)
        _mark(snapshot, key, _SNAPSHOT)
        _mark(recent, key, _STORED)
        # A session that began within the window stays behind its start: what was said before is still there to be
        # found by its message id, and Rasa itself takes no notice of events before the start.
        tracker = DialogueStateTracker.from_events(conversation.sender_id, [*snapshot, *recent], self.domain.slots)
        _mark([tracker], key, conversation)
        return tracker

    def _fold_anew(self, conversation: Conversation) -> tuple[Conversation, list[Any], list[Any]]:
        """Make snapshot and window from the whole history, and keep the snapshot. Rare: somebody went back several turns."""
        events = window.parse(row.body for row in self._kept.events(conversation.sender_id))
        folded = self._folded(replace(conversation, cut=False), events)
        if folded is None:
            return conversation, [], events
        self._kept.fold(folded[0])
        return folded

    # -- writing --------------------------------------------------------------------------------

    def _save(self, tracker: DialogueStateTracker) -> list[Any]:
        sender_id, events = tracker.sender_id, list(tracker.events)
        key = self._key(sender_id)
        new = [event for event in events if _marked(event, key) is None]
        seen: Conversation | None = _marked(tracker, key)
        if seen is None and len(new) == len(events):
            new, seen = self._not_stored(sender_id, events)
        seen = seen and replace(seen, user_turns=seen.user_turns + window.turns(new))
        folded = seen and self._folded(seen, events)
        turns = self._kept.add(
            sender_id,
            [event.as_dict() for event in new],
            now=utc_now(),
            channel=tracker.get_latest_input_channel() or "",
            folded=folded[0] if folded else None,
        )
        _mark(new, key, _STORED)
        if seen:
            # Where there are more turns, another process has added them: a snapshot of this tracker would lack them.
            _mark([tracker], key, (folded[0] if folded else seen) if turns == seen.user_turns else None)
        return new

    def _not_stored(self, sender_id: str, events: list[Any]) -> tuple[list[Any], Conversation | None]:
        """Return the events of a tracker from elsewhere that are not stored, and the conversation where it has all of it."""
        stored = self._kept.stamps(sender_id)
        if [kind for kind, _ in stored] == [event.type_name for event in events[: len(stored)]]:
            return events[len(stored) :], None if stored else Conversation(sender_id)
        # Another history under the same name, such as one begun anew: only what is stored already is left out.
        left = Counter(stored)
        new = []
        for event in events:
            if left[(event.type_name, event.timestamp)] > 0:
                left[(event.type_name, event.timestamp)] -= 1
            else:
                new.append(event)
        return new, None

    def _folded(self, conversation: Conversation, events: list[Any]) -> tuple[Conversation, list[Any], list[Any]] | None:
        """Return *conversation* with a new snapshot, that snapshot as events, and the window; None where nothing is to fold.

        *events* are all of the tracker: those of the snapshot it came with, if any, and those after it.
        """
        sender_id = conversation.sender_id
        key = self._key(sender_id)
        old = sum(_marked(event, key) == _SNAPSHOT for event in events)
        start = window.last_turns(events[old:], window.WINDOW_TURNS)
        if start is None:
            return None
        behind, recent = events[: old + start], events[old + start :]
        # What the window itself takes back must find its turns in the snapshot (the message and the action before it).
        keep = window.KEPT_TURNS + 2 * sum(map(window.takes_back, recent))
        snapshot, left_out = window.compact(sender_id, behind, self.domain.slots, keep=keep)
        folded = replace(
            conversation,
            window_turn=conversation.user_turns - window.WINDOW_TURNS,
            snapshot=tuple(event.as_dict() for event in snapshot),
            cut=left_out or (conversation.cut and not any(map(window.wipes, behind[old:]))),
        )
        return folded, snapshot, recent

    def _key(self, sender_id: str) -> tuple[str, str]:
        return self._store.address, sender_id


def _out_of_reach(sender_id: str, events: list[Any]) -> bool:
    """Return whether so much was taken back that the next message could reach behind the snapshot."""
    if not any(map(window.takes_back, events)) or any(map(window.wipes, events[2:])):
        return False
    return not window.within_reach(sender_id, events)


def _mark(things: Iterable[Any], key: tuple[str, str], mark: Any) -> None:
    for thing in things:
        setattr(thing, _MARK, (key, mark))


def _marked(thing: Any, key: tuple[str, str]) -> Any:
    found = getattr(thing, _MARK, None)
    return found[1] if found and found[0] == key else None
