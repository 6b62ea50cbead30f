from __future__ import annotations

import json
from io import StringIO

import pytest
from rich.console import Console

from bot.channels.console import render
from bot.guidance import choose
from bot.guidance.library import library
from bot.guidance.values import Card
from bot.reading.values import Actor, Coach, PartnerMove, Reading, Safety, Side
from bot.safety.values import Lock, SafetyReading, clear

CLEARANCE = clear(Lock(), SafetyReading())
READINGS = {
    "own reach": Reading(Side.PURSUE, Actor.SELF, PartnerMove.NONE, Coach.ANXIOUS, (), 0.9, Safety.NONE),
    "own retreat": Reading(Side.WITHDRAW, Actor.SELF, PartnerMove.NONE, Coach.AVOIDANT, (), 0.9, Safety.NONE),
    "their reach": Reading(Side.NEITHER, Actor.PARTNER, PartnerMove.PURSUE, Coach.AVOIDANT, (), 0.9, Safety.NONE),
    "their retreat": Reading(Side.NEITHER, Actor.PARTNER, PartnerMove.WITHDRAW, Coach.ANXIOUS, (), 0.9, Safety.NONE),
}


def console(card: Card) -> str:
    out = StringIO()
    Console(file=out, width=200, color_system=None).print(render(card))
    return out.getvalue()


def fits(card: Card) -> None:
    """What any channel may rely on: it travels as JSON, it is short, each bubble is, and each payload is."""
    assert Card.from_json(json.loads(json.dumps(card.to_json()))) == card
    assert card.words <= 110
    assert all(len(bubble.text.split()) <= 60 for bubble in (*card.bubbles, *card.more))
    assert all(len(button.payload.encode()) <= 64 and button.title for button in card.buttons)
    text = " ".join(console(card).split())
    for bubble in card.bubbles:
        for words in (bubble.text, *bubble.steps):
            assert " ".join(words.split()) in text


@pytest.mark.parametrize("practice", sorted(library().practices))
def test_every_practice_renders_whole_in_the_terminal_and_as_json(practice: str) -> None:
    assert CLEARANCE is not None
    fits(choose.steps(practice, clearance=CLEARANCE, seed="render"))


@pytest.mark.parametrize("moment", READINGS)
def test_forty_answers_in_a_row_fit_every_channel(moment: str) -> None:
    assert CLEARANCE is not None
    said: list[str] = []
    for _ in range(40):
        card = choose.coach(READINGS[moment], clearance=CLEARANCE, said=said, seed="render")
        fits(card)
        assert card.words <= 90
        said = [*(line for line in said if line not in card.lines), *card.lines]
