"""What every line of data/guidance and data/responses promises, whoever wrote it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from bot import paths, yaml_files
from bot.guidance.entries import Line, LineActor, LineSide, Part, Practice
from bot.guidance.library import CUES, library
from bot.guidance.say import MOST_BYTES, button, responses

SIDES = (LineSide.PURSUE, LineSide.WITHDRAW)
FORBIDDEN = re.compile(
    r"\b(should(n['’]t)?|just|therap\w*|treatment\w*|counsellor\w*|counselor\w*|calm down|toxic\w*|anxious\w*|avoidant\w*|"
    r"attachment|narciss\w*|diagnos\w*|codepend\w*|gasligh\w*|manipulat\w*|clingy|needy|crazy|hysterical)\b",
    re.IGNORECASE,
)
# What leaning in never asks for.
NEVER_ASKED = re.compile(r"\b(touch|hug|kiss|cuddle|sex|bed|password|location|trauma|childhood|hand in hand)\w*\b", re.IGNORECASE)
NEED = {f"A{number}" for number in range(82, 91)}
# People's own ways of asking, and the titles of sources, are not what the bot says.
# In an exercise `words` are patterns.
NOT_SAID = {"words", "ask", "title", "author", "note", "id", "key", "cues", "sources", "where"}


def lines(part: Part) -> tuple[Line, ...]:
    return library().lines[part]


def practices() -> list[Practice]:
    return list(library().practices.values())


def texts(found: Any) -> Iterator[str]:
    """Yield every text below *found* that somebody may read on the screen."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, list):
        for one in found:
            yield from texts(one)
    elif isinstance(found, dict):
        practice_title = {"title"} if "steps" in found else set()
        for name, one in found.items():
            if name not in NOT_SAID - practice_title:
                yield from texts(one)


def spoken() -> list[tuple[str, str]]:
    folders = ("guidance", "responses", "skills")
    files = [path for name in folders for path in (paths.data() / name).rglob("*.yml") if path.parent.name != "words"]
    return [(path.name, text) for path in sorted(files) for text in texts(yaml_files.load(path))]


def test_no_forbidden_word_is_said() -> None:
    # That it is no therapist is the one thing it says about therapy.
    said = [(name, text.replace("not a therapist", "")) for name, text in spoken()]
    assert [(name, text) for name, text in said if FORBIDDEN.search(text)] == []


def test_no_two_lines_say_the_same() -> None:
    entries = [*practices(), *library().concepts, *(line for part in Part if part is not Part.PRACTICE for line in lines(part))]
    counted = Counter(entry.text.casefold() for entry in entries)
    assert [text for text, times in counted.items() if times > 1] == []
    titles = Counter(practice.title.casefold() for practice in practices())
    assert [title for title, times in titles.items() if times > 1] == []


def test_the_111_statements_of_the_articles_are_all_there_with_their_paragraphs() -> None:
    items = library().sources.items
    assert list(items) == [f"A{number:02d}" for number in range(1, 112)]
    last = {"healing": 14, "gifts": 26}
    for item in items.values():
        assert all(1 <= place.para <= last[place.article] for place in item.where), item.id


def cited() -> set[str]:
    found = {source for part in library().lines.values() for line in part for source in line.sources}
    found |= {source for entry in (*practices(), *library().concepts) for source in entry.sources}
    return found | {source for variants in responses().lines.values() for variant in variants for source in variant.sources}


@pytest.mark.parametrize("item", sorted(library().sources.items))
def test_every_statement_of_the_articles_is_said_somewhere(item: str) -> None:
    assert item in cited(), f"{item} ({library().sources.items[item].text}) is cited by no line"


@pytest.mark.parametrize("source", sorted(library().sources.outside))
def test_every_outside_source_is_used(source: str) -> None:
    assert source in cited()


@pytest.mark.parametrize("cue", sorted(CUES))
def test_every_cue_has_lines_of_its_own(cue: str) -> None:
    side = LineSide.PURSUE if cue.startswith("P") else LineSide.WITHDRAW
    namings = [line for line in lines(Part.NAMING) if cue in line.cues and line.side is side and line.actor is LineActor.SELF]
    assert len(namings) >= 3
    assert all("{words}" in line.text for line in namings)
    for own in (practices(), lines(Part.REFRAME), lines(Part.QUESTION)):
        assert len([entry for entry in own if cue in entry.cues and entry.side is side]) >= 2
    for actor, facing in ((LineActor.SELF, side), (LineActor.PARTNER, side.facing)):
        assert [line for line in lines(Part.VALIDATION) if cue in line.cues and line.actor is actor and line.side is facing]


