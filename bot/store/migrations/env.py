"""Run by Alembic, with the connection that `bot.store.engine.upgrade` opened and locked."""

from alembic import context

from bot.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
