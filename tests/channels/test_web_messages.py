"""Messages up: what is taken, what is refused, and that it is kept and answered once and in order."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import httpx
import pytest

from bot.channels import web_inbox
from bot.channels.web_session import Tokens
from bot.store.store import Store
from tests.channels.stand_in import KEY, Dialogue, serving
from tests.channels.web_client import Visitor, visit, words


async def test_a_message_is_shown_back_and_answered_with_a_card(visitor: Visitor) -> None:
    seq = await visitor.say("he texted nothing all day")
    mine, card = await visitor.messages(2)
    assert (mine["who"], mine["seq"], mine["text"]) == ("you", seq, "he texted nothing all day")
    assert card["who"] == "bot" and [bubble["part"] for bubble in card["card"]["bubbles"]] == [
        "validation", "naming", "practice", "reframe", "question",
    ]  # fmt: skip


async def test_a_button_carries_its_payload_and_shows_its_title(visitor: Visitor, dialogue: Dialogue) -> None:
    assert (await visitor.post(payload='/check_in{"value":"7"}', title="7", card=12)).status_code == 202
    mine, _ = await visitor.messages(2)
    assert (mine["text"], mine["payload"], mine["card"]) == ("7", '/check_in{"value":"7"}', 12)
    assert dialogue.heard[0][1] == '/check_in{"value":"7"}'


async def test_a_typed_payload_is_read_as_words(visitor: Visitor, dialogue: Dialogue) -> None:
    await visitor.say(' //start_practice{"value":"x"}')
    mine, _ = await visitor.messages(2)
    assert mine["text"] == ' //start_practice{"value":"x"}'
    assert dialogue.heard[0][1] == 'start_practice{"value":"x"}'


async def test_typed_why_asks_why(visitor: Visitor, dialogue: Dialogue) -> None:
    await visitor.say("/why")
    await visitor.messages(2)
    assert dialogue.heard[0][1] == "/ask_why"


async def test_the_same_message_sent_twice_is_answered_once(visitor: Visitor, dialogue: Dialogue) -> None:
    answers = await asyncio.gather(*(visitor.post(client_msg_id="the-same-one", text="hello") for _ in range(5)))
    assert {answer.status_code for answer in answers} == {202}
    assert sorted(answer.json()["duplicate"] for answer in answers) == [False, True, True, True, True]
    await visitor.messages(2)
    await visitor.say("after it")
    assert [words(row) for row in await visitor.messages(2)] == ["after it", "heard: after it"]
    assert [text for _, text, _ in dialogue.heard] == ["hello", "after it"]


async def test_twenty_rapid_messages_are_answered_in_the_order_in_which_they_were_taken(
    visitor: Visitor, dialogue: Dialogue
) -> None:
    answers = await asyncio.gather(*(visitor.post(text=f"a turn of {number}") for number in range(20)))
    rows = await visitor.messages(40)
    taken = [row["text"] for row in rows if row["who"] == "you"]
    assert len({answer.json()["seq"] for answer in answers}) == 20
    assert [text for _, text, _ in dialogue.heard] == taken
    assert [words(row) for row in rows if row["who"] == "bot"] == [f"heard: {text}" for text in taken]


async def test_every_turn_has_an_id_of_its_own_also_across_sessions(http: httpx.AsyncClient, dialogue: Dialogue) -> None:
    one, other = await visit(http), await visit(http)
    for visitor in (one, other):
        await visitor.post(client_msg_id="first-message", text="hello")
        await visitor.messages(2)
    assert len({message_id for _, _, message_id in dialogue.heard}) == 2
    assert len({sender for sender, _, _ in dialogue.heard}) == 2


async def test_another_conversation_is_answered_while_one_hangs(http: httpx.AsyncClient, dialogue: Dialogue) -> None:
    slow, quick = await visit(http), await visit(http)
    await slow.say("wait here")
    await quick.say("hello")
    assert words((await quick.messages(2))[1]) == "heard: hello"
    dialogue.held.set()
    assert words((await slow.messages(2))[1]) == "heard: wait here"


ODD = {
    "nothing": "", "spaces": "   ", "null byte": "\x00", "emoji": "🙂" * 4000, "very long": "x" * 20_000,
    "half a surrogate pair": "\ud800 half", "right to left": "\u202eright to left",
}  # fmt: skip


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
async def test_odd_texts_are_taken_and_answered(visitor: Visitor, text: str) -> None:
    spelled = json.dumps({"client_msg_id": "odd-text-1", "text": text}, ensure_ascii="\ud800" in text)
    answer = await visitor.http.post("/messages", content=spelled.encode(), headers=visitor.bearer)
    assert answer.status_code == 202
    assert (await visitor.messages(2))[1]["who"] == "bot"


@pytest.mark.parametrize(
    ("body", "status", "expected"),
    [
        (b"", 400, "a JSON object"),
        (b"{", 400, "a JSON object"),
        (b"[1]", 400, "a JSON object"),
        (b"\xff\xfe", 400, "a JSON object"),
        (b"[" * 60_000, 400, "a JSON object"),
        (b'{"text": "hi"}', 400, "8 to 64 letters"),
        (b'{"client_msg_id": "short", "text": "hi"}', 400, "8 to 64 letters"),
        (b'{"client_msg_id": "../../etc/x", "text": "hi"}', 400, "8 to 64 letters"),
        (b'{"client_msg_id": "long-enough"}', 400, "either text"),
        (b'{"client_msg_id": "long-enough", "text": "a", "payload": "/more"}', 400, "either text"),
        (b'{"client_msg_id": "long-enough", "text": 7}', 400, "a text"),
        (b'{"client_msg_id": "long-enough", "text": "a", "sender": "web:other"}', 400, "only card, client_msg_id"),
        (b'{"client_msg_id": "long-enough", "payload": "/pursue"}', 400, "the payload of a button"),
        (b'{"client_msg_id": "long-enough", "payload": "/country{\\"safety_lock\\":[]}"}', 400, "the payload of a button"),
        (b'{"client_msg_id": "long-enough", "payload": null}', 400, "the payload of a button"),
        (b'{"client_msg_id": "long-enough", "payload": "/more", "card": -1}', 400, "the seq of the card"),
        (b'{"client_msg_id": "long-enough", "payload": "/more", "title": "' + b"x" * 200 + b'"}', 413, "at most 80"),
        (b'{"client_msg_id": "long-enough", "text": "' + b"x" * 20_001 + b'"}', 413, "at most 20000"),
        (b'{"client_msg_id": "long-enough", "text": "' + b"x" * 70_000 + b'"}', 413, "at most 65536 bytes"),
    ],
    ids=lambda value: str(value[:40]) if isinstance(value, bytes) else None,
)
async def test_what_cannot_be_taken_is_refused_with_what_was_expected(
    visitor: Visitor, dialogue: Dialogue, body: bytes, status: int, expected: str
) -> None:
    answer = await visitor.http.post("/messages", content=body, headers=visitor.bearer)
    assert answer.status_code == status
    assert set(answer.json()) == {"error", "expected"} and expected in answer.json()["expected"]
    assert dialogue.heard == []


async def test_a_large_body_without_a_length_is_refused_too(visitor: Visitor) -> None:
    async def endless() -> Any:
        for _ in range(40):
            yield b"x" * 4096

    answer = await visitor.http.post("/messages", content=endless(), headers=visitor.bearer)
    assert answer.status_code == 413 and answer.json()["expected"].startswith(f"at most {web_inbox.MOST_BYTES} bytes")


async def test_a_flood_is_slowed_down_and_nothing_accepted_is_lost(visitor: Visitor, dialogue: Dialogue) -> None:
    await visitor.say("wait here")
    answers = [await visitor.post(text=f"flood {number}") for number in range(60)]
    assert {answer.status_code for answer in answers} == {202, 429}
    assert answers[-1].json()["expected"] == "the same message again in a few seconds"
    dialogue.held.set()
    taken = 1 + sum(answer.status_code == 202 for answer in answers)
    assert len(await visitor.messages(2 * taken)) == 2 * taken


async def test_a_turn_that_goes_wrong_gets_a_kind_line_and_leaves_no_words_in_the_log(
    visitor: Visitor, dialogue: Dialogue, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await visitor.say("go wrong with my secret")
    _, card = await visitor.messages(2)
    assert "on my side" in words(card) or "stumbled" in words(card)
    assert "could not be answered: ValueError at stand_in.py" in caplog.text
    assert "secret" not in caplog.text
    await visitor.say("and on")
    assert words((await visitor.messages(2))[1]) == "heard: and on"


async def test_a_turn_without_an_answer_is_not_left_in_silence(visitor: Visitor) -> None:
    await visitor.say("say nothing")
    assert (await visitor.messages(2))[1]["card"]["bubbles"][0]["part"] == "fault"


async def test_a_message_is_in_the_store_before_it_is_acknowledged(visitor: Visitor, dialogue: Dialogue, store: Store) -> None:
    seq = await visitor.say("wait here")
    assert [(left.seq, left.body["text"]) for left in store.pending()] == [(seq, "wait here")]
    dialogue.held.set()


async def test_the_country_that_was_chosen_goes_with_each_message(store: Store) -> None:
    seen: list[Any] = []

    async def listen(message: Any) -> None:
        seen.append((message.input_channel, message.metadata))
        await message.output_channel.send_text_message(message.sender_id, "ok")

    async with serving(listen, store) as address, httpx.AsyncClient(base_url=address) as http:
        visitor = await visit(http)
        await visitor.say("one")
        await visitor.messages(2)
        session_id = Tokens(KEY).session_id(visitor.token, max_age=60)
        assert session_id is not None
        store.set_country(session_id, "GB")
        await visitor.say("two")
        await visitor.messages(2)
    assert seen == [("web", {}), ("web", {"country": "GB"})]
