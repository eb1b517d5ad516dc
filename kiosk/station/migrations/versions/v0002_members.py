"""Courses and notes: whose result it is, by a key that names nobody, and what a trainer wrote beside it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Let a result belong to a member's course, and make the table of notes."""
    op.add_column("results", sa.Column("member", sa.String(64)))
    op.create_index("results_by_member", "results", ["member"])
    op.create_index("results_by_time", "results", ["created"])
    op.create_table(
        "notes",
        sa.Column("number", sa.Integer, primary_key=True),
        # A note never outlives its result.
        sa.Column("result", sa.String(32), sa.ForeignKey("results.id", ondelete="CASCADE"), nullable=False),
        sa.Column("check", sa.String(200)),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("notes_by_result", "notes", ["result"])


def downgrade() -> None:
    """Drop the notes and forget whose results they are; the results stay."""
    op.drop_table("notes")
    op.drop_index("results_by_time", "results")
    op.drop_index("results_by_member", "results")
    op.drop_column("results", "member")
