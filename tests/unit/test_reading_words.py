"""Sentences and tokens keep the offsets of the message as it was sent, whatever is in it."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading import words
from bot.reading.patterns import PatternSet
from bot.reading.words import even, sentences, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I left. She cried!", ["I left.", "She cried!"]),
        ("why?? answer me", ["why??", "answer me"]),
        ("one\ntwo\n\nthree", ["one", "two", "three"]),
        ("at 9.30 we talk", ["at 9.30 we talk"]),
        ("gone 😭 he left", ["gone 😭", "he left"]),
        ("   ", []),
        ("", []),
    ],
)
def test_sentences_are_cut_where_a_reader_would_cut_them(text: str, expected: list[str]) -> None:
    assert [sentence.text for sentence in sentences(text)] == expected


def test_curly_quotes_and_long_dashes_count_as_plain_ones() -> None:
    assert even("he\u2019s \u201cfine\u201d \u2013 no") == 'he\'s "fine" - no'


@pytest.mark.parametrize(
    ("text", "norms"),
    [
        ("im hes ive", ["i", "am", "he", "is", "i", "have"]),
        ("didnt doesn't", ["did", "not", "does", "not"]),
        ("u r", ["you", "are"]),
        ("sooooo", ["so"]),
        ("my wife's phone", ["my", "wife", "'s", "phone"]),
    ],
)
def test_texting_spellings_become_standard_words(text: str, norms: list[str]) -> None:
    assert [token.norm_ for token in tokens(text, {"u": "you", "r": "are"})] == norms


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_every_sentence_stands_where_its_offsets_say(text: str) -> None:
    assert len(even(text)) == len(text)
    for sentence in sentences(text):
        assert even(text)[sentence.start : sentence.end] == sentence.text


def test_reading_goes_on_when_the_vocabulary_has_been_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.unit.test_reading_patterns import LEXICON

    patterns = PatternSet([("key", "~go quiet")], LEXICON)
    assert patterns.find(patterns.doc("he went quiet"))
    before = words.language()
    monkeypatch.setattr(words._TOKENIZER, "_limit", 0)
    assert patterns.find(patterns.doc("he went quiet"))
    assert words.language() is not before


def test_reading_does_not_leave_tensorflow_blocked_for_the_rest_of_the_process() -> None:
    words.language()
    assert sys.modules.get("tensorflow", "absent") is not None
