"""Typed words are words; only a few slash commands and the buttons of the chat are more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.core.channels.channel import UserMessage

from bot import names
from bot.channels import commands
from bot.errors import DataError


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/why", "/ask_why"),
        (" /WHY? ", "/ask_why"),
        ("/help", "/help_now"),
        ("/restart", "/restart"),
        ("/more", "/more"),
        ("/another", "/another"),
        ("/pursue", "pursue"),
        ("/why are you like this", "why are you like this"),
        ("//restart", "restart"),
        ('/country{"value":"GB"}', 'country{"value":"GB"}'),
        ("/ /help_now", "help_now"),
        ("he said and/or she", "he said and/or she"),
        ("", ""),
        ("/", ""),
    ],
)
def test_a_typed_slash_names_a_known_command_or_is_dropped(text: str, said: str) -> None:
    assert commands.typed(text) == said


@given(st.text(alphabet=st.one_of(st.sampled_from(" /\t\n\u00a0\u2003\x1cpursue{}"), st.characters())))
def test_nothing_typed_can_name_an_intent_that_is_not_a_command(text: str) -> None:
    said = UserMessage(commands.typed(text)).text or ""
    assert not said.startswith("/") or said[1:] in commands.COMMANDS.values()


@pytest.mark.parametrize(
    "payload", ["/help_now", '/check_in{"value":"7"}', '/check_in{"value":7}', '/start_practice{"value":"alone_on_purpose"}']
)
def test_a_payload_of_a_button_is_taken_unchanged(payload: str) -> None:
    assert commands.pressed(payload) == payload


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "help_now",
        "/pursue",
        "/danger",
        "/session_start",
        "/help_now/restart",
        "/help_now\n",
        '/check_in{"safety_lock":"none"}',
        '/check_in{"value":"7","said":"x"}',
        '/check_in{"value":{"a":1}}',
        '/check_in{"value":true}',
        '/check_in{"value":"<b>"}',
        "/check_in{",
        "/check_in{}",
        "/check_in@0.1",
        f'/check_in{{"value":"{"7" * 60}"}}',
    ],
)
def test_a_payload_that_no_button_carries_is_refused_with_what_was_expected(payload: str) -> None:
    with pytest.raises(DataError, match="Expected a payload that a button of this chat carries"):
        commands.pressed(payload)


def test_every_slash_command_leads_to_an_intent_that_a_button_may_name() -> None:
    assert set(commands.COMMANDS.values()) <= names.PAYLOADS
