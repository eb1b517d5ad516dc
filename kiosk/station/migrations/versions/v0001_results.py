"""The first version: one table of results."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the table of results."""
    op.create_table(
        "results",
        # On SQLite, AUTOINCREMENT keeps a number from being given again after a result was deleted.
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("id", sa.String(32), nullable=False, unique=True),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.Column("exercise", sa.String(200)),
        sa.Column("title", sa.String(200)),
        sa.Column("score_low", sa.Integer),
        sa.Column("score_high", sa.Integer),
        sa.Column("first", sa.String(200)),
        sa.Column("reps", sa.Integer, nullable=False),
        sa.Column("report", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Drop the table and every result in it."""
    op.drop_table("results")
