"""A server that is killed in the middle of a message: nothing is lost, nothing is answered twice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.channels.web_session import Tokens
from bot.guidance.values import Card
from bot.store.store import Store
from tests.channels.stand_in import KEY, Dialogue, Server, app, card, serving
from tests.channels.web_client import Visitor, visit, words


async def test_messages_pending_at_a_kill_are_answered_in_order_by_the_next_server(tmp_path: Path) -> None:
    server = Server(tmp_path / "web.db")
    async with httpx.AsyncClient(base_url=server.address) as http:
        visitor = await visit(http)
        await visitor.say("before")
        await visitor.messages(2)
        await visitor.say("wait here")
        await visitor.say("and then this")
        await visitor.messages(2)
    server.kill()
    server = Server(tmp_path / "web.db", server.port, again=True)
    try:
        async with httpx.AsyncClient(base_url=server.address) as http:
            visitor.http = http
            assert [words(row) for row in await visitor.messages(2)] == ["heard: wait here", "heard: and then this"]
            await visitor.say("after")
            assert [words(row) for row in await visitor.messages(2)] == ["after", "heard: after"]
            assert len(await visitor.messages(8, after=0)) == 8
    finally:
        server.kill()


def leave_pending(store: Store, *texts: str) -> str:
    session = store.open_session(timedelta(hours=1))
    for number, text in enumerate(texts):
        store.accept(session.id, f"message-{number}", {"text": text})
    return session.id


Earlier = Callable[[str, str], Awaitable["list[Card] | None"]]


def remembering(message_id: str, answer: Card) -> Earlier:
    async def earlier(_: str, asked: str) -> list[Card] | None:
        return [answer] if asked == message_id else None

    return earlier


async def test_a_turn_that_was_finished_before_the_kill_is_not_run_twice(store: Store, dialogue: Dialogue) -> None:
    session_id = leave_pending(store, "done already", "not yet done")
    first = store.pending()[0]
    earlier = remembering(f"web.{first.seq}.message-0", card("said before the kill"))
    async with serving(dialogue, store, earlier_answers=earlier) as address, httpx.AsyncClient(base_url=address) as http:
        rows = await Visitor(http, Tokens(KEY).sign(session_id)).messages(4)
    assert [words(row) for row in rows if row["who"] == "bot"] == ["said before the kill", "heard: not yet done"]
    assert [text for _, text, _ in dialogue.heard] == ["not yet done"]


async def test_answers_of_a_finished_turn_are_taken_from_the_tracker_of_the_agent(store: Store, dialogue: Dialogue) -> None:
    session_id = leave_pending(store, "done already")
    (left,) = store.pending()
    trackers = InMemoryTrackerStore(Domain.empty())
    events = [
        UserUttered("done already", input_channel="web", message_id=f"web.{left.seq}.{left.client_msg_id}"),
        BotUttered(data={"custom": card("kept in the tracker").to_json()}),
    ]
    await trackers.save(DialogueStateTracker.from_events(left.sender_id, events))
    made = app(dialogue, store)
    made.ctx.agent = SimpleNamespace(tracker_store=trackers)
    async with serving(dialogue, store, made=made) as address, httpx.AsyncClient(base_url=address) as http:
        rows = await Visitor(http, Tokens(KEY).sign(session_id)).messages(2)
    assert words(rows[1]) == "kept in the tracker" and dialogue.heard == []


async def test_a_new_message_waits_behind_what_was_left_pending(store: Store, dialogue: Dialogue) -> None:
    session_id = leave_pending(store, "left over")
    async with serving(dialogue, store) as address, httpx.AsyncClient(base_url=address) as http:
        visitor = Visitor(http, Tokens(KEY).sign(session_id))
        await visitor.say("new")
        await visitor.messages(4)
    assert [text for _, text, _ in dialogue.heard] == ["left over", "new"]


async def test_what_nobody_can_read_any_more_is_laid_to_rest(store: Store, dialogue: Dialogue) -> None:
    leave_pending(store, "too late")
    later = datetime.now(timezone.utc) + timedelta(hours=2)
    async with serving(dialogue, store, now=lambda: later):
        pass
    assert store.pending() == () and dialogue.heard == []


@pytest.mark.parametrize("text", ["", "/why"])
async def test_what_was_typed_means_the_same_after_a_restart(store: Store, dialogue: Dialogue, text: str) -> None:
    session_id = leave_pending(store, text)
    async with serving(dialogue, store) as address, httpx.AsyncClient(base_url=address) as http:
        await Visitor(http, Tokens(KEY).sign(session_id)).messages(2)
    assert [said for _, said, _ in dialogue.heard] == ["/ask_why" if text else ""]
