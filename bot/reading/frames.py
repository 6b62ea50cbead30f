"""Who speaks to whom in each sentence: a report, a draft to the partner, the partner's words, the writer's own words quoted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from pathlib import Path

from bot import paths, yaml_files
from bot.errors import DataError
from bot.reading.patterns import Lexicon
from bot.reading.values import Time
from bot.reading.words import even, sentences

LISTS = (
    "third", "named", "second", "not_the_partner", "vocative", "opens_draft", "says", "sender", "letter", "kin", "story",
    "hypothetical", "joke", "denial", "urge", "past", "habit",
)  # fmt: skip
_QUOTED = re.compile(r"\"([^\"\n]{2,600})(?:\"|$)|(?<!\w)'((?:[^'\n]|(?<=\w)'(?=\w)){4,600})'(?!\w)")
_QUOTE_LINE = re.compile(r"^[ ]*>[^\n]*", re.MULTILINE)
_WORD = re.compile(r"[\w']+")
_LAUGH = re.compile(r"[\U0001F602\U0001F923]")
# The clause before a quotation tells who spoke; this many characters of it are looked at.
_BEFORE, _AFTER = 90, 60
_LONG = 40  # words


class Kind(str, Enum):
    """What a stretch of a message is."""

    REPORT = "report"  # told about the couple
    DRAFT = "draft"  # said to the partner
    RECEIVED = "received"  # the partner's words
    OWN = "own"  # the writer's words to the partner, quoted inside a report


@dataclass(frozen=True)
class Frame:
    """One sentence, or the part of it on one side of a quotation mark.

    *start*, *end*: character offsets in the message; *text*: its even-length normal form. *alone*: the
    message names neither the partner nor a "you", so that only the words can tell whether it is a draft.
    """

    start: int
    end: int
    kind: Kind
    text: str
    denied_from: int = -1  # offset in *text* past "I'm not saying ...", or -1
    hypothetical: bool = False
    other_people: bool = False
    joke: bool = False
    alone: bool = False
    time: Time = Time.NOW

    @property
    def negated(self) -> bool:
        """Whether the sentence denies what it goes on to say ("I'm not asking you to prove it")."""
        return self.denied_from >= 0


class Framer:
    """Cuts messages into frames, by the phrases of data/cues/frames.yml."""

    def __init__(self, phrases: Mapping[str, Iterable[str]], groups: Mapping[str, frozenset[str]]) -> None:
        """*phrases*: one list for each name of `LISTS`. Raises DataError where a phrase names an unknown group."""
        self._is = {name: _compiled(phrases[name], groups) for name in LISTS}
        says, sender, letter, kin = (self._is[name].pattern for name in ("says", "sender", "letter", "kin"))
        # Between the speaker and the verb there is room for "then", "has always"; before a colon for "to me last night".
        speaks = rf"{sender}(?:\s+\w+){{0,2}}\s+{says}"
        self._partner_says = _regex(rf"{speaks}|{letter}")
        self._i_say = _regex(rf"\b(?:i|i've|ive|i'd|we)(?:\s+\w+){{0,2}}\s+{says}|\bi'm like\b|\bmy (?:text|message|reply)\b")
        self._partner_tail = _regex(rf"[,-]\s*(?:{sender}\s+{says}|says?\s+(?:he|she|my\s+\w+))[^.!?]{{0,60}}[.!?]*$")
        self._introduces = _regex(rf"(?:{speaks}|{letter})[^.:\"\n]{{0,40}}:\s+")
        begins = r"(?:^|[.,;!?\n]\s*|\b(?:but|so|when|because|that|if|while)\s+)"
        # "about the bills and his mum" names somebody in passing; "and his mum keeps ringing" tells of her.
        joins, does = r"\band\s+", r"(?=\s+(?:is|was|are|were|has|had|keeps?|just|never|always|won't|can't|\w+ed|\w+[^s\W]s)\b)"
        someone = rf"(?:my|me|a|our|this|her|his|the)\s+(?:\w+\s+)?{kin}"
        self._other_subject = _regex(rf"{begins}{someone}|{joins}{someone}{does}|\b(?:my|me)\s+{kin}'?s?\s+{sender}")

    @classmethod
    def load(cls, folder: Path | None = None, lexicon: Lexicon | None = None) -> Framer:
        """Read frames.yml below *folder* (data/cues by default). Raises DataError where a list is missing."""
        folder = folder or paths.data() / "cues"
        lexicon = lexicon or Lexicon.load(folder)
        where = folder / "frames.yml"
        found = yaml_files.mapping(where)
        for name in LISTS:
            if not isinstance(found.get(name), list) or not found[name]:
                raise DataError(f"has no list {name!r}", where=where, expected=f"{name}: followed by a list of phrases")
        for name in found:
            if name not in LISTS:
                raise DataError(f"list {name!r} is not known", where=where, expected="one of " + ", ".join(LISTS))
        try:
            return cls({name: [str(phrase) for phrase in found[name]] for name in LISTS}, lexicon.groups)
        except DataError as error:
            raise DataError(str(error), where=where) from error

    def frames(self, text: str) -> tuple[Frame, ...]:
        """Return the frames of *text* in order. Never raises; empty for a text without words."""
        plain = even(text)
        spoken = self._spoken(plain)
        unquoted = _blanked(plain, spoken)
        kind, alone = self._whole(unquoted)
        elsewhere = self._elsewhere(unquoted)
        joking = bool(self._is["joke"].search(plain) or _LAUGH.search(plain))
        found = []
        for sentence in sentences(text):
            for start, end, quoted in _pieces(sentence.start, sentence.end, spoken):
                piece = plain[start:end]
                if not _WORD.search(piece):
                    continue
                denial = self._is["denial"].search(piece)
                own_kind = quoted or self._told(piece, kind)
                found.append(Frame(
                    start, end, own_kind, piece,
                    denied_from=denial.end() if denial else -1,
                    hypothetical=own_kind is Kind.REPORT and bool(self._is["hypothetical"].search(piece)),
                    other_people=own_kind is not Kind.DRAFT and (elsewhere or bool(self._other_subject.search(piece))),
                    joke=joking,
                    alone=alone and own_kind is kind,
                    time=self._time(piece),
                ))  # fmt: skip
        return tuple(found)

    def _time(self, piece: str) -> Time:
        """Return when what *piece* tells happens; an urge weighs most, since it can still be answered."""
        for time in (Time.URGE, Time.PAST, Time.HABIT):
            if self._is[time.value].search(piece):
                return time
        return Time.NOW

    def share(self, name: str, text: str) -> int:
        """Return how many words for the *name* (``second`` or ``third``) person *text* holds."""
        if name == "second":
            text = self._is["not_the_partner"].sub(" ", text)
        return sum(1 for _ in self._is[name].finditer(text))

    def _spoken(self, plain: str) -> list[tuple[int, int, Kind]]:
        """Return the stretches that are somebody's quoted words, in order, with whose they are."""
        found = [(line.start(), line.end(), Kind.RECEIVED) for line in _QUOTE_LINE.finditer(plain)]
        for quote in _QUOTED.finditer(plain):
            speaker = self._speaker(plain, quote.start(), quote.end())
            if speaker:
                found.append((quote.start(), quote.end(), speaker))
        for intro in self._introduces.finditer(plain):
            end = plain.find("\n", intro.end())
            end = len(plain) if end < 0 else end
            if '"' not in plain[intro.end() : end]:
                found.append((intro.end(), end, Kind.RECEIVED))
        found.sort()
        return [span for number, span in enumerate(found) if not number or span[0] >= found[number - 1][1]]

    def _speaker(self, plain: str, start: int, end: int) -> Kind | None:
        before = plain[max(0, start - _BEFORE) : start]
        partner = [match.end() for match in self._partner_says.finditer(before)]
        own = [match.end() for match in self._i_say.finditer(before)]
        if partner or own:
            return Kind.RECEIVED if max(partner, default=-1) > max(own, default=-1) else Kind.OWN
        after = plain[end : end + _AFTER]
        if self._partner_says.search(after):
            return Kind.RECEIVED
        if self._i_say.search(after):
            return Kind.OWN
        return Kind.RECEIVED if not plain[:start].strip() else None

    def _whole(self, unquoted: str) -> tuple[Kind, bool]:
        """Return what the message is outside its quotations, and whether no person but the writer is named."""
        second, third = self.share("second", unquoted), self.share("third", unquoted)
        if self._is["vocative"].search(unquoted) and second >= third:
            return Kind.DRAFT, False
        # "She" beside a "you" may be a rival or a mother-in-law, so it takes a noun to make it a report.
        if second > (2 * third if self._is["named"].search(unquoted) else max(0, third - 1)):
            return Kind.DRAFT, False
        if second or third:
            return Kind.REPORT, False
        return (Kind.DRAFT if self._is["opens_draft"].match(unquoted.lstrip(" .,!?-\n")) else Kind.REPORT), True

    def _told(self, piece: str, kind: Kind) -> Kind:
        """Mend the kind of one unquoted piece: "you never listen, he said" are the partner's words."""
        tail = self._partner_tail.search(piece)
        if tail and self._is["second"].search(piece[: tail.start()]):
            return Kind.RECEIVED
        return kind

    def _elsewhere(self, unquoted: str) -> bool:
        """Return whether the whole message tells of other people: a film, or a friend before any partner."""
        if self._is["story"].search(unquoted):
            return True
        if len(unquoted.split()) > _LONG:
            return False  # in a long story a sister comes by without its being about her
        other, partner = self._other_subject.search(unquoted), self._is["third"].search(unquoted)
        if other is None or self._is["second"].search(unquoted):
            return False
        return partner is None or other.start() <= partner.start()


