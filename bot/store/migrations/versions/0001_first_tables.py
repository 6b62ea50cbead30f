"""The first tables: conversations, events, locks, check-ins, web sessions and their log."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Written out, not taken from bot.store.schema: this file says what the tables were, whatever they become.
TIME = sa.DateTime(timezone=True)
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make every table."""
    _conversations()
    _about_a_person()
    _web()


def downgrade() -> None:
    """Drop every table, with all that is in them."""
    for table in ("web_log", "web_sessions", "check_ins", "locks", "events", "conversations"):
        op.drop_table(table)


def _conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("sender_id", sa.String(255), primary_key=True),
        sa.Column("channel", sa.String(64), nullable=False, server_default=""),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("snapshot", sa.Text, nullable=False),
        sa.Column("cut", sa.Boolean, nullable=False),
        sa.Column("purged", sa.Boolean, nullable=False),
        sa.Column("window_turn", sa.Integer, nullable=False),
        sa.Column("user_turns", sa.Integer, nullable=False),
    )
    op.create_index("ix_conversations_updated_at", "conversations", ["updated_at"])
    op.create_table(
        "events",
        sa.Column("id", BIG_ID, primary_key=True, autoincrement=True),
        sa.Column("sender_id", sa.String(255), sa.ForeignKey("conversations.sender_id", ondelete="CASCADE"), nullable=False),
        sa.Column("timestamp", sa.Float(precision=53), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_events_sender_turn", "events", ["sender_id", "turn", "id"])
    op.create_index("ix_events_timestamp", "events", ["timestamp"])


def _about_a_person() -> None:
    op.create_table(
        "locks",
        sa.Column("sender_id", sa.String(255), primary_key=True),
        sa.Column("kinds", sa.Text, nullable=False),
        sa.Column("since", TIME, nullable=False),
    )
    op.create_table(
        "check_ins",
        sa.Column("id", BIG_ID, primary_key=True, autoincrement=True),
        sa.Column("sender_id", sa.String(255), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("moment", sa.String(16), nullable=False),
        sa.Column("value", sa.Integer, nullable=False),
        sa.Column("about", sa.Text),
        sa.CheckConstraint("value BETWEEN 0 AND 10", name="ck_check_ins_value"),
        sa.CheckConstraint("moment IN ('before', 'after')", name="ck_check_ins_moment"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_check_ins_sender", "check_ins", ["sender_id", "id"])


def _web() -> None:
    op.create_table(
        "web_sessions",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("sender_id", sa.String(255), nullable=False, unique=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("country", sa.String(8)),
    )
    op.create_index("ix_web_sessions_expires_at", "web_sessions", ["expires_at"])
    op.create_table(
        "web_log",
        sa.Column("seq", BIG_ID, primary_key=True, autoincrement=True),
        sa.Column("session_id", sa.String(64), sa.ForeignKey("web_sessions.id", ondelete="CASCADE"), nullable=False),
        sa.Column("direction", sa.String(8), nullable=False),
        sa.Column("client_msg_id", sa.String(128)),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("reply_to", BIG_ID),
        sa.UniqueConstraint("session_id", "client_msg_id", name="uq_web_log_client_msg_id"),
        sa.CheckConstraint("direction IN ('user', 'bot')", name="ck_web_log_direction"),
        sa.CheckConstraint("state IN ('pending', 'done')", name="ck_web_log_state"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_web_log_session", "web_log", ["session_id", "seq"])
    op.create_index("ix_web_log_state", "web_log", ["state", "seq"])
