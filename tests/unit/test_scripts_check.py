from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.guidance.entries import LineSide
from bot.guidance.library import library
from bot.guidance.values import Bubble, Button, Card, CardKind
from bot.reading.values import Evidence
from bot.scripts.check import Came, Mismatch, check, questions
from bot.scripts.parse import parse
from bot.scripts.sets import SETS, found
from bot.scripts.show import report, said, summary
from bot.scripts.stage import Outcome, Played
from bot.scripts.values import Expected, Script

READING = {
    "side": "pursue", "actor": "self", "partner": "withdraw", "coach": "anxious", "safety": "none",
    "cues": [{"id": "P02", "start": 0, "end": 5, "text": "texts"}],
}  # fmt: skip


def card(*bubbles: Bubble, kind: CardKind = CardKind.EVERYDAY, **more: Any) -> Card:
    return Card(kind, bubbles or (Bubble("greet", "Hello."),), **more)


def expected(folder: Path, lines: str) -> Expected:
    path = folder / "talk.yml"
    indented = "\n".join(f"    {line}" for line in lines.strip().splitlines())
    path.write_text(f"about: x\nturns:\n  - user: hi\n{indented}\n", encoding="utf-8")
    return parse(path).turns[0].expected


def differs(folder: Path, lines: str, *cards: Card, earlier: tuple[Card, ...] = (), **slots: Any) -> list[tuple[str, str, str]]:
    came = Came(cards or (card(),), READING, "pursue", slots)
    return [(one.what, one.expected, one.got) for one in check(expected(folder, lines), came, earlier)]


def test_only_what_is_given_is_compared(tmp_path: Path) -> None:
    assert differs(tmp_path, "reads: {side: pursue, cues: [P02], intent: [withdraw, pursue]}") == []
    assert differs(tmp_path, "asks: no question") == []


def test_a_wrong_reading_is_shown_with_what_was_read(tmp_path: Path) -> None:
    assert differs(tmp_path, "reads: {side: [withdraw, both], cues: [P02, P09]}") == [
        ("reads.side", "withdraw or both", "pursue"),
        ("reads.cues", "P09", "P02 “texts”"),
    ]


def test_silence_is_never_right(tmp_path: Path) -> None:
    came = Came((), READING, "pursue", {})
    assert check(Expected(), came) == (Mismatch("card", "an answer", "nothing was said"),)


def test_a_card_is_compared_by_kind_parts_buttons_length_sources_and_what_it_is_about(tmp_path: Path) -> None:
    long = card(
        Bubble("validation", "word " * 91), buttons=(Button("Start", "/x"),), kind=CardKind.COACH, about={"cue": "P02"}
    )  # fmt: skip
    lines = (
        "card: {kind: menu, parts: [validation, naming], buttons: [Start, Skip], words_at_most: 90, sources: any, "
        "about: {cue: P09}}"
    )
    assert differs(tmp_path, lines, long) == [
        ("card.kind", "menu", "coach"),
        ("card.parts", "naming", "validation"),
        ("card.buttons", "Skip", "Start"),
        ("card.words_at_most", "90", "91 words"),
        ("card.sources", "a source for each line of guidance", "none for the validation"),
        ("card.about.cue", "P09", "P02"),
    ]


def test_a_practice_of_the_other_side_is_named(tmp_path: Path) -> None:
    practice = next(one for one in library().practices.values() if one.side is LineSide.WITHDRAW)
    offered = card(about={"practice": practice.id})
    assert differs(tmp_path, "card: {practice: {side: pursue}}", offered) == [
        ("card.practice.side", "pursue", f"withdraw ({practice.id})")
    ]
    assert differs(tmp_path, "card: {practice: {side: withdraw}}", offered) == []
    assert differs(tmp_path, "card: {practice: {side: withdraw}}") == [("card.practice.side", "withdraw", "no practice")]


def test_what_is_said_is_compared_without_case_and_without_kinds_of_quotes(tmp_path: Path) -> None:
    shown = card(Bubble("naming", "You wrote “I’m Done”."), more=(Bubble("reframe", "hidden words"),))
    assert differs(tmp_path, 'says: ["i\'m done"]', shown) == []
    assert differs(tmp_path, "says: [hidden]", shown) == [("says", "hidden", "not there")]
    assert differs(tmp_path, "says_any: [red, done]", shown) == []
    assert differs(tmp_path, "says_any: [red, blue]", shown) == [("says_any", "red or blue", "none of them there")]


def test_never_reaches_what_is_one_tap_away_and_the_buttons(tmp_path: Path) -> None:
    shown = card(more=(Bubble("steps", "Steps", steps=("Calm down now",)),), buttons=(Button("You Should", "/x"),))
    assert differs(tmp_path, 'never: ["calm down", "you should", "blame"]', shown) == [
        ("never", "not: calm down", "Calm down now"),
        ("never", "not: you should", "You Should"),
    ]


