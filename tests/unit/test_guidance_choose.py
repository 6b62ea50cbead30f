from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.guidance import choose
from bot.guidance.entries import Line, LineActor, LineSide, Practice
from bot.guidance.library import CUES, library
from bot.guidance.values import Card, CardKind
from bot.reading.values import Coach, Reading
from tests.unit.guidance_readings import (
    DRAFT,
    ELEVEN_TEXTS,
    EVERY,
    KEPT_RINGING,
    LOOP,
    MIXED,
    WALKED_OUT,
    WENT_QUIET,
    cleared,
    reading,
)  # fmt: skip

ONE_CUE = [reading("pursue" if cue[0] == "P" else "withdraw", "self", (cue, "this", "self")) for cue in sorted(CUES)]
ORDER = ["validation", "naming", "practice", "reframe", "question"]


def coached(told: Reading, said: Any = (), seed: str = "a", **others: Any) -> Card:
    return choose.coach(told, clearance=cleared(), said=said, seed=seed, **others)


def text_of(card: Card, part: str) -> str:
    return next(bubble.text for bubble in card.bubbles if bubble.part == part)


def side_of(card: Card) -> LineSide:
    return library().practices[card.about["practice"]].side


@pytest.mark.parametrize("told", EVERY)
def test_an_answer_validates_names_offers_reframes_and_asks_in_this_order(told: Reading) -> None:
    card = coached(told)
    assert card.kind is CardKind.COACH
    assert [bubble.part for bubble in card.bubbles] in (ORDER, [part for part in ORDER if part != "reframe"])
    assert "steps" in [bubble.part for bubble in card.more]
    assert {"reframe"} <= {bubble.part for bubble in (*card.bubbles, *card.more)}


@pytest.mark.parametrize("clearance", [None, True, object()])
def test_nothing_is_coached_without_a_clearance_from_the_gate(clearance: Any) -> None:
    about = coached(ELEVEN_TEXTS).about
    practice = about["practice"]
    asks: list[Any] = [
        lambda: choose.coach(ELEVEN_TEXTS, clearance=clearance, said=(), seed="a"),
        lambda: choose.another_practice(about, clearance=clearance, said=(), seed="a"),
        lambda: choose.steps(practice, clearance=clearance),
        lambda: choose.more(coached(ELEVEN_TEXTS), clearance=clearance),
        lambda: choose.healthy(reading("healthy_reach", "draft"), clearance=clearance, said=(), seed="a"),
        lambda: choose.concept("what is the cycle", clearance=clearance, said=(), seed="a"),
    ]
    for ask in asks:
        with pytest.raises(TypeError, match="Clearance"):
            ask()


def test_a_reading_with_nobody_to_coach_gets_no_card() -> None:
    with pytest.raises(ValueError, match="nobody to coach"):
        coached(reading("neither", "none"))
    with pytest.raises(ValueError, match="nobody to coach"):
        coached(ELEVEN_TEXTS, coach=Coach.NONE)


@pytest.mark.parametrize("told", EVERY)
def test_the_same_conversation_hears_the_same_answer(told: Reading) -> None:
    assert coached(told, seed="kim").to_json() == coached(told, seed="kim").to_json()


def test_different_conversations_hear_different_answers() -> None:
    answers = {tuple(bubble.text for bubble in coached(ELEVEN_TEXTS, seed=str(seed)).bubbles) for seed in range(12)}
    assert len(answers) >= 8


@pytest.mark.parametrize("told", [*EVERY, *ONE_CUE])
def test_in_twelve_turns_no_line_comes_twice(told: Reading) -> None:
    """But for what names the move and asks about it, which stay with the very cue: those come again after three others."""
    said: list[list[str]] = []
    for turn in range(12):
        card = coached(told, said=[line for card in said for line in card], seed="night")
        new = [bubble.line for bubble in (*card.bubbles, *card.more) if bubble.line]
        close = [bubble.line for bubble in (*card.bubbles, *card.more) if bubble.part in ("naming", "question")]
        assert not set(new) - set(close) & {line for card in said for line in card}, f"turn {turn + 1}"
        assert not set(close) & {line for card in said[-3:] for line in card}, f"turn {turn + 1}"
        said.append(new)


