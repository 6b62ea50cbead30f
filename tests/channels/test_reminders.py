"""Reminders through the real server, agent, store and terminal: once, after a restart too, and never under a lock."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

import httpx
import pytest
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.shared.core.events import ReminderScheduled

from bot import clock, names, paths
from bot.channels.web_session import Tokens, secret_key
from bot.guidance.values import Card, CardKind
from bot.rasa.agent import Conversation, load_agent
from bot.rasa.reminders import LOOK_SECONDS, Reminders
from bot.reading.values import Safety
from bot.safety.checks import Question
from bot.safety.values import Lock
from bot.store.reminders import CLAIM_LASTS
from bot.store.store import Store, shared_store
from bot.store.values import Reminder
from tests.channels.test_web_end_to_end import server
from tests.channels.web_client import Visitor, visit, words

LIMIT = 120  # seconds; what is waited for comes within a few, on a busy machine later
NOTE = "Thank you for waiting. I'd like to try again."
TEXT = "he went quiet after dinner and ive texted him five times from upstairs"
HOUR = timedelta(hours=1)


def now() -> datetime:
    return datetime.now(timezone.utc)


@pytest.fixture
def var(tmp_path: Path) -> Path:
    folder = tmp_path / "server"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def kept(var: Path) -> Iterator[Store]:
    """The database of the server, opened beside it."""
    store = Store.open(f"sqlite:///{var / 'middle_ground.db'}")
    yield store
    store.close()


def session_id(visitor: Visitor, var: Path) -> str:
    found = Tokens(secret_key({}, var)).session_id(visitor.token, max_age=3600)
    assert found
    return found


def sender_of(visitor: Visitor, var: Path, store: Store) -> str:
    session = store.session(session_id(visitor, var))
    assert session
    return session.sender_id


def cards_in(store: Store, session: str) -> list[str]:
    """The payloads of the first buttons of the bot's cards in the log: those of a reminder tell it from the rest."""
    bodies = [entry.body["card"] for entry in store.log_after(session, 0) if entry.direction == "bot"]
    return [card["buttons"][0]["payload"] for card in bodies if card["buttons"]]


async def until_done(store: Store, sender: str, kind: str = "return") -> None:
    async def wait() -> None:
        while (found := store.reminder(sender, kind)) is None or found.state != "done":
            await asyncio.sleep(0.1)

    await asyncio.wait_for(wait(), LIMIT)


async def greeted(http: httpx.AsyncClient) -> Visitor:
    visitor = await visit(http)
    await visitor.say("hello")
    await asyncio.wait_for(visitor.messages(2), LIMIT)
    return visitor


# -- through the server ---------------------------------------------------------------------------


async def test_it_comes_over_the_stream_and_its_buttons_work(trained_model: Path, var: Path, kept: Store, tmp_path: Path) -> None:
    with server(var, log=tmp_path / "log") as (_, address):
        async with httpx.AsyncClient(base_url=address, timeout=60) as http:
            visitor = await greeted(http)
            kept.remind(sender_of(visitor, var, kept), "return", now() + timedelta(seconds=1), NOTE)
            (row,) = await asyncio.wait_for(visitor.messages(1), LIMIT)
            assert row["who"] == "bot" and row["card"]["kind"] == "everyday"
            first, longer, later = row["card"]["buttons"]
            assert [first["title"], longer["title"], later["title"]] == ["Say the first sentence", "More time", "Not today"]
            await visitor.post(payload=first["payload"], card=row["seq"])
            assert NOTE in words((await asyncio.wait_for(visitor.messages(2), LIMIT))[1])
            await visitor.post(payload=later["payload"], card=row["seq"])
            assert (await asyncio.wait_for(visitor.messages(2), LIMIT))[1]["card"]["kind"] == "everyday"
            for intent in (names.INTENT_RETURN_TIME, names.INTENT_PULSE_TIME):
                refused = await visitor.post(payload=f"/{intent}")
                assert refused.status_code == 400, "what the clock says no client may say"
    assert "Thank you for waiting" not in (tmp_path / "log").read_text()


