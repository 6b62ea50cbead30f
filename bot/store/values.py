"""The values that the store hands out. All times are UTC and aware."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class CheckIn:
    """How strong it feels, by the person's own word: *value* 0 (calm) to 10 (the most there is).

    *moment* is ``before`` or ``after`` a practice, or ``pulse`` for one of the numbers of the weekly look; *about* names what
    it belongs to (a cue, a practice, or which number of the pulse), or None.
    """

    at: datetime
    moment: str
    value: int
    about: str | None = None


@dataclass(frozen=True)
class Memory:
    """One fact that a person wants remembered for next time. *value* is plain JSON, as `Store.remember` was given it."""

    key: str
    value: Any
    at: datetime


REMINDER_KINDS = ("return", "pulse")  # the return time of a pause; the weekly look at how it goes


@dataclass(frozen=True)
class Reminder:
    """What a person asked to be told at *due*. *kind* is one of `REMINDER_KINDS`; *note* their own words to show then, or "".

    *state* is ``open``, ``claimed`` (a process is about to say it; *claim* is its proof) or ``done``.
    """

    id: int
    sender_id: str
    kind: str
    due: datetime
    note: str
    created_at: datetime
    state: str = "open"
    claim: str = ""


@dataclass(frozen=True)
class WebSession:
    """One visit to the page. *id* is what the signed token carries; *sender_id* names the conversation.

    Neither can be worked out from the other: who sees a sender id cannot open the chat.
    """

    id: str
    sender_id: str
    created_at: datetime
    expires_at: datetime
    country: str | None = None


@dataclass(frozen=True)
class Inbound:
    """A message that was taken and has no answer yet. *seq* is its number in the web log."""

    seq: int
    session_id: str
    sender_id: str
    client_msg_id: str
    body: dict[str, Any]
    created_at: datetime


@dataclass(frozen=True)
class Entry:
    """One line of the web log.

    *direction* is ``user`` or ``bot``; *state* ``pending`` or ``done``; *client_msg_id* is there for the
    person's own messages; *reply_to* the number of the message that a reply answers, where it answers one.
    """

    seq: int
    direction: str
    body: dict[str, Any]
    created_at: datetime
    state: str
    client_msg_id: str | None = None
    reply_to: int | None = None


@dataclass(frozen=True)
class StoredEvent:
    """One event of a conversation. *turn* counts the person's messages up to it; *timestamp* is in seconds since 1970."""

    turn: int
    kind: str
    timestamp: float
    body: dict[str, Any]


@dataclass(frozen=True)
class Conversation:
    """What the store knows of a conversation without its events.

    *snapshot* is a short list of events that leads to the same state as all events of the turns up to
    *window_turn* (-1: it holds none yet); the events of later turns follow it. *cut* is true where the snapshot
    left turns out, *purged* where old events are gone for good.
    """

    sender_id: str
    user_turns: int = 0
    window_turn: int = -1
    snapshot: tuple[dict[str, Any], ...] = ()
    cut: bool = False
    purged: bool = False
