"""Alembic's folder: `env.py` runs a migration on the connection that `bot.store.engine` gives it."""
