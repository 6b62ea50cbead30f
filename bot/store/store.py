"""The store: one object for everything that is kept, with short transactions, safe to use from many threads."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from bot import paths
from bot.safety.values import Lock
from bot.store import engine as database
from bot.store import memories, schema
from bot.store.conversations import Conversations
from bot.store.engine import reading, writing
from bot.store.memories import Remembering
from bot.store.reminders import Reminding, close, exported
from bot.store.values import CheckIn, Entry, Inbound, Reminder, StoredEvent, WebSession

__all__ = ["CheckIn", "Conversations", "Entry", "Inbound", "Store", "StoredEvent", "WebSession", "shared_store", "utc_now"]

MOMENTS = ("before", "after", "pulse")
_NO_SESSION = "there is no web session with this id: open one with open_session, and send the person to a new one"


def utc_now() -> datetime:
    """Return the time, UTC and aware."""
    return datetime.now(timezone.utc)


class Store(Reminding, Remembering):
    """Conversations, locks, check-ins, reminders, memories and the web log of one database.

    Every method is one transaction, done when it returns. *now* is there for callers that keep their own
    clock; a time without a zone is a ValueError.
    """

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self.conversations = Conversations(engine)

    @classmethod
    def open(cls, url: str | None = None) -> Store:
        """Open the database at *url* ($DATABASE_URL, else var/middle_ground.db) and bring its tables up to date.

        Raises DataError where it cannot be opened or is newer than this program.
        """
        return cls(database.open_engine(url))

    @property
    def address(self) -> str:
        """The address of the database, its password hidden."""
        address: str = self._engine.url.render_as_string(hide_password=True)
        return address

    def close(self) -> None:
        """Let go of the database. Methods called later open it again."""
        self._engine.dispose()

    # -- locks ----------------------------------------------------------------------------------

    def lock_of(self, sender_id: str) -> Lock:
        """Return what is locked in the conversation *sender_id*; an open lock where nothing is."""
        with reading(self._engine) as connection:
            return _lock(connection, sender_id)

    def tighten(self, sender_id: str, lock: Lock, *, now: datetime | None = None) -> Lock:
        """Add *lock* to what is locked in *sender_id* and return the whole. It never loosens anything."""
        try:
            return self._tighten(sender_id, lock, now or utc_now())
        except IntegrityError:
            # Another process locked the same conversation for the first time at the same moment: add to that.
            return self._tighten(sender_id, lock, now or utc_now())

    def _tighten(self, sender_id: str, lock: Lock, now: datetime) -> Lock:
        with writing(self._engine) as connection:
            kept = connection.execute(sa.select(schema.locks.c.kinds).filter_by(sender_id=sender_id).with_for_update()).scalar()
            before = Lock.from_json(kept)
            whole = before.with_lock(lock)
            if kept is None and whole.kinds:
                connection.execute(schema.locks.insert(), {"sender_id": sender_id, "kinds": whole.to_json(), "since": now})
            elif kept is not None and whole != before:
                connection.execute(schema.locks.update().filter_by(sender_id=sender_id).values(kinds=whole.to_json()))
            return whole

    # -- check-ins ------------------------------------------------------------------------------

    def add_check_in(
        self, sender_id: str, moment: str, value: int, about: str | None = None, *, now: datetime | None = None
    ) -> CheckIn:
        """Keep how strong it feels: *value* 0 to 10, *moment* one of `MOMENTS`. Raises ValueError on anything else."""
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 10:
            raise ValueError(f"a check-in of {value!r}: expected a whole number from 0 to 10")
        if moment not in MOMENTS:
            raise ValueError(f"a check-in at the moment {moment!r}: expected one of {', '.join(MOMENTS)}")
        check_in = CheckIn(now or utc_now(), moment, value, about)
        row = {"sender_id": sender_id, "at": check_in.at, "moment": moment, "value": value, "about": about}
        with writing(self._engine) as connection:
            connection.execute(schema.check_ins.insert(), row)
        return check_in

    def check_ins(self, sender_id: str) -> tuple[CheckIn, ...]:
        """Return the check-ins of *sender_id*, oldest first."""
        with reading(self._engine) as connection:
            return _check_ins(connection, sender_id)

    # -- web sessions ---------------------------------------------------------------------------

    def open_session(self, ttl: timedelta, *, now: datetime | None = None) -> WebSession:
        """Open a web session that lasts *ttl*. Its id and its sender id are random, 128 bits each."""
        start = now or utc_now()
        session = WebSession(secrets.token_urlsafe(16), f"web:{secrets.token_urlsafe(16)}", start, start + ttl)
        row = {"id": session.id, "sender_id": session.sender_id, "created_at": start, "expires_at": session.expires_at}
        with writing(self._engine) as connection:
            connection.execute(schema.web_sessions.insert(), row)
        return session

    def session(self, session_id: str, now: datetime | None = None) -> WebSession | None:
        """Return the session *session_id*; None where there is none or it has ended by *now*."""
        with reading(self._engine) as connection:
            row = connection.execute(sa.select(schema.web_sessions).filter_by(id=session_id)).mappings().first()
        session = WebSession(**row) if row else None
        return session if session and (now or utc_now()) < session.expires_at else None

    def session_of(self, sender_id: str, now: datetime | None = None) -> WebSession | None:
        """Return the web session in which the conversation *sender_id* is held; None where there is none or it has ended."""
        with reading(self._engine) as connection:
            row = connection.execute(sa.select(schema.web_sessions).filter_by(sender_id=sender_id)).mappings().first()
        session = WebSession(**row) if row else None
        return session if session and (now or utc_now()) < session.expires_at else None

    def set_country(self, session_id: str, country: str | None) -> None:
        """Keep the country that the person chose for help lines. Raises LookupError where there is no such session."""
        with writing(self._engine) as connection:
            found = connection.execute(schema.web_sessions.update().filter_by(id=session_id).values(country=country))
            if not found.rowcount:
                raise LookupError(_NO_SESSION)

    # -- the web log ----------------------------------------------------------------------------

    def accept(self, session_id: str, client_msg_id: str, body: Mapping[str, Any], *, now: datetime | None = None) -> int | None:
        """Take a message and return its number; None where *client_msg_id* was taken before in this session.

        Raises LookupError where there is no such session.
        """
        with writing(self._engine) as connection:
            _hold(connection, session_id)
            same = sa.select(schema.web_log.c.seq).filter_by(session_id=session_id, client_msg_id=client_msg_id)
            if connection.execute(same).first():
                return None
            return _add(connection, session_id, "user", body, now or utc_now(), client_msg_id=client_msg_id, state="pending")

    def done(self, seq: int) -> None:
        """Mark message *seq* as answered."""
        with writing(self._engine) as connection:
            connection.execute(schema.web_log.update().filter_by(seq=seq, direction="user").values(state="done"))

    def pending(self) -> tuple[Inbound, ...]:
        """Return every message that has no answer yet, in the order they were taken."""
        log, sessions = schema.web_log.c, schema.web_sessions
        columns = (log.seq, log.session_id, sessions.c.sender_id, log.client_msg_id, log.body, log.created_at)
        query = sa.select(*columns).join(sessions).where(log.state == "pending", log.direction == "user").order_by(log.seq)
        with reading(self._engine) as connection:
            return tuple(Inbound(**row) for row in connection.execute(query).mappings())

    def append(
        self, session_id: str, body: Mapping[str, Any], reply_to: int | None = None, *, now: datetime | None = None
    ) -> int:
        """Write one reply into the log and return its number. Raises LookupError where there is no such session."""
        with writing(self._engine) as connection:
            _hold(connection, session_id)
            return _add(connection, session_id, "bot", body, now or utc_now(), reply_to=reply_to)

    def answer(
        self, seq: int, session_id: str, bodies: Iterable[Mapping[str, Any]], *, now: datetime | None = None
    ) -> tuple[int, ...]:
        """Write all replies to message *seq* and mark it answered, both or neither. Returns the numbers of the replies.

        A message that was answered before keeps that answer: nothing is written and the result is empty.
        Raises LookupError where the session has no such message.
        """
        with writing(self._engine) as connection:
            _hold(connection, session_id)
            mine = {"seq": seq, "session_id": session_id, "direction": "user"}
            state = connection.execute(sa.select(schema.web_log.c.state).filter_by(**mine)).scalar()
            if state is None:
                raise LookupError(f"there is no message {seq} in this web session: give the number that accept returned")
            if state == "done":
                return ()
            connection.execute(schema.web_log.update().filter_by(**mine).values(state="done"))
            at = now or utc_now()
            return tuple(_add(connection, session_id, "bot", body, at, reply_to=seq) for body in bodies)

    def deliver_reminder(
        self,
        reminder: Reminder,
        session_id: str,
        bodies: Iterable[Mapping[str, Any]],
        *,
        again: datetime | None = None,
        now: datetime | None = None,
    ) -> tuple[int, ...]:
        """Close a claimed reminder and write what it says into the log, both or neither. Returns the numbers in the log.

        Nothing is written where the claim no longer holds (`done_reminder`) or the conversation has been locked meanwhile.
        Raises LookupError where there is no such session.
        """
        at = now or utc_now()
        with writing(self._engine) as connection:
            _hold(connection, session_id)
            if not close(connection, reminder, again=again, now=at) or _lock(connection, reminder.sender_id).closed:
                return ()
            return tuple(_add(connection, session_id, "bot", body, at) for body in bodies)

    def log_after(self, session_id: str, seq: int, limit: int = 500) -> tuple[Entry, ...]:
        """Return at most *limit* lines of the log of *session_id* with a number above *seq*, oldest first."""
        log = schema.web_log.c
        columns = (log.seq, log.direction, log.body, log.created_at, log.state, log.client_msg_id, log.reply_to)
        query = sa.select(*columns).where(log.session_id == session_id, log.seq > seq).order_by(log.seq).limit(limit)
        with reading(self._engine) as connection:
            return tuple(Entry(**row) for row in connection.execute(query).mappings())

    # -- a person's own data --------------------------------------------------------------------

    def export(self, sender_id: str) -> dict[str, Any]:
        """Return everything kept about *sender_id* as plain JSON values; keys that open the chat are left out."""
        with reading(self._engine) as connection:
            talk = connection.execute(sa.select(schema.conversations).filter_by(sender_id=sender_id)).mappings().first()
            return {
                "sender_id": sender_id,
                "conversation": {
                    "channel": talk["channel"],
                    "created_at": talk["created_at"].isoformat(),
                    "updated_at": talk["updated_at"].isoformat(),
                    "user_turns": talk["user_turns"],
                }
                if talk
                else None,
                "events": [event.body for event in self.conversations.events(sender_id, connection=connection)],
                "locks": _lock(connection, sender_id).to_json(),
                "check_ins": [
                    {"at": row.at.isoformat(), "moment": row.moment, "value": row.value, "about": row.about}
                    for row in _check_ins(connection, sender_id)
                ],
                "reminders": exported(connection, sender_id),
                "memories": memories.exported(connection, sender_id),
                "web_sessions": _exported_sessions(connection, sender_id),
            }

    def erase(self, sender_id: str) -> None:
        """Remove everything kept about *sender_id*, in every table, and overwrite it on the disk (SQLite)."""
        with writing(self._engine) as connection:
            mine = sa.select(schema.web_sessions.c.id).filter_by(sender_id=sender_id)
            connection.execute(schema.web_log.delete().where(schema.web_log.c.session_id.in_(mine)))
            for table in (
                schema.web_sessions, schema.reminders, schema.memories, schema.check_ins, schema.locks, schema.events,
                schema.conversations,
            ):  # fmt: skip
                connection.execute(table.delete().where(table.c.sender_id == sender_id))
        database.forget_on_disk(self._engine)

    def purge(self, before: datetime) -> int:
        """Remove what is older than *before* and return the number of rows removed.

        Conversations and web sessions that are still in use keep what their next turn needs, no more.
        """
        talks, events, sessions, log = schema.conversations, schema.events, schema.web_sessions, schema.web_log
        quiet = sa.select(talks.c.sender_id).where(talks.c.updated_at < before)
        live = sa.select(talks.c.sender_id)
        reminders = schema.reminders
        gone = reminders.c.sender_id.not_in(live)
        folded = sa.select(talks.c.window_turn).where(talks.c.sender_id == events.c.sender_id).correlate(events).scalar_subquery()
        old = sa.and_(events.c.timestamp < before.timestamp(), events.c.turn <= folded)
        thinned = talks.update().where(talks.c.sender_id.in_(sa.select(events.c.sender_id).where(old))).values(purged=True)
        ended = sa.select(sessions.c.id).where(sessions.c.expires_at < before)
        removals = (
            events.delete().where(events.c.sender_id.in_(quiet)),
            events.delete().where(old),
            talks.delete().where(talks.c.updated_at < before),
            schema.check_ins.delete().where(schema.check_ins.c.at < before),
            reminders.delete().where(sa.or_(reminders.c.due < before, sa.and_(reminders.c.created_at < before, gone))),
            log.delete().where(sa.or_(log.c.created_at < before, log.c.session_id.in_(ended))),
            sessions.delete().where(sessions.c.expires_at < before),
            # A lock lasts as long as the conversation that it protects, however old it is.
            schema.locks.delete().where(schema.locks.c.since < before, schema.locks.c.sender_id.not_in(live)),
            *memories.outdated(before, live),
        )
        with writing(self._engine) as connection:
            connection.execute(thinned)
            removed: int = sum(connection.execute(removal).rowcount for removal in removals)
        database.forget_on_disk(self._engine)
        return removed


def shared_store() -> Store:
    """Return the one store of this process, opened on first use; another $DATABASE_URL has its own."""
    # By process: connections must not be carried over a fork.
    return _store_of(os.getpid(), os.environ.get(database.VARIABLE) or str(paths.var()))


@lru_cache(maxsize=8)
def _store_of(process: int, place: str) -> Store:
    return Store.open()


def _hold(connection: Any, session_id: str) -> None:
    """Keep other writers of this session waiting, so that its numbers become visible in their order."""
    held = sa.select(schema.web_sessions.c.id).filter_by(id=session_id).with_for_update()
    if not connection.execute(held).first():
        raise LookupError(_NO_SESSION)


def _add(connection: Any, session_id: str, direction: str, body: Mapping[str, Any], at: datetime, **more: Any) -> int:
    row = {"session_id": session_id, "direction": direction, "body": dict(body), "created_at": at, "state": "done", **more}
    seq: int = connection.execute(schema.web_log.insert().values(**row)).inserted_primary_key[0]
    return seq


def _lock(connection: Any, sender_id: str) -> Lock:
    return Lock.from_json(connection.execute(sa.select(schema.locks.c.kinds).filter_by(sender_id=sender_id)).scalar())


def _check_ins(connection: Any, sender_id: str) -> tuple[CheckIn, ...]:
    table = schema.check_ins.c
    query = sa.select(table.at, table.moment, table.value, table.about).where(table.sender_id == sender_id).order_by(table.id)
    return tuple(CheckIn(**row) for row in connection.execute(query).mappings())


def _exported_sessions(connection: Any, sender_id: str) -> list[dict[str, Any]]:
    exported = []
    for session in connection.execute(sa.select(schema.web_sessions).filter_by(sender_id=sender_id)).mappings().all():
        log = sa.select(schema.web_log).filter_by(session_id=session["id"]).order_by(schema.web_log.c.seq)
        exported.append(
            {
                "created_at": session["created_at"].isoformat(),
                "expires_at": session["expires_at"].isoformat(),
                "country": session["country"],
                "log": [
                    {"at": row["created_at"].isoformat(), "direction": row["direction"], "body": row["body"]}
                    for row in connection.execute(log).mappings()
                ],
            }
        )
    return exported
