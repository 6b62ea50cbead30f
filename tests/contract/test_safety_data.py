"""The safety data as a deployer and a counsellor would check it: rules and answers. Help lines: test_help_lines.py."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from bot import paths
from bot.errors import DataError
from bot.guidance.values import Button
from bot.reading.values import Safety
from bot.safety.checks import Question
from bot.safety.gate import gate
from bot.safety.help_lines import help_lines
from bot.safety.rules import THRESHOLDS, Rule, RuleBook
from bot.safety.wording import Line, Wording, wording

# Words that coach, name a kind of person, or sound like a clinic; none has a place in a safety answer.
FORBIDDEN = re.compile(
    r"\b(should|just|calm down|therap\w*|treatment|counsel\w*|toxic|anxious|avoidan\w*|attachment|cycle|pattern|lean(ing)? in|"
    r"self-sooth\w*|sooth\w*|breath\w*|ground(ing|ed)?|rewrite|reword|your part|both sides|trigger\w*|diagnos\w*|promise|"
    r"contract|agree not to|swear|selfish|attention[- ]seeking|silly|overreact\w*|low risk|high risk)\b",
    re.IGNORECASE,
)
METHODS = re.compile(
    r"\b(pills?|tablets?|overdos\w*|rope|hang\w*|blade|razor|gun|bridge|jump\w*|cut(ting)?|poison\w*)\b", re.IGNORECASE
)
ENDS = re.compile(
    r"(can't talk (to you )?about|goodbye|this (chat|conversation) (is over|ends)|good ?night|I have to go)", re.IGNORECASE
)
PROFESSIONAL = re.compile(
    r"(doctor|nurse|crisis line|help ?line|line|advocate|lawyer|adviser|worker|advice|school nurse|trained)", re.IGNORECASE
)

LINES = [(place, line) for place, pool in wording().pools.items() for line in pool]
PEOPLE = [pair for pair in LINES if pair[0].endswith(".people")]


def _id(value: object) -> str:
    return str(getattr(value, "id", value))


@pytest.mark.parametrize("rule", gate().book.rules.values(), ids=_id)
def test_every_rule_has_enough_examples(rule: Rule) -> None:
    assert len(rule.matches) >= 3 and len(rule.spares) >= 2
    assert len(rule.patterns) >= 2


def test_every_kind_of_danger_has_rules_and_a_block_of_answers() -> None:
    kinds = {kind for kind in Safety if kind is not Safety.NONE}
    assert {rule.kind for rule in gate().book.rules.values()} == kinds
    assert {answered for answered in wording().blocks.values()} == kinds
    assert set(gate().book.thresholds) == set(THRESHOLDS)


def test_every_variant_names_a_rule() -> None:
    asked = {f"check_{question.value}" for question in Question} | {"check_unsure"}
    assert set(wording().variants) <= set(gate().book.rules) | asked


@pytest.mark.parametrize(("place", "line"), LINES, ids=_id)
def test_no_answer_coaches_labels_or_shames(place: str, line: Line) -> None:
    assert not FORBIDDEN.search(line.text), FORBIDDEN.search(line.text)
    assert not METHODS.search(line.text)
    assert not ENDS.search(line.text)


@pytest.mark.parametrize(("place", "line"), LINES, ids=_id)
def test_every_answer_is_short_and_asks_at_most_one_question(place: str, line: Line) -> None:
    assert len(line.text.split()) <= 60
    assert line.text.count("?") <= 1


@pytest.mark.parametrize("block", wording().blocks)
def test_every_kind_has_four_first_answers_and_four_for_later(block: str) -> None:
    for part in ("first", "people", "question", "stay"):
        assert len(wording().pools[f"{block}.{part}"]) >= 4, part


@pytest.mark.parametrize(("place", "line"), [pair for pair in LINES if pair[0].endswith((".stay", ".question"))], ids=_id)
def test_later_turns_ask_one_thing(place: str, line: Line) -> None:
    assert line.text.count("?") == 1


@pytest.mark.parametrize(("place", "line"), PEOPLE, ids=_id)
def test_a_professional_and_a_trusted_person_are_named(place: str, line: Line) -> None:
    assert PROFESSIONAL.search(line.text), "names no professional"
    assert re.search(r"trust|friend|grown-up|adult", line.text), "names no trusted person"


@pytest.mark.parametrize(("place", "line"), [pair for pair in LINES if pair[0].endswith(".now")], ids=_id)
def test_answers_to_danger_now_give_the_emergency_number(place: str, line: Line) -> None:
    assert "{emergency}" in line.text


@pytest.mark.parametrize("line", wording().pools["suicide.question"], ids=_id)
def test_suicide_is_asked_about_plainly(line: Line) -> None:
    assert re.search(r"killing yourself|ending your life", line.text)
    assert not re.search(r"n't you|not thinking|silly|stupid|you're not", line.text)


@pytest.mark.parametrize("line", wording().pools["harmed.first"] + wording().pools["harmed.now"], ids=_id)
def test_a_harmed_person_is_believed_and_not_blamed(line: Line) -> None:
    assert "I believe you" in line.text or "not your fault" in line.text


@pytest.mark.parametrize("line", wording().pools["direct.yes"] + wording().pools["suicide.now"], ids=_id)
def test_a_yes_gets_the_number_a_person_and_distance_from_means(line: Line) -> None:
    assert "{emergency}" in line.text
    assert re.search(r"person|someone|somebody|anyone|where others", line.text)
    assert re.search(r"could (use to )?hurt you|could use to hurt yourself", line.text)


def test_buttons_fit_every_channel() -> None:
    words = wording()
    countries = [Button(place.name, words.country_payload % place.code) for place in help_lines().countries()]
    for button in (*words.buttons.values(), *countries):
        assert len(button.payload.encode()) <= 64 and 0 < len(button.title) <= 24


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"kind": "danger"}, "kind 'danger' is not known"),
        ({"unless": ["no_such"]}, "unless names 'no_such'"),
        ({"patterns": []}, "has no patterns"),
        ({"pattern": ["x"]}, "is not a field of a rule"),
    ],
)
def test_a_wrong_rule_is_refused_with_its_place(tmp_path: Path, change: dict[str, object], says: str) -> None:
    for file in (paths.data() / "safety").glob("*.yml"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    rule = {"id": "new_rule", "kind": "harmed", "patterns": ["~hit me"], **change}
    (tmp_path / "others.yml").write_text(yaml.safe_dump([rule]), encoding="utf-8")
    with pytest.raises(DataError, match=re.escape(says)) as error:
        RuleBook.load(tmp_path)
    assert "others.yml" in str(error.value) and "new_rule" in str(error.value)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("flag: 0.7\n", "holds flag Expected flag, flag_few_words"),
        ("{flag: 7, flag_few_words: 0.9, doubt: 0.4, certain: 0.9, out_of_scope: 0.5}", "flag: 7 Expected a number above 0"),
        ("{flag: true, flag_few_words: 0.9, doubt: 0.4, certain: 0.9, out_of_scope: 0.5}", "flag: True Expected a number"),
    ],
)
def test_wrong_thresholds_are_refused(tmp_path: Path, content: str, says: str) -> None:
    for file in (paths.data() / "safety").glob("*.yml"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "thresholds.yml").write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=re.escape(says)):
        RuleBook.load(tmp_path)


def test_answers_without_a_kind_are_refused(tmp_path: Path) -> None:
    found = yaml.safe_load((paths.data() / "safety" / "answers.yml").read_text(encoding="utf-8"))
    del found["blocks"]["others"]
    wrong = tmp_path / "answers.yml"
    wrong.write_text(yaml.safe_dump(found), encoding="utf-8")
    with pytest.raises(DataError, match="no block for others"):
        Wording.load(wrong)
