"""Who speaks to whom, sentence by sentence."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import paths
from bot.errors import DataError
from bot.reading.frames import Framer, Kind, frames


def kinds(text: str) -> list[Kind]:
    return [frame.kind for frame in frames(text)]


@pytest.mark.parametrize(
    "text",
    [
        "He hasn't answered me since lunch",
        "my wife says I work too much",
        "I walked out and slammed the door",
        "Do you think I should text him?",
        "Can you help me? My husband left",
        "you know how it is, she never calls",
        "he went quiet again, what do you suggest",
    ],
)
def test_telling_the_bot_about_the_couple_is_a_report(text: str) -> None:
    assert set(kinds(text)) == {Kind.REPORT}


@pytest.mark.parametrize(
    "text",
    [
        "Why are you ignoring me?",
        "babe are we ok",
        "You never listen. I'm done.",
        "Drop it.",
        "I'm out. Don't wait up.",
        "please come home",
        "who is she to you",
        "u left me on read all day",
    ],
)
def test_speaking_to_the_partner_is_a_draft(text: str) -> None:
    assert set(kinds(text)) == {Kind.DRAFT}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('she texted: "are we ok? tell me"', "are we ok?"),
        ("You never listen, he said to me", "You never listen"),
        ("You never listen, says she to me, in front of everybody", "You never listen"),
        ("His message says: you always walk away. you never ask", "you never ask"),
        ("> you never call\nthat is what I got", "you never call"),
        ('"Whatever you want." Then he went to bed.', "Whatever you want."),
        ("he goes \u201cyou are mad\u201d and leaves", "you are mad"),
        ("my husband shouted 'leave me alone' again", "leave me alone"),
    ],
)
def test_words_told_as_the_partners_are_received(text: str, words: str) -> None:
    (frame,) = [frame for frame in frames(text) if words in frame.text]
    assert frame.kind is Kind.RECEIVED


def test_the_writers_own_quoted_words_are_the_writers() -> None:
    assert Kind.OWN in kinds('I told her "you never listen" and then I cried')


def test_only_the_quoted_part_of_a_sentence_is_received() -> None:
    text = 'He wrote "drop it" and I rang him nine times'
    parts = [(text[frame.start : frame.end], frame.kind) for frame in frames(text)]
    assert parts == [("He wrote ", Kind.REPORT), ('"drop it"', Kind.RECEIVED), (" and I rang him nine times", Kind.REPORT)]


@pytest.mark.parametrize(
    "text",
    [
        "My sister's boyfriend walked out",
        "my friend rings him nine times a day",
        "In the film the husband storms out and she begs him",
        "my boss shouted at me",
    ],
)
def test_other_peoples_stories_are_marked(text: str) -> None:
    assert all(frame.other_people for frame in frames(text))


@pytest.mark.parametrize("text", ["he told my sister that I nag", "My husband rang my mother and cried"])
def test_relatives_in_passing_do_not_make_it_another_peoples_story(text: str) -> None:
    assert not any(frame.other_people for frame in frames(text))


def test_denied_hypothetical_and_joking_sentences_are_marked() -> None:
    assert frames("I'm not asking you to prove anything")[0].negated
    assert frames("would it help if I rang him again")[0].hypothetical
    assert frames("you never listen, just kidding")[0].joke
    assert not any((frame.negated or frame.hypothetical or frame.joke) for frame in frames("He left me on read"))


def test_a_missing_or_unknown_list_is_named_with_the_file(tmp_path: Path) -> None:
    shutil.copytree(paths.data() / "cues", tmp_path / "cues")
    where = tmp_path / "cues" / "frames.yml"
    good = where.read_text(encoding="utf-8")
    where.write_text(good + "\nnonsense: [a]\n", encoding="utf-8")
    with pytest.raises(DataError, match="list 'nonsense' is not known"):
        Framer.load(tmp_path / "cues")
    where.write_text(good.replace("joke:", "jest:"), encoding="utf-8")
    with pytest.raises(DataError, match=r"frames\.yml.*has no list 'joke'"):
        Framer.load(tmp_path / "cues")
    where.write_text(good.replace("third: [", 'third: ["<nowhere>", '), encoding="utf-8")
    with pytest.raises(DataError, match=r"frames\.yml.*<nowhere>"):
        Framer.load(tmp_path / "cues")


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet=st.characters(blacklist_categories=("Cs",)), max_size=300))
def test_frames_of_any_text_stand_in_order_inside_it(text: str) -> None:
    last = 0
    for frame in frames(text):
        assert last <= frame.start < frame.end <= len(text)
        last = frame.end
