"""The twelve hard pairs: messages that look alike and must be read apart (sentences in hard_pairs.yml)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from bot.reading.reader import Reader

PAIRS_FILE = Path(__file__).with_name("hard_pairs.yml")
SIDES = ("left", "right")
PLAIN_KEYS = ("side", "actor", "partner", "safety", "coach")
KEYS = frozenset({*PLAIN_KEYS, "cue"})
PAIR_COUNT = 12
LEAST_PER_SIDE = 11
LEAST_RIGHT = 10
MOST_WORDS = 40


class Case(NamedTuple):
    """One sentence and what its reading must say."""

    name: str
    text: str
    expect: dict[str, tuple[str, ...]]


def as_tuple(value: str | list[str]) -> tuple[str, ...]:
    """The allowed values, whether one or several were written."""
    return (value,) if isinstance(value, str) else tuple(value)


def load_cases() -> list[Case]:
    """Every sentence of the file, in its order, with the side's expectation under its own."""
    document: dict[str, Any] = yaml.safe_load(PAIRS_FILE.read_text(encoding="utf-8"))
    cases: list[Case] = []
    for pair in document["pairs"]:
        for side in SIDES:
            common: Mapping[str, str | list[str]] = pair[side]["expect"]
            for number, entry in enumerate(pair[side]["texts"], start=1):
                text: str = entry if isinstance(entry, str) else entry["text"]
                own: Mapping[str, str | list[str]] = {} if isinstance(entry, str) else entry.get("expect", {})
                expect = {key: as_tuple(value) for key, value in {**common, **own}.items()}
                cases.append(Case(f"{pair['id']}/{side}/{number:02d}", text, expect))
    return cases


CASES = load_cases()


def plain(value: object) -> str:
    """The text of an enum member, a string or nothing."""
    if value is None:
        return "none"
    return str(getattr(value, "value", value))


def observe(reading: Any) -> dict[str, tuple[str, ...]]:
    """What a reading says under the keys of an expectation."""
    seen: dict[str, tuple[str, ...]] = {key: (plain(getattr(reading, key)),) for key in PLAIN_KEYS}
    seen["cue"] = tuple(plain(cue.id) for cue in reading.cues)
    return seen


def missed(reader: Reader, case: Case) -> str:
    """What is wrong with the reading of *case*, or nothing."""
    got = observe(reader.read(case.text))
    wrong = [key for key, allowed in case.expect.items() if not set(allowed) & set(got[key])]
    if not wrong:
        return ""
    expected = {key: "|".join(case.expect[key]) for key in wrong}
    return f"{case.name}: {case.text}\n    expected {expected}, got { {key: '|'.join(got[key]) for key in wrong} }"


SIDE_NAMES = sorted({case.name.rsplit("/", 1)[0] for case in CASES})


@pytest.mark.parametrize("side", SIDE_NAMES)
def test_each_side_of_a_pair_is_told_from_the_other(reader: Reader, side: str) -> None:
    """At least ten sentences of each side are read right; whoever wrote them had not seen the rules."""
    cases = [case for case in CASES if case.name.startswith(side + "/")]
    wrong = [told for case in cases if (told := missed(reader, case))]
    assert len(cases) - len(wrong) >= LEAST_RIGHT, "\n" + "\n".join(wrong)


IN_DANGER = [case for case in CASES if "none" not in case.expect.get("safety", ("none",))]


@pytest.mark.parametrize("case", IN_DANGER, ids=[case.name for case in IN_DANGER])
def test_nobody_in_danger_is_coached(reader: Reader, case: Case) -> None:
    assert plain(reader.read(case.text).coach) == "none", case.text


CALM = [case for case in CASES if case.expect.get("safety") == ("none",)]


def test_hardly_anybody_out_of_danger_is_locked(reader: Reader) -> None:
    locked = [case.text for case in CALM if plain(reader.read(case.text).safety) != "none"]
    assert len(locked) <= 0.03 * len(CALM), locked


def test_every_side_has_enough_sentences() -> None:
    counts: dict[str, int] = {}
    for case in CASES:
        side = case.name.rsplit("/", 1)[0]
        counts[side] = counts.get(side, 0) + 1
    assert len(counts) == PAIR_COUNT * len(SIDES)
    assert {side: count for side, count in counts.items() if count < LEAST_PER_SIDE} == {}


def test_sentences_are_short_and_never_repeated() -> None:
    texts = [case.text for case in CASES]
    assert len({text.casefold() for text in texts}) == len(texts)
    assert [text for text in texts if len(text.split()) > MOST_WORDS] == []


def test_expectations_use_known_keys() -> None:
    assert {case.name: sorted(set(case.expect) - KEYS) for case in CASES if set(case.expect) - KEYS} == {}
