"""A draft as words with their places, and words as text again."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.reading.words import even

_PIECE = re.compile(
    r"(?P<slot>\[[^\]\n]{1,60}\])|(?P<time>\d{1,2}[:.]\d{2}(?:\s?[ap]m)?\b|[£$€]?\d[\d,]*(?:\.\d+)?(?:k\b|%|[ap]m\b|th\b|st\b|nd\b|rd\b|(?=\s|\W|$))?)"
    r"|(?P<word>[^\W_]+(?:['*$&@-]+[^\W_]+)*\*{0,3})|(?P<stop>[.!?\u2026]+|\n+)|(?P<comma>[,;:()]|-+|\"+)|(?P<other>\S)"
)
SLOT = "[slot]"  # what the parser reads for a gap such as "[time]"
_LONGEST_PHRASE = 5
_STRETCHED = re.compile(r"(\w)\1{2,}")
_NEGATED = {
    "do": "don't", "does": "doesn't", "did": "didn't", "can": "can't", "will": "won't", "is": "isn't", "are": "aren't",
    "was": "wasn't", "were": "weren't", "have": "haven't", "has": "hasn't", "had": "hadn't", "would": "wouldn't",
    "could": "couldn't",
}  # fmt: skip
_JOINED = {
    ("i", "am"): "I'm", ("i", "have"): "I've", ("i", "will"): "I'll", ("you", "are"): "you're", ("you", "have"): "you've",
    ("you", "will"): "you'll", ("we", "are"): "we're", ("we", "have"): "we've", ("we", "will"): "we'll",
    ("they", "are"): "they're", ("it", "is"): "it's", ("that", "is"): "that's", ("he", "is"): "he's", ("she", "is"): "she's",
    ("there", "is"): "there's", ("what", "is"): "what's", ("who", "is"): "who's", ("where", "is"): "where's",
    ("how", "is"): "how's", ("let", "us"): "let's", ("it", "will"): "it'll",
}  # fmt: skip
# "I have two children" is not "I've two children": only before another verb is it joined.
_AUXILIARY = {"have"}
_VERBAL = frozenset(
    "been got had not told said done made never always felt thought tried left lost kept sent put read heard met known gone seen "
    "come run spent paid already only also".split()
)


@dataclass(frozen=True)
class Token:
    """One plain word (*norm*, lower case) and how it is *shown*. *start*, *end*: where it stands in the draft."""

    norm: str
    shown: str
    start: int
    end: int
    caps: bool = False


@dataclass(frozen=True)
class Stretch:
    """A sentence: its words, the sign that ends it ("" where none does) and that sign's place."""

    tokens: tuple[Token, ...]
    mark: str
    mark_start: int
    mark_end: int
    line: int


@dataclass(frozen=True)
class Typing:
    """What turning typed words into plain ones needs. Longer *phrases* are tried first."""

    spellings: Mapping[str, str]
    phrases: Mapping[str, str]
    names: Collection[str]
    acronyms: Collection[str]
    mend: Callable[[str], str]


def stretches(draft: str, typing: Typing) -> list[Stretch]:
    """Split *draft* into sentences of plain words."""
    text = even(draft)
    found: list[Stretch] = []
    words: list[Token] = []
    line = 0
    shouted = _all_caps(text, typing.acronyms)
    for piece in _PIECE.finditer(text):
        kind, raw = piece.lastgroup, piece.group()
        if kind == "stop":
            newline = raw.startswith("\n")
            if words or not newline:
                found.append(Stretch(tuple(_phrased(words, typing)), "" if newline else raw, piece.start(), piece.end(), line))
                words = []
            line += newline
        elif kind == "comma":
            sign = "," if raw in ",;:" or raw.startswith("-") else ""
            if sign and words:
                words.append(Token(";" if raw in ";:" or raw.startswith("-") else ",", ",", piece.start(), piece.end()))
        elif kind == "slot":
            words.append(Token(SLOT, raw, piece.start(), piece.end()))
        elif kind == "other":
            continue
        else:
            words += _tokens(raw, piece.start(), piece.end(), first=not words, shouted=shouted, typing=typing)
    if words:
        found.append(Stretch(tuple(_phrased(words, typing)), "", len(text), len(text), line))
    return found


