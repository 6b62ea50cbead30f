"""Conversations as the tracker store keeps them: every event for ever, and a window that one turn has to read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from bot.store import schema
from bot.store.engine import reading, writing
from bot.store.values import Conversation, StoredEvent

_talks, _events = schema.conversations, schema.events
# Built once: a turn runs each of them, and building them anew would take longer than running them.
_ONE = sa.select(
    _talks.c.sender_id, _talks.c.user_turns, _talks.c.window_turn, _talks.c.snapshot, _talks.c.cut, _talks.c.purged
).where(_talks.c.sender_id == sa.bindparam("key"))
_HOLD = sa.select(_talks.c.user_turns).where(_talks.c.sender_id == sa.bindparam("key")).with_for_update()
_UPDATE = _talks.update().where(_talks.c.sender_id == sa.bindparam("key"))
_LATER = (
    sa.select(_events.c.turn, _events.c.kind, _events.c.timestamp, _events.c.body)
    .where(_events.c.sender_id == sa.bindparam("key"), _events.c.turn > sa.bindparam("after"))
    .order_by(_events.c.turn, _events.c.id)
)
_ADD = _events.insert()


class Conversations:
    """The tables `conversations` and `events`. Events are rows of plain JSON; their meaning is the caller's."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    def ids(self) -> tuple[str, ...]:
        """Return the sender ids of all conversations, the oldest first."""
        table = schema.conversations.c
        with reading(self._engine) as connection:
            return tuple(connection.execute(sa.select(table.sender_id).order_by(table.created_at, table.sender_id)).scalars())

    def window(self, sender_id: str) -> tuple[Conversation, tuple[StoredEvent, ...]] | None:
        """Return the conversation and the events that its snapshot does not hold, oldest first; None for a new sender."""
        with reading(self._engine) as connection:
            row = connection.execute(_ONE, {"key": sender_id}).first()
            if row is None:
                return None
            found = Conversation(row[0], row[1], row[2], tuple(row[3]), row[4], row[5])
            return found, self.events(sender_id, after_turn=found.window_turn, connection=connection)

    def events(self, sender_id: str, *, after_turn: int = -1, connection: Any = None) -> tuple[StoredEvent, ...]:
        """Return the events of *sender_id* in turns later than *after_turn*, oldest first; by default all there are."""
        if connection is None:
            with reading(self._engine) as own:
                return self.events(sender_id, after_turn=after_turn, connection=own)
        return tuple(StoredEvent(*row) for row in connection.execute(_LATER, {"key": sender_id, "after": after_turn}))

    def stamps(self, sender_id: str) -> tuple[tuple[str, float], ...]:
        """Return kind and time of every event of *sender_id*, oldest first."""
        table = schema.events.c
        query = sa.select(table.kind, table.timestamp).where(table.sender_id == sender_id).order_by(table.turn, table.id)
        with reading(self._engine) as connection:
            return tuple((row.kind, row.timestamp) for row in connection.execute(query))

    def add(
        self,
        sender_id: str,
        bodies: Sequence[dict[str, Any]],
        *,
        now: datetime,
        channel: str = "",
        folded: Conversation | None = None,
    ) -> int:
        """Append *bodies*, in order and in one transaction, and return how many of the person's messages there are now.

        A body has ``event`` (its kind; ``user`` begins a turn) and ``timestamp`` (seconds since 1970). *folded* is the
        snapshot to keep from now on; where another writer has added turns meanwhile it no longer fits and is let go:
        the window is then longer for a turn, and nothing is lost.
        """
        try:
            return self._add(sender_id, bodies, now, channel, folded)
        except IntegrityError:
            # Another process began the same conversation at the same moment: now it is there to be added to.
            return self._add(sender_id, bodies, now, channel, folded)

    def _add(
        self, sender_id: str, bodies: Sequence[dict[str, Any]], now: datetime, channel: str, folded: Conversation | None
    ) -> int:
        with writing(self._engine) as connection:
            turn: int | None = connection.execute(_HOLD, {"key": sender_id}).scalar()
            if turn is None:
                turn = 0
                begun = {"created_at": now, "updated_at": now, "channel": channel, "purged": False}
                connection.execute(_talks.insert(), {"sender_id": sender_id, **_row(Conversation(sender_id)), **begun})
            rows = []
            for body in bodies:
                turn += body["event"] == "user"
                row = {"sender_id": sender_id, "timestamp": body["timestamp"], "kind": body["event"], "turn": turn, "body": body}
                rows.append(row)
            if rows:
                connection.execute(_ADD, rows)
            changed = _row(folded) if folded and folded.user_turns == turn else {"user_turns": turn}
            if channel:
                changed["channel"] = channel
            connection.execute(_UPDATE, {"key": sender_id, "updated_at": now, **changed})
            return turn

    def fold(self, folded: Conversation) -> None:
        """Keep the snapshot *folded*, unless the conversation has gone on since it was made."""
        same = _UPDATE.where(_talks.c.user_turns == sa.bindparam("turns"))
        with writing(self._engine) as connection:
            connection.execute(same, {"key": folded.sender_id, "turns": folded.user_turns, **_row(folded)})

    def remove(self, sender_id: str) -> None:
        """Remove the conversation and its events. `Store.erase` removes everything about a person."""
        with writing(self._engine) as connection:
            for table in (schema.events, schema.conversations):
                connection.execute(table.delete().where(table.c.sender_id == sender_id))


def _row(conversation: Conversation) -> dict[str, Any]:
    """Return the columns that change from turn to turn."""
    return {
        "user_turns": conversation.user_turns,
        "window_turn": conversation.window_turn,
        "snapshot": list(conversation.snapshot),
        "cut": conversation.cut,
    }
