"""Server-sent events: what is in the log is replayed, then followed. The log is the truth; nothing is queued per reader."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.store.store import Entry, Store, WebSession

HEARTBEAT_SECONDS = 15.0
RETRY_MILLISECONDS = 2000
AT_ONCE = 200
MOST_STREAMS = 20


@dataclass
class _Room:
    """The open streams of one session, each with the flag that wakes it; *typing*: an answer is being made."""

    streams: set[asyncio.Event] = field(default_factory=set)
    typing: bool = False


class Feed:
    """Wakes the streams of a session. A reader that is slow or gone holds up nobody: it only reads the log later."""

    def __init__(self) -> None:
        self._rooms: dict[str, _Room] = {}
        self.closed = False

    @contextmanager
    def listening(self, session_id: str) -> Iterator[asyncio.Event]:
        """Give the flag that is set whenever there is something new for *session_id*."""
        room = self._rooms.setdefault(session_id, _Room())
        wake = asyncio.Event()
        room.streams.add(wake)
        try:
            yield wake
        finally:
            room.streams.discard(wake)
            self._forget(session_id)

    def streams(self, session_id: str) -> int:
        """Return how many streams of *session_id* are open."""
        return len(self._rooms[session_id].streams) if session_id in self._rooms else 0

    def typing(self, session_id: str) -> bool:
        """Return whether an answer is being made in *session_id*."""
        return session_id in self._rooms and self._rooms[session_id].typing

    def tell(self, session_id: str, *, typing: bool | None = None) -> None:
        """Wake the streams of *session_id*: the log grew, or an answer begins or ends (*typing*)."""
        room = self._rooms.setdefault(session_id, _Room())
        if typing is not None:
            room.typing = typing
        for wake in room.streams:
            wake.set()
        self._forget(session_id)

    def close(self) -> None:
        """End every stream, so that the server can stop at once."""
        self.closed = True
        for room in self._rooms.values():
            for wake in room.streams:
                wake.set()

    def _forget(self, session_id: str) -> None:
        room = self._rooms.get(session_id)
        if room and not room.streams and not room.typing:
            del self._rooms[session_id]


async def follow(
    store: Store,
    feed: Feed,
    session: WebSession,
    after: int,
    *,
    heartbeat: float = HEARTBEAT_SECONDS,
    now: Callable[[], datetime],
) -> AsyncGenerator[str, None]:
    """Yield the events of *session* after number *after*, oldest first, and go on until it ends or the server stops."""
    yield f"retry: {RETRY_MILLISECONDS}\n\n"
    typing = live = False
    with feed.listening(session.id) as wake:
        while not feed.closed:
            wake.clear()
            entries = await asyncio.to_thread(store.log_after, session.id, after, AT_ONCE)
            for entry in entries:
                yield message(entry)
                after = entry.seq
            if len(entries) == AT_ONCE:
                continue
            if not live:
                live = True
                yield event("live", {})
            if feed.typing(session.id) != typing:
                typing = not typing
                yield event("typing", {"on": typing})
            if now() >= session.expires_at:
                yield event("expired", {})
                return
            try:
                await asyncio.wait_for(wake.wait(), heartbeat)
            except asyncio.TimeoutError:
                yield ": still here\n\n"


def message(entry: Entry) -> str:
    """Return *entry* of the log as one event: the person's own words, or a card."""
    body = entry.body
    row: dict[str, Any] = {"seq": entry.seq}
    if entry.direction == "user":
        row |= {"who": "you", "client_msg_id": entry.client_msg_id, "text": body.get("text", "")}
        row |= {name: body[name] for name in ("payload", "card") if name in body}
    else:
        row |= {"who": "bot", "card": body.get("card", body)}
    return event("message", row, number=entry.seq)


def event(name: str, row: dict[str, Any], *, number: int | None = None) -> str:
    """Return one server-sent event. JSON in ASCII holds no line break, so that no text can forge a second event."""
    numbered = f"id: {number}\n" if number is not None else ""
    return f"{numbered}event: {name}\ndata: {json.dumps(row, ensure_ascii=True)}\n\n"


def utc_now() -> datetime:
    """Return the time, UTC."""
    return datetime.now(timezone.utc)
