"""Opening a database: made on first use, brought up to date, refused with a clear word where it cannot be used."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.errors import DataError
from bot.store import engine as database
from bot.store import schema
from bot.store.store import Store, shared_store


def test_the_migrations_make_exactly_the_tables_of_the_schema(tmp_path: Path) -> None:
    engine = database.open_engine(f"sqlite:///{tmp_path}/chats.db")
    with engine.connect() as connection:
        theirs = {"include_name": lambda name, kind, _: name != "sqlite_sequence"}
        assert compare_metadata(MigrationContext.configure(connection, opts=theirs), schema.metadata) == []
    engine.dispose()


def test_the_newest_migration_is_the_one_that_a_start_asks_for() -> None:
    assert ScriptDirectory(str(database.MIGRATIONS)).get_current_head() == database.HEAD


def test_a_database_newer_than_the_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/chats.db"
    Store.open(url).close()
    with sqlite3.connect(tmp_path / "chats.db") as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DataError, match=r"newer version of this program.*9999.*DATABASE_URL"):
        Store.open(url)
    with sqlite3.connect(tmp_path / "chats.db") as raw:
        assert raw.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("no address", "is not the address of a database.*Expected such as sqlite"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("sqlite:////nowhere/at/all/chats.db", "the folder /nowhere/at/all does not exist"),
        ("oracle://ann:secret@host/chats", "driver that is not installed"),
    ],
)
def test_an_address_that_cannot_be_used_is_named_with_what_is_expected(url: str, says: str) -> None:
    with pytest.raises(DataError, match=says) as refused:
        Store.open(url)
    assert "secret" not in str(refused.value)


def test_a_file_that_is_not_a_database_is_refused_and_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Ann, " * 500)
    with pytest.raises(DataError, match=r"letter.txt: cannot be opened as a database"):
        Store.open(f"sqlite:///{path}")
    assert path.read_text() == "Dear Ann, " * 500


def test_many_processes_that_start_at_once_all_find_the_tables(tmp_path: Path) -> None:
    program = "import sys; from bot.store.store import Store; s = Store.open(sys.argv[1]); print(s.pending())"
    started = [
        subprocess.Popen([sys.executable, "-c", program, f"sqlite:///{tmp_path}/chats.db"], stdout=-1, stderr=-1, text=True)
        for _ in range(5)
    ]
    assert [(*process.communicate(timeout=120), process.returncode) for process in started] == [("()\n", "", 0)] * 5


def test_readers_go_on_while_somebody_writes(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/chats.db")
    store.add_check_in("ann", "before", 7)
    with sqlite3.connect(tmp_path / "chats.db", isolation_level=None) as raw:
        raw.execute("BEGIN IMMEDIATE")
        raw.execute("DELETE FROM check_ins")
        assert [row.value for row in store.check_ins("ann")] == [7]
        raw.execute("ROLLBACK")
    store.close()


def test_the_store_of_a_process_follows_the_address_in_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/one.db")
    first = shared_store()
    assert shared_store() is first
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/two.db")
    assert shared_store().address.endswith("two.db")
    first.close()


def test_without_an_address_the_database_is_below_var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("MIDDLE_GROUND_HOME", str(tmp_path))
    store = Store.open()
    assert store.address == f"sqlite:///{tmp_path}/var/middle_ground.db"
    assert (tmp_path / "var" / "middle_ground.db").is_file()
    store.close()


def test_an_error_of_the_database_repeats_nobodys_words(tmp_path: Path) -> None:
    engine = database.open_engine(f"sqlite:///{tmp_path}/chats.db")
    row = {"id": 1, "sender_id": "ann", "timestamp": 1.0, "kind": "user", "turn": 1, "body": {"text": "he left me"}}
    with pytest.raises(sa.exc.IntegrityError) as failed, database.writing(engine) as connection:
        connection.execute(schema.events.insert(), row)
    assert "he left me" not in str(failed.value)
    engine.dispose()
