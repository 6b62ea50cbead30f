"""Answers as they are said back: no fillers, "I" large, and "you" in words to the partner."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.guidance.skills.tidy import neat, to_partner

NEED = ("i need", "i want")
FELT = ("i feel", "i felt", "i'm", "i was")


@pytest.mark.parametrize(
    ("typed", "leads", "told"),
    [
        ("idk him ignoring me i guess", (), "him ignoring me"),
        ("like shit tbh", FELT, "like shit"),
        ("idk just for him to care?", NEED, "for him to care?"),
        ("he could idk text me back or something", (), "he could text me back"),
        ("i just want him to ask me how i am", NEED, "for him to ask me how I am"),
        ("idk why he left", (), "I don't know why he left"),
        ("i felt like i dont matter lol", FELT, "like I don't matter"),
        ("im not enough", FELT, "not enough"),
        ("a card. or a call", (), "a card, or a call"),
        ("SHE HAS TO ANSWER ME", (), "she has to answer me"),
        ("ill be at my mums", (), "I'll be at my mum's"),
        ("idk", NEED, "I don't know"),
        ("i need", NEED, "I need"),
        ("No me habló en toda la noche", FELT, "No me habló en toda la noche"),
    ],
)
def test_an_answer_is_said_back_without_fillers(typed: str, leads: tuple[str, ...], told: str) -> None:
    assert neat(typed, leads) == told


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("she rolled her eyes", "you rolled your eyes"),
        ("he's always on his phone", "you're always on your phone"),
        ("he's left me on read", "you've left me on read"),
        ("He comes in and hugs me", "You come in and hug me"),
        ("that she trusts me", "that you trust me"),
        ("when he doesn't say goodnight", "when you don't say goodnight"),
        ("she cries", "you cry"),
        ("they never text first", "you never text first"),
        ("for her to remember", "for you to remember"),
        ("him texting me back", "you texting me back"),
        ("my wife keeps calling me at work", "you keep calling me at work"),
        ("my boyfriend's phone buzzed and he smiled", "your phone buzzed and you smiled"),
        ("she's upstairs with the baby", "you're upstairs with the baby"),
        ("at my sister's, he stays home", "at my sister's, you stay home"),
        ("a hug", "a hug"),
    ],
)
def test_the_partner_is_you_in_words_to_them(told: str, said: str) -> None:
    assert to_partner(told) == said


@pytest.mark.parametrize(
    "told",
    [
        "her mum said he was too much",
        "my sister said she saw them",
        "she told him he was late",
        'he said "she can leave"',
        "that you say hello when he comes in",
        "my friends came and they laughed",
    ],
)
def test_it_stays_as_it_is_where_he_may_be_somebody_else(told: str) -> None:
    assert to_partner(told) == told


@given(st.text(max_size=200))
def test_any_text_comes_back_as_a_text(typed: str) -> None:
    told = neat(typed, (*NEED, *FELT))
    assert isinstance(to_partner(told), str)
    assert bool(told.strip()) or not any(sign.isalnum() for sign in typed)
