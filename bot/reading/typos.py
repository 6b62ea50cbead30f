"""Typos of one letter in the words that patterns look for: "ignroed" is read as "ignored".

A word is mended only where it is no word that the encoder's vocabulary knows, so that "heaving" stays
"heaving" and does not become "leaving". The index is the symmetric-delete one (Garbe, SymSpell, 2012):
two words one edit apart share a form with at most one letter left out.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

VOCABULARY = Path(__file__).parent / "artefacts" / "tokenizer.json"
_SHORTEST = 4
_SHORT = 5  # a shorter word is one letter away from too many others, so that only swapped letters are mended in it
_LONGEST = 24
_ENDINGS = ("s", "es", "d", "ed", "ing", "er", "r", "y", "ly")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def _neighbours() -> frozenset[tuple[str, str]]:
    """Return the pairs of letters that lie side by side on a keyboard, both ways round."""
    beside = {(row[at], row[at + 1]) for row in _ROWS for at in range(len(row) - 1)}
    for upper, lower in itertools.pairwise(_ROWS):
        beside |= {(upper[at + shift], low) for at, low in enumerate(lower) for shift in (0, 1) if at + shift < len(upper)}
    return frozenset(beside | {(b, a) for a, b in beside} | {("a", "e"), ("e", "a"), ("i", "e"), ("e", "i")})


_NEAR_KEYS = _neighbours()


class Typos:
    """Maps a misspelt word to the key word one edit away."""

    def __init__(self, keys: Iterable[str], known: Iterable[str]) -> None:
        """*keys*: the words to mend to; *known*: words that are right as they stand."""
        self._keys = sorted({key for key in keys if len(key) >= _SHORTEST and key.isalpha()})
        self._known = frozenset(known).union(self._keys)
        self._near: dict[str, list[str]] = {}  # built when first needed, so that a first answer does not wait for it
        self._mended: dict[str, str] = {}

    def mend(self, word: str) -> str:
        """Return the key word that *word* (lower case) is one letter away from, or *word* as it is."""
        if not _SHORTEST <= len(word) <= _LONGEST or word in self._known or not word.isalpha():
            return word
        found = self._mended.get(word)
        if found is None:
            if len(self._mended) > 20_000:
                self._mended.clear()
            found = self._mended[word] = self._nearest(word)
        return found

    def _index(self) -> None:
        near: dict[str, list[str]] = {}
        for key in self._keys:
            for form in _shortened(key):
                near.setdefault(form, []).append(key)
        self._near = near  # set whole, for other threads may read it

    def _inflected(self, word: str) -> bool:
        """Return whether *word* is a known word with an ending: "racked", "loner", "forging"."""
        for end in _ENDINGS:
            if word.endswith(end):
                stem = word[: -len(end)]
                if stem in self._known or (end[0] in "aeiouy" and {stem + "e", _undoubled(stem)} & self._known):
                    return True
        return False

    def _nearest(self, word: str) -> str:
        if self._inflected(word):
            return word
        if not self._near:
            self._index()
        near = {key for form in _shortened(word) for key in self._near.get(form, ())}
        most = 3 if len(word) >= _SHORT else 1
        ranked = sorted((rank, abs(len(key) - len(word)), key) for key in near if 0 < (rank := _slip(word, key)) <= most)
        return ranked[0][2] if ranked else word


def _shortened(word: str) -> Iterator[str]:
    """Yield *word* and each form of it with one letter left out."""
    yield word
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]


def _undoubled(stem: str) -> str:
    return stem[:-1] if len(stem) > 2 and stem[-1] == stem[-2] else stem


def _slip(word: str, key: str) -> int:
    """Return how likely a slip of the finger leads from *key* to *word*: 1 likeliest, 3 least, 0 not one edit.

    The first letter is hardly ever the wrong one, so a changed first letter counts as another word; so does
    a letter far away on the keyboard ("farce" is not "force").
    """
    if word[0] != key[0]:
        return 1 if word[:2] == key[1::-1] and word[2:] == key[2:] else 0
    if len(word) == len(key):
        wrong = [place for place in range(len(word)) if word[place] != key[place]]
        if len(wrong) == 1:
            return 3 * ((word[wrong[0]], key[wrong[0]]) in _NEAR_KEYS)
        if len(wrong) == 2 and wrong[1] == wrong[0] + 1:
            first, second = wrong
            return int(word[first] == key[second] and word[second] == key[first])
        return 0
    longer, shorter = (word, key) if len(word) > len(key) else (key, word)
    if len(longer) - len(shorter) != 1:
        return 0
    return 2 * any(longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer)))


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, int]:
    """Return the whole words that the encoder's tokenizer knows, about 22,500, with their place: the commoner, the lower."""
    pieces: dict[str, int] = json.loads(VOCABULARY.read_text(encoding="utf-8"))["model"]["vocab"]
    return {piece: place for piece, place in pieces.items() if piece.isalpha()}
