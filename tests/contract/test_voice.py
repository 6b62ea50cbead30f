"""How everything that the bot says reads: short, plain, one question at a time. docs/voice.md gives the reasons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from statistics import mean
from typing import Any

import pytest
import textstat

from bot import paths, yaml_files

MOST_WORDS = 60  # a bubble
GRADE = 7.0  # Flesch-Kincaid, on average over a file
HARDEST = 13.0  # of one line with ten words or more
FOLDERS = ("guidance", "responses", "skills", "soften")
# What people write themselves, names of sources, and pattern lines are not what the bot says.
NOT_SAID = {
    "ask_for", "words", "author", "note_for_editors", "id", "key", "cues", "sources", "where", "value", "title", "payload",
    "takes", "when", "fits", "shows", "end_shows", "named",
}  # fmt: skip
FORBIDDEN = re.compile(
    r"\b(should(n['’]t)?|therap(y|ist|ies)|toxic\w*|anxious\w*|avoidant\w*|narciss\w*|calm down|diagnos\w*|codepend\w*|"
    r"gasligh\w*|clingy|needy|crazy|hysterical|counsell?or\w*|treatments?)\b",
    re.IGNORECASE,
)
# Spellings and words that only one side of the Atlantic is at ease with.
ONE_SIDED = re.compile(
    r"\b(fortnight|whilst|gotten|row over|cross with|mom|mum|y'all|reckon|knackered|sidewalk|pavement)\b", re.IGNORECASE
)


# Words that are looked for in what people write.
LOOKED_FOR = {"words.yml", "spellings.yml", "rules.yml", "refuse.yml", "grammar.yml", "verbs.yml"}


def files() -> list[Path]:
    found = [path for folder in FOLDERS for path in sorted((paths.data() / folder).rglob("*.yml"))]
    return [path for path in found if "words" not in path.parts and path.name not in LOOKED_FOR]


def said(found: Any, name: str = "") -> Iterator[str]:
    if isinstance(found, str):
        yield found
    elif isinstance(found, list):
        for one in found:
            yield from said(one, name)
    elif isinstance(found, dict):
        for key, one in found.items():
            # In a concept `ask` holds people's own words; in an exercise it holds ours, as entries.
            if key in NOT_SAID or (key == "ask" and isinstance(one, list) and one and isinstance(one[0], str)):
                continue
            yield from said(one, key)


def lines(path: Path) -> list[str]:
    return [" ".join(text.split()) for text in said(yaml_files.load(path)) if len(text.split()) > 1]


@pytest.mark.parametrize("path", files(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_line_is_short(path: Path) -> None:
    assert [text for text in lines(path) if len(text.split()) > MOST_WORDS] == []


@pytest.mark.parametrize("path", files(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_file_is_plain(path: Path) -> None:
    grades = [textstat.flesch_kincaid_grade(text) for text in lines(path) if len(text.split()) >= 6]
    assert not grades or mean(grades) <= GRADE
    assert [text for text in lines(path) if len(text.split()) >= 10 and textstat.flesch_kincaid_grade(text) > HARDEST] == []


@pytest.mark.parametrize("path", files(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_line_labels_scolds_or_diagnoses(path: Path) -> None:
    found = [text for text in lines(path) if FORBIDDEN.search(text.replace("not a therapist", ""))]
    assert found == []


@pytest.mark.parametrize("path", files(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_words_that_only_one_country_uses_are_not_said(path: Path) -> None:
    assert [text for text in lines(path) if ONE_SIDED.search(text)] == []


@pytest.mark.parametrize("path", files(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_one_question_at_a_time(path: Path) -> None:
    assert [text for text in lines(path) if re.sub(r"“[^”]*”", "", text).count("?") > 1] == []
