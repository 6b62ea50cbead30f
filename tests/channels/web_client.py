"""What a page does, in Python: open a session, post, follow the events."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx

_ids = count(1)


@dataclass
class Visitor:
    """One tab. *token* is its session; *seen* the numbers of the events that arrived."""

    http: httpx.AsyncClient
    token: str
    seen: list[int] = field(default_factory=list)

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def post(self, **message: Any) -> httpx.Response:
        message.setdefault("client_msg_id", f"message-{next(_ids)}")
        return await self.http.post("/messages", json=message, headers=self.bearer)

    async def say(self, text: str) -> int:
        answer = await self.post(text=text)
        assert answer.status_code == 202, answer.text
        seq: int = answer.json()["seq"]
        return seq

    @asynccontextmanager
    async def events(self, after: int | None = None, **headers: str) -> AsyncIterator[AsyncIterator[tuple[str, dict[str, Any]]]]:
        """Follow the stream after *after* (default: after what was seen)."""
        last = str(after if after is not None else max(self.seen, default=0))
        async with self.http.stream("GET", "/events", headers={**self.bearer, "Last-Event-ID": last, **headers}) as answer:
            assert answer.status_code == 200, await answer.aread()
            assert answer.headers["content-type"].startswith("text/event-stream")
            yield self._read(answer)

    async def messages(self, number: int, after: int | None = None) -> list[dict[str, Any]]:
        """Return the next *number* messages."""
        found: list[dict[str, Any]] = []
        async with self.events(after) as stream:
            async for name, row in stream:
                if name == "message":
                    found.append(row)
                    if len(found) == number:
                        return found
        raise AssertionError(f"the stream ended after {len(found)} of {number} messages")

    async def _read(self, answer: httpx.Response) -> AsyncIterator[tuple[str, dict[str, Any]]]:
        name, number, data = "", 0, ""
        async for line in answer.aiter_lines():
            kind, _, value = line.partition(": ")
            if kind == "event":
                name = value
            elif kind == "id":
                number = int(value)
            elif kind == "data":
                data = value
            elif not line and name:
                row = json.loads(data)
                if name == "message":
                    assert number == row["seq"]
                    self.seen.append(number)
                yield name, row
                name, number, data = "", 0, ""


async def visit(http: httpx.AsyncClient) -> Visitor:
    answer = await http.post("/session")
    assert answer.status_code == 200
    return Visitor(http, answer.json()["session"])


def words(row: dict[str, Any]) -> str:
    """What a message says, the person's or the bot's."""
    return row["text"] if row["who"] == "you" else " ".join(bubble["text"] for bubble in row["card"]["bubbles"])
