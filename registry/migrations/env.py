"""Runs the migrations on the connection that the caller brings, one migrator at a time."""

from alembic import context
from sqlalchemy import text

connection = context.config.attributes["connection"]
context.configure(connection=connection)
with context.begin_transaction():
    # Replicas that start together wait here for the first one and then find nothing to do.
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('registry migrations'))"))
    context.run_migrations()
