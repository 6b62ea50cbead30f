from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import DataError
from bot.guidance.entries import LineSide
from bot.scripts.parse import parse, scripts_in
from bot.scripts.values import Asks, TurnKind, Wanted


def script(folder: Path, turns: str, about: str = "One sentence.") -> Path:
    path = folder / "talk.yml"
    path.write_text(f"about: {about}\nturns:\n{turns}", encoding="utf-8")
    return path


def test_every_key_of_a_turn_is_taken_over(tmp_path: Path) -> None:
    parsed = parse(
        script(
            tmp_path,
            """
  - user: he went quiet
    reads: {side: pursue, actor: [self, both], cues: [P02, P09], safety: none, intent: pursue}
    card: {kind: coach, parts: [practice], practice: {side: pursue}, buttons: [Start], words_at_most: 90, sources: any,
           about: {cue: P02}}
    says: [quiet]
    says_any: [one, other]
    never: guidance
    slots: {misses: 0, country: null}
    asks: one question
    repeats: no
  - press: Start
  - restart_process: true
""",
        )
    )
    first, press, restart = parsed.turns
    assert (first.number, first.kind, first.text) == (1, TurnKind.USER, "he went quiet")
    assert first.expected.reads == (
        Wanted("side", ("pursue",)), Wanted("actor", ("self", "both")), Wanted("safety", ("none",)),
        Wanted("intent", ("pursue",)),
    )  # fmt: skip
    assert first.expected.cues == ("P02", "P09")
    card = first.expected.card
    assert (card.kinds, card.parts, card.practice, card.buttons) == (("coach",), ("practice",), LineSide.PURSUE, ("Start",))
    assert (card.words_at_most, card.sourced, card.about) == (90, True, (Wanted("cue", ("P02",)),))
    assert (first.expected.says, first.expected.says_any, first.expected.never) == (("quiet",), ("one", "other"), ("guidance",))
    assert first.expected.slots == (Wanted("misses", (0,)), Wanted("country", (None,)))
    assert (first.expected.asks, first.expected.no_repeats) == (Asks.ONE, True)
    assert (press.kind, press.text, press.expected.no_repeats) == (TurnKind.PRESS, "Start", False)
    assert restart.kind is TurnKind.RESTART_PROCESS


@pytest.mark.parametrize(
    ("recipe", "text"),
    [
        ('{repeat: "ab ", times: 3}', "ab ab ab "),
        ('{bytes: "hi\\\\u0000there"}', "hi\x00there"),
        ('""', ""),
        ('"7"', "7"),
    ],
)
def test_input_that_no_file_could_hold_is_made_from_a_recipe(tmp_path: Path, recipe: str, text: str) -> None:
    assert parse(script(tmp_path, f"  - user: {recipe}\n")).turns[0].text == text


@pytest.mark.parametrize(
    ("turns", "problem"),
    [
        ("  - says: [hello]\n", "turn 1: has none of them Expected exactly one of user, press, wait or restart_process."),
        ("  - user: hi\n    press: Start\n", "turn 1: has user and press Expected exactly one of"),
        ("  - user: hi\n  - hello\n", "turn 2: is a text Expected a mapping"),
        ("  - user: hi\n    sayz: [hello]\n", "turn 1: unknown key sayz Expected only user, reads, card"),
        ("  - user: 7\n", "turn 1: user is a number Expected a text"),
        ("  - user: yes\n", "turn 1: user is true or false Expected a text"),
        ("  - user: {repeat: a}\n", "turn 1: user has repeat Expected a text"),
        ("  - user: {repeat: a, times: 9000000}\n", "turn 1: makes too little or too much text Expected 1 to 200000 characters"),
        ("  - press: ''\n", "turn 1: press is empty Expected the title of a button"),
        ("  - restart_process: no\n", "turn 1: restart_process is False Expected true"),
        ("  - restart_process: true\n    says: [hi]\n", "turn 1: unknown key says Expected only restart_process"),
        ("  - user: hi\n    reads: pursue\n", "turn 1: reads is a text Expected a mapping"),
        ("  - user: hi\n    reads: {side: persue}\n", "turn 1: reads.side holds 'persue' Expected one of both, healthy_reach"),
        ("  - user: hi\n    reads: {cues: [P15]}\n", "turn 1: reads.cues holds 'P15' Expected one of P01, P02"),
        ("  - user: hi\n    reads: {intent: chat}\n", "turn 1: reads.intent holds 'chat' Expected one of affirm"),
        ("  - user: hi\n    reads: {mood: low}\n", "turn 1: unknown key mood in reads Expected only side"),
        ("  - user: hi\n    card: {kind: [coach, cozy]}\n", "turn 1: card.kind holds 'cozy' Expected one of ask"),
        ("  - user: hi\n    card: {practice: {side: left}}\n", "turn 1: card.practice.side is 'left' Expected one of pursue"),
        ("  - user: hi\n    card: {words_at_most: none}\n", "turn 1: card.words_at_most is 'none' Expected a whole number"),
        ("  - user: hi\n    card: {sources: A22}\n", "turn 1: card.sources is 'A22' Expected any"),
        ("  - user: hi\n    card: {about: {colour: red}}\n", "turn 1: unknown key colour in card.about Expected only coach"),
        ("  - user: hi\n    says: [7]\n", "turn 1: says is or holds a number Expected a text or a list of texts"),
        ("  - user: hi\n    never: []\n", "turn 1: never is or holds empty Expected a text or a list of texts"),
        ("  - user: hi\n    slots: {mood: low}\n", "turn 1: unknown key mood in slots Expected only answer, asked"),
        ("  - user: hi\n    asks: two questions\n", "turn 1: asks is 'two questions' Expected one of one question, no question"),
        ("  - user: hi\n    repeats: true\n", "turn 1: repeats is True Expected no, or leave it out"),
    ],
)
def test_a_faulty_turn_is_named_with_what_was_expected(tmp_path: Path, turns: str, problem: str) -> None:
    path = script(tmp_path, turns)
    with pytest.raises(DataError) as error:
        parse(path)
    assert str(error.value).startswith(f"{path}, {problem}")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("turns: [{user: hi}]", "about is missing Expected one sentence"),
        ("about: x\nturns: []", "turns is missing Expected a list of turns"),
        ("about: x\nturn: [{user: hi}]", "unknown key turn Expected only about, first_question, turns"),
        ("- user: hi", "holds list Expected a mapping"),
        ("about: 'x", "is not valid YAML"),
    ],
)
def test_a_file_that_is_no_script_is_named_with_what_was_expected(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "talk.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as error:
        parse(path)
    assert f"{path}: {problem}" in str(error.value)


def test_a_folder_stands_for_every_script_below_it(tmp_path: Path) -> None:
    for name in ("b.yml", "deep/a.yaml", "deep/notes.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("about: x\nturns: [{user: hi}]", encoding="utf-8")
    found = scripts_in([tmp_path, tmp_path / "b.yml"])
    assert [one.path.relative_to(tmp_path).as_posix() for one in found] == ["b.yml", "deep/a.yaml", "b.yml"]


def test_a_path_that_is_not_there_and_an_empty_folder_are_errors(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"gone\.yml: cannot be read"):
        scripts_in([tmp_path / "gone.yml"])
    with pytest.raises(DataError, match=r"holds no script.*end in \.yml"):
        scripts_in([tmp_path])