async def test_a_server_killed_before_it_is_due_says_it_once_when_it_is_back(
    trained_model: Path, var: Path, kept: Store, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with server(var, log=log) as (process, address):
        async with httpx.AsyncClient(base_url=address, timeout=60) as http:
            before = await greeted(http)
        sender, session = sender_of(before, var, kept), session_id(before, var)
        process.kill()
        process.wait(timeout=30)
    kept.remind(sender, "return", now() + timedelta(seconds=1), NOTE)
    kept.remind("web:nobody", "return", now(), "for a session that is gone")
    await asyncio.sleep(1.1)
    with server(var, log=log) as (_, address):
        async with httpx.AsyncClient(base_url=address, timeout=60) as http:
            after = Visitor(http, before.token, list(before.seen))
            (row,) = await asyncio.wait_for(after.messages(1), LIMIT)
            assert row["card"]["buttons"][0]["title"] == "Say the first sentence"
            await after.say("thanks")
            assert [one["who"] for one in await asyncio.wait_for(after.messages(2), LIMIT)] == ["you", "bot"]
            await until_done(kept, "web:nobody")
    with server(var, log=log):
        pass
    assert cards_in(kept, session).count('/at_return{"value":"first"}') == 1
    assert kept.open_reminders() == ()


async def test_under_a_lock_nothing_is_sent(trained_model: Path, var: Path, kept: Store, tmp_path: Path) -> None:
    with server(var, log=tmp_path / "log") as (_, address):
        async with httpx.AsyncClient(base_url=address, timeout=60) as http:
            visitor = await greeted(http)
            sender, session = sender_of(visitor, var, kept), session_id(visitor, var)
            kept.tighten(sender, Lock((Safety.HARMED,)))
            lines = kept.log_after(session, 0)
            kept.remind(sender, "return", now(), NOTE)
            await until_done(kept, sender)
            assert kept.log_after(session, 0) == lines
            events = [event["event"] for event in kept.export(sender)["events"]]
            assert events.count("user") == 1, "the dialogue never heard of it"


async def test_two_servers_on_one_database_say_it_once(trained_model: Path, var: Path, kept: Store, tmp_path: Path) -> None:
    with server(var, log=tmp_path / "one") as (_, one), server(var, log=tmp_path / "two") as (_, two):
        async with httpx.AsyncClient(base_url=one, timeout=60) as http, httpx.AsyncClient(base_url=two, timeout=60) as other:
            visitors = [await greeted(client) for client in (http, other, http, other)]
            at = now() + timedelta(seconds=LOOK_SECONDS + 1)  # by then both know of it, and both wake at that moment
            for visitor in visitors:
                kept.remind(sender_of(visitor, var, kept), "return", at, NOTE)
            for visitor in visitors:
                await asyncio.wait_for(visitor.messages(1), LIMIT)
                await until_done(kept, sender_of(visitor, var, kept))
            await asyncio.sleep(1)  # whichever was slower has looked as well
    for visitor in visitors:
        assert cards_in(kept, session_id(visitor, var)).count('/at_return{"value":"first"}') == 1


# -- with the agent in this process ---------------------------------------------------------------


class Heard:
    """A channel that keeps what it is brought; *breaks*: it is killed instead, this many times."""

    senders = "test:"

    def __init__(self, breaks: int = 0) -> None:
        self.cards: list[Card] = []
        self.breaks = breaks

    def owns(self, sender_id: str) -> bool:
        return True

    async def open(self, reminder: Reminder) -> bool:
        return True

    async def bring(self, reminder: Reminder, cards: Sequence[Card], again: datetime | None) -> None:
        if self.breaks:
            self.breaks -= 1
            raise ConnectionError("gone in the middle")
        if shared_store().done_reminder(reminder, again=again, now=clock.now()):
            self.cards += cards


@pytest.fixture
def agent(trained_model: Path) -> Agent:
    return load_agent(trained_model)


def ann(agent: Agent) -> Conversation:
    return Conversation(agent, sender="test:ann")


@asynccontextmanager
async def watching(agent: Agent, heard: Heard) -> AsyncIterator[Reminders]:
    reminders = Reminders(agent, shared_store(), heard, look_every=3600)
    reminders.start()
    try:
        yield reminders
    finally:
        await reminders.close()


async def test_an_event_of_an_action_is_heard_at_once_and_rasas_own_scheduler_stays_off(agent: Agent) -> None:
    await ann(agent).hear("/greet")
    heard = Heard()
    async with watching(agent, heard):
        await asyncio.sleep(0.2)  # the first look is over, the next one is an hour away
        due = now() + timedelta(seconds=1)
        shared_store().remind("test:ann", "return", due)
        tracker = await agent.tracker_store.get_or_create_tracker("test:ann")
        event = ReminderScheduled("return_time", due, name="return:test:ann", kill_on_user_message=False)
        await agent.processor.execute_side_effects([event], tracker, CollectingOutputChannel())
        await until_done(shared_store(), "test:ann")
    assert len(heard.cards) == 1
    assert [button.title for button in heard.cards[0].buttons] == ["More time", "Not today"], "no sentence was kept"


@pytest.mark.parametrize(("hours", "cards"), [(0.5, 0), (1, 1), (12.9, 1), (13.1, 0)])
async def test_late_ones_are_said_at_once_and_very_late_ones_dropped(agent: Agent, hours: float, cards: int) -> None:
    await ann(agent).hear("/greet")
    shared_store().remind("test:ann", "return", now() + HOUR)
    heard = Heard()
    with clock.set_forward(HOUR * hours + timedelta(seconds=1)):
        for _ in range(2):
            await Reminders(agent, shared_store(), heard).look()
    assert len(heard.cards) == cards
    assert len(shared_store().open_reminders()) == (hours < 1)


async def test_the_pulse_comes_back_each_week_until_it_is_stopped(agent: Agent) -> None:
    person, heard = ann(agent), Heard()
    await person.hear("/greet")
    due = now()
    shared_store().remind("test:ann", "pulse", due)
    watch = Reminders(agent, shared_store(), heard)
    await watch.look()
    assert [button.payload for button in heard.cards[0].buttons] == ["/start_pulse", "/stop_pulse"]
    with clock.set_forward(timedelta(days=16)):  # the second came too late, the third is on its way
        await watch.look()
    assert len(heard.cards) == 1
    (coming,) = shared_store().open_reminders()
    assert coming.due == due + timedelta(days=21)
    (card,) = (await person.hear("/stop_pulse")).cards
    assert card.kind is CardKind.EVERYDAY and shared_store().open_reminders() == ()


async def test_what_was_said_before_a_crash_is_brought_and_not_said_anew(agent: Agent) -> None:
    person, heard = ann(agent), Heard(breaks=1)
    await person.hear("/greet")
    shared_store().remind("test:ann", "return", now())
    watch = Reminders(agent, shared_store(), heard)
    await watch.look()
    await watch.look()
    assert heard.cards == [], "the claim of the one that broke still holds"
    with clock.set_forward(CLAIM_LASTS):
        await watch.look()
    events = shared_store().export("test:ann")["events"]
    assert [event["text"] for event in events if event["event"] == "user"] == ["/greet", "EXTERNAL: return_time"]
    assert len(heard.cards) == 1


async def test_it_asks_nothing_and_answers_no_question_that_waits(agent: Agent) -> None:
    person, heard = ann(agent), Heard()
    (asked,) = (await person.hear(TEXT)).cards
    assert asked.kind is CardKind.ASK
    before = (await person.agent.tracker_store.retrieve("test:ann")).current_slot_values()
    shared_store().remind("test:ann", "return", now(), NOTE)
    await Reminders(agent, shared_store(), heard).look()
    after = (await person.agent.tracker_store.retrieve("test:ann")).current_slot_values()
    assert [card.kind for card in heard.cards] == [CardKind.EVERYDAY]
    assert {name for name in after if after[name] != before[name]} <= {names.SLOT_SAID}
    assert [card.kind for card in (await person.hear("/deny")).cards] == [CardKind.COACH]


async def test_first_of_all_a_reminder_does_not_use_up_the_first_question(agent: Agent) -> None:
    person, heard = ann(agent), Heard()
    await person.hear("/greet")
    shared_store().remind("test:ann", "return", now(), NOTE)
    await Reminders(agent, shared_store(), heard).look()
    assert len(heard.cards) == 1
    assert [card.kind for card in (await person.hear(TEXT)).cards] == [CardKind.ASK]


async def test_an_exercise_under_way_waits_for_its_answer_as_before(agent: Agent) -> None:
    person, heard = ann(agent), Heard()
    await person.begin({names.SLOT_ASKED: [Question.FIRST.value]})
    (question,) = (await person.hear("/start_need")).cards
    assert question.kind is CardKind.EXERCISE
    before = await agent.tracker_store.retrieve("test:ann")
    shared_store().remind("test:ann", "return", now(), NOTE)
    await Reminders(agent, shared_store(), heard).look()
    assert [card.kind for card in heard.cards] == [CardKind.EVERYDAY]
    after = await agent.tracker_store.retrieve("test:ann")
    assert after.active_loop_name == before.active_loop_name == "need_form"
    assert after.get_slot(names.SLOT_EXERCISE) == before.get_slot(names.SLOT_EXERCISE), "it is no answer"
    (following,) = (await person.hear("he did not call when he said he would")).cards
    assert following.kind is CardKind.EXERCISE
    moved = await agent.tracker_store.retrieve("test:ann")
    assert len(moved.get_slot(names.SLOT_EXERCISE)["answers"]) == 1


# -- in the terminal ------------------------------------------------------------------------------


def test_the_terminal_prints_it_when_it_is_due(trained_model: Path, tmp_path: Path) -> None:
    settings = {**os.environ, "MIDDLE_GROUND_VAR": str(tmp_path)}
    settings.pop("DATABASE_URL")
    store = Store.open(f"sqlite:///{tmp_path / 'middle_ground.db'}")
    store.remind("console:anna", "return", now(), "for somebody else")
    with subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "chat", "--resume", "ann"], cwd=paths.root(), env=settings, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as client:  # fmt: skip
        try:
            store.remind("console:ann", "return", now() + timedelta(seconds=1), NOTE)
            limit = time.monotonic() + 240
            while (found := store.reminder("console:ann", "return")) is None or found.state != "done":
                assert client.poll() is None and time.monotonic() < limit
                time.sleep(0.2)
            out, errors = client.communicate("#1\n/quit\n", timeout=LIMIT)
        finally:
            client.kill()
    assert out.count("Say the first sentence") == 1 and NOTE in out
    assert "Traceback" not in errors
    other = store.reminder("console:anna", "return")
    assert other and other.state == "open"
    store.close()
