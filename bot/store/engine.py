"""Opening the database: the address, SQLite's settings, and the migrations that run before anybody reads.

Nothing here names a user's words: parameters of statements are hidden from SQLAlchemy's errors and logs.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError

from bot import paths
from bot.errors import DataError

VARIABLE = "DATABASE_URL"
MIGRATIONS = Path(__file__).parent / "migrations"
# The newest file in migrations/versions, written here so that a start that has nothing to do need not import Alembic.
HEAD = "0003"
# Waiting for another process that writes, in milliseconds.
BUSY_TIMEOUT = 5_000
# Any number that no other program on the same PostgreSQL takes for its own advisory lock.
_UPGRADE_LOCK = 7_241_905


def open_engine(url: str | None = None) -> Any:
    """Return an engine on the database at *url*, its tables brought up to date.

    *url* is an SQLAlchemy address; default: $DATABASE_URL, else var/middle_ground.db. Raises DataError
    where the address is not one, the database cannot be opened, or it is newer than this program.
    """
    parsed = _parsed(url or os.environ.get(VARIABLE) or f"sqlite:///{paths.var() / 'middle_ground.db'}")
    shown = parsed.render_as_string(hide_password=True)
    try:
        engine = sa.create_engine(parsed, future=True, hide_parameters=True, **_pool(parsed))
    except (ImportError, NoSuchModuleError) as error:
        raise DataError(
            "needs a database driver that is not installed", where=shown, expected=f"an installed driver ({error})"
        ) from error
    if parsed.get_backend_name() == "sqlite":
        sa.event.listen(engine, "connect", _on_sqlite_connect)
        sa.event.listen(engine, "begin", _on_sqlite_begin)
    try:
        upgrade(engine)
    except DatabaseError as error:
        engine.dispose()
        raise DataError(
            f"cannot be opened as a database ({error.orig})",
            where=shown,
            expected=f"a database this user may read and write; set {VARIABLE} to another one, or mend or move this one away",
        ) from error
    except DataError:
        engine.dispose()
        raise
    return engine


@contextmanager
def writing(engine: Any) -> Iterator[Any]:
    """Open a transaction that will write. On SQLite it takes the write lock at once, so that it never has to start over."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection


@contextmanager
def reading(engine: Any) -> Iterator[Any]:
    """Open a transaction that only reads; it sees one moment of the database and holds nobody up."""
    with engine.connect() as connection, connection.begin():
        yield connection


def upgrade(engine: Any) -> None:
    """Bring the tables to `HEAD`. Of many processes that start at once one does it and the others wait.

    Raises DataError where the database is newer than this program.
    """
    with reading(engine) as connection:
        if _revision(connection) == HEAD:
            return
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
        if _revision(connection) != HEAD:
            _migrate(connection)


def _migrate(connection: Any) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    found = _revision(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise DataError(
            f"was written by a newer version of this program (revision {found}, this one knows up to {HEAD})",
            where=connection.engine.url.render_as_string(hide_password=True),
            expected=f"the newer program, or another database in {VARIABLE}",
        )
    command.upgrade(config, "head")


def _revision(connection: Any) -> str | None:
    """Return the revision of the database, None where it has no tables yet."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return found


def _parsed(url: str) -> Any:
    # Hosting services still hand out the old name of the scheme, which SQLAlchemy no longer takes.
    address = url.replace("postgres://", "postgresql://", 1) if url.startswith("postgres://") else url
    try:
        parsed = make_url(address)
    except (ArgumentError, ValueError) as error:
        # The address may hold a password: it is not repeated.
        raise DataError(
            "is not the address of a database",
            where=VARIABLE,
            expected="such as sqlite:////home/me/chats.db or postgresql://user:password@host/name",
        ) from error
    if parsed.get_backend_name() != "sqlite":
        return parsed
    if parsed.database in (None, "", ":memory:"):
        raise DataError(
            "names no file", where=VARIABLE, expected="sqlite:/// and the path of a file, which keeps chats over a restart"
        )
    folder = Path(parsed.database).parent
    if not folder.is_dir():
        raise DataError(f"the folder {folder} does not exist", where=VARIABLE, expected="a file in a folder that is there")
    return parsed


def _pool(parsed: Any) -> dict[str, Any]:
    if parsed.get_backend_name() != "sqlite":
        return {"pool_pre_ping": True}
    # Connections are kept and go from thread to thread, one thread at a time; opening one anew costs more than a turn's reads.
    return {"poolclass": sa.pool.QueuePool, "connect_args": {"check_same_thread": False, "timeout": BUSY_TIMEOUT / 1000}}


def _on_sqlite_connect(raw: Any, _: Any) -> None:
    raw.isolation_level = None  # transactions begin where _on_sqlite_begin says, not where the driver guesses
    cursor = raw.cursor()
    for setting in (
        f"busy_timeout = {BUSY_TIMEOUT}",
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        "secure_delete = ON",  # erased words are overwritten, not only unlinked
    ):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def _on_sqlite_begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")


def forget_on_disk(engine: Any) -> None:
    """Empty SQLite's write-ahead log, which may still hold what was erased. Readers in the way put it off to a later one."""
    if engine.dialect.name == "sqlite":
        raw = engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            raw.close()