def _regex(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _compiled(phrases: Iterable[str], groups: Mapping[str, frozenset[str]]) -> re.Pattern[str]:
    """Compile plain phrases to one expression: "|" between alternatives, ".." for a few words, <group> for a group."""
    longest_first = sorted((_phrase(text, groups) for text in phrases), key=len, reverse=True)
    return _regex(rf"(?<![\w'])(?:{'|'.join(longest_first)})(?![\w'])")


def _phrase(text: str, groups: Mapping[str, frozenset[str]]) -> str:
    words = []
    for word in text.split():
        options: list[str] = []
        for option in word.split("|"):
            if option.startswith("<"):
                if option.strip("<>") not in groups:
                    known = ", ".join(sorted(groups))
                    raise DataError(f"{text!r} uses {option}, which is not in words.yml", expected=f"one of {known}")
                options += sorted(groups[option.strip("<>")])
            else:
                options.append(option)
        words.append(r"\w+(?:\s+\w+){0,3}" if word in ("..", "...") else "(?:" + "|".join(map(re.escape, options)) + ")")
    return r"\s+".join(words)


def _blanked(plain: str, spoken: Iterable[tuple[int, int, Kind]]) -> str:
    for start, end, _ in spoken:
        plain = plain[:start] + " " * (end - start) + plain[end:]
    return plain


def _pieces(start: int, end: int, spoken: Iterable[tuple[int, int, Kind]]) -> Iterator[tuple[int, int, Kind | None]]:
    """Cut one sentence where quoted words begin and end."""
    for begin, stop, kind in spoken:
        if stop <= start or begin >= end:
            continue
        if begin > start:
            yield start, begin, None
        yield max(start, begin), min(end, stop), kind
        start = min(end, stop)
    if start < end:
        yield start, end, None


@lru_cache(maxsize=1)
def framer() -> Framer:
    """Return the framer over data/cues, loaded once in a process."""
    return Framer.load()


def frames(text: str) -> tuple[Frame, ...]:
    """Return the frames of *text* in order, by the phrases of data/cues/frames.yml."""
    return framer().frames(text)