@pytest.mark.parametrize("side", SIDES)
def test_each_side_has_enough_to_say_for_a_long_night(side: LineSide) -> None:
    assert len([practice for practice in practices() if practice.side is side]) >= 14
    assert len([practice for practice in practices() if practice.side is side and (practice.any_move or not practice.cues)]) >= 12
    for part in (Part.REFRAME, Part.QUESTION):
        generic = [line for line in lines(part) if line.side is side and not line.cues and line.actor is LineActor.ANY]
        assert len(generic) >= 12
    for actor in (LineActor.SELF, LineActor.PARTNER):
        generic = [line for line in lines(Part.VALIDATION) if line.side is side and line.actor is actor and not line.cues]
        assert len(generic) >= 14
        quoting = [
            line for line in lines(Part.NAMING)
            if line.side is side and line.actor is actor and not line.cues and "{words}" in line.text
        ]  # fmt: skip
        assert len(quoting) >= 6
    both = [line for line in lines(Part.NAMING) if line.side is side and line.actor is LineActor.BOTH]
    assert len(both) >= 4
    assert all("{words}" in line.text and "{theirs}" in line.text for line in both)


def test_lines_about_the_writers_move_name_cues_of_their_side_and_those_about_the_partners_of_the_other() -> None:
    for part in (Part.VALIDATION, Part.NAMING):
        for line in lines(part):
            letter = (line.side.facing if line.actor is LineActor.PARTNER else line.side).letter
            assert all(cue.startswith(letter) for cue in line.cues), line.id


def test_only_questions_ask_and_they_ask_one_thing() -> None:
    for part in (Part.VALIDATION, Part.NAMING, Part.REFRAME):
        assert [line.id for line in lines(part) if "?" in line.text] == []
    assert [line.id for line in lines(Part.QUESTION) if line.text.count("?") != 1] == []
    asked = {variant.id: variant.text.count("?") for variants in responses().lines.values() for variant in variants}
    quoted_buttons = {name: count - 1 if "Why this?" in text else count for name, count, text in (
        (variant.id, asked[variant.id], variant.text) for variants in responses().lines.values() for variant in variants
    )}  # fmt: skip
    assert [name for name, count in quoted_buttons.items() if count > 1] == []


@pytest.mark.parametrize("practice", practices(), ids=lambda practice: practice.id)
def test_a_practice_for_the_reaching_side_ends_in_saying_the_need(practice: Practice) -> None:
    if practice.side is LineSide.PURSUE:
        assert NEED & set(practice.sources)


@pytest.mark.parametrize("practice", practices(), ids=lambda practice: practice.id)
def test_leaning_in_never_asks_for_touch_sex_passwords_or_old_wounds(practice: Practice) -> None:
    if practice.side is LineSide.WITHDRAW:
        assert not NEVER_ASKED.search(" ".join((practice.title, practice.text, *practice.steps)))


@pytest.mark.parametrize("practice", practices(), ids=lambda practice: practice.id)
def test_a_practice_can_be_started_by_a_button_that_every_channel_carries(practice: Practice) -> None:
    payload = button("start", practice=practice.id).payload
    assert len(payload.encode()) <= MOST_BYTES
    assert payload == f'/start_practice{{"value":"{practice.id}"}}'


def test_every_button_is_carried_by_every_channel() -> None:
    for name, one in responses().buttons.items():
        assert len(one.payload.encode()) <= MOST_BYTES, name
        assert len(one.title) <= 30, name


def test_an_answer_without_words_to_point_to_still_has_a_naming() -> None:
    for side in SIDES:
        for actor in (LineActor.SELF, LineActor.PARTNER):
            silent = [line for line in lines(Part.NAMING) if line.side is side and line.actor is actor and "{" not in line.text]
            assert len(silent) >= 10
    assert [line for line in lines(Part.NAMING) if line.side is LineSide.BOTH and "{" not in line.text]


def test_the_rewrite_of_distress_as_a_training_ground_comes_only_as_a_reframe() -> None:
    # A29 can sound like "be glad of being ignored": it may follow a validation, never be one.
    for part in (Part.VALIDATION, Part.NAMING):
        assert [line.id for line in lines(part) if "A29" in line.sources] == []


def test_the_hiker_image_speaks_of_both_trails() -> None:
    for line in lines(Part.REFRAME):
        if {"A92", "A93"} <= set(line.sources):
            assert "alone" in line.text and "talking" in line.text.casefold(), line.id