def test_when_all_was_said_the_line_said_longest_ago_comes_again() -> None:
    said: list[str] = []
    for _ in range(60):
        said.extend(coached(ELEVEN_TEXTS, said=said).lines)
    order = [line for line in dict.fromkeys(reversed(said))][::-1]
    card = coached(ELEVEN_TEXTS, said=said)
    fitting = [line for line in order if line.startswith("v_")]
    assert card.bubbles[0].line == fitting[0]


@pytest.mark.parametrize("told", EVERY)
def test_no_more_than_ninety_words_are_shown_at_once(told: Reading) -> None:
    said: list[str] = []
    for _ in range(30):
        card = coached(told, said=said)
        assert card.words <= 90
        assert choose.more(card, clearance=cleared()).words <= 90
        said.extend(card.lines)


def test_the_longest_evidence_still_fits() -> None:
    words = "I kept on ringing and ringing and ringing until somebody at last picked up the phone " * 20
    told = reading("pursue", "both", ("P02", words, "self"), ("W02", words, "partner"), partner="withdraw")
    card = coached(told)
    assert card.words <= 90
    assert "…" in text_of(card, "naming")


def test_the_naming_quotes_the_persons_own_words_and_points_to_them() -> None:
    card = coached(ELEVEN_TEXTS)
    naming = card.bubbles[1]
    assert "“sent eleven texts”" in naming.text
    assert [words.text for words in naming.words] == ["sent eleven texts"]


@pytest.mark.parametrize("hostile", ["{words}", "{theirs} {0} %s", "}{", "<b>why</b>"])
def test_braces_and_markup_in_the_persons_words_are_only_words(hostile: str) -> None:
    assert f"“{hostile}”" in text_of(coached(reading("pursue", "self", ("P02", hostile, "self"))), "naming")


def test_a_partner_who_left_is_named_as_the_partners_move_and_the_writer_is_not_blamed() -> None:
    said: list[str] = []
    for _ in range(8):
        card = coached(WALKED_OUT, said=said)
        said.extend(card.lines)
        assert side_of(card) is LineSide.PURSUE
        assert "“he walked out again”" in text_of(card, "naming")
        assert {"they", "their", "them"} & set(text_of(card, "naming").lower().replace(":", " ").split())
        assert card.about["actor"] == "partner"
        for part in ("validation", "naming"):
            line = library().find(next(bubble.line for bubble in card.bubbles if bubble.part == part))
            assert isinstance(line, Line)
            assert line.actor is LineActor.PARTNER


def test_a_partner_who_pushes_gets_the_writer_help_with_leaning_in() -> None:
    assert side_of(coached(KEPT_RINGING)) is LineSide.WITHDRAW


def test_when_both_moves_are_told_both_are_named_side_by_side() -> None:
    naming = text_of(coached(LOOP), "naming")
    assert "“I ring him over and over”" in naming
    assert "“he leaves the house”" in naming


def test_a_push_and_a_pull_in_one_message_are_both_named() -> None:
    naming = text_of(coached(MIXED), "naming")
    assert "“rang him twice”" in naming
    assert "“then drove off”" in naming


def test_a_mixed_message_is_helped_on_the_side_of_its_last_move() -> None:
    assert side_of(coached(MIXED)) is LineSide.WITHDRAW


def test_the_strongest_cue_is_the_one_that_is_named() -> None:
    told = reading("pursue", "self", ("P02", "texted again", "self"), ("P07", "checked his last seen", "self"))
    told = replace(told, cues=(replace(told.cues[0], strength=0.4), told.cues[1]))
    card = coached(told)
    assert card.about["cue"] == "P07"
    assert "“checked his last seen”" in text_of(card, "naming")


