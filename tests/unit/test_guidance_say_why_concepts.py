from __future__ import annotations

from typing import Any

import pytest

from bot.guidance import choose
from bot.guidance.concepts import answer
from bot.guidance.library import library
from bot.guidance.quote import short
from bot.guidance.say import responses, say
from bot.guidance.values import CardKind
from bot.guidance.why import why
from bot.reading.values import Evidence
from tests.unit.guidance_readings import ELEVEN_TEXTS, EVERY, WALKED_OUT, cleared, reading


def test_an_everyday_line_is_not_said_twice_while_others_are_left() -> None:
    said: list[str] = []
    for _ in responses().lines["no_move"]:
        card = say("no_move", said=said, seed="a")
        assert not set(card.lines) & set(said)
        said.extend(card.lines)
    assert say("no_move", said=said, seed="a").lines[0] == said[0]


def test_the_greeting_says_that_it_is_a_program_and_where_help_is() -> None:
    for variant in responses().lines["greet"]:
        assert "program" in variant.text
        assert "Help now" in variant.text


def test_a_line_is_said_with_the_buttons_that_were_asked_for() -> None:
    card = say("second_miss", said=(), seed="a", buttons=("i_reached", "they_pulled_away"), kind=CardKind.MENU)
    assert card.kind is CardKind.MENU
    assert [button.title for button in card.buttons] == ["I reached or pushed", "They pulled away"]


def test_a_key_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError):
        say("no_such_key", said=(), seed="a")


def test_numbers_are_said_back_as_they_were_given() -> None:
    for key in ("check_in_lower", "check_in_higher"):
        text = say(key, said=(), seed="a", before="8", after="3").bubbles[0].text
        assert "3" in text
        assert "{" not in text


@pytest.mark.parametrize("told", EVERY)
def test_why_shows_the_paragraph_of_what_was_said_within_ninety_words(told: Any) -> None:
    said: list[str] = []
    for _ in range(20):
        card = choose.coach(told, clearance=cleared(), said=said, seed="a")
        said.extend(card.lines)
        reasons = why(card.about, clearance=cleared())
        assert reasons.words <= 90
        cited = [bubble for bubble in (*reasons.bubbles, *reasons.more) if bubble.sources]
        assert {"why_practice", "why_outside"} & {bubble.part for bubble in cited}
        shown = {source for bubble in (*card.bubbles, *card.more) for source in bubble.sources}
        assert {source for bubble in cited for source in bubble.sources} <= shown
        assert len(reasons.bubbles) >= 2
        while reasons.more:
            reasons = choose.more(reasons, clearance=cleared())
            assert reasons.words <= 90


def test_why_shows_the_persons_words_and_the_move_in_plain_words() -> None:
    card = choose.coach(ELEVEN_TEXTS, clearance=cleared(), said=(), seed="a")
    first = why(card.about, clearance=cleared()).bubbles[0].text
    assert "“sent eleven texts”" in first
    assert "reaching out again and again" in first
    assert "P02" not in first


def test_why_does_not_take_the_partners_move_for_the_writers() -> None:
    card = choose.coach(WALKED_OUT, clearance=cleared(), said=(), seed="a")
    reasons = why(card.about, clearance=cleared())
    assert reasons.bubbles[0].part == "why_their_move"
    assert "“he walked out again”" in reasons.bubbles[0].text


def test_why_says_so_when_no_single_word_decided() -> None:
    card = choose.coach(reading("pursue", "self"), clearance=cleared(), said=(), seed="a")
    assert why(card.about, clearance=cleared()).bubbles[0].part == "why_no_words"


def test_why_of_an_affirmation_and_of_an_answer_cites_their_place() -> None:
    affirmed = choose.healthy(reading("healthy_space", "self"), clearance=cleared(), said=(), seed="a")
    asked = choose.concept("what is the middle ground?", clearance=cleared(), said=(), seed="a")
    assert asked is not None
    for card in (affirmed, asked):
        assert any(bubble.sources for bubble in why(card.about, clearance=cleared()).bubbles)


def test_why_before_anything_was_said_explains_nothing() -> None:
    assert why({}, clearance=cleared()).bubbles[0].part == "why_nothing"


def test_why_needs_a_clearance() -> None:
    nobody: Any = None
    with pytest.raises(TypeError, match="Clearance"):
        why({}, clearance=nobody)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("why does he need so much space?", "c_alone_time"),
        ("What is an avoidant attachment style", "c_avoidant"),
        ("am i too needy", "c_too_needy"),
        ("is there any hope for us?", "c_can_it_work"),
        ("why do they shut down when i cry", "c_shut_down"),
        ("why do I shut down?", "c_stonewalling"),
        ("should we go to couples therapy", "c_get_help"),
        ("whose fault is this", "c_whose_fault"),
        ("how long will it take to get better", "c_how_long"),
        ("what's co-regulation", "c_co_regulation"),
        ("will our kids have the same pattern", "c_children"),
        ("why do people pull away when someone gets close?", "c_pull_away_when_close"),
        ("what do I need", "c_dont_know_needs"),
        ("is there any science behind this", "c_evidence"),
        ("how do i say sorry", "c_apologise"),
    ],
)
def test_a_question_about_the_dynamic_finds_its_answer(question: str, expected: str) -> None:
    found = answer(question, library())
    assert found is not None
    assert found.id == expected


@pytest.mark.parametrize(
    "question",
    ["what's the weather tomorrow", "tell me about taxes", "who won the match", "can you write python",
     "what is the capital of France", "", "?!", "🙂", "recipe for pancakes", "how do I file for custody", "why is the sky blue"],
)  # fmt: skip
def test_other_questions_find_none(question: str) -> None:
    assert answer(question, library()) is None


def test_every_way_of_asking_leads_to_its_own_answer() -> None:
    astray = [
        (way, found.id if found else None, concept.id)
        for concept in library().concepts
        for way in concept.ask
        if (found := answer(way, library())) is not concept
    ]
    assert astray == []


def test_an_answer_given_before_is_said_to_be_a_repeat() -> None:
    first = choose.concept("what is the cycle", clearance=cleared(), said=(), seed="a")
    assert first is not None
    again = choose.concept("what is the cycle", clearance=cleared(), said=first.lines, seed="a")
    assert again is not None
    assert again.bubbles[0].part == "said_before"


@pytest.mark.parametrize(
    ("told", "quoted"),
    [
        ("sent eleven texts", "sent eleven texts"),
        ("one two three four five six seven eight nine", "one two three four five six seven eight…"),
        ("  “Drop it.”  ", "Drop it"),
        ("a\nb\t c", "a b c"),
        ("whatever...", "whatever…"),
        ("a" * 500, "a" * 70 + "…"),
    ],
)
def test_a_quotation_is_one_short_line(told: str, quoted: str) -> None:
    assert short(Evidence(0, len(told), told)) == quoted
