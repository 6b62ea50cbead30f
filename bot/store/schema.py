"""The tables. Migrations make them (migrations/versions); a test holds the two together."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator


class UtcTime(TypeDecorator):  # type: ignore[misc]
    """An aware UTC time. SQLite keeps no zone, so that it is taken off on the way in and put back on the way out."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Return *value* as the database takes it. Raises ValueError where it has no zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone: give an aware UTC time, such as datetime.now(timezone.utc)")
        value = value.astimezone(timezone.utc)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Return *value* aware and in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)


class Json(TypeDecorator):  # type: ignore[misc]
    """Plain JSON values, kept as ASCII text: null bytes and lone surrogates go through every database unharmed."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> str | None:
        """Return *value* as JSON text. Raises TypeError where it is not plain JSON."""
        return None if value is None else json.dumps(value, ensure_ascii=True, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Any) -> Any:
        """Return what the JSON text *value* holds."""
        return None if value is None else json.loads(value)


metadata = sa.MetaData()

# SQLite counts up by itself only in a column that is exactly INTEGER.
BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("channel", sa.String(64), nullable=False, server_default=""),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("updated_at", UtcTime, nullable=False, index=True),
    sa.Column("snapshot", Json, nullable=False),
    sa.Column("cut", sa.Boolean, nullable=False),
    sa.Column("purged", sa.Boolean, nullable=False),
    sa.Column("window_turn", sa.Integer, nullable=False),
    sa.Column("user_turns", sa.Integer, nullable=False),
)

events = sa.Table(
    "events",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("sender_id", sa.ForeignKey("conversations.sender_id", ondelete="CASCADE"), nullable=False),
    sa.Column("timestamp", sa.Float(precision=53), nullable=False),
    sa.Column("kind", sa.String(64), nullable=False),
    sa.Column("turn", sa.Integer, nullable=False),
    sa.Column("body", Json, nullable=False),
    sa.Index("ix_events_sender_turn", "sender_id", "turn", "id"),
    sa.Index("ix_events_timestamp", "timestamp"),
    sqlite_autoincrement=True,
)

locks = sa.Table(
    "locks",
    metadata,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("kinds", Json, nullable=False),
    sa.Column("since", UtcTime, nullable=False),
)

check_ins = sa.Table(
    "check_ins",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("sender_id", sa.String(255), nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("moment", sa.String(16), nullable=False),
    sa.Column("value", sa.Integer, nullable=False),
    sa.Column("about", sa.Text),
    sa.CheckConstraint("value BETWEEN 0 AND 10", name="ck_check_ins_value"),
    sa.CheckConstraint("moment IN ('before', 'after', 'pulse')", name="ck_check_ins_moment"),
    sa.Index("ix_check_ins_sender", "sender_id", "id"),
    sqlite_autoincrement=True,
)

reminders = sa.Table(
    "reminders",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("sender_id", sa.String(255), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("due", UtcTime, nullable=False),
    sa.Column("note", Json, nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("state", sa.String(8), nullable=False),
    sa.Column("claim", sa.String(32), nullable=False),
    sa.Column("claimed_at", UtcTime),
    sa.UniqueConstraint("sender_id", "kind", name="uq_reminders_sender_kind"),
    sa.CheckConstraint("kind IN ('return', 'pulse')", name="ck_reminders_kind"),
    sa.CheckConstraint("state IN ('open', 'claimed', 'done')", name="ck_reminders_state"),
    sa.Index("ix_reminders_state_due", "state", "due"),
    sqlite_autoincrement=True,
)

# One row is the consent itself (bot.store.memories); the others are facts, by key.
memories = sa.Table(
    "memories",
    metadata,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("key", sa.String(32), primary_key=True),
    sa.Column("value", Json, nullable=False),
    sa.Column("at", UtcTime, nullable=False, index=True),
)

web_sessions = sa.Table(
    "web_sessions",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("sender_id", sa.String(255), nullable=False, unique=True),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("expires_at", UtcTime, nullable=False, index=True),
    sa.Column("country", sa.String(8)),
)

web_log = sa.Table(
    "web_log",
    metadata,
    # Numbers are never given twice, not even after an erase: a page that comes back asks for "all after number n".
    sa.Column("seq", BigId, primary_key=True, autoincrement=True),
    sa.Column("session_id", sa.ForeignKey("web_sessions.id", ondelete="CASCADE"), nullable=False),
    sa.Column("direction", sa.String(8), nullable=False),
    sa.Column("client_msg_id", sa.String(128)),
    sa.Column("body", Json, nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("state", sa.String(8), nullable=False),
    sa.Column("reply_to", BigId),
    sa.UniqueConstraint("session_id", "client_msg_id", name="uq_web_log_client_msg_id"),
    sa.CheckConstraint("direction IN ('user', 'bot')", name="ck_web_log_direction"),
    sa.CheckConstraint("state IN ('pending', 'done')", name="ck_web_log_state"),
    sa.Index("ix_web_log_session", "session_id", "seq"),
    sa.Index("ix_web_log_state", "state", "seq"),
    sqlite_autoincrement=True,
)
