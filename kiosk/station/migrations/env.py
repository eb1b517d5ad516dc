"""What Alembic runs: the migrations, on the connection and inside the transaction that `History` opened."""

from alembic import context

from kiosk.station.migrations import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    version_table=VERSION_TABLE,
    # SQLite can undo a CREATE TABLE; a power cut in the middle of a migration must leave the old version whole.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
