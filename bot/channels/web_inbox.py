"""Reading what a page posts. Every refusal says what was expected; none repeats what was sent."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from bot.channels import commands
from bot.errors import DataError

MOST_BYTES = 64 * 1024
MOST_CHARACTERS = 20_000
MOST_TITLE = 80
_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{8,64}\Z")
_OBJECT = 'a JSON object such as {"client_msg_id": "...", "text": "..."}'
_FIELDS = {"client_msg_id", "text", "payload", "title", "card"}


class Refusal(Exception):
    """A request that is not taken: HTTP *status*, what is wrong (*error*) and what was *expected*."""

    def __init__(self, status: int, error: str, expected: str) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.expected = expected


@dataclass(frozen=True)
class Posted:
    """One message of a person: words they *typed*, or the *payload* of a button.

    *shown* is what their own view shows; *card* the number of the card whose button it was, 0 for none.
    """

    client_msg_id: str
    shown: str
    payload: str = ""
    card: int = 0

    @property
    def said(self) -> str:
        """What the dialogue gets."""
        return self.payload or commands.typed(self.shown)

    def to_json(self) -> dict[str, Any]:
        """Return the message as plain JSON values, empty fields left out."""
        row: dict[str, Any] = {"text": self.shown}
        if self.payload:
            row["payload"] = self.payload
        if self.card:
            row["card"] = self.card
        return row

    @classmethod
    def from_json(cls, client_msg_id: str, row: dict[str, Any]) -> Posted:
        """Rebuild a message from `to_json`."""
        return cls(client_msg_id, row["text"], row.get("payload", ""), row.get("card", 0))


def posted(body: bytes, allowed: Collection[str]) -> Posted:
    """Return the message in *body* (JSON, UTF-8). Raises Refusal where it is not one."""
    row = _object(body)
    if unknown := sorted(str(name)[:20] for name in set(row) - _FIELDS):
        raise Refusal(400, f"unknown field {', '.join(unknown[:3])}", f"only {', '.join(sorted(_FIELDS))}")
    client_id = row.get("client_msg_id")
    if not isinstance(client_id, str) or not _CLIENT_ID.match(client_id):
        raise Refusal(400, "client_msg_id is missing or not right", "8 to 64 letters, digits, - or _, new for each message")
    card = row.get("card", 0)
    if isinstance(card, bool) or not isinstance(card, int) or not 0 <= card < 2**53:
        raise Refusal(400, "card is not right", "the seq of the card whose button was pressed")
    if ("text" in row) == ("payload" in row):
        raise Refusal(400, "text and payload are both there or both missing", "either text (typed words) or payload (a button)")
    if "text" in row:
        return Posted(client_id, _text(row["text"], "text", MOST_CHARACTERS))
    if not isinstance(row["payload"], str):
        raise Refusal(400, "payload is not a text", "the payload of a button, such as /help_now")
    try:
        payload = commands.pressed(row["payload"], allowed)
    except DataError as error:
        raise Refusal(400, str(error), "the payload of a button, unchanged") from error
    title = _text(row.get("title", ""), "title", MOST_TITLE) or commands.name_of(payload).replace("_", " ")
    return Posted(client_id, title, payload, card)


def _object(body: bytes) -> dict[str, Any]:
    try:
        row = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise Refusal(400, "the body is not JSON in UTF-8", _OBJECT) from error
    if not isinstance(row, dict):
        raise Refusal(400, f"the body is a JSON {type(row).__name__}", _OBJECT)
    return row


def _text(found: object, name: str, most: int) -> str:
    if not isinstance(found, str):
        raise Refusal(400, f"{name} is not a text", "a text; an empty one is fine")
    if len(found) > most:
        raise Refusal(413, f"{name} has {len(found)} characters", f"at most {most}; send it in parts")
    # JSON can spell half a surrogate pair, which no database takes.
    return found.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
