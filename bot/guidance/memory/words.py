"""What people write about what is remembered: asking to see it, saying how it is, naming their partner."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot import paths, yaml_files
from bot.errors import DataError
from bot.guidance.memory.facts import BOTH, MOVES, PARTNER, SIDE
from bot.reading.patterns import Lexicon, PatternSet
from bot.reading.words import even, sentences

_ASKING = 14  # words; a longer message tells a story
_TELLING = 12  # words of a new value
_NAME_WORDS, _NAME_LETTERS = 3, 40
_KNOW, _LEAVE, _NAMES = "know", "leave", "names"
_LISTS = ("partners", "told", "called", "others", "never")
_A_NAME = r"[^\W\d_][^\W\d_'’-]*(?:['’-][^\W\d_]+)*"


class MemoryWords:
    """The words of data/skills/words/memory.yml, compiled."""

    def __init__(self, found: Mapping[str, Any], lexicon: Lexicon, *, where: Path) -> None:
        """Compile *found*. Raises DataError, with the file, where a section is missing or a line is no pattern."""
        self._know = _patterns({_KNOW: found.get(_KNOW)}, lexicon, where)
        self._leave = _patterns({_LEAVE: found.get(_LEAVE)}, lexicon, where)
        self._moves = {key: _patterns(found.get(key), lexicon, where, MOVES) for key in (SIDE, PARTNER)}
        lists = found.get(_NAMES)
        if not isinstance(lists, dict) or not all(isinstance(lists.get(name), list) and lists[name] for name in _LISTS):
            raise DataError("names is not right", where=where, expected=f"the lists {', '.join(_LISTS)}")
        partners, told, called, others = (_any(lists[name]) for name in _LISTS[:-1])
        self._never = frozenset(map(str, lists["never"]))
        self._others = re.compile(rf"\b(?:{others})\b", re.IGNORECASE)
        self._named = re.compile(rf"\b(?i:my\s+(?:{partners}))\s+({_A_NAME}(?:\s+{_A_NAME})?)")
        whose = rf"(?:my\s+(?:{partners})['’]?s?|his|her|their)\s+(?:first\s+)?(?:{told})|my\s+(?:{partners})\s+(?:{called})"
        self._told = re.compile(rf"\b(?i:{whose})\s+({_A_NAME})(?=\s*(?:$|[.,;!?)\n]|(?i:and|but|so|btw)\b))")

    @classmethod
    def load(cls, path: Path | None = None) -> MemoryWords:
        """Read *path* (default: data/skills/words/memory.yml). Raises DataError where it is not right."""
        path = path or paths.data() / "skills" / "words" / "memory.yml"
        return cls(yaml_files.mapping(path), Lexicon.load(paths.data() / "cues"), where=path)

    def asks_to_know(self, text: str) -> bool:
        """Return whether *text*, one short sentence, asks what is remembered."""
        found = sentences(text)
        if len(found) != 1 or len(text.split()) > _ASKING:
            return False
        return bool(self._know.find(self._know.doc(found[0].text)))

    def leaves_it(self, text: str) -> bool:
        """Return whether *text* leaves a fact as it is."""
        return bool(self._leave.find(self._leave.doc(even(text).strip())))

    def move_in(self, key: str, text: str) -> str:
        """Return the usual move that *text*, a new value for the fact *key*, tells: one of `MOVES`, "" where none."""
        if len(text.split()) > _TELLING:
            return ""
        patterns = self._moves[key]
        found = {hit.key for sentence in sentences(text) for hit in patterns.find(patterns.doc(sentence.text))}
        if len(found) > 1:
            return BOTH
        return found.pop() if found else ""

    def names_in(self, text: str) -> tuple[str, ...]:
        """Return what *text* plainly calls the partner ("my wife Ana", "his name is Marcus"), in order, () where nothing."""
        found = [] if _all_large(text) else [self._capitalised(hit.group(1)) for hit in self._named.finditer(text)]
        if not self._others.search(text):
            found += [self._name(hit.group(1)) for hit in self._told.finditer(text)]
        return tuple(dict.fromkeys(name for name in found if name))

    def name_given(self, text: str) -> str:
        """Return the name that *text*, a new value, consists of or tells; "" where it is none."""
        told = self.names_in(text)
        bare = " ".join(text.strip(" .,!?\"'“”‘’\n\t").split())
        if told or not 0 < len(bare) <= _NAME_LETTERS or len(bare.split()) > _NAME_WORDS:
            return told[0] if told else ""
        words = bare.split()
        fits = all(re.fullmatch(_A_NAME, word) and word.casefold() not in self._never for word in words)
        return " ".join(_large(word) for word in words) if fits else ""

    def _capitalised(self, words: str) -> str:
        """Return the first of *words*, and the second where it is one too, that are written as names are."""
        kept: list[str] = []
        for word in words.split():
            first = re.split("['’]", word.casefold())[0]  # "I'm"
            if first in self._never or not word[0].isupper() or (len(word) > 1 and word.isupper()):
                break
            kept.append(re.sub(r"['’]s$", "", word))
            if kept[-1] != word:  # "Ana's phone"
                break
        return " ".join(kept)

    def _name(self, word: str) -> str:
        return "" if word.casefold() in self._never or len(word) < 2 else _large(word)


@lru_cache(maxsize=1)
def memory_words() -> MemoryWords:
    """Return the words of data/skills/words/memory.yml, read once."""
    return MemoryWords.load()


def _all_large(text: str) -> bool:
    """Return whether capitals say nothing in *text*: most of its words have one ("My Wife Hates Mondays")."""
    words = [word for word in text.split() if word[0].isalpha() and word.casefold() != "i"]
    return len(words) > 3 and sum(word[0].isupper() for word in words) > len(words) * 0.6


def _large(word: str) -> str:
    return word[:1].upper() + (word[1:].lower() if word.isupper() else word[1:])


def _any(words: Iterable[object]) -> str:
    longest_first = sorted(map(str, words), key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in longest_first)


def _patterns(found: Any, lexicon: Lexicon, where: Path, keys: Iterable[str] = ()) -> PatternSet:
    if (
        not isinstance(found, dict)
        or not all(isinstance(lines, list) and lines for lines in found.values())
        or set(keys) - set(found)
    ):
        raise DataError(
            "a list of words is missing", where=where, expected="lists of pattern lines under know, side, partner_move, leave"
        )
    return PatternSet(((str(key), str(line)) for key, lines in found.items() for line in lines), lexicon, where=where)
