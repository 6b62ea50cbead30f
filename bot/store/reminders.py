"""The table `reminders`: one row for each person and kind, claimed by one process when it is due."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta, timezone
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from bot.store import schema
from bot.store.engine import reading, writing
from bot.store.values import REMINDER_KINDS, Reminder

# A claim older than this was left by a process that was killed in between: the reminder may be claimed again.
CLAIM_LASTS = timedelta(minutes=5)
_AT_ONCE = 200
_table = schema.reminders
_SELECT = sa.select(
    _table.c.id,
    _table.c.sender_id,
    _table.c.kind,
    _table.c.due,
    _table.c.note,
    _table.c.created_at,
    _table.c.state,
    _table.c.claim,
)


class Reminding:
    """What a `Store` does with reminders. Times are aware; *now* is the moment by the caller's own clock."""

    _engine: Any

    def remind(self, sender_id: str, kind: str, due: datetime, note: str = "", *, now: datetime | None = None) -> Reminder:
        """Keep that *sender_id* is to be reminded at *due*; an earlier reminder of this *kind* is replaced.

        *note*: the person's own words to show then. Raises ValueError for a kind that does not exist.
        """
        if kind not in REMINDER_KINDS:
            raise ValueError(f"a reminder of the kind {kind!r}: expected one of {', '.join(REMINDER_KINDS)}")
        at = now or datetime.now(timezone.utc)
        try:
            return self._remind(sender_id, kind, due, note, at)
        except IntegrityError:
            # Another process set the first one of this kind at the same moment: replace that.
            return self._remind(sender_id, kind, due, note, at)

    def _remind(self, sender_id: str, kind: str, due: datetime, note: str, now: datetime) -> Reminder:
        with writing(self._engine) as connection:
            return _set(connection, sender_id, kind, due, note, now)

    def cancel_reminder(self, sender_id: str, kind: str) -> bool:
        """Remove the reminder of *kind*; return whether one was still to come."""
        mine = {"sender_id": sender_id, "kind": kind}
        with writing(self._engine) as connection:
            state = connection.execute(sa.select(_table.c.state).filter_by(**mine)).scalar()
            connection.execute(_table.delete().where(_table.c.sender_id == sender_id, _table.c.kind == kind))
        return state in ("open", "claimed")

    def reminder(self, sender_id: str, kind: str) -> Reminder | None:
        """Return the last reminder of *kind*, whatever became of it; None where there is none."""
        with reading(self._engine) as connection:
            row = connection.execute(_SELECT.filter_by(sender_id=sender_id, kind=kind)).mappings().first()
        return Reminder(**row) if row else None

    def open_reminders(self) -> tuple[Reminder, ...]:
        """Return every reminder that is still to come, the earliest first."""
        with reading(self._engine) as connection:
            query = _SELECT.where(_table.c.state != "done").order_by(_table.c.due, _table.c.id)
            return tuple(Reminder(**row) for row in connection.execute(query).mappings())

    def due_reminders(self, by: datetime, *, now: datetime, within: str = "") -> tuple[Reminder, ...]:
        """Return the reminders that may be claimed and are due *by* then, the earliest first, a few hundred at most.

        *within*: only those of sender ids that begin so.
        """
        starts = sa.func.substr(_table.c.sender_id, 1, len(within)) == within  # LIKE takes "Ann" for "ann" on SQLite
        query = _SELECT.where(_table.c.due <= by, _free(now), starts).order_by(_table.c.due, _table.c.id).limit(_AT_ONCE)
        with reading(self._engine) as connection:
            return tuple(Reminder(**row) for row in connection.execute(query).mappings())

    def claim_reminder(self, reminder_id: int, *, now: datetime) -> Reminder | None:
        """Take a due reminder for this caller alone, for `CLAIM_LASTS`; None where another was faster or it is gone."""
        claim = secrets.token_hex(16)
        taken = {"state": "claimed", "claim": claim, "claimed_at": now}
        with writing(self._engine) as connection:
            query = _table.update().where(_table.c.id == reminder_id, _table.c.due <= now, _free(now))
            if not connection.execute(query.values(**taken)).rowcount:
                return None
            return Reminder(**connection.execute(_SELECT.filter_by(id=reminder_id)).mappings().one())

    def done_reminder(self, reminder: Reminder, *, again: datetime | None = None, now: datetime) -> bool:
        """Close a claimed reminder; *again*: the next time, for one that comes back.

        False where the claim no longer holds: it was replaced, cancelled or erased, or claimed anew by another.
        """
        with writing(self._engine) as connection:
            return close(connection, reminder, again=again, now=now)


def close(connection: Any, reminder: Reminder, *, again: datetime | None, now: datetime) -> bool:
    """Close *reminder* inside a transaction that writes; see `Reminding.done_reminder`."""
    mine = (_table.c.id == reminder.id, _table.c.state == "claimed", _table.c.claim == reminder.claim)
    if not connection.execute(_table.update().where(*mine).values(state="done")).rowcount:
        return False
    if again:
        # A new row: what is known of the last time by its number is not taken for the next.
        _set(connection, reminder.sender_id, reminder.kind, again, reminder.note, now)
    return True


def exported(connection: Any, sender_id: str) -> list[dict[str, Any]]:
    """Return the reminders of *sender_id* as plain JSON values."""
    rows = connection.execute(_SELECT.filter_by(sender_id=sender_id).order_by(_table.c.id)).mappings()
    return [
        {
            "kind": row["kind"], "due": row["due"].isoformat(), "note": row["note"], "state": row["state"],
            "created_at": row["created_at"].isoformat(),
        }
        for row in rows
    ]  # fmt: skip


def _free(now: datetime) -> Any:
    left = sa.and_(_table.c.state == "claimed", _table.c.claimed_at <= now - CLAIM_LASTS)
    return sa.or_(_table.c.state == "open", left)


def _set(connection: Any, sender_id: str, kind: str, due: datetime, note: str, now: datetime) -> Reminder:
    connection.execute(_table.delete().where(_table.c.sender_id == sender_id, _table.c.kind == kind))
    row = {"sender_id": sender_id, "kind": kind, "due": due, "note": note, "created_at": now, "state": "open", "claim": ""}
    number: int = connection.execute(_table.insert().values(**row)).inserted_primary_key[0]
    return Reminder(number, sender_id, kind, due, note, now)
