"""Typos of one letter in the words that patterns look for."""

from __future__ import annotations

import random

import pytest

from bot.reading.cues import cue_book
from bot.reading.typos import Typos, vocabulary
from bot.reading.values import Actor

_WORDS = Typos(["ignored", "stonewalled", "suffocating", "begged", "down", "force", "leave"], vocabulary())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ignroed", "ignored"),  # two letters swapped
        ("ingored", "ignored"),
        ("ignord", "ignored"),  # one left out
        ("ignnored", "ignored"),  # one too many
        ("stonewallrd", "stonewalled"),  # the key beside it
        ("sufocating", "suffocating"),
        ("donw", "down"),
        ("ignored", "ignored"),
    ],
)
def test_one_slip_of_the_finger_is_mended(typed: str, meant: str) -> None:
    assert _WORDS.mend(typed) == meant


@pytest.mark.parametrize(
    "word", ["heaved", "farce", "ignores", "leafed", "weave", "dawn", "own", "ignrd", "x", "", "4ignored", "🙂🙂🙂🙂🙂"]
)
def test_other_words_stay_as_they_are(word: str) -> None:
    assert _WORDS.mend(word) == word


@pytest.mark.parametrize(
    ("text", "cue", "actor", "words"),
    [
        ("he ignroed me all night", "W01", Actor.PARTNER, "ignroed me"),
        ("she keeps acusing me of cheating", "P08", Actor.PARTNER, "acusing me"),
        ("my wife stonewaled me agian", "W01", Actor.PARTNER, "stonewaled me"),
        ("hes sufocating me", "W08", Actor.SELF, "sufocating me"),
    ],
)
def test_a_misspelt_move_is_found_and_shown_as_it_was_typed(text: str, cue: str, actor: Actor, words: str) -> None:
    found = [(found.id, found.actor) for found in cue_book().find(text).cues]
    assert (cue, actor) in found
    shown = [text[found.evidence.start : found.evidence.end] for found in cue_book().find(text).cues]
    assert any(words in part for part in shown)


def test_names_are_not_taken_for_misspelt_moves() -> None:
    assert not cue_book().find("I met Ignared and Stonewal at the gym").cues


def test_most_cue_sentences_survive_a_slip_in_one_of_their_long_words() -> None:
    """Swap two letters inside a long word of the evidence: the same cue is found in at least four of five sentences."""
    chance = random.Random(4)
    book, kept, tried = cue_book(), 0, 0
    for text in _SENTENCES:
        for cue in book.find(text).cues:
            long = [word for word in cue.evidence.text.split() if len(word) >= 6 and word.isalpha()]
            if not long:
                continue
            word = chance.choice(long)
            at = chance.randrange(1, len(word) - 2)
            slipped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
            if slipped == word:
                continue
            tried += 1
            kept += cue.id in {found.id for found in book.find(text.replace(word, slipped, 1)).cues}
    assert tried >= 12
    assert kept >= 0.8 * tried


_SENTENCES = (
    "he ignored me for two days",
    "she stonewalled me at dinner",
    "my husband stormed out before I finished",
    "I begged him to stay",
    "I keep refreshing his profile",
    "she is suffocating me",
    "he dismissed everything I said",
    "I exploded at him after weeks of silence",
    "my boyfriend disappears whenever I need him",
    "I followed her from room to room",
    "he accused me of flirting with the waiter",
    "I shut down whenever she raises her voice",
    "I scrolled through his messages while he slept",
    "she changes the subject every time",
    "I threatened to leave so that he would stop me",
    "he accuses me of cheating",
    "I am overreacting, he says",
    "I ignored her calls all weekend",
)
