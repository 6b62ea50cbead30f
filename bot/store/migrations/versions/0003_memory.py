"""Memories, kept with consent; check-ins may also be those of the weekly pulse."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BEFORE, AFTER = "moment IN ('before', 'after')", "moment IN ('before', 'after', 'pulse')"


def upgrade() -> None:
    """Make the table, and let a check-in have one more moment."""
    op.create_table(
        "memories",
        sa.Column("sender_id", sa.String(255), primary_key=True),
        sa.Column("key", sa.String(32), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("at", TIME, nullable=False),
    )
    op.create_index("ix_memories_at", "memories", ["at"])
    _moments(BEFORE, AFTER)


def downgrade() -> None:
    """Drop the table, with all that is in it, and the check-ins that had the newer moment."""
    op.drop_index("ix_memories_at", "memories")
    op.drop_table("memories")
    op.execute("DELETE FROM check_ins WHERE moment = 'pulse'")
    _moments(AFTER, BEFORE)


def _moments(now: str, then: str) -> None:
    # SQLite changes no constraint: the table is written anew. Its constraints cannot be read from it, so they stand here.
    table = sa.Table(
        "check_ins",
        sa.MetaData(),
        sa.Column("id", BIG_ID, primary_key=True, autoincrement=True),
        sa.Column("sender_id", sa.String(255), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("moment", sa.String(16), nullable=False),
        sa.Column("value", sa.Integer, nullable=False),
        sa.Column("about", sa.Text),
        sa.CheckConstraint("value BETWEEN 0 AND 10", name="ck_check_ins_value"),
        sa.CheckConstraint(now, name="ck_check_ins_moment"),
        sa.Index("ix_check_ins_sender", "sender_id", "id"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("check_ins", copy_from=table, table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.drop_constraint("ck_check_ins_moment", type_="check")
        batch.create_check_constraint("ck_check_ins_moment", sa.text(then))
