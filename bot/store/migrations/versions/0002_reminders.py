"""Reminders: what a person asked to be told later, kept so that a restart does not forget it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "reminders",
        sa.Column("id", BIG_ID, primary_key=True, autoincrement=True),
        sa.Column("sender_id", sa.String(255), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("due", TIME, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("claim", sa.String(32), nullable=False),
        sa.Column("claimed_at", TIME),
        sa.UniqueConstraint("sender_id", "kind", name="uq_reminders_sender_kind"),
        sa.CheckConstraint("kind IN ('return', 'pulse')", name="ck_reminders_kind"),
        sa.CheckConstraint("state IN ('open', 'claimed', 'done')", name="ck_reminders_state"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_reminders_state_due", "reminders", ["state", "due"])


def downgrade() -> None:
    """Drop the table, with all that is in it."""
    op.drop_table("reminders")
