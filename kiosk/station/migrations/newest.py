"""The newest version at once, for a database that is new: what all the versions one after the other would make.

They need Alembic, which takes 0.1 s and 11 MB; a kiosk that starts for the first time does without.
"""

import sqlalchemy as sa

from kiosk.station.migrations import HEAD, VERSION_TABLE

_TABLES = sa.MetaData()
_VERSION = sa.Table(
    VERSION_TABLE,
    _TABLES,
    sa.Column("version_num", sa.String(32), nullable=False),
    sa.PrimaryKeyConstraint("version_num", name=f"{VERSION_TABLE}_pkc"),
)
sa.Table(
    "results",
    _TABLES,
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
    sa.Column("member", sa.String(64)),
    sa.Column("boot_id", sa.String(36)),
    sa.Column("time_unsure", sa.Boolean),
    sa.Index("results_by_member", "member"),
    sa.Index("results_by_time", "created"),
    sqlite_autoincrement=True,
)
sa.Table(
    "notes",
    _TABLES,
    sa.Column("number", sa.Integer, primary_key=True),
    # A note never outlives its result.
    sa.Column("result", sa.String(32), sa.ForeignKey("results.id", ondelete="CASCADE"), nullable=False),
    sa.Column("check", sa.String(200)),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("created", sa.DateTime, nullable=False),
    sa.Index("notes_by_result", "result"),
    sqlite_autoincrement=True,
)


def make(connection: sa.Connection) -> None:
    """Make all tables, which must not be there yet."""
    _TABLES.create_all(connection, checkfirst=False)
    connection.execute(sa.insert(_VERSION).values(version_num=HEAD))