@pytest.mark.parametrize("cue", sorted(CUES))
def test_the_first_answer_to_a_cue_was_written_for_that_cue(cue: str) -> None:
    told = reading("pursue" if cue[0] == "P" else "withdraw", "self", (cue, "that", "self"))
    for bubble in coached(told).bubbles:
        entry = library().find(bubble.line)
        assert isinstance(entry, (Line, Practice))
        assert cue in entry.cues


def test_not_me_makes_it_the_partners_move() -> None:
    card = coached(ELEVEN_TEXTS, coach=Coach.AVOIDANT)
    assert side_of(card) is LineSide.WITHDRAW
    assert card.about["actor"] == "partner"
    assert "“sent eleven texts”" in text_of(card, "naming")


def test_not_me_said_again_turns_it_back() -> None:
    card = coached(WENT_QUIET, coach=Coach.ANXIOUS)
    assert (side_of(card), card.about["actor"], card.about["cue"]) == (LineSide.PURSUE, "partner", "W01")
    assert coached(WENT_QUIET, coach=Coach.AVOIDANT).to_json() == coached(WENT_QUIET).to_json()


def test_something_else_is_another_practice_for_the_same_side() -> None:
    card = coached(ELEVEN_TEXTS)
    said, seen = list(card.lines), [card.about["practice"]]
    for _ in range(8):
        card = choose.another_practice(card.about, clearance=cleared(), said=said, seed="a")
        assert card.about["practice"] not in seen
        assert side_of(card) is LineSide.PURSUE
        assert card.about["cue"] == "P02"
        seen.append(card.about["practice"])
        said.extend(card.lines)


def test_when_every_practice_was_offered_the_bot_says_so() -> None:
    said = [practice for practice in library().practices]
    card = choose.another_practice(coached(ELEVEN_TEXTS).about, clearance=cleared(), said=said, seed="a")
    assert card.bubbles[0].part == "all_said"


@pytest.mark.parametrize("practice", sorted(library().practices))
def test_every_practice_opens_with_its_steps_and_minutes(practice: str) -> None:
    card = choose.steps(practice, clearance=cleared())
    assert card.kind is CardKind.PRACTICE
    assert card.bubbles[-1].steps == library().practices[practice].steps
    assert card.minutes == library().practices[practice].minutes
    assert "Done" in [button.title for button in card.buttons]
    assert card.words <= 90


def test_a_practice_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="no practice is called"):
        choose.steps("no_such_practice", clearance=cleared())


def test_the_buttons_of_an_answer() -> None:
    titles = [button.title for button in coached(ELEVEN_TEXTS).buttons]
    assert titles == ["Start", "Show more", "Why this?", "Not me", "Something else"]


def test_show_more_shows_the_steps_and_then_offers_no_more() -> None:
    card = coached(ELEVEN_TEXTS)
    more = choose.more(card, clearance=cleared())
    assert more.bubbles == card.more
    assert "Show more" not in [button.title for button in more.buttons]
    assert choose.more(more, clearance=cleared()).bubbles[0].part == "nothing_more"


@pytest.mark.parametrize("side", ["healthy_reach", "healthy_space"])
def test_a_fair_request_and_a_fair_pause_are_affirmed_and_not_coached(side: str) -> None:
    said: list[str] = []
    for _ in range(8):
        card = choose.healthy(reading(side, "draft"), clearance=cleared(), said=said, seed="a")
        assert card.kind is CardKind.HEALTHY
        assert not set(card.lines) & set(said)
        assert card.bubbles[0].sources
        said.extend(card.lines)


def test_a_move_is_not_affirmed_as_healthy() -> None:
    with pytest.raises(ValueError, match="healthy_reach or healthy_space"):
        choose.healthy(ELEVEN_TEXTS, clearance=cleared(), said=(), seed="a")


def test_a_card_survives_its_way_to_the_channel() -> None:
    card = coached(LOOP)
    assert Card.from_json(card.to_json()) == card


def test_a_draft_is_spoken_of_as_words_not_yet_sent_or_as_a_move() -> None:
    card = coached(DRAFT)
    assert card.about["actor"] == "draft"
    assert "“Drop it. There's nothing to discuss”" in text_of(card, "naming")
