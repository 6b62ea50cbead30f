"""The web log: a message counts once, its answer is whole or not there, the order is kept."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot.store.store import Store, WebSession

NOW = datetime(2026, 3, 1, 2, 0, tzinfo=timezone.utc)
HOUR = timedelta(hours=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path}/chats.db")
    yield opened
    opened.close()


@pytest.fixture
def session(store: Store) -> WebSession:
    return store.open_session(HOUR, now=NOW)


def test_a_session_lasts_as_long_as_it_was_opened_for(store: Store, session: WebSession) -> None:
    assert store.session(session.id, NOW + HOUR - timedelta(seconds=1)) == session
    assert store.session(session.id, NOW + HOUR) is None
    assert store.session("made up", NOW) is None


def test_who_knows_a_sender_id_does_not_know_the_session(store: Store) -> None:
    sessions = [store.open_session(HOUR, now=NOW) for _ in range(50)]
    assert len({session.id for session in sessions} | {session.sender_id for session in sessions}) == 100
    assert all(len(session.id) >= 22 and session.id not in session.sender_id for session in sessions)
    assert all(store.session(session.sender_id, NOW) is None for session in sessions)


def test_the_chosen_country_is_remembered(store: Store, session: WebSession) -> None:
    store.set_country(session.id, "GB")
    found = store.session(session.id, NOW)
    assert found and found.country == "GB"
    with pytest.raises(LookupError, match="open_session"):
        store.set_country("made up", "GB")


def test_a_message_sent_twice_counts_once(store: Store, session: WebSession) -> None:
    other = store.open_session(HOUR, now=NOW)
    assert isinstance(store.accept(session.id, "m1", {"text": "he went quiet"}), int)
    assert store.accept(session.id, "m1", {"text": "he went quiet"}) is None
    assert isinstance(store.accept(other.id, "m1", {"text": "someone else's first"}), int)
    assert [entry.body["text"] for entry in store.log_after(session.id, 0)] == ["he went quiet"]


def test_the_same_message_from_many_threads_counts_once(store: Store, session: WebSession) -> None:
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: store.accept(session.id, "m1", {"text": "hello"}), range(16)))
    assert len([seq for seq in taken if seq is not None]) == 1


def test_messages_from_many_threads_are_all_kept_in_the_order_of_their_numbers(store: Store, session: WebSession) -> None:
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda n: store.accept(session.id, f"m{n}", {"text": f"{n}"}), range(40)))
    log = store.log_after(session.id, 0)
    assert [entry.seq for entry in log] == sorted(seq for seq in taken if seq)
    assert {entry.client_msg_id for entry in log} == {f"m{n}" for n in range(40)}


def test_what_was_taken_and_not_answered_is_pending_in_order(store: Store, session: WebSession) -> None:
    first, second, third = (store.accept(session.id, name, {"text": name}) or 0 for name in ("a", "b", "c"))
    store.done(second)
    store.answer(first, session.id, [{"card": 1}])
    store.append(session.id, {"card": "unasked"})
    assert [(left.seq, left.body, left.sender_id) for left in store.pending()] == [(third, {"text": "c"}, session.sender_id)]


def test_an_answer_is_there_with_all_its_replies_or_not_at_all(store: Store, session: WebSession) -> None:
    seq = store.accept(session.id, "a", {"text": "a"}) or 0
    with pytest.raises(Exception, match="not JSON serializable"):
        store.answer(seq, session.id, [{"card": 1}, {"card": object()}])
    assert [left.seq for left in store.pending()] == [seq]
    assert [entry.direction for entry in store.log_after(session.id, 0)] == ["user"]
    replies = store.answer(seq, session.id, [{"card": 1}, {"card": 2}])
    assert [(entry.seq, entry.body, entry.reply_to) for entry in store.log_after(session.id, seq)] == [
        (replies[0], {"card": 1}, seq),
        (replies[1], {"card": 2}, seq),
    ]
    assert store.pending() == ()


def test_a_second_answer_to_the_same_message_is_not_said(store: Store, session: WebSession) -> None:
    seq = store.accept(session.id, "a", {"text": "a"}) or 0
    store.answer(seq, session.id, [{"card": 1}])
    assert store.answer(seq, session.id, [{"card": "again"}]) == ()
    assert [entry.body for entry in store.log_after(session.id, seq)] == [{"card": 1}]


def test_nobody_writes_into_a_session_that_is_not_theirs(store: Store, session: WebSession) -> None:
    other = store.open_session(HOUR, now=NOW)
    seq = store.accept(session.id, "a", {"text": "a"}) or 0
    with pytest.raises(LookupError, match="no message"):
        store.answer(seq, other.id, [{"card": 1}])
    for write in (lambda: store.accept("made up", "a", {}), lambda: store.append("made up", {})):
        with pytest.raises(LookupError, match="no web session"):
            write()


def test_a_page_that_comes_back_gets_what_it_missed_and_no_more(store: Store, session: WebSession) -> None:
    seqs = [store.accept(session.id, f"{n}", {"text": f"{n}"}) or 0 for n in range(7)]
    assert [entry.seq for entry in store.log_after(session.id, seqs[2])] == seqs[3:]
    assert [entry.seq for entry in store.log_after(session.id, seqs[2], limit=2)] == seqs[3:5]
    assert store.log_after(session.id, seqs[-1]) == ()


def test_numbers_are_not_given_again_after_an_erase(store: Store, session: WebSession) -> None:
    last = store.accept(session.id, "a", {"text": "a"}) or 0
    store.erase(session.sender_id)
    anew = store.open_session(HOUR, now=NOW)
    assert (store.accept(anew.id, "a", {"text": "a"}) or 0) > last


@pytest.mark.parametrize(
    "text", ["", "\x00 null", "half a pair \ud83d", "😢 ünïcödé \u202e", "'; DROP TABLE web_log; --", "x" * 20_000]
)
def test_any_text_comes_back_as_it_was_sent(store: Store, session: WebSession, text: str) -> None:
    store.accept(session.id, "a", {"text": text})
    assert [entry.body for entry in store.log_after(session.id, 0)] == [{"text": text}]
