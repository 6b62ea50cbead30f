"""The pattern language: each sign, and the error for each mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import DataError
from bot.reading.patterns import Hit, Lexicon, PatternSet, compile_line

LEXICON = Lexicon(
    groups={
        "who": frozenset({"i", "he", "she", "you", "husband"}),
        "whom": frozenset({"me", "him", "her", "husband"}),
        "adverb": frozenset({"just", "never", "always"}),
        "calls": frozenset({"calls", "texts"}),
    },
    irregular={"go": ["goes", "went", "gone", "going"]},
    spellings={"u": "you", "txted": "texted"},
)


def found(line: str, text: str) -> list[str]:
    """Return the words of *text* that *line* matches."""
    return [text[hit.start : hit.end] for hit in hits(line, text)]


def hits(line: str, text: str) -> list[Hit]:
    patterns = PatternSet([("key", line)], LEXICON)
    return patterns.find(patterns.doc(text))


@pytest.mark.parametrize(
    ("line", "text", "expected"),
    [
        ("drop it", "please drop it now", ["drop it"]),
        ("drop it", "Drop It", ["Drop It"]),
        ("can't wait", "I cannot wait and I can't wait", ["cannot wait", "can't wait"]),
        ("can't wait", "i cant wait", ["cant wait"]),
        ("~text him", "I was texting him", ["texting him"]),
        ("~text him", "I texted him", ["texted him"]),
        ("~text him", "i txted him", ["txted him"]),
        ("~go quiet", "he went quiet", ["went quiet"]),
        ("~beg him", "I begged him", ["begged him"]),
        ("~cry now", "she cried now, she cries now", ["cried now", "cries now"]),
        ("quiet|silent|mute", "so silent", ["silent"]),
        ("~go|~stay quiet", "he stayed quiet", ["stayed quiet"]),
        ("missed <calls>", "nine missed calls", ["missed calls"]),
        ("missed <calls>|it", "I missed it", ["missed it"]),
        ("too? sad", "too sad", ["too sad"]),
        ("too? sad", "sad", ["sad"]),
        ("<calls>? again", "texts again", ["texts again"]),
        ("# times", "eleven times and 9 times", ["eleven times", "9 times"]),
        ("slam .. door", "slam the front door", ["slam the front door"]),
        ("slam .. door", "slam the old front door", []),
        ("slam ... door", "slam the old wooden front door", ["slam the old wooden front door"]),
        ("!calm down", "shut down", ["shut down"]),
        ("!calm down", "calm down", []),
        ("^ fine", "fine then", ["fine"]),
        ("^ fine", '"Fine', ["Fine"]),
        ("^ fine", "I am fine", []),
        ("fine $", "I am fine.", ["fine"]),
        ("fine $", "fine then", []),
        ("~beg <whom>", "I begged my husband", ["begged my husband"]),
        ("you are", "u are, you're", ["u are", "you're"]),
        ("he is gone", "hes gone and he's gone and he is gone", ["hes gone", "he's gone", "he is gone"]),
        ("so sad", "soooo sad", ["soooo sad"]),
    ],
)
def test_each_sign_matches_what_the_notation_promises(line: str, text: str, expected: list[str]) -> None:
    assert found(line, text) == expected


def test_who_and_whom_tell_whose_move_a_hit_is() -> None:
    (hit,) = hits("@who ~text @whom", "and then she never texted me")
    assert (hit.who, hit.whom) == ("she", "me")


def test_who_leaves_room_for_one_small_adverb() -> None:
    assert found("@who ~go", "he just went") == ["he just went"]
    assert found("@who ~go", "he has simply up and went") == []


def test_a_noun_for_the_partner_may_follow_my() -> None:
    (hit,) = hits("@who ~go quiet", "my husband went quiet")
    assert hit.who == "husband"


def test_only_the_longest_of_several_hits_at_one_place_is_kept() -> None:
    patterns = PatternSet([("key", "~go quiet"), ("key", "~go quiet .. again")], LEXICON)
    doc = patterns.doc("he went quiet on me again")
    assert [doc.text[hit.start : hit.end] for hit in patterns.find(doc)] == ["went quiet on me again"]


def test_a_line_that_holds_a_negation_is_known_as_negated() -> None:
    assert hits("not ~go", "he did not go")[0].negated
    assert not hits("~go", "he did not go")[0].negated


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("so ^ sad", "^ stands inside the pattern"),
        ("so $ sad", "$ stands inside the pattern"),
        ("<nowhere> sad", "uses <nowhere>, which is not in words.yml"),
        ("can't|will wait", "is 2 words and stands among alternatives"),
        ("so|~ sad", "is not understood"),
        ("so sad ..", "begins or ends with a gap"),
        ("... sad", "begins or ends with a gap"),
        ("so||sad", "is not understood"),
        ("# # #", "has no word that must be there"),
        ("so? sad?", "has no word that must be there"),
    ],
)
def test_a_mistake_in_a_line_is_named_with_the_line_and_the_file(line: str, message: str) -> None:
    with pytest.raises(DataError) as error:
        compile_line(line, LEXICON, where="data/cues/pursue.yml")
    assert message in str(error.value)
    assert line in str(error.value) or repr(line) in str(error.value)
    assert "data/cues/pursue.yml" in str(error.value)


@pytest.mark.parametrize(
    ("words", "message"),
    [("a: just", "group 'a' is not a list"), ("a: [<b>]\nb: [c]", "uses <b>, which is not defined above it")],
)
def test_a_mistake_in_the_word_groups_names_the_file(tmp_path: Path, words: str, message: str) -> None:
    (tmp_path / "words.yml").write_text(words, encoding="utf-8")
    (tmp_path / "verbs.yml").write_text("go: [went]", encoding="utf-8")
    (tmp_path / "spellings.yml").write_text("u: you", encoding="utf-8")
    with pytest.raises(DataError, match=r"words\.yml") as error:
        Lexicon.load(tmp_path)
    assert message in str(error.value)
