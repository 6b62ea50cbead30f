"""The safety data as a deployer and a counsellor would check it: rules, answers, help lines, their page."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest
import yaml

from bot import paths
from bot.errors import DataError
from bot.guidance.values import Button
from bot.reading.values import Safety
from bot.safety.gate import gate
from bot.safety.help_lines import HelpLine, HelpLines, help_lines
from bot.safety.rules import Rule, RuleBook
from bot.safety.wording import Line, Wording, wording
from tools.help_lines_page import page

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
TABLE = {"US", "GB", "IE", "CA", "AU", "NZ", "IN", "EU", "DE", "FR", "ES", "ZA", "ZZ"}

LINES = [(place, line) for place, pool in wording().pools.items() for line in pool]
PEOPLE = [pair for pair in LINES if pair[0].endswith(".people")]


def _id(value: object) -> str:
    return str(getattr(value, "id", value))


@pytest.mark.parametrize("rule", gate().book.rules.values(), ids=_id)
def test_every_rule_has_enough_examples(rule: Rule) -> None:
    assert len(rule.matches) >= 3 and len(rule.spares) >= 2
    assert len(rule.patterns) >= 2


def test_every_kind_of_danger_has_rules_a_block_of_answers_and_a_threshold() -> None:
    kinds = {kind for kind in Safety if kind is not Safety.NONE}
    assert {rule.kind for rule in gate().book.rules.values()} == kinds
    assert {answered for answered in wording().blocks.values()} == kinds
    assert set(gate().book.thresholds) == kinds


def test_every_variant_names_a_rule() -> None:
    assert set(wording().variants) <= set(gate().book.rules)


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


def test_every_country_of_the_table_is_there_and_has_someone_to_call() -> None:
    table = help_lines()
    assert {country.code for country in table.countries()} == TABLE
    for country in table.countries():
        assert country.emergency or country.code == "ZZ"
        for kind in Safety:
            assert table.for_country(country.code, kind)


@pytest.mark.parametrize("line", help_lines().lines, ids=lambda line: f"{line.country}-{line.service}")
def test_every_line_has_a_fresh_date_or_says_that_it_has_none(line: HelpLine) -> None:
    age = help_lines().release_date - line.verified_on
    assert datetime.timedelta(0) <= age
    assert age <= datetime.timedelta(days=180) or line.note, "older than 180 days: check it, or say so in a note"
    assert line.source
    assert line.dial or line.sms or line.web
    if line.dial:
        # The digits to dial are those on show, apart from a leading country code or 0 after it.
        shown = re.sub(r"\D", "", line.number)
        assert line.dial.lstrip("+").lstrip("0")[-7:] in shown or line.dial in shown


def test_the_page_about_help_lines_is_current() -> None:
    written = (paths.root() / "docs" / "help-lines.md").read_text(encoding="utf-8")
    assert written == page(written, help_lines()), "run: python -m tools.help_lines_page"


@pytest.mark.parametrize(("name", "old", "new", "says"), [
    ("help_lines.yml", ", sure: A", ", sure: D", "sure is 'D'"),
    ("help_lines.yml", 'dial: "988"', 'dial: "nine"', "dial is 'nine'"),
    ("help_lines.yml", "verified_on: 2026-11-01", "verified_on: soon", "verified_on is 'soon'"),
    ("help_lines.yml", "country: US", "country: XX", "country is 'XX'"),
])  # fmt: skip
def test_a_wrong_help_line_is_refused_with_its_place(tmp_path: Path, name: str, old: str, new: str, says: str) -> None:
    text = (paths.data() / name).read_text(encoding="utf-8")
    wrong = tmp_path / name
    wrong.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError, match=re.escape(says)) as error:
        HelpLines.load(wrong)
    assert str(wrong) in str(error.value)


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


def test_answers_without_a_kind_are_refused(tmp_path: Path) -> None:
    found = yaml.safe_load((paths.data() / "safety" / "answers.yml").read_text(encoding="utf-8"))
    del found["blocks"]["others"]
    wrong = tmp_path / "answers.yml"
    wrong.write_text(yaml.safe_dump(found), encoding="utf-8")
    with pytest.raises(DataError, match="no block for others"):
        Wording.load(wrong)