def test_a_line_said_before_is_a_repeat_by_its_id_or_its_words(tmp_path: Path) -> None:
    before = (card(Bubble("a", "One.", "line_1")), card(Bubble("b", "Two.")))
    assert differs(tmp_path, "repeats: no", card(Bubble("a", "Other words.", "line_1")), earlier=before) == [
        ("repeats", "no line said before", "Other words.")
    ]
    assert differs(tmp_path, "repeats: no", card(Bubble("c", "Two.")), earlier=before) == [
        ("repeats", "no line said before", "Two.")
    ]
    assert differs(tmp_path, "repeats: no", card(Bubble("c", "Three.")), earlier=before) == []


def test_slots_are_compared_by_value_lists_included(tmp_path: Path) -> None:
    right = "slots: {safety_lock: [suicide], misses: 1, country: null}"
    assert differs(tmp_path, right, safety_lock=["suicide"], misses=1.0) == []
    assert differs(tmp_path, "slots: {safety_lock: [suicide]}", safety_lock=["harmed"]) == [
        ("slots.safety_lock", "['suicide']", "['harmed']")
    ]


def test_a_question_mark_in_the_persons_own_words_is_not_a_question_of_the_bot(tmp_path: Path) -> None:
    shown = card(Bubble("naming", "You wrote “are we okay??”."), Bubble("question", "What did you hope for?"))
    assert questions([shown]) == 1
    assert differs(tmp_path, "asks: one question", shown) == []
    assert differs(tmp_path, "asks: no question", shown) == [("asks", "no question", "1 question marks")]


@pytest.mark.parametrize("side", [LineSide.PURSUE, LineSide.WITHDRAW])
def test_the_practices_of_a_side_are_known_by_id_words_steps_and_button(side: LineSide) -> None:
    practice = next(one for one in library().practices.values() if one.side is side)
    name, other = f"{side.value} practices", f"{side.facing.value} practices"
    for shown in (
        card(Bubble("practice", "Reworded.", practice.id)),
        card(Bubble("practice", practice.text)),
        card(more=(Bubble("steps", "Reworded.", steps=practice.steps),)),
        card(buttons=(Button("Start", f'/start_practice{{"value":"{practice.id}"}}'),)),
    ):
        assert found(name, shown) == practice.title
        assert found(other, shown) is None


def test_every_line_of_guidance_is_known_as_guidance() -> None:
    held = library()
    for lines in held.lines.values():
        for line in lines:
            assert found("guidance", card(Bubble("x", line.text, line.id))) is not None, line.id
    for practice in held.practices.values():
        assert found("guidance", card(Bubble("x", practice.text))) is not None, practice.id
    assert found("guidance", card(Bubble("lines", "Samaritans: 116 123, day and night."))) is None
    assert found("guidance", card(kind=CardKind.WHY)) == "a card of kind why"


def test_words_for_the_partner_and_talk_of_a_shared_cycle_are_known() -> None:
    assert found("rewriting", card(Bubble("x", "You could say: I miss you."))) == "you could say"
    assert found("cycle language", card(Bubble("x", "That is closing the gap."))) == "closing the gap"
    calm = card(Bubble("x", "I believe you. Is there somebody you trust?"))
    assert found("rewriting", calm) is None
    assert found("cycle language", calm) is None


def test_every_named_set_can_be_asked_of_any_card() -> None:
    assert [name for name in SETS if found(name, card()) is not None] == []


def test_a_failure_is_a_diff_with_the_turn_and_what_was_said(tmp_path: Path) -> None:
    path = tmp_path / "talk.yml"
    path.write_text("about: He is quiet.\nturns: [{user: hi}, {user: he left}, {press: Start}]", encoding="utf-8")
    script: Script = parse(path)
    naming = Bubble("naming", "You wrote\n“he left”.", words=(Evidence(0, 7, "he left"),))
    shown = Card(CardKind.COACH, (naming,), (Button("Not me", "/x"),))
    outcome = Outcome(script, (
        Played(script.turns[0], (card(),)), Played(script.turns[1], (shown,), (Mismatch("reads.side", "pursue", "neither"),)),
    ))  # fmt: skip
    assert report(outcome).splitlines() == [
        f"FAILED  {path}",
        "        He is quiet.",
        "",
        "  turn 2, user: he left",
        "    - reads.side: pursue",
        "    + reads.side: neither",
        "      [coach]",
        "        naming: You wrote “he left”.",
        "        buttons: Not me",
        "",
        "  1 more turn not played",
    ]
    good = Outcome(script, tuple(Played(turn, (card(),)) for turn in script.turns))
    assert report(good) == f"passed  {path}"
    assert summary([outcome, good, good]) == "2 passed, 1 failed"


def test_what_does_not_print_is_written_out_and_long_texts_are_cut() -> None:
    line = list(said([card(Bubble("x", "a\x00b " + "c" * 300))]))[1]
    assert "a\\x00b" in line
    assert line.endswith("…")
    assert len(line) < 140
