"""From what the dialogue uttered to the cards that a channel shows. No Rasa: plain values in, plain values out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.guidance.values import Bubble, Button, Card, CardKind


def cards(messages: Iterable[Mapping[str, Any]]) -> list[Card]:
    """Return one card for each message of an output collector (``custom``, or ``text`` and ``buttons``).

    Raises KeyError, TypeError or ValueError where a custom message is not a card.
    """
    found = []
    for message in messages:
        custom = message.get("custom")
        if custom:
            found.append(Card.from_json(custom.get("card", custom)))
        elif message.get("text"):
            found.append(_plain(message))
    return found


def earlier(events: Sequence[Mapping[str, Any]], message_id: str) -> list[Card] | None:
    """Return what the bot answered to the message *message_id*, from the *events* of its tracker.

    None when the message is not there: its turn was never finished, and may be run.
    """
    start = next(
        (at for at, one in enumerate(events) if one.get("event") == "user" and one.get("message_id") == message_id), None
    )
    if start is None:
        return None
    messages = []
    for event in events[start + 1 :]:
        if event.get("event") == "user":
            break
        if event.get("event") == "bot":
            messages.append({"text": event.get("text"), **(event.get("data") or {})})
    return cards(messages)


def _plain(message: Mapping[str, Any]) -> Card:
    buttons = tuple(Button(str(one["title"]), str(one["payload"])) for one in message.get("buttons") or ())
    return Card(CardKind.EVERYDAY, (Bubble("text", str(message["text"])),), buttons)
