"""One step of an exercise after another: what an answer, a late button, a correction and a skip change."""

from __future__ import annotations

import pytest

from bot.guidance.skills import walk
from bot.guidance.skills.book import skill_book
from bot.guidance.skills.chart import chart
from bot.guidance.skills.values import Place
from bot.safety.values import Lock, SafetyReading, clear
from bot.store.values import CheckIn

CLEARANCE = clear(Lock(), SafetyReading())
assert CLEARANCE is not None
LOOP, SETTLE, PAUSE = (skill_book().skills[name] for name in ("loop", "settle", "pause"))


def at(skill, *answers: str) -> Place:  # type: ignore[no-untyped-def]
    place = walk.begin(skill, clearance=CLEARANCE)
    for answer in answers:
        place = walk.take(skill, place, answer, clearance=CLEARANCE)
    return place


def titles(skill, place: Place) -> list[str]:  # type: ignore[no-untyped-def]
    return [button.title for button in walk.question(skill, place, clearance=CLEARANCE).buttons]


def test_a_late_button_of_an_earlier_question_changes_nothing() -> None:
    place = at(SETTLE, "7", "senses")
    after = walk.pressed(SETTLE, place, "settle.how:breathe", clearance=CLEARANCE)
    assert (after.at, after.answers) == (place.at, place.answers)
    assert walk.pressed(SETTLE, place, "settle.long:5", clearance=CLEARANCE).answers["long"] == "5"


def test_what_was_said_of_one_is_said_of_the_other() -> None:
    place = walk.turned(LOOP, at(LOOP, "I shout", "he leaves"))
    assert "leaves" in place.answers["i_do"]
    assert "shout" in place.answers["they_do"]


def test_going_back_asks_the_last_answer_again_and_keeps_the_others() -> None:
    place = walk.back(LOOP, at(LOOP, "I shout", "he leaves"))
    assert place.at == "they_do"
    assert place.answers == {"i_do": "I shout"}


def test_a_question_that_the_rest_builds_on_cannot_be_skipped() -> None:
    place = walk.skip(LOOP, at(LOOP), clearance=CLEARANCE)
    assert (place.at, place.problem) == ("i_do", "exercise_not_skippable")


@pytest.mark.parametrize(
    ("text", "problem"), [("10 minutes", "exercise_time_range"), ("two days", "exercise_time_range"), ("soon", "exercise_time")]
)
def test_a_pause_lasts_from_twenty_minutes_to_a_day(text: str, problem: str) -> None:
    place = walk.take(PAUSE, at(PAUSE, "pause", "either"), text, clearance=CLEARANCE)
    assert (place.at, place.problem) == ("long", problem)


def test_what_helped_before_is_offered_first() -> None:
    first = SETTLE.step("how").choices[0]
    last = SETTLE.step("how").choices[-1]
    place = walk.take(SETTLE, walk.begin(SETTLE, clearance=CLEARANCE, helped=[last.value]), "7", clearance=CLEARANCE)
    assert titles(SETTLE, place)[0] == last.title
    assert titles(SETTLE, at(SETTLE, "7"))[0] == first.title


def test_a_place_survives_its_slot() -> None:
    place = walk.begin(SETTLE, clearance=CLEARANCE, cue="P02", helped=["alone"])
    assert Place.from_json(place.to_json()) == place
    assert Place.from_json(None) is None
    assert Place.from_json({"skill": "settle"}) is None


def test_two_looks_on_one_day_are_told_apart_by_the_hour() -> None:
    from datetime import datetime, timezone

    rows = [
        CheckIn(datetime(2026, 1, 1, hour, tzinfo=timezone.utc), "pulse", value, measure)
        for hour, values in ((9, (8, 7, 3)), (21, (4, 3, 6)))
        for measure, value in zip(("activation", "urge", "closeness"), values, strict=True)
    ]
    bubble, drawn = chart(rows, said=(), seed="")
    assert [one["closeness"] for one in drawn] == [3, 6]
    assert drawn[0]["day"] != drawn[1]["day"]
    assert len(bubble.steps) == 2
