"""The help lines as a deployer would check them: complete, fresh, dialable, honest about what is not sure, open to correction."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot import paths, yaml_files
from bot.errors import DataError
from bot.reading.values import Safety
from bot.safety.help_lines import ANYWHERE, OWN_LINES, Country, HelpLine, HelpLines, help_lines
from tools.help_lines_page import CHECK, check_item, page

SHIPPED = paths.data() / "help_lines.yml"
# The shipped table, whatever file of a deployer's own this process was started with.
TABLE = HelpLines.load(SHIPPED)
PAGE = paths.root() / "docs" / "help-lines.md"
LEAST = {"US", "GB", "IE", "CA", "AU", "NZ", "IN", "EU", "DE", "FR", "ES", "ZA", "ZZ"}

# What can be dialled inside each country: short codes, free and shared-cost numbers, or the whole number after +.
DIALS = {
    "US": r"988|\+1[2-9]\d{9}",
    "CA": r"988|\+1[2-9]\d{9}",
    "GB": r"1\d\d|116\d{3}|08001111|0[1-9]\d{9}",
    "IE": r"116\d{3}|1800\d{6}|\+353[1-9]\d{7,8}",
    "AU": r"13\d{4}|1[38]00\d{6}",
    "NZ": r"1\d{3}|0[58]0[08]\d{6}",
    "IN": r"1\d{2,4}|\+91[6-9]\d{9}",
    "EU": r"116\d{3}",
    "DE": r"116\d{3}|0800\d{7}",
    "FR": r"1\d\d|3\d{3}|0[1-9]\d{8}",
    "ES": r"0\d\d|116\d{3}|[89]00\d{6}",
    "ZA": r"116|0[1-9]\d{8}|\+27[1-9]\d{8}",
}
TEXTS = {
    "US": r"988|\d{5,6}",
    "CA": r"988|\d{5,6}",
    "GB": r"\d{5}",
    "IE": r"5\d{4}",
    "AU": r"04\d{8}",
    "NZ": r"\d{3,4}",
    "ZA": r"\d{5}",
}

Row = dict[str, Any]
LINE: Row = {
    "country": "GB", "kind": "suicide", "service": "Our Line", "number": "0800 000 0000", "dial": "08000000000", "hours": "",
    "channels": ["call"], "languages": ["en"], "confidence": "A", "verified_on": "2026-11-01", "source": "example.org",
}  # fmt: skip
PORTUGAL: Row = {"code": "PT", "name": "Portugal", "emergency": ["112"], "confidence": "A"}


def _name(value: HelpLine | Country) -> str:
    return value.code if isinstance(value, Country) else f"{value.country}-{value.kind}-{value.service}"


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Write a deployer's own file, and name it in the environment."""

    def write(lines: list[Row], countries: list[Row] | None = None, **more: Any) -> Path:
        held = {"release_date": "2026-11-22", "countries": countries or [], "lines": lines, **more}
        # Dates are written bare, as people write them; everything else as YAML would have it.
        text = re.sub(r"'(\d{4}-\d\d-\d\d)'", r"\1", yaml.safe_dump(held, allow_unicode=True, sort_keys=False))
        path = tmp_path / "own_lines.yml"
        path.write_text(text, encoding="utf-8")
        monkeypatch.setenv(OWN_LINES, str(path))
        return path

    return write


def _of_country(code: str, **changes: Any) -> list[Row]:
    return [LINE | {"country": code, "kind": kind} | changes for kind in ("suicide", "harmed", "child")]


# What is shipped


def test_every_country_of_the_table_is_there() -> None:
    assert {country.code for country in TABLE.countries()} >= LEAST


@pytest.mark.parametrize("country", TABLE.countries(), ids=_name)
def test_every_country_is_complete(country: Country) -> None:
    if country.code != ANYWHERE:
        assert country.emergency and country.confidence in ("A", "B", "C")
    for kind in (Safety.SUICIDE, Safety.HARMED, "child"):
        assert {line.country for line in TABLE.for_country(country.code, kind)} == {country.code}, kind
    # Every kind of danger reaches somebody; for one's own behaviour that may be a fallback.
    for kind in Safety:
        assert all(line.number or line.web for line in TABLE.for_country(country.code, kind))
        assert TABLE.for_country(country.code, kind)


@pytest.mark.parametrize("country", TABLE.countries(), ids=_name)
def test_the_page_states_who_is_shown_where_a_country_has_no_line_for_own_behaviour(country: Country) -> None:
    sections = PAGE.read_text(encoding="utf-8").split("\n### ")
    (section,) = [text for text in sections if text.startswith(f"{country.name} ({country.code})")]
    has_own = any(line.country == country.code and line.kind == "harming" for line in TABLE.lines)
    assert ("No line of kind harming here" in section) is not has_own
    assert all(line.service in section for line in TABLE.for_country(country.code, "harming"))


