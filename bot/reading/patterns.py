"""A small pattern language that a counsellor can read, compiled to spaCy matchers.

A pattern is a line of words, matched inside one sentence, on lower-case standard spellings:

    word        that word ("can't" means "can not", as everywhere)
    ~text       any form of the verb: text, texts, texted, texting
    a|b|~c      one of these words
    <group>     one of the words of a group in data/cues/words.yml
    !a|b        one word that is none of these
    word?       may be left out (also after ~text, a|b and <group>)
    #           a number, in digits or words
    ..          up to two words of any kind;  ...  up to five
    ^  $        the sentence begins, ends here
    @who        whoever acts: I, you, he, she, my wife ...    (bound to an actor; one small adverb may follow: he just left)
    @whom       whoever it is done to: me, you, him, her ...  (bound to an actor)

"my" or "the" may stand before a person (@who, @whom, <whom>, <third> ...): "my wife" is a partner as "her" is.

Source of the notation: ours. The matching itself is spaCy's Matcher, one for each pattern; only those
patterns are run whose rarest word occurs in the sentence, so that a thousand patterns cost little.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.errors import DataError
from bot.reading.inflect import forms
from bot.reading.typos import Typos, vocabulary
from bot.reading.words import even, tokens

if TYPE_CHECKING:
    from spacy.matcher import Matcher
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

_PERSON = re.compile(r"^@who|<(?:who|whom|them|third|noun)>")
_POSSESSIVE = frozenset({"my", "the"})
_GAPS = {"..": 2, "...": 5}
_PUNCT = frozenset(".,!?;:-\"'()")
# In the encoder's vocabulary words begin after some 2,000 signs and letters ("i" is one), and the commonest come first.
_FIRST_WORD, _RAREST = 1_995, 31_000

NEGATIONS = frozenset({"not", "never", "no", "nor", "without", "nothing", "nobody", "hardly", "none", "neither", "cannot"})
FIRST = frozenset({"i", "me", "my", "myself", "we"})
SECOND = frozenset({"you", "your", "yourself"})


@dataclass(frozen=True)
class Lexicon:
    """Word groups, irregular verbs and texting spellings that patterns and reading share."""

    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)
    irregular: Mapping[str, Sequence[str]] = field(default_factory=dict)
    spellings: Mapping[str, str] = field(default_factory=dict)
    _seen: dict[str, list[str]] = field(default_factory=dict, compare=False, repr=False)
    # The same alternatives stand in many lines ("him|her|them"): worked out once, they are half the time to load.
    _choices: dict[str, frozenset[str]] = field(default_factory=dict, compare=False, repr=False)

    def norms(self, word: str) -> list[str]:
        """Return the tokens that *word* of a pattern line stands for ("can't": can, not)."""
        if word not in self._seen:
            self._seen[word] = [token.norm_ for token in tokens(even(word), self.spellings)]
        return self._seen[word]

    @classmethod
    def load(cls, folder: Path) -> Lexicon:
        """Read words.yml, verbs.yml and spellings.yml below *folder*. Raises DataError on a bad entry."""
        from bot.yaml_files import mapping

        irregular = {str(k): [str(form) for form in v] for k, v in mapping(folder / "verbs.yml").items()}
        spellings = {str(k).lower(): str(v).lower() for k, v in mapping(folder / "spellings.yml").items()}
        groups: dict[str, frozenset[str]] = {}
        for name, words in mapping(folder / "words.yml").items():
            if not isinstance(words, list):
                raise DataError(f"group {name!r} is not a list", where=folder / "words.yml", expected="a list of words")
            found: set[str] = set()
            for word in map(str, words):
                if word.startswith("<"):
                    inner = word.strip("<>")
                    if inner not in groups:
                        raise DataError(
                            f"group {name!r} uses <{inner}>, which is not defined above it",
                            where=folder / "words.yml",
                            expected="a group defined earlier in the file",
                        )
                    found |= groups[inner]
                else:
                    found |= forms(word[1:], irregular) if word.startswith("~") else {word.lower()}
            groups[str(name)] = frozenset(found)
        return cls(groups, irregular, spellings)


@dataclass(frozen=True)
class Hit:
    """A pattern found. *start*, *end*: offsets in the sentence text. *who*, *whom*: the words bound, or ""."""

    key: str
    start: int
    end: int
    who: str
    whom: str
    first: int  # index of the first token
    last: int  # index past the last token
    negated: bool = False  # the pattern line itself holds a negation


@dataclass(frozen=True)
class _Part:
    """One token of a compiled pattern. *words* is None for a free token (gap, number, negation)."""

    spec: dict[str, Any]
    words: frozenset[str] | None
    optional: bool
    role: str = ""


@dataclass(frozen=True)
class Pattern:
    """One compiled line."""

    line: str
    parts: tuple[_Part, ...]
    starts: bool
    ends: bool
    who: frozenset[str]
    whom: frozenset[str]

    @property
    def anchor(self) -> frozenset[str]:
        """The words of the rarest token that must be there: in few sentences only is the pattern tried at all."""
        return min(self.needs, key=_rates)

    @property
    def needs(self) -> tuple[frozenset[str], ...]:
        """The words of every token that must be there: one of each set, or the pattern cannot match."""
        return tuple(part.words for part in self.parts if part.words and not part.optional)

    @property
    def negated(self) -> bool:
        """True where the line itself asks for a negation, so that one in the text does not speak against it."""
        return any(part.words & NEGATIONS for part in self.parts if part.words and part.role != "adverb")


def compile_line(line: str, lexicon: Lexicon, *, where: str | Path = "") -> Pattern:
    """Compile one pattern line. Raises DataError that quotes the line and says what is wrong with it."""
    parts: list[_Part] = []
    starts = ends = False
    pieces = line.split()
    if pieces and (pieces[0] in _GAPS or pieces[-1] in _GAPS):
        # Most often the rest was cut off by YAML: an unquoted " #" begins a comment.
        raise DataError(
            f"{line!r} begins or ends with a gap",
            where=where,
            expected="a word on both sides of it; put a line that holds # in quotes",
        )
    who: frozenset[str] = frozenset()
    whom: frozenset[str] = frozenset()
    for place, piece in enumerate(pieces):
        if _PERSON.search(piece):  # "my wife", "the husband": one more word before it
            parts.append(_part(_POSSESSIVE, optional=True))
        if piece == "^":
            if place:
                raise DataError(f"{line!r}: ^ stands inside the pattern", where=where, expected="^ only as the first sign")
            starts = True
        elif piece == "$":
            if place != len(pieces) - 1:
                raise DataError(f"{line!r}: $ stands inside the pattern", where=where, expected="$ only as the last sign")
            ends = True
        elif piece in _GAPS:
            parts += [_Part({"OP": "?"}, None, True)] * _GAPS[piece]
        elif piece.rstrip("?") in ("@who", "@whom"):
            role = piece.rstrip("?")[1:]
            words = _group("who" if role == "who" else "whom", lexicon, line, where)
            if role == "who":
                who = words
            else:
                whom = words
            parts.append(_part(words, optional=piece.endswith("?"), role=role))
            if role == "who":
                parts.append(_part(_group("adverb", lexicon, line, where), optional=True, role="adverb"))
        elif piece == "#":
            parts.append(_Part({"LIKE_NUM": True}, None, False))
        elif piece.startswith("!"):
            parts.append(_Part({"NORM": {"NOT_IN": sorted(_words(piece[1:], lexicon, line, where))}}, None, False))
        else:
            optional = len(piece) > 1 and piece.endswith("?")
            body = piece[:-1] if optional else piece
            if any(sign in body for sign in "|~<"):
                parts.append(_part(_words(body, lexicon, line, where), optional=optional))
            else:
                parts += [_part(frozenset({word}), optional=optional) for word in lexicon.norms(body)]
    if not any(part.words and not part.optional for part in parts):
        raise DataError(f"{line!r} has no word that must be there", where=where, expected="at least one plain word")
    return Pattern(line, tuple(parts), starts, ends, who, whom)


def _rate(word: str) -> float:
    """Return about how often *word* stands among words: the n-th commonest about 1/n as often as the first (Zipf)."""
    return 1 / max(1, vocabulary().get(word, _RAREST) - _FIRST_WORD)


@cache
def _rates(words: frozenset[str]) -> float:
    return sum(map(_rate, words))


def _part(words: frozenset[str], *, optional: bool, role: str = "") -> _Part:
    (single,) = words if len(words) == 1 else (None,)
    spec: dict[str, Any] = {"NORM": single if single is not None else {"IN": sorted(words)}}
    if optional:
        spec["OP"] = "?"
    return _Part(spec, words, optional, role)


def _group(name: str, lexicon: Lexicon, line: str, where: str | Path) -> frozenset[str]:
    if name not in lexicon.groups:
        raise DataError(
            f"{line!r} uses <{name}>, which is not in words.yml",
            where=where,
            expected="one of " + ", ".join(sorted(lexicon.groups)),
        )
    return lexicon.groups[name]


def _words(body: str, lexicon: Lexicon, line: str, where: str | Path) -> frozenset[str]:
    """Return the words that one of *body* ("him|~text|<third>") may be. Raises DataError that names *line*."""
    known = lexicon._choices.get(body)
    if known is not None:
        return known
    found: set[str] = set()
    for word in body.split("|"):
        if word.startswith("<") and word.endswith(">"):
            found |= _group(word[1:-1], lexicon, line, where)
        elif word.startswith("~") and len(word) > 1:
            found |= forms(word[1:], lexicon.irregular)
        elif word and not set(word) & set("~<>@#^$"):
            norms = lexicon.norms(word)
            if len(norms) != 1:
                raise DataError(
                    f"{line!r}: {word!r} is {len(norms)} words and stands among alternatives",
                    where=where,
                    expected="single words between |, or a second pattern line",
                )
            found.add(norms[0])
        else:
            raise DataError(f"{line!r}: {word!r} is not understood", where=where, expected="words, ~verbs, <groups> between |")
    return lexicon._choices.setdefault(body, frozenset(found))


class PatternSet:
    """Many patterns, each under a key, matched together.

    >>> PatternSet([("P02", "texted @whom # times")], lexicon).find(doc)
    """

    def __init__(self, lines: Iterable[tuple[str, str]], lexicon: Lexicon, *, where: str | Path = "") -> None:
        """Compile (key, line) pairs. Raises DataError on the first line that is not a pattern."""
        self.lexicon = lexicon
        self._patterns: list[tuple[str, Pattern]] = []
        self._needs: list[tuple[frozenset[str], ...]] = []
        self._by_word: dict[str, list[int]] = {}
        self._vocab: Vocab | None = None
        self._matchers: dict[int, Matcher] = {}  # built when first needed: most processes see few of them
        self._typos: Typos | None = None
        for key, line in lines:
            self.add(key, line, where=where)

    def add(self, key: str, line: str, *, where: str | Path = "") -> None:
        """Compile one more line under *key*. Raises DataError where it is not a pattern."""
        pattern = compile_line(line, self.lexicon, where=where)
        number = len(self._patterns)
        self._patterns.append((key, pattern))
        self._needs.append(pattern.needs)
        self._typos = None
        for word in pattern.anchor:
            self._by_word.setdefault(word, []).append(number)

    def __len__(self) -> int:
        """Number of patterns."""
        return len(self._patterns)

    @property
    def words(self) -> frozenset[str]:
        """Every word that some pattern needs."""
        return frozenset(word for needs in self._needs for need in needs for word in need)

    def doc(self, text: str) -> Doc:
        """Tokenise one sentence as `find` wants it; typos in words that some pattern needs are mended."""
        if self._typos is None:
            known = frozenset(vocabulary()).union(*self.lexicon.groups.values(), self.lexicon.spellings.values())
            self._typos = Typos(self.words, known)
        return tokens(text, self.lexicon.spellings, self._typos.mend)

    def find(self, doc: Doc) -> list[Hit]:
        """Return the hits in one sentence, the longest for each key and place, by start offset."""
        norms = [token.norm_ for token in doc]
        words = set(norms)
        matchers = self._matchers_for(doc.vocab)
        best: dict[tuple[str, int], Hit] = {}
        for number in sorted({number for word in words for number in self._by_word.get(word, ())}):
            if not _possible(self._needs[number], words, norms):
                continue
            key, pattern = self._patterns[number]
            for first, last in self._spans(number, doc, matchers):
                if pattern.starts and any(token not in _PUNCT for token in norms[:first]):
                    continue
                if pattern.ends and any(token not in _PUNCT for token in norms[last:]):
                    continue
                place = (key, first)
                if place not in best or best[place].last < last:
                    end = doc[last - 1].idx + len(doc[last - 1])
                    who, whom = _bound(pattern, norms[first:last])
                    best[place] = Hit(key, doc[first].idx, end, who, whom, first, last, pattern.negated)
        return sorted(_outermost(best.values()), key=lambda hit: (hit.start, hit.key))

    def _matchers_for(self, vocab: Vocab) -> dict[int, Matcher]:
        """Return the matchers built on *vocab*, dropping those of an older one (see bot.reading.words)."""
        if self._vocab is not vocab:
            self._vocab, self._matchers = vocab, {}
        return self._matchers

    def _spans(self, number: int, doc: Doc, matchers: dict[int, Matcher]) -> list[tuple[int, int]]:
        matcher = matchers.get(number)
        if matcher is None:
            from spacy.matcher import Matcher

            matcher = Matcher(doc.vocab, validate=False)
            matcher.add("p", [[part.spec for part in self._patterns[number][1].parts]])
            matchers[number] = matcher
        return [(first, last) for _, first, last in matcher(doc)]


def _possible(needs: Sequence[frozenset[str]], words: set[str], norms: Sequence[str]) -> bool:
    """Return whether *norms* holds a word of each need, one after the other: much cheaper to ask than a matcher."""
    for need in needs:
        if words.isdisjoint(need):
            return False
    left = iter(norms)
    for need in needs:
        for word in left:
            if word in need:
                break
        else:
            return False
    return True


def _bound(pattern: Pattern, norms: Sequence[str]) -> tuple[str, str]:
    """Return the words that fill @who and @whom: the first and the last that can, in the order of the line."""
    roles = [part.role for part in pattern.parts if part.role in ("who", "whom")]
    who = whom = ""
    if pattern.who:
        found = [word for word in norms if word in pattern.who]
        who = found[0 if roles[0] == "who" else -1] if found else ""
    if pattern.whom:
        found = [word for word in norms if word in pattern.whom]
        whom = found[-1 if roles[-1] == "whom" else 0] if found else ""
    return who, whom


def _outermost(hits: Iterable[Hit]) -> Iterator[Hit]:
    """Leave out a hit that lies inside a longer one of the same key."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.first - hit.last, hit.start)):
        if not any(other.key == hit.key and other.first <= hit.first and hit.last <= other.last for other in kept):
            kept.append(hit)
            yield hit
