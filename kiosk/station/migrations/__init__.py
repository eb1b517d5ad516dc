"""The versions of the database of results, oldest first.

A further one is a file in ``versions``, a line here, and the same change in `kiosk.station.migrations.newest`, which
makes a new database at once. They are listed here so that opening an up-to-date database needs no look into the folder
and no Alembic.
"""

#: The table in which the database keeps its version: a name that no other program's migrations use.
VERSION_TABLE = "plumbline_version"

VERSIONS = ("0001", "0002", "0003")
HEAD = VERSIONS[-1]