@pytest.mark.parametrize("line", TABLE.lines, ids=_name)
def test_every_line_was_looked_at_within_180_days_of_the_release(line: HelpLine) -> None:
    assert 0 <= (TABLE.release_date - line.verified_on).days <= 180


@pytest.mark.parametrize("line", TABLE.lines, ids=_name)
def test_every_line_says_what_a_person_needs(line: HelpLine) -> None:
    assert line.service and line.source and line.channels and line.languages
    assert line.number or line.web, "nothing to show"


@pytest.mark.parametrize("line", TABLE.lines, ids=_name)
def test_an_old_source_is_never_graded_a(line: HelpLine) -> None:
    if line.source_dated and int(line.source_dated[:4]) < TABLE.release_date.year - 1:
        assert line.confidence in ("B", "C")


@pytest.mark.parametrize("line", [line for line in TABLE.lines if line.dial], ids=_name)
def test_a_number_dials_in_its_country_and_is_the_one_on_show(line: HelpLine) -> None:
    assert re.fullmatch(DIALS[line.country], line.dial), line.dial
    shown = _digits(re.split(r"\bor\b|,|/", line.number)[0])
    if line.dial.startswith("+"):
        assert shown == line.dial[1:] or re.fullmatch(r"\+\d{1,3}" + shown.removeprefix("0"), line.dial)
    else:
        assert shown == line.dial


@pytest.mark.parametrize("line", [line for line in TABLE.lines if line.sms], ids=_name)
def test_a_number_to_text_is_one_of_its_country_and_is_shown(line: HelpLine) -> None:
    assert re.fullmatch(TEXTS[line.country], line.sms), line.sms
    if not line.dial:
        assert line.number.startswith("text ") and _digits(line.number) == line.sms


@pytest.mark.parametrize("country", TABLE.countries(), ids=_name)
def test_emergency_numbers_are_short_codes(country: Country) -> None:
    assert all(re.fullmatch(r"\d{2,5}", number) for number in country.emergency)


# The page


def test_the_page_is_what_the_tool_makes() -> None:
    written = PAGE.read_text(encoding="utf-8")
    assert written == page(written, TABLE), "run: python -m tools.help_lines_page"


def _to_check() -> list[str]:
    listed = PAGE.read_text(encoding="utf-8").split(CHECK)[1].split("\n### ")[0]
    return [text for text in listed.splitlines() if text.startswith("- [ ] ")]


@pytest.mark.parametrize("line", TABLE.lines, ids=_name)
def test_every_unsure_line_stands_under_please_check_first_and_no_sure_one_does(line: HelpLine) -> None:
    if line.confidence in ("B", "C"):
        assert check_item(line) in _to_check()
    elif not (line.note or line.source_dated):
        assert check_item(line) not in _to_check()


@pytest.mark.parametrize("country", TABLE.countries(), ids=_name)
def test_an_unsure_emergency_number_stands_under_please_check_first(country: Country) -> None:
    listed = [text for text in _to_check() if text.startswith(f"- [ ] {country.code}: emergency ")]
    assert len(listed) == (country.confidence in ("B", "C"))
    assert all(number in text for text in listed for number in country.emergency)


def test_what_is_listed_to_check_is_in_the_table() -> None:
    known = {check_item(line) for line in TABLE.lines}
    assert all(text in known or ": emergency " in text for text in _to_check())


def test_an_unconfirmed_line_never_shows_a_date_as_if_it_were() -> None:
    assert not [text for text in _to_check() if "(C" in text and "source read" in text]


def test_the_page_tells_how_to_verify_and_how_to_override() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert "## How to verify a number" in text and OWN_LINES in text


