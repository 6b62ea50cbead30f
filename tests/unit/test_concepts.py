"""How well a question finds its answer, in wordings that the data does not hold."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from bot import yaml_files
from bot.guidance.concepts import answer
from bot.guidance.library import library

# A little under what the finder reaches, so that a change for the worse is seen.
LEAST_RIGHT = {"questions": 0.87, "fresh": 0.85}
MOST_WRONG_ANSWERS = 0.1  # of the questions: silence is better than the answer to another question
MOST_ANSWERED = 0.03  # of what is no question for the finder
LEAST_ANSWERS, LEAST_SILENT = 75, 12
ALL: dict[str, Any] = yaml_files.mapping(Path(__file__).with_name("concept_questions.yml"))


def asked(name: str) -> list[tuple[str, list[str]]]:
    """Return wordings and the ids of the answers that would serve."""
    found = [(say, [concept]) for concept, wordings in ALL[name].items() for say in wordings]
    return found + ([(row["say"], row["expect"]) for row in ALL["either"]] if name == "questions" else [])


def found(say: str) -> str | None:
    concept = answer(say, library())
    return concept.id if concept else None


def plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()


@pytest.mark.parametrize("name", LEAST_RIGHT)
def test_most_wordings_find_the_right_answer_and_few_a_wrong_one(name: str) -> None:
    told = [(say, expected, found(say)) for say, expected in asked(name)]
    wrong = [row for row in told if row[2] is not None and row[2] not in row[1]]
    astray = [row for row in told if row[2] not in row[1]]
    assert 1 - len(astray) / len(told) >= LEAST_RIGHT[name], astray
    assert len(wrong) / len(told) <= MOST_WRONG_ANSWERS, wrong


def test_what_is_no_question_about_the_dynamic_is_hardly_ever_answered() -> None:
    others = [*ALL["none"], *ALL["fresh_none"]]
    answered = [(say, found(say)) for say in others if found(say)]
    assert len(answered) / len(others) <= MOST_ANSWERED, answered


@pytest.mark.parametrize(
    "say", ["why do you never answer me", "are you cheating on me?", "do you love me", "no", "wrong", "later", "help"]
)
def test_a_line_to_a_partner_or_a_short_reply_is_no_question(say: str) -> None:
    assert found(say) is None


@pytest.mark.parametrize(
    ("say", "expected"),
    [
        ("self soothing", "c_self_soothing"),
        ("whats stonewallling", "c_stonewalling"),
        ("WHY DOES SHE GO QUIET", "c_their_silence"),
        ("He's gone again. Why does he go quiet?", "c_their_silence"),
        ("can you tell me why my other half shuts down?", "c_shut_down"),
        ("hi, what is co-regulation please", "c_co_regulation"),
        ("howwww do i stop texting him", "c_stop_chasing"),
    ],
)
def test_typos_capitals_and_words_before_the_question_do_not_matter(say: str, expected: str) -> None:
    assert found(say) == expected


def test_who_is_asked_about_decides_between_two_answers() -> None:
    assert found("why do I go silent") == "c_stonewalling"
    assert found("why does my husband go silent") == "c_their_silence"


def test_the_wordings_measured_stand_nowhere_in_the_data() -> None:
    known = {plain(way) for concept in library().concepts for way in concept.ask}
    assert [say for name in LEAST_RIGHT for say, _ in asked(name) if plain(say) in known] == []


def test_every_answer_measured_exists_and_every_answer_is_measured() -> None:
    named = {concept for name in LEAST_RIGHT for _, expected in asked(name) for concept in expected}
    assert named == {concept.id for concept in library().concepts}


def test_there_are_answers_enough_also_where_the_articles_are_silent() -> None:
    silent = [concept for concept in library().concepts if "silent" in concept.sources]
    told = [
        concept for concept in library().concepts if concept not in silent and any(source[0] == "A" for source in concept.sources)
    ]
    assert len(told) >= LEAST_ANSWERS
    assert len(silent) >= LEAST_SILENT


def test_answers_say_when_the_articles_are_silent() -> None:
    silent = [concept for concept in library().concepts if "silent" in concept.sources]
    said = re.compile(r"articles|it takes|can't know|can't tell", re.IGNORECASE)
    assert [concept.id for concept in silent if not said.search(concept.text)] == []


def test_every_statement_of_the_articles_has_an_answer_that_cites_it() -> None:
    cited = {source for concept in library().concepts for source in concept.sources}
    assert sorted(set(library().sources.items) - cited) == []


def test_a_very_long_message_is_answered_or_left_alone() -> None:
    assert found("why does he go quiet " * 2000) in (None, "c_their_silence")
