"""Events down: replay, live, several readers, and readers that are slow or gone."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from datetime import datetime, timedelta, timezone

import httpx
import pytest

from bot.store.store import Store
from tests.channels.stand_in import HOSTILE, Dialogue, serving
from tests.channels.web_client import Visitor, visit, words


async def test_what_was_missed_is_replayed_after_the_last_event_and_nothing_twice(visitor: Visitor) -> None:
    await visitor.say("one")
    await visitor.messages(2)
    await visitor.say("two")
    await visitor.say("three")
    missed = await visitor.messages(4)
    assert [words(row) for row in missed if row["who"] == "you"] == ["two", "three"]
    assert visitor.seen == sorted(set(visitor.seen)) and len(visitor.seen) == 6


async def test_a_second_tab_sees_the_same_conversation_live(visitor: Visitor) -> None:
    first, second = asyncio.create_task(visitor.messages(4, after=0)), asyncio.create_task(visitor.messages(4, after=0))
    await visitor.say("one")
    await visitor.say("two")
    assert await first == await second


async def test_after_in_the_address_does_what_the_header_does(visitor: Visitor) -> None:
    seq = await visitor.say("one")
    await visitor.messages(2)
    async with visitor.http.stream("GET", f"/events?after={seq}", headers=visitor.bearer) as answer:
        async for line in answer.aiter_lines():
            if line.startswith("id: "):
                assert int(line[4:]) > seq
                break


@pytest.mark.parametrize("last", ["-1", "abc", "1e9", "9" * 30, "１"])
async def test_a_wrong_last_event_id_is_refused(visitor: Visitor, last: str) -> None:
    answer = await visitor.http.get("/events", params={"after": last}, headers=visitor.bearer)
    assert answer.status_code == 400 and "the last event that arrived" in answer.json()["expected"]


async def test_typing_is_shown_while_an_answer_is_made(visitor: Visitor, dialogue: Dialogue) -> None:
    seen = []
    async with visitor.events() as stream:
        async for name, row in stream:
            if name == "live":
                await visitor.say("wait here")
            if name == "typing":
                seen.append(row["on"])
                dialogue.held.set()
            if name == "message":
                seen.append(row["who"])
            if seen[-1:] == [False]:
                break
    assert sorted(seen, key=str) == [False, True, "bot", "you"] and seen.index(True) < seen.index("bot") < seen.index(False)


async def test_a_reader_that_is_gone_holds_up_nobody(visitor: Visitor) -> None:
    for _ in range(30):
        async with visitor.events() as stream:
            assert (await anext(stream))[0] in ("live", "message")
    await visitor.say("still there?")
    assert words((await visitor.messages(2))[1]) == "heard: still there?"


async def test_a_reader_that_reads_nothing_holds_up_nobody(visitor: Visitor) -> None:
    long = "x" * 15_000
    async with visitor.http.stream("GET", "/events", headers=visitor.bearer):
        for _ in range(40):
            await visitor.say(long)
            await visitor.messages(2)
    assert len(await visitor.messages(80, after=0)) == 80


async def test_too_many_streams_of_one_session_are_refused(visitor: Visitor) -> None:
    async with AsyncExitStack() as tabs:
        open_streams = [await tabs.enter_async_context(visitor.events()) for _ in range(20)]
        for stream in open_streams:
            assert (await anext(stream))[0] == "live"
        answer = await visitor.http.get("/events", headers=visitor.bearer)
    assert answer.status_code == 429


async def test_a_quiet_stream_shows_that_it_lives(store: Store, dialogue: Dialogue) -> None:
    async with serving(dialogue, store, heartbeat=0.05) as address, httpx.AsyncClient(base_url=address) as http:
        visitor = await visit(http)
        async with http.stream("GET", "/events", headers=visitor.bearer) as answer:
            async for line in answer.aiter_lines():
                if line.startswith(": "):
                    return
    raise AssertionError("no heartbeat came")


async def test_a_session_that_ends_says_so_and_is_then_closed(store: Store, dialogue: Dialogue) -> None:
    times = [datetime.now(timezone.utc)]
    async with (
        serving(dialogue, store, heartbeat=0.05, now=lambda: times[0]) as address,
        httpx.AsyncClient(base_url=address) as http,
    ):
        visitor = await visit(http)
        async with visitor.events() as stream:
            assert (await anext(stream))[0] == "live"
            times[0] += timedelta(hours=25)
            assert (await anext(stream))[0] == "expired"
        assert (await visitor.post(text="hello")).status_code == 401


async def test_the_server_stops_at_once_with_streams_open(store: Store, dialogue: Dialogue) -> None:
    http = httpx.AsyncClient()
    async with serving(dialogue, store) as address:
        http.base_url = httpx.URL(address)
        visitor = await visit(http)
        events = visitor.events()
        stream = await events.__aenter__()
        assert (await anext(stream))[0] == "live"
    with pytest.raises((StopAsyncIteration, httpx.HTTPError)):
        await asyncio.wait_for(anext(stream), 5)
    await http.aclose()


async def test_hostile_words_cannot_break_out_of_their_event(visitor: Visitor) -> None:
    forged = 'x\n\nevent: message\ndata: {"seq":99}\r\n\r\n\u2028'
    await visitor.say(forged)
    await visitor.say("be hostile")
    rows = await visitor.messages(4)
    assert [row["text"] for row in rows if row["who"] == "you"] == [forged, "be hostile"]
    assert words([row for row in rows if row["who"] == "bot"][1]) == HOSTILE
