"""The table `memories`: what is remembered of a person for next time. Without the row of consent nothing can be written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from bot.store import engine as database
from bot.store import schema
from bot.store.engine import reading, writing
from bot.store.values import Memory

CONSENT = "consent"
_table = schema.memories
_SELECT = sa.select(_table.c.key, _table.c.value, _table.c.at).where(_table.c.sender_id == sa.bindparam("person"))


class Remembering:
    """What a `Store` does with memories. A value is plain JSON; its meaning is the caller's."""

    _engine: Any

    def memories(self, sender_id: str) -> tuple[Memory, ...] | None:
        """Return what is remembered of *sender_id*, by key; None where they have not said that it may be."""
        with reading(self._engine) as connection:
            rows = connection.execute(_SELECT.order_by(_table.c.key), {"person": sender_id}).mappings().all()
        found = tuple(Memory(**row) for row in rows)
        return tuple(one for one in found if one.key != CONSENT) if any(one.key == CONSENT for one in found) else None

    def allow_memory(self, sender_id: str, *, now: datetime | None = None) -> None:
        """Keep that *sender_id* wants things remembered for next time. Saying it twice changes nothing."""
        row = {"sender_id": sender_id, "key": CONSENT, "value": True, "at": now or datetime.now(timezone.utc)}
        try:
            with writing(self._engine) as connection:
                if not _allowed(connection, sender_id):
                    connection.execute(_table.insert(), row)
        except IntegrityError:
            pass  # another process was told the same at the same moment

    def remember(self, sender_id: str, facts: Mapping[str, Any], *, now: datetime | None = None) -> bool:
        """Keep *facts*, by key, in one transaction; None under a key removes it. Keys left out stay as they are.

        Returns False, and keeps nothing, where *sender_id* has not said that it may be. Raises ValueError for the key
        of the consent itself.
        """
        if CONSENT in facts:
            raise ValueError(f"a fact called {CONSENT!r}: expected another key; consent is given by allow_memory")
        at = now or datetime.now(timezone.utc)
        with writing(self._engine) as connection:
            if not _allowed(connection, sender_id):
                return False
            for key, value in facts.items():
                _set(connection, sender_id, key, value, at)
        return True

    def forget(self, sender_id: str, key: str | None = None) -> bool:
        """Remove the fact *key*, or, without one, every fact and the consent. Returns whether anything was there.

        On SQLite it is overwritten on the disk. Raises ValueError for the key of the consent: it goes with all the rest.
        """
        if key == CONSENT:
            raise ValueError(f"forgetting {CONSENT!r} alone would leave facts without it: forget without a key")
        mine = [_table.c.sender_id == sender_id, *([_table.c.key == key] if key is not None else [])]
        with writing(self._engine) as connection:
            removed = bool(connection.execute(_table.delete().where(*mine)).rowcount)
        if removed:
            database.forget_on_disk(self._engine)
        return removed


def exported(connection: Any, sender_id: str) -> dict[str, Any]:
    """Return the memories of *sender_id*, consent included, as plain JSON values by key."""
    rows = connection.execute(_SELECT.order_by(_table.c.key), {"person": sender_id}).mappings()
    return {row["key"]: {"value": row["value"], "at": row["at"].isoformat()} for row in rows}


def outdated(before: datetime, live: Any) -> tuple[Any, Any]:
    """Return the statements that remove, in this order, facts not renewed since *before* and consents that protect nothing.

    *live*: a query for the sender ids of the conversations that stay. A consent lasts as long as its conversation or its
    last fact.
    """
    facts = sa.select(_table.c.sender_id).where(_table.c.key != CONSENT)
    alone = sa.and_(_table.c.sender_id.not_in(live), _table.c.sender_id.not_in(facts))
    return (
        _table.delete().where(_table.c.key != CONSENT, _table.c.at < before),
        _table.delete().where(_table.c.key == CONSENT, _table.c.at < before, alone),
    )


def _allowed(connection: Any, sender_id: str) -> bool:
    # Held until the end of the transaction: a consent that is taken back meanwhile must not leave a fact behind.
    query = sa.select(_table.c.key).where(_table.c.sender_id == sender_id, _table.c.key == CONSENT).with_for_update()
    return connection.execute(query).first() is not None


def _set(connection: Any, sender_id: str, key: str, value: Any, at: datetime) -> None:
    mine = (_table.c.sender_id == sender_id, _table.c.key == key)
    if value is None:
        connection.execute(_table.delete().where(*mine))
        return
    if not connection.execute(_table.update().where(*mine).values(value=value, at=at)).rowcount:
        connection.execute(_table.insert(), {"sender_id": sender_id, "key": key, "value": value, "at": at})
