"""Times as people write them, in lengths and on the clock."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.guidance.times import minutes_until, told, told_at

AFTERNOON = datetime(2026, 1, 1, 14, 10)
NIGHT = datetime(2026, 1, 2, 2, 5)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("in 20 minutes", 20), ("20", 20), ("half an hour", 30), ("an hour", 60), ("an hour and a half", 90), ("2h", 120),
        ("a couple of hours", 120), ("overnight", 720), ("24 hours", 1440), ("forty-five minutes", 45),
        ("tomorrow at noon", 1310),
        ("at 9", 410), ("9pm", 410), ("half past nine", 440), ("quarter to 8 pm", 335), ("tomorrow at 8", 1070),
        ("tonight at 9", 410), ("at nine", 410), ("1:30", 680),
    ],
)  # fmt: skip
def test_a_time_is_read_from_two_in_the_afternoon(text: str, minutes: float) -> None:
    assert minutes_until(text, AFTERNOON) == minutes


@pytest.mark.parametrize("text", ["soon", "when I am ready", "later", "never", "", "???", "he left at some point", "99:99"])
def test_what_is_no_time_is_none(text: str) -> None:
    assert minutes_until(text, AFTERNOON) is None


def test_the_next_one_is_always_ahead() -> None:
    for text in ("at 2", "2 am", "at 3", "midnight", "noon", "at 12"):
        found = minutes_until(text, NIGHT)
        assert found is not None and 0 < found <= 24 * 60, text


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(1, "1 minute"), (20, "20 minutes"), (60, "one hour"), (90, "1.5 hours"), (75, "1 hour and 15 minutes")],
)
def test_a_length_is_told_in_words(minutes: float, words: str) -> None:
    assert told(minutes) == words


def test_an_hour_of_the_day_is_told_as_people_say_it() -> None:
    assert "3" in told_at(60, AFTERNOON) and "pm" in told_at(60, AFTERNOON)


@given(st.text(max_size=60))
def test_any_text_gives_a_time_ahead_or_none(text: str) -> None:
    found = minutes_until(text, NIGHT)
    assert found is None or found >= 0