def _all_caps(text: str, acronyms: Collection[str]) -> bool:
    words = [word for word in re.findall(r"[^\W\d_]{2,}", text) if word.lower() not in acronyms]
    return bool(words) and all(word.isupper() for word in words)


def _tokens(raw: str, start: int, end: int, *, first: bool, shouted: bool, typing: Typing) -> list[Token]:
    lower = raw.lower()
    caps = len(raw) > 1 and raw.isupper() and any(c.isalpha() for c in raw) and lower not in typing.acronyms
    known = typing.spellings.get(lower)
    if known is None and _STRETCHED.search(lower) and lower.isalpha():
        for short in (_STRETCHED.sub(r"\1", lower), _STRETCHED.sub(r"\1\1", lower)):
            known = typing.spellings.get(short)
            if known or typing.mend(short) == short:
                lower = short
                break
    if known is not None:
        return [Token(word, _shown(word, word, typing, keep=False), start, end, caps) for word in known.split()]
    named = raw[:1].isupper() and not raw.isupper() and not first
    norm = lower if named else typing.mend(lower)
    keep = (
        named or (raw.isupper() and not caps and not (shouted and raw.isalpha() and lower not in typing.acronyms))
    ) and norm == lower
    return [Token(norm, _shown(raw if keep else norm, norm, typing, keep=keep), start, end, caps)]


def _shown(raw: str, norm: str, typing: Typing, *, keep: bool) -> str:
    if norm == "i" or norm.startswith("i'"):
        return "I" + norm[1:]
    if norm in typing.names or norm.removesuffix("s") in typing.names:
        return norm.capitalize()
    if norm in typing.acronyms and norm not in ("us", "ok", "la", "am", "pm", "it", "er", "id", "ai"):
        return norm.upper()
    return raw if keep else norm


def _phrased(words: Sequence[Token], typing: Typing) -> list[Token]:
    """Replace the phrases of data/soften/words.yml, such as "why the hell"."""
    out: list[Token] = []
    place = 0
    while place < len(words):
        for size in range(_LONGEST_PHRASE, 1, -1):
            piece = words[place : place + size]
            phrase = " ".join(token.norm for token in piece)
            if len(piece) == size and phrase in typing.phrases:
                out += [Token(word, word, piece[0].start, piece[-1].end) for word in typing.phrases[phrase].split()]
                place += size
                break
        else:
            out.append(words[place])
            place += 1
    return out


def plain(tokens: Sequence[Token]) -> str:
    """Return *tokens* as plain words for matching."""
    return " ".join(token.norm for token in tokens)


def text_of(tokens: Sequence[Token]) -> str:
    """Return *tokens* as they are written in a message, with short forms ("don't") and commas in their places."""
    words = [token.shown for token in tokens]
    return spaced(words)


def spaced(words: Sequence[str]) -> str:
    """Join *words*, contracting "do not" to "don't" and "I am" to "I'm" where more follows."""
    out: list[str] = []
    place = 0
    while place < len(words):
        here, lower = words[place], words[place].lower()
        after = words[place + 1].lower() if place + 1 < len(words) else ""
        more = place + 2 < len(words) and words[place + 2] not in (",",)
        joined = ""
        if after == "not" and lower in _NEGATED and not (lower == "are" and out and out[-1].lower() == "you"):
            joined = _NEGATED[lower]
            joined = joined.capitalize() if here[:1].isupper() else joined
        elif more and (lower, after) in _JOINED and (after not in _AUXILIARY or _verbal(words[place + 2])):
            joined = _JOINED[(lower, after)]
            joined = joined[0].upper() + joined[1:] if here[:1].isupper() else joined
        if joined:
            out.append(joined)
            place += 2
        else:
            out.append(here)
            place += 1
    return re.sub(r" ([,;])", r"\1", " ".join(out)).replace(";", ",").strip(" ,")


def _verbal(word: str) -> bool:
    return word.lower().endswith(("ed", "en")) or word.lower() in _VERBAL
