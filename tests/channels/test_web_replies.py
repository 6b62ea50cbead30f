"""What the dialogue uttered, as cards; what it had uttered before a crash, found again."""

from __future__ import annotations

import pytest

from bot.channels import replies
from bot.guidance.values import Button, CardKind
from tests.channels.stand_in import HELP, PRACTICE


def test_a_card_arrives_as_it_was_sent_wrapped_or_plain() -> None:
    assert replies.cards([{"custom": HELP.to_json()}, {"custom": {"card": PRACTICE.to_json()}}]) == [HELP, PRACTICE]


def test_a_plain_utterance_becomes_a_card_with_its_buttons() -> None:
    (card,) = replies.cards([{"recipient_id": "x", "text": "Hello", "buttons": [{"title": "Help", "payload": "/help"}]}])
    assert (card.kind, card.bubbles[0].text, card.buttons) == (CardKind.EVERYDAY, "Hello", (Button("Help", "/help"),))


def test_a_custom_message_that_is_no_card_is_an_error() -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        replies.cards([{"custom": {"kind": "dance", "bubbles": []}}])


def test_answers_given_before_a_crash_are_found_by_the_message_they_answer() -> None:
    events = [
        {"event": "user", "text": "one", "message_id": "m1"},
        {"event": "bot", "text": None, "data": {"custom": HELP.to_json()}},
        {"event": "user", "text": "two", "message_id": "m2"},
        {"event": "slot", "name": "said", "value": []},
        {"event": "bot", "text": "plain", "data": {}},
        {"event": "bot", "text": None, "data": {"custom": PRACTICE.to_json()}},
    ]
    assert replies.earlier(events, "m1") == [HELP]
    found = replies.earlier(events, "m2")
    assert found is not None and [card.bubbles[0].text for card in found] == ["plain", PRACTICE.bubbles[0].text]
    assert replies.earlier(events, "m3") is None
