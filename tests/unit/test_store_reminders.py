"""Reminders in the store: one of a kind for each person, claimed once, gone with the person."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot.reading.values import Safety
from bot.safety.values import Lock
from bot.store.reminders import CLAIM_LASTS
from bot.store.store import Store
from bot.store.values import Reminder

NOW = datetime(2026, 3, 1, 2, 0, tzinfo=timezone.utc)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path}/chats.db")
    yield opened
    opened.close()


def claimed(store: Store, sender: str = "ann", *, note: str = "", now: datetime = NOW) -> Reminder:
    found = store.claim_reminder(store.remind(sender, "return", now, note, now=now).id, now=now)
    assert found
    return found


def test_a_reminder_outlives_the_program_word_for_word(tmp_path: Path) -> None:
    note = "I'm back 💛 \x00 \ud83d"
    store = Store.open(f"sqlite:///{tmp_path}/chats.db")
    store.remind("ann", "return", NOW + HOUR, note, now=NOW)
    store.close()
    store = Store.open(f"sqlite:///{tmp_path}/chats.db")
    (found,) = store.open_reminders()
    assert (found.sender_id, found.kind, found.due, found.note, found.created_at) == ("ann", "return", NOW + HOUR, note, NOW)
    store.close()


def test_a_newer_one_of_the_same_kind_takes_the_place_of_the_older(store: Store) -> None:
    store.remind("ann", "return", NOW + HOUR, "old", now=NOW)
    store.remind("ann", "pulse", NOW + DAY, now=NOW)
    store.remind("ben", "return", NOW + DAY, "his", now=NOW)
    store.remind("ann", "return", NOW + 2 * HOUR, "new", now=NOW)
    assert [(one.sender_id, one.kind, one.note) for one in store.open_reminders()] == [
        ("ann", "return", "new"), ("ann", "pulse", ""), ("ben", "return", "his"),
    ]  # fmt: skip


def test_cancelling_says_whether_anything_was_still_to_come(store: Store) -> None:
    store.remind("ann", "pulse", NOW, now=NOW)
    assert not store.cancel_reminder("ann", "return")
    assert store.cancel_reminder("ann", "pulse")
    assert not store.cancel_reminder("ann", "pulse")
    assert store.open_reminders() == ()


@pytest.mark.parametrize("kind", ["", "weekly", "RETURN"])
def test_a_kind_that_does_not_exist_is_refused_with_what_is_expected(store: Store, kind: str) -> None:
    with pytest.raises(ValueError, match="expected one of return, pulse"):
        store.remind("ann", kind, NOW)
    assert store.open_reminders() == ()


def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(Exception, match="without a zone"):
        store.remind("ann", "return", datetime(2026, 3, 1))


def test_only_what_is_due_and_of_the_channel_is_found(store: Store) -> None:
    for sender, due in (("web:a", NOW), ("web:b", NOW + HOUR), ("console:a", NOW), ("WEB:c", NOW)):
        store.remind(sender, "return", due, now=NOW)
    assert [one.sender_id for one in store.due_reminders(NOW, now=NOW, within="web:")] == ["web:a"]
    assert [one.sender_id for one in store.due_reminders(NOW + HOUR, now=NOW, within="web:")] == ["web:a", "web:b"]


def test_nothing_is_claimed_before_its_time_and_nothing_twice(store: Store) -> None:
    found = store.remind("ann", "return", NOW, now=NOW - HOUR)
    assert store.claim_reminder(found.id, now=NOW - timedelta(seconds=1)) is None
    assert store.claim_reminder(found.id, now=NOW)
    assert store.claim_reminder(found.id, now=NOW) is None
    assert store.due_reminders(NOW, now=NOW) == ()


def test_of_many_that_claim_at_once_one_gets_it(store: Store, tmp_path: Path) -> None:
    found = store.remind("ann", "return", NOW, now=NOW)
    others = [Store.open(f"sqlite:///{tmp_path}/chats.db") for _ in range(4)]
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda one: one.claim_reminder(found.id, now=NOW), [store, *others] * 4))
    assert len([one for one in got if one]) == 1
    for one in others:
        one.close()


def test_a_claim_left_by_a_killed_process_runs_out(store: Store) -> None:
    first = claimed(store)
    assert store.claim_reminder(first.id, now=NOW + CLAIM_LASTS - timedelta(seconds=1)) is None
    second = store.claim_reminder(first.id, now=NOW + CLAIM_LASTS)
    assert second and second.claim != first.claim
    assert not store.done_reminder(first, now=NOW), "the first one came too late"
    assert store.done_reminder(second, now=NOW)
    assert not store.done_reminder(second, now=NOW)
    assert store.claim_reminder(first.id, now=NOW + DAY) is None


def test_one_that_comes_back_is_open_again_under_another_number(store: Store) -> None:
    first = claimed(store, note="mine")
    assert store.done_reminder(first, again=NOW + 7 * DAY, now=NOW)
    (again,) = store.open_reminders()
    assert again.id != first.id and (again.due, again.note) == (NOW + 7 * DAY, "mine")


def test_the_note_is_there_after_it_was_said(store: Store) -> None:
    store.done_reminder(claimed(store, note="mine"), now=NOW)
    kept = store.reminder("ann", "return")
    assert kept and kept.note == "mine" and kept.state == "done" and store.open_reminders() == ()


@pytest.mark.parametrize("change", ["replaced", "cancelled", "erased"])
def test_what_changed_while_it_was_being_said_is_not_brought(store: Store, change: str) -> None:
    session = store.open_session(DAY, now=NOW)
    found = claimed(store, session.sender_id)
    if change == "replaced":
        store.remind(session.sender_id, "return", NOW + HOUR, now=NOW)
    elif change == "cancelled":
        store.cancel_reminder(session.sender_id, "return")
    else:
        store.erase(session.sender_id)
        with pytest.raises(LookupError):
            store.deliver_reminder(found, session.id, [{"card": {}}], now=NOW)
        return
    assert store.deliver_reminder(found, session.id, [{"card": {}}], now=NOW) == ()
    assert store.log_after(session.id, 0) == ()


def test_it_is_written_into_the_log_once_and_never_under_a_lock(store: Store) -> None:
    free, locked = store.open_session(DAY, now=NOW), store.open_session(DAY, now=NOW)
    store.tighten(locked.sender_id, Lock((Safety.HARMED,)))
    for session, lines in ((free, 1), (locked, 0)):
        found = claimed(store, session.sender_id)
        store.deliver_reminder(found, session.id, [{"card": {}}], now=NOW)
        store.deliver_reminder(found, session.id, [{"card": {}}], now=NOW)
        assert len(store.log_after(session.id, 0)) == lines
    assert store.open_reminders() == ()


def test_a_session_is_found_by_its_conversation_until_it_ends(store: Store) -> None:
    session = store.open_session(DAY, now=NOW)
    assert store.session_of(session.sender_id, NOW) == session
    assert store.session_of(session.sender_id, NOW + DAY) is None
    assert store.session_of("web:nobody", NOW) is None


def test_reminders_are_part_of_the_export_and_go_with_the_person(store: Store) -> None:
    store.remind("ann", "return", NOW, "pelican harbour", now=NOW)
    (row,) = store.export("ann")["reminders"]
    assert row == {
        "kind": "return", "due": NOW.isoformat(), "note": "pelican harbour", "state": "open", "created_at": NOW.isoformat(),
    }  # fmt: skip
    store.erase("ann")
    assert store.export("ann")["reminders"] == [] and store.open_reminders() == ()


def test_a_purge_removes_past_reminders_and_those_of_conversations_that_are_gone(store: Store) -> None:
    old = NOW - 40 * DAY
    for sender in ("gone", "live"):
        at = old if sender == "gone" else NOW
        store.conversations.add(sender, [{"event": "user", "timestamp": at.timestamp()}], now=at)
        store.remind(sender, "return", old, "long ago", now=old)
        store.remind(sender, "pulse", NOW + DAY, now=old)
    store.purge(NOW - 30 * DAY)
    assert [(one.sender_id, one.kind) for one in store.open_reminders()] == [("live", "pulse")]
    assert store.reminder("live", "return") is None
