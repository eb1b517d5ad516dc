"""The versions of the database of results, oldest first.

They are listed here so that opening an up-to-date database needs no look into the folder and no Alembic.
"""

#: The table in which the database keeps its version: a name that no other program's migrations use.
VERSION_TABLE = "plumbline_version"

VERSIONS = ("0001", "0002", "0003")
HEAD = VERSIONS[-1]
