"""How sure the time of a result is: whether the clock was set when it was stored, and since which start."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Keep with each result what is known of the clock; of those that are there nobody knows it (NULL)."""
    op.add_column("results", sa.Column("boot_id", sa.String(36)))
    op.add_column("results", sa.Column("time_unsure", sa.Boolean))


def downgrade() -> None:
    """Forget how sure the times are; the results stay."""
    op.drop_column("results", "time_unsure")
    op.drop_column("results", "boot_id")
