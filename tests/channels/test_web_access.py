"""Who gets in: only with a session that this server signed, and only into one's own."""

from __future__ import annotations

import httpx
import pytest

from bot.channels.web_session import Tokens
from bot.errors import DataError
from bot.store.store import Store
from tests.channels.stand_in import KEY, Dialogue, serving
from tests.channels.web_client import Visitor, visit


def _tampered(token: str) -> list[str]:
    payload, at, signature = token.split(".")
    return [
        "x",
        payload,
        f"{payload}.{at}.{'A' * len(signature)}",
        f"{payload[:-1]}{'A' if payload[-1] != 'A' else 'B'}.{at}.{signature}",
        f"{payload}.AAAAAA.{signature}",
        Tokens("another key, and long enough for one").sign("web:anything"),
    ]


async def test_a_token_that_was_changed_or_made_elsewhere_opens_nothing(visitor: Visitor, dialogue: Dialogue) -> None:
    for token in _tampered(visitor.token):
        headers = {"Authorization": f"Bearer {token}"}
        message = {"client_msg_id": "forged-one", "text": "let me in"}
        assert (await visitor.http.post("/messages", json=message, headers=headers)).status_code == 401, token
        assert (await visitor.http.get("/events", headers=headers)).status_code == 401, token
    assert dialogue.heard == []


@pytest.mark.parametrize("header", [None, "", "Bearer", "Basic abc"])
async def test_no_session_is_an_error_that_says_where_to_get_one(http: httpx.AsyncClient, header: str | None) -> None:
    answer = await http.get("/events", headers={} if header is None else {"Authorization": header})
    assert answer.status_code == 401 and "POST /session" in answer.json()["expected"]


async def test_a_signed_id_of_no_session_opens_nothing(http: httpx.AsyncClient) -> None:
    token = Tokens(KEY).sign("never-opened")
    assert (await http.get("/events", headers={"Authorization": f"Bearer {token}"})).status_code == 401


async def test_the_client_cannot_choose_whose_conversation_it_is(http: httpx.AsyncClient, dialogue: Dialogue) -> None:
    first = await visit(http)
    await first.say("mine")
    await first.messages(2)
    sender = dialogue.heard[0][0]
    opened = await http.post("/session", json={"session": first.token, "sender": sender, "sender_id": sender})
    second = Visitor(http, opened.json()["session"])
    await second.say("theirs")
    rows = await second.messages(2)
    assert dialogue.heard[1][0] != sender and rows[0]["text"] == "theirs"
    assert sender not in first.token and sender not in opened.text


async def test_an_erased_session_opens_nothing(visitor: Visitor, dialogue: Dialogue, store: Store) -> None:
    await visitor.say("hello")
    await visitor.messages(2)
    store.erase(dialogue.heard[0][0])
    assert (await visitor.post(text="again")).status_code == 401


async def test_production_without_a_key_does_not_start(store: Store, dialogue: Dialogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIDDLE_GROUND_ENV", "production")
    monkeypatch.delenv("MIDDLE_GROUND_SECRET", raising=False)
    with pytest.raises(DataError, match="MIDDLE_GROUND_SECRET"):
        async with serving(dialogue, store, key=None):
            pass
