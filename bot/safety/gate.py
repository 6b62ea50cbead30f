"""The gate: what one input says about danger, read before anything else is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from bot.reading.patterns import Hit, PatternSet
from bot.reading.values import Evidence, Safety
from bot.reading.words import sentences
from bot.safety.rules import LookAlike, Rule, RuleBook
from bot.safety.values import ENCODER, PRECEDENCE, SafetyReading

# Few words leave the encoder guessing ("she'll leave me if I don't change"), and patterns know the plain short disclosures.
FEW_WORDS = 12
_TOO = 0.3  # probability from which a second kind is answered too
DANGERS = tuple(kind for kind in PRECEDENCE if kind is not Safety.OUT_OF_SCOPE)
# Half a character, which no tokenizer can encode, and a long run of signs, on which it takes seconds.
_UNREADABLE = re.compile(r"[\ud800-\udfff]|(?<=[^\w\s]{8})[^\w\s]+")


@dataclass(frozen=True)
class Fired:
    """A rule that hit. *start*, *end*: offsets in the message as sent; *soft*: only figurative or faint."""

    rule: Rule
    start: int
    end: int
    soft: bool


@dataclass(frozen=True)
class _Found:
    """A pattern found in sentence number *sentence*, at offsets of the folded message."""

    key: str
    sentence: int
    start: int
    end: int


class Gate:
    """Reads every input for danger: chat, drafts, worksheets, button texts.

    >>> Gate.load().read("he choked me last night").kind
    <Safety.HARMED: 'harmed'>
    """

    def __init__(self, book: RuleBook) -> None:
        """Compile the patterns of *book*. Raises DataError on a line that is not a pattern."""
        self.book = book
        self._rules = PatternSet(
            ((rule.id, line) for rule in book.rules.values() for line in rule.patterns), book.lexicon, where="data/safety"
        )
        self._alikes = PatternSet(
            ((alike.id, line) for alike in book.look_alikes.values() for line in alike.patterns),
            book.lexicon, where="data/safety/look_alikes.yml",
        )  # fmt: skip
        self._alike_kinds: dict[str, frozenset[Safety]] = {
            name: frozenset(rule.kind for rule in book.rules.values() if name in rule.unless) for name in book.look_alikes
        }

    @classmethod
    def load(cls, folder: Path | None = None) -> Gate:
        """Read the rules of *folder* (data/safety by default). Raises DataError where they are not right."""
        return cls(RuleBook.load(folder))

    def read(self, text: str, *, encoder: Mapping[Safety, float] | None = None) -> SafetyReading:
        """Return what *text* says about danger; never raises, whatever the text.

        *encoder*: probability (0 to 1) of each kind, where the caller has them. They add a hit where the
        patterns are silent; a look-alike of that kind in the message makes it soft.
        """
        guessed = self._guess(text, encoder or {})
        fired, alikes = self._fired(text, alikes=guessed.kind is not Safety.NONE)
        hard = [hit for hit in fired if not hit.soft]
        if not hard and guessed.kind is not Safety.NONE:
            guess = self._spared(text, guessed, alikes, encoder or {})
            if not (guess.soft and fired):
                return guess
        chosen = hard or fired
        if not chosen:
            return SafetyReading()
        kinds = [kind for kind in PRECEDENCE if any(hit.rule.kind is kind for hit in chosen)]
        first = min((hit for hit in chosen if hit.rule.kind is kinds[0]), key=lambda hit: (not hit.rule.immediate, hit.start))
        return SafetyReading(
            kind=kinds[0],
            also=tuple(kinds[1:]),
            immediate=bool(hard) and any(hit.rule.immediate for hit in hard),
            soft=not hard,
            evidence=_evidence(text, chosen),
            rule=first.rule.id,
            firm=any(hit.rule.firm for hit in hard),
        )

    def _guess(self, text: str, encoder: Mapping[Safety, float]) -> SafetyReading:
        """Return what the encoder alone makes of *text*: a hit, a doubt that is asked about, or nothing."""
        least = self.book.thresholds
        danger = _any_kind(encoder)
        likely = max(DANGERS, key=lambda kind: encoder.get(kind, 0.0))
        flag = least["flag_few_words" if len(text.split()) <= FEW_WORDS else "flag"]
        if danger >= flag:
            also = tuple(kind for kind in DANGERS if kind is not likely and encoder.get(kind, 0.0) >= _TOO)
            return SafetyReading(kind=likely, also=also, rule=ENCODER)
        if encoder.get(Safety.OUT_OF_SCOPE, 0.0) >= least["out_of_scope"]:
            return SafetyReading(kind=Safety.OUT_OF_SCOPE, rule=ENCODER)
        if danger >= least["doubt"]:
            return SafetyReading(kind=likely, soft=True, rule=ENCODER)
        return SafetyReading()

    def _spared(
        self, text: str, guess: SafetyReading, alikes: Iterable[_Found], encoder: Mapping[Safety, float]
    ) -> SafetyReading:
        """Return *guess*, faint where a look-alike of its kind stands in *text*; nothing where it was faint before.

        A joke in one sentence does not unsay what the rest of a message makes all but certain.
        """
        spared = any(guess.kind in self._alike_kinds[found.key] for found in alikes)
        if spared and guess.soft:
            return SafetyReading()
        certain = _any_kind(encoder) >= self.book.thresholds["certain"] and len(sentences(text)) > 1
        return replace(guess, also=(), soft=True) if spared and not certain else guess

    def fired(self, text: str) -> tuple[Fired, ...]:
        """Return every rule that hits in *text*, soft ones included, by place; for tests and for tuning rules."""
        return tuple(self._fired(text, alikes=False)[0])

    def _fired(self, text: str, *, alikes: bool) -> tuple[list[Fired], list[_Found]]:
        """Return the rules that hit, and the look-alikes where they were needed or asked for."""
        folded = self.book.folder.fold(_UNREADABLE.sub(lambda run: " " * len(run.group()), text))
        found: list[_Found] = []
        docs = []
        for number, sentence in enumerate(sentences(folded.text)):
            doc = self._rules.doc(sentence.text)
            docs.append((number, sentence.start, doc))
            found += _at(number, sentence.start, self._rules.find(doc))
        if not found and not alikes:
            return [], []
        spared = [alike for number, start, doc in docs for alike in _at(number, start, self._alikes.find(doc))]
        fired = []
        for hit in found:
            rule = self.book.rules[hit.key]
            left = self._left(rule, hit, spared)
            if left != "nothing":
                fired.append(Fired(rule, *folded.origin(hit.start, hit.end), soft=rule.soft or left == "soft"))
        return sorted(fired, key=lambda hit: (hit.start, hit.rule.id)), spared

    def _left(self, rule: Rule, hit: _Found, alikes: Iterable[_Found]) -> str:
        """Return what the look-alikes leave of a hit: ``all``, ``soft`` or ``nothing``."""
        left = "all"
        for found in alikes:
            alike = self.book.look_alikes[found.key]
            if found.key in rule.unless and _reaches(alike, found, hit):
                if alike.leaves == "nothing":
                    return "nothing"
                left = "soft"
        return left


def _any_kind(encoder: Mapping[Safety, float]) -> float:
    """Return the probability of any danger at all."""
    return sum(encoder.get(kind, 0.0) for kind in DANGERS)


def _at(number: int, start: int, hits: Iterable[Hit]) -> list[_Found]:
    return [_Found(hit.key, number, start + hit.start, start + hit.end) for hit in hits]


def _reaches(alike: LookAlike, found: _Found, hit: _Found) -> bool:
    if alike.reach == "message":
        return True
    if found.sentence != hit.sentence:
        return False
    return alike.reach == "sentence" or (found.start < hit.end and hit.start < found.end)


def _evidence(text: str, fired: Iterable[Fired]) -> tuple[Evidence, ...]:
    places = sorted({(hit.start, hit.end) for hit in fired})
    outer = [(a, b) for a, b in places if not any((x <= a and b <= y) and (x, y) != (a, b) for x, y in places)]
    return tuple(Evidence(start, end, text[start:end]) for start, end in outer)


@lru_cache(maxsize=1)
def gate() -> Gate:
    """Return the gate over data/safety, loaded once in a process."""
    return Gate.load()
