"""What a person may say to the program with a slash or a button, the same in every channel. No Rasa."""

from __future__ import annotations

import json
import re
from collections.abc import Collection

from bot import names
from bot.errors import DataError

MOST_PAYLOAD_BYTES = 64
# Slash commands that may be typed. Nothing else that is typed reaches an intent by its name.
COMMANDS = {
    "why": names.INTENT_ASK_WHY,
    "help": names.INTENT_HELP_NOW,
    "restart": names.INTENT_RESTART,
    "more": names.INTENT_MORE,
    "another": names.INTENT_ANOTHER,
    "know": names.INTENT_KNOW,
    "what do you know": names.INTENT_KNOW,
    "what do you know about me": names.INTENT_KNOW,
}
_COMMAND = re.compile(r"/\s*(\w+(?:\s+\w+){0,5})[\s.!?]*\Z")
_PAYLOAD = re.compile(r"/(\w+)(\{.*\})?\Z", re.ASCII)
_VALUE = re.compile(r"[A-Za-z0-9_.:-]{1,48}\Z")
_SLASHES = re.compile(r"[\s/]+")


def typed(text: str) -> str:
    """Return what the dialogue gets for *text* that a person typed.

    A known slash command becomes its intent; any other text that begins with a slash loses it, so that
    typed words are always read as words and never name an intent.
    """
    stripped = text.strip()
    if command := _COMMAND.match(stripped):
        intent = COMMANDS.get(" ".join(command.group(1).lower().split()))
        if intent:
            return f"/{intent}"
    # Every leading space and slash goes, not only the first: what follows is stripped again further on.
    return _SLASHES.sub("", stripped, count=1) if stripped.startswith("/") else text


def pressed(payload: str, allowed: Collection[str] = names.PAYLOADS) -> str:
    """Return *payload* of a button when it names one of *allowed* and carries one plain value at most.

    Raises DataError that says what was expected.
    """
    expected = 'a payload that a button of this chat carries, such as /help_now or /check_in{"value":"7"}'
    found = _PAYLOAD.match(payload)
    if len(payload.encode("utf-8", "replace")) > MOST_PAYLOAD_BYTES or not found or found.group(1) not in allowed:
        raise DataError("payload is not one of the buttons", expected=expected)
    if found.group(2) and not _one_value(found.group(2)):
        raise DataError("payload carries something else than one value", expected=expected)
    return payload


def name_of(payload: str) -> str:
    """Return the name that *payload* (checked by `pressed`) carries, ``help_now`` of ``/help_now``."""
    return payload[1:].partition("{")[0]


def _one_value(body: str) -> bool:
    # Any other key would fill a slot of the dialogue from outside.
    try:
        found = json.loads(body)
    except ValueError:
        return False
    if list(found) != [names.ENTITY_VALUE]:
        return False
    value = found[names.ENTITY_VALUE]
    return isinstance(value, (str, int)) and not isinstance(value, bool) and bool(_VALUE.match(str(value)))