def test_the_override_that_the_page_shows_works(tmp_path: Path) -> None:
    (shown,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    path = tmp_path / "own.yml"
    path.write_text(shown, encoding="utf-8")
    table = HelpLines.load(SHIPPED, path)
    assert table.country("PT").emergency == ("112",)
    assert [line.number for line in table.for_country("PT", Safety.HARMED)] == ["800 000 002"]


# What is refused


WRONG = [
    pytest.param({"confidence": "D"}, "confidence is 'D'", "one of A, B, C", id="confidence"),
    pytest.param({"sure": "A"}, "sure is not a field", "confidence", id="unknown field"),
    pytest.param({"country": "XX"}, "country is 'XX'", "one of US, GB", id="country"),
    pytest.param({"kind": "danger"}, "kind is 'danger'", "one of suicide, harmed, child, harming, any", id="kind"),
    pytest.param({"audience": "dogs"}, "audience is 'dogs'", "one of young, adults", id="audience"),
    *(pytest.param({key: None}, f"has no {key}", "all of country, kind", id=f"no {key}") for key in LINE if key not in ("dial",)),
    pytest.param({"languages": []}, "languages is empty", "at least one", id="no languages"),
    pytest.param({"languages": "en"}, "languages is not a list", "languages: followed by", id="languages not listed"),
    pytest.param({"service": " "}, "service is empty", "some text", id="blank service"),
    pytest.param({"number": 8000000000}, "number is 8000000000", "numbers stand in quotes", id="number without quotes"),
    pytest.param({"verified_on": "2026-05-25"}, "is 181 days before release_date 2026-11-22", "at most 180 days", id="old date"),
    pytest.param(
        {"verified_on": "2025-12-31", "note": "Seen in 2025.", "source_dated": "2025-12"}, "is 326 days before",
        "at most 180 days",
        id="old date with a note",
    ),
    pytest.param({"verified_on": "2026-11-23"}, "is after release_date", "release_date on that day or later", id="date to come"),
    pytest.param({"verified_on": "soon"}, "verified_on is 'soon'", "a date: 2026-11-01", id="no date"),
    pytest.param({"source_dated": 2024}, "source_dated is 2024, yet confidence is A", "B or C", id="old source graded A"),
    pytest.param({"source_dated": "2024-12"}, "source_dated is 2024-12, yet confidence is A", "B or C", id="old month graded A"),
    pytest.param({"source_dated": "2027"}, "source_dated is '2027'", "not after the release", id="source to come"),
    pytest.param({"source_dated": "long ago"}, "source_dated is 'long ago'", "2020 or 2020-05", id="source without year"),
    pytest.param({"dial": "nine"}, "dial is 'nine'", "digits alone", id="dial of letters"),
    pytest.param({"dial": "0800 000 0000"}, "dial is '0800 000 0000'", "digits alone", id="dial with spaces"),
    pytest.param({"dial": "+0800000000"}, "dial is '+0800000000'", "digits alone", id="dial with + and no country"),
    pytest.param({"dial": "12"}, "dial is '12'", "digits alone", id="dial too short"),
    pytest.param({"dial": "08000000001"}, "but dial is '08000000001'", "the same digits", id="dial of another number"),
    pytest.param({"dial": "+448000000001"}, "but dial is '+448000000001'", "the same digits", id="+ and another number"),
    pytest.param({"dial": "+44448000000000"}, "but dial is", "the same digits", id="+ and too much before"),
    pytest.param({"dial": ""}, "cannot be reached", "at least one of dial, sms, web", id="no way to reach it"),
    pytest.param({"dial": "", "sms": "85258", "channels": ["text"]}, "but sms is '85258'", "the same digits", id="another text"),
    pytest.param({"text": "HELLO"}, "has a word to text but no sms", "sms", id="word without number"),
    pytest.param({"web": "example.org"}, "web is 'example.org'", "begins with https://", id="web"),
    pytest.param({"channels": ["call", "fax"]}, "channel 'fax' is not known", "one of call, text", id="channel"),
    pytest.param({"channels": ["call", "text"]}, "channel text has no sms", "sms, or not that channel", id="text without sms"),
    pytest.param({"channels": ["email"]}, "has dial, but channels lack call", "call among channels", id="dial without call"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "says", "expected"), WRONG)
def test_a_wrong_line_is_refused_with_what_was_expected(own: Callable[..., Path], change: Row, says: str, expected: str) -> None:
    row = {key: value for key, value in (LINE | change).items() if value is not None}
    path = own([row, *_of_country("GB")])
    with pytest.raises(DataError) as error:
        help_lines()
    message = str(error.value)
    assert says in message and expected in message.partition("Expected")[2]
    assert str(path) in message and OWN_LINES in message
    assert repr(row.get("service")) in message, "does not name the line"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (", confidence: A, verified_on", ", confidence: D, verified_on", "confidence is 'D'"),
        ('dial: "988"', 'dial: "nine"', "dial is 'nine'"),
        ("verified_on: 2026-11-01", "verified_on: 2026-05-01", "verified_on 2026-05-01 is 205 days before"),
        ("country: US", "country: XX", "country is 'XX'"),
        (", kind: suicide", ", kind: sadness", "kind is 'sadness'"),
        ("release_date: 2026-11-22", "release_date: 2027-06-01", "212 days before release_date 2027-06-01"),
        ("release_date: 2026-11-22", "released: 2026-11-22", "released is not a field"),
        ("release_date: 2026-11-22", "", "has no release_date"),
        ('emergency: ["911"]', "emergency: [911]", "emergency is [911]"),
        ('emergency: ["911"]', "emergency: []", "country US has no emergency number"),
        ('emergency: ["911"], confidence: C', 'emergency: ["911"]', "country US: confidence is None"),
        ("code: GB", "code: US", "country US is there twice"),
        ("name: United States", "name: The United States of America", "is too long"),
        ("country: ZZ, kind: any", "country: ZZ, kind: child", "has no line of kind any for ZZ"),
        ("country: NZ, kind: child", "country: NZ, kind: harmed", "country NZ has no line of kind child"),
    ],
)
def test_a_wrong_shipped_file_is_refused_with_its_place(tmp_path: Path, old: str, new: str, says: str) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    wrong = tmp_path / "help_lines.yml"
    wrong.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError, match=re.escape(says)) as error:
        HelpLines.load(wrong)
    assert str(wrong) in str(error.value) and "Expected" in str(error.value)


