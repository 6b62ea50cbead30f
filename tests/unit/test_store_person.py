"""Locks, check-ins, and what a person can ask for: to see all of it, and to have it gone."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot.reading.values import Safety
from bot.safety.values import Lock
from bot.store.store import Store
from bot.store.values import Conversation

NOW = datetime(2026, 3, 1, 2, 0, tzinfo=timezone.utc)
DAY = timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path}/chats.db")
    yield opened
    opened.close()


def said(text: str, at: datetime) -> dict[str, object]:
    return {"event": "user", "timestamp": at.timestamp(), "text": text}


def test_a_lock_outlives_the_program(tmp_path: Path) -> None:
    for kind in (Safety.HARMED, Safety.SUICIDE):
        store = Store.open(f"sqlite:///{tmp_path}/chats.db")
        store.tighten("ann", Lock((kind,)))
        store.close()
    store = Store.open(f"sqlite:///{tmp_path}/chats.db")
    assert store.lock_of("ann") == Lock((Safety.SUICIDE, Safety.HARMED))
    assert not store.lock_of("ben").closed
    store.close()


def test_nothing_that_is_added_loosens_a_lock(store: Store) -> None:
    store.tighten("ann", Lock((Safety.HARMED,)))
    assert store.tighten("ann", Lock()) == Lock((Safety.HARMED,))
    assert store.tighten("ann", Lock((Safety.OTHERS,))).kinds == (Safety.HARMED, Safety.OTHERS)


def test_two_that_lock_at_once_both_count(store: Store) -> None:
    kinds = [Safety.SUICIDE, Safety.CHILD, Safety.HARMED, Safety.HARMING, Safety.OTHERS]
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda kind: store.tighten("ann", Lock((kind,))), kinds))
    assert store.lock_of("ann") == Lock(tuple(kinds))


def test_check_ins_are_kept_in_order_with_what_they_are_about(store: Store) -> None:
    store.add_check_in("ann", "before", 8, about="P02", now=NOW)
    store.add_check_in("ann", "after", 0, now=NOW + DAY)
    found = [(row.moment, row.value, row.about, row.at) for row in store.check_ins("ann")]
    assert found == [("before", 8, "P02", NOW), ("after", 0, None, NOW + DAY)]
    assert store.check_ins("ben") == ()


@pytest.mark.parametrize(("moment", "value"), [("before", -1), ("before", 11), ("before", 3.5), ("after", True), ("during", 5)])
def test_a_check_in_off_the_scale_is_refused_and_not_kept(store: Store, moment: str, value: int) -> None:
    with pytest.raises(ValueError, match=r"expected (a whole number from 0 to 10|one of before, after)"):
        store.add_check_in("ann", moment, value)
    assert store.check_ins("ann") == ()


def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(Exception, match="without a zone"):
        store.add_check_in("ann", "before", 5, now=datetime(2026, 3, 1))


def test_an_export_holds_everything_about_the_person_and_no_key_to_the_chat(store: Store) -> None:
    session = store.open_session(DAY, now=NOW)
    store.set_country(session.id, "IE")
    store.accept(session.id, "m1", {"text": "he went quiet"}, now=NOW)
    store.conversations.add(session.sender_id, [said("he went quiet", NOW)], now=NOW, channel="web")
    store.tighten(session.sender_id, Lock((Safety.HARMED,)))
    store.add_check_in(session.sender_id, "before", 8, now=NOW)
    export = store.export(session.sender_id)
    assert [event["text"] for event in export["events"]] == ["he went quiet"]
    assert export["conversation"]["channel"] == "web"
    assert export["locks"] == ["harmed"]
    assert [row["value"] for row in export["check_ins"]] == [8]
    assert export["web_sessions"][0]["country"] == "IE"
    assert export["web_sessions"][0]["log"][0]["body"] == {"text": "he went quiet"}
    assert session.id not in repr(export)


def test_what_was_erased_is_not_to_be_found_in_the_files_of_the_database(store: Store, tmp_path: Path) -> None:
    words = "zanzibar velvet"
    session = store.open_session(DAY, now=NOW)
    for number in range(60):
        store.accept(session.id, f"m{number}", {"text": f"{words} {number} " * 9}, now=NOW)
        snapshot = Conversation(session.sender_id, number + 1, number, ({"text": f"{words} {number}"},))
        store.conversations.add(session.sender_id, [said(f"{words} {number} " * 40, NOW)], now=NOW, folded=snapshot)
    store.add_check_in(session.sender_id, "before", 8, about=words)
    store.tighten(session.sender_id, Lock((Safety.HARMED,)))
    store.conversations.add("ben", [said("pelican harbour", NOW)], now=NOW)
    store.erase(session.sender_id)
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("chats.db*"))
    assert words.encode() not in kept and session.sender_id.encode() not in kept
    assert b"pelican harbour" in kept
    empty = {
        "conversation": None,
        "events": [],
        "locks": [],
        "check_ins": [],
        "reminders": [],
        "memories": {},
        "web_sessions": [],
    }
    assert store.export(session.sender_id) == {"sender_id": session.sender_id, **empty}
    assert store.session(session.id, NOW) is None


def test_a_purge_removes_what_is_old_and_leaves_what_is_in_use(store: Store) -> None:
    old, fresh = NOW - 40 * DAY, NOW - DAY
    gone, live = store.open_session(DAY, now=old), store.open_session(40 * DAY, now=NOW - 35 * DAY)
    store.accept(gone.id, "m", {"text": "long ago"}, now=old)
    store.accept(live.id, "m1", {"text": "then"}, now=old)
    store.accept(live.id, "m2", {"text": "lately"}, now=fresh)
    for session, at in ((gone, old), (live, fresh)):
        store.conversations.add(session.sender_id, [said("first", old), said("second", old)], now=old)
        store.tighten(session.sender_id, Lock((Safety.HARMED,)), now=old)
        store.add_check_in(session.sender_id, "before", 5, now=at)
    folded = Conversation(live.sender_id, 3, 1, ({"event": "slot"},))
    store.conversations.add(live.sender_id, [said("third", fresh)], now=fresh, folded=folded)

    assert store.purge(NOW - 30 * DAY) > 0

    assert store.export(gone.sender_id)["conversation"] is None and not store.lock_of(gone.sender_id).closed
    assert store.check_ins(gone.sender_id) == () and store.session(gone.id, old) is None
    assert [event["text"] for event in store.export(live.sender_id)["events"]] == ["second", "third"]
    assert store.lock_of(live.sender_id).closed, "a lock lasts as long as its conversation"
    assert [entry.body["text"] for entry in store.log_after(live.id, 0)] == ["lately"]
    assert store.purge(NOW - 30 * DAY) == 0
