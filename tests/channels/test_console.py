from __future__ import annotations

import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from bot import paths
from bot.channels.console import render
from bot.commands.chat import sent
from bot.guidance.values import Bubble, Button, Card, CardKind
from bot.reading.values import Evidence

BUTTONS = (Button("Start", '/start_practice{"value":"x"}'), Button("Why this?", "/ask_why"))
SCALE = (Button("Skip", '/check_in{"value":"skip"}'),)


def shown(card: Card) -> str:
    out = StringIO()
    Console(file=out, width=80, color_system=None).print(render(card))
    return out.getvalue()


@pytest.mark.parametrize(
    ("typed", "buttons", "sends"),
    [
        ("2", BUTTONS, "/ask_why"),
        ("3", BUTTONS, "3"),
        ("0", BUTTONS, "0"),
        ("7", SCALE, "7"),
        ("1", SCALE, "1"),
        ("#1", SCALE, '/check_in{"value":"skip"}'),
        ("/why", (), "/ask_why"),
        ("/pursue", BUTTONS, "pursue"),
        ("he left", BUTTONS, "he left"),
    ],
)
def test_a_typed_line_sends_what_the_person_means(typed: str, buttons: tuple[Button, ...], sends: str) -> None:
    assert sent(typed, buttons) == sends


def test_a_card_shows_every_word_its_steps_and_numbered_buttons() -> None:
    naming = Bubble("naming", "You close it: “texted him”.", words=(Evidence(3, 13, "texted him"),))
    steps = Bubble("steps", "One message", steps=("Write two lines.", "Send it once."))
    text = shown(Card(CardKind.COACH, (naming, steps), BUTTONS))
    for words in ("You close it: “texted him”.", "1. Write two lines.", "2. Send it once.", "[1] Start", "[2] Why this?"):
        assert words in text


def test_on_a_scale_buttons_are_told_apart_from_the_number_asked_for() -> None:
    assert "[#1] Skip" in shown(Card(CardKind.CHECK_IN, (Bubble("check_in", "0 to 10?"),), SCALE, scale=True))


def test_words_that_look_like_markup_are_shown_as_they_are() -> None:
    assert "[red]x[/red] [1/2]" in shown(Card(CardKind.ASK, (Bubble("ask", "[red]x[/red] [1/2]"),)))


def test_the_terminal_client_talks_explains_and_leaves(trained_model: Path, tmp_path: Path) -> None:
    lines = "he went quiet after dinner and ive texted him five times\nno\n/why\nhelp\n/quit\n"
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "chat"], input=lines, cwd=paths.root(), capture_output=True, text=True, timeout=240,
        env={**os.environ, "MIDDLE_GROUND_VAR": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "texted him five times" in done.stdout
    assert "paragraph" in done.stdout or "outside the articles" in done.stdout
    assert "findahelpline.com" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_timer_is_shown_as_its_length() -> None:
    assert "⏱ 1:30" in shown(Card(CardKind.EXERCISE, (Bubble("question", "Breathe."),), minutes=1.5))
    assert "⏱" not in shown(Card(CardKind.EXERCISE, (Bubble("question", "Breathe."),)))