# A deployer's own file


def test_without_the_variable_the_shipped_lines_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(OWN_LINES, raising=False)
    assert help_lines().lines == TABLE.lines
    assert help_lines() is help_lines(), "read once"
    monkeypatch.setenv(OWN_LINES, "")
    assert help_lines().lines == TABLE.lines


def test_own_lines_replace_all_shipped_lines_of_their_country_and_no_others(own: Callable[..., Path]) -> None:
    own(_of_country("GB"))
    table = help_lines()
    assert {line.service for line in table.lines if line.country == "GB"} == {"Our Line"}
    assert [line for line in table.lines if line.country != "GB"] == [line for line in TABLE.lines if line.country != "GB"]
    assert table.countries() == TABLE.countries()
    assert table.for_country("GB", Safety.SUICIDE)[0].dial == "08000000000"


def test_an_own_country_replaces_the_shipped_one_and_keeps_its_lines(own: Callable[..., Path]) -> None:
    own([], [{"code": "GB", "name": "Britain", "emergency": ["112"], "confidence": "A"}])
    assert help_lines().country("GB") == Country("GB", "Britain", ("112",), "A")
    assert help_lines().lines == TABLE.lines


def test_an_own_country_is_added_with_its_lines(own: Callable[..., Path]) -> None:
    own(_of_country("PT"), [PORTUGAL])
    table = help_lines()
    assert {country.code for country in table.countries()} == {country.code for country in TABLE.countries()} | {"PT"}
    assert table.countries()[-1].code == ANYWHERE
    assert [line.country for line in table.for_country("PT", Safety.HARMED)] == ["PT"]
    assert table.for_country("PT", Safety.HARMING) == TABLE.for_country(None, Safety.HARMING)


def test_own_dates_are_held_against_the_own_release_date(own: Callable[..., Path]) -> None:
    own(_of_country("GB", verified_on="2027-05-30"), release_date="2027-06-01")
    assert help_lines().for_country("GB", "child")[0].verified_on.year == 2027
    with pytest.raises(DataError, match="212 days before"):
        HelpLines.load(SHIPPED, own(_of_country("GB"), release_date="2027-06-01"))


@pytest.mark.parametrize(
    ("lines", "countries", "says"),
    [
        ([LINE], [], "country GB has no line of kind harmed, child"),
        ([], [PORTUGAL], "country PT has no line of kind suicide, harmed, child"),
        (_of_country("PT"), [], "country is 'PT'"),
        ([], [], "names no country and no line"),
        ("none", [], "has no list of lines"),
    ],
)
def test_an_own_file_that_would_leave_a_gap_is_refused(
    own: Callable[..., Path], lines: Any, countries: list[Row], says: str
) -> None:
    path = own(lines, countries)
    with pytest.raises(DataError, match=re.escape(says)) as error:
        help_lines()
    assert str(path) in str(error.value) and OWN_LINES in str(error.value) and "Expected" in str(error.value)


@pytest.mark.parametrize("content", [None, b"", b"lines: [", b"- a list", b"\xff\xfe"], ids=repr)
def test_an_own_file_that_cannot_be_read_is_an_error_and_no_fall_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    path = tmp_path / "own.yml"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv(OWN_LINES, str(path))
    # Twice, for an error must not be forgotten at the second call.
    for _ in range(2):
        with pytest.raises(DataError, match=re.escape(str(path))) as error:
            help_lines()
        assert str(error.value).startswith(OWN_LINES)


def test_the_shipped_file_in_whole_is_a_valid_own_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(OWN_LINES, str(SHIPPED))
    assert help_lines().lines == TABLE.lines and help_lines().countries() == TABLE.countries()


def test_own_lines_reach_the_person(own: Callable[..., Path]) -> None:
    from bot.safety.answers import help_now
    from bot.safety.values import Lock

    own(_of_country("GB"))
    steps = [step for bubble in help_now("GB", Lock()).bubbles for step in bubble.steps]
    assert "Our Line: 0800 000 0000" in steps


def test_the_shipped_file_quotes_every_number() -> None:
    held = yaml_files.mapping(SHIPPED)
    assert all(isinstance(row[key], str) for row in held["lines"] for key in ("number", "dial", "sms", "text") if key in row)
