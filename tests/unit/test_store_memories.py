"""What is remembered for next time: nothing without consent, and all of it can be seen and erased."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from bot.store import engine as database
from bot.store.memories import CONSENT
from bot.store.store import Store

NOW = datetime(2026, 3, 1, 2, 0, tzinfo=timezone.utc)
DAY = timedelta(days=1)
SIDE = {"pursue": 3, "withdraw": 1}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path}/chats.db")
    yield opened
    opened.close()


def facts(store: Store, person: str = "ann") -> dict[str, object] | None:
    found = store.memories(person)
    return None if found is None else {one.key: one.value for one in found}


def test_without_consent_nothing_is_kept(store: Store) -> None:
    assert store.remember("ann", {"side": SIDE}) is False
    assert facts(store) is None
    assert store.export("ann")["memories"] == {}
    store.allow_memory("ann")
    assert facts(store) == {}, "what was told before the consent is not there either"


def test_with_consent_facts_are_kept_changed_and_taken_out_one_by_one(store: Store) -> None:
    store.allow_memory("ann", now=NOW)
    assert store.remember("ann", {"side": SIDE, "names": ["Marcus"]}, now=NOW)
    assert store.remember("ann", {"side": {"told": "withdraw"}}, now=NOW + DAY)
    assert facts(store) == {"side": {"told": "withdraw"}, "names": ["Marcus"]}
    assert [one.at for one in store.memories("ann") or ()] == [NOW, NOW + DAY]
    store.remember("ann", {"names": None})
    assert facts(store) == {"side": {"told": "withdraw"}}
    assert facts(store, "ben") is None


def test_forgetting_one_leaves_the_rest_and_forgetting_all_takes_the_consent_too(store: Store) -> None:
    store.allow_memory("ann")
    store.remember("ann", {"side": SIDE, "names": ["Marcus"]})
    assert store.forget("ann", "names") and not store.forget("ann", "names")
    assert facts(store) == {"side": SIDE}
    assert store.forget("ann")
    assert facts(store) is None and not store.remember("ann", {"side": SIDE})


def test_the_consent_is_no_fact(store: Store) -> None:
    store.allow_memory("ann")
    with pytest.raises(ValueError, match="allow_memory"):
        store.remember("ann", {CONSENT: None})
    with pytest.raises(ValueError, match="without a key"):
        store.forget("ann", CONSENT)
    assert facts(store) == {}


def test_consent_given_by_several_at_once_is_one_consent(store: Store) -> None:
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda _: store.allow_memory("ann"), range(5)))
    assert list(store.export("ann")["memories"]) == [CONSENT]


def test_memories_outlive_the_program(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/chats.db")
    store.allow_memory("ann")
    store.remember("ann", {"side": SIDE})
    store.close()
    store = Store.open(f"sqlite:///{tmp_path}/chats.db")
    assert facts(store) == {"side": SIDE}
    store.close()


def test_an_export_holds_the_memories_and_when_they_were_kept(store: Store) -> None:
    store.allow_memory("ann", now=NOW)
    store.remember("ann", {"names": ["Marcus"]}, now=NOW + DAY)
    assert store.export("ann")["memories"] == {
        "consent": {"value": True, "at": NOW.isoformat()},
        "names": {"value": ["Marcus"], "at": (NOW + DAY).isoformat()},
    }


@pytest.mark.parametrize("how", ["erased", "forgotten", "one forgotten"])
def test_what_was_erased_or_forgotten_is_not_to_be_found_in_the_files(store: Store, tmp_path: Path, how: str) -> None:
    store.allow_memory("ann")
    store.remember("ann", {"names": ["Zanzibar"]})
    store.allow_memory("ben")
    store.remember("ben", {"names": ["Pelican"]})
    {"erased": store.erase, "forgotten": store.forget, "one forgotten": lambda who: store.forget(who, "names")}[how]("ann")
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("chats.db*"))
    assert b"Zanzibar" not in kept and b"Pelican" in kept
    assert facts(store) == ({} if how == "one forgotten" else None)


def test_a_purge_takes_old_facts_and_the_consent_when_nothing_is_left_of_the_person(store: Store) -> None:
    old, fresh = NOW - 40 * DAY, NOW - DAY
    said = {"event": "user", "timestamp": fresh.timestamp(), "text": "hello"}
    for person in ("gone", "renewed", "talks"):
        store.allow_memory(person, now=old)
        store.remember(person, {"side": SIDE}, now=old)
    store.remember("renewed", {"names": ["Ana"]}, now=fresh)
    store.conversations.add("talks", [said], now=fresh)

    assert store.purge(NOW - 30 * DAY) == 4

    assert facts(store, "gone") is None
    assert facts(store, "renewed") == {"names": ["Ana"]}
    assert facts(store, "talks") == {}, "the facts are old, the consent of somebody who still writes is not"
    assert store.purge(NOW - 30 * DAY) == 0


def test_the_pulse_is_a_moment_of_its_own(store: Store) -> None:
    store.add_check_in("ann", "pulse", 4, about="closeness")
    assert [(row.moment, row.about) for row in store.check_ins("ann")] == [("pulse", "closeness")]


def test_older_check_ins_are_carried_over_with_their_order_and_bounds(tmp_path: Path) -> None:
    path = tmp_path / "chats.db"
    store = Store.open(f"sqlite:///{path}")
    store.add_check_in("ann", "before", 8, about="P02", now=NOW)
    store.add_check_in("ann", "after", 3, now=NOW + DAY)
    store.add_check_in("ann", "pulse", 5, now=NOW + DAY)
    _to(store, "0002")
    with sqlite3.connect(path) as raw, pytest.raises(sqlite3.IntegrityError, match="ck_check_ins_moment"):
        raw.execute("INSERT INTO check_ins (sender_id, at, moment, value) VALUES ('ann', '2026-03-01', 'pulse', 4)")
    _to(store, "0003")
    assert [(row.moment, row.value, row.about, row.at) for row in store.check_ins("ann")] == [
        ("before", 8, "P02", NOW),
        ("after", 3, None, NOW + DAY),
    ]
    for moment, value, bound in (("during", 4, "moment"), ("pulse", 11, "value")):
        with sqlite3.connect(path) as raw, pytest.raises(sqlite3.IntegrityError, match=f"ck_check_ins_{bound}"):
            row = (moment, value)
            raw.execute("INSERT INTO check_ins (sender_id, at, moment, value) VALUES ('ann', '2026-03-01', ?, ?)", row)
    with sqlite3.connect(path) as raw:
        assert "AUTOINCREMENT" in raw.execute("SELECT sql FROM sqlite_master WHERE name = 'check_ins'").fetchone()[0]
        assert raw.execute("SELECT 1 FROM sqlite_master WHERE name = 'ix_check_ins_sender'").fetchone()
    store.close()


def _to(store: Store, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(database.MIGRATIONS))
    with database.writing(store._engine) as connection:
        config.attributes["connection"] = connection
        known = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
        (command.upgrade if revision > str(known) else command.downgrade)(config, revision)
