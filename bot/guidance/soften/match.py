"""Which rule a clause fits, tried with and without what leads in and what trails."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.guidance.soften.book import Book, Rule
from bot.guidance.soften.loud import facts_of
from bot.guidance.soften.tokens import Token, plain, text_of

_LONGEST = 45  # words of a clause that is still matched


@dataclass(frozen=True)
class Found:
    """A rule that fits. *groups*: what it caught, as it is shown; *start*, *end*: offsets in the draft."""

    rule: Rule
    groups: tuple[tuple[str, str], ...]
    start: int
    end: int
    facts: frozenset[str]


@dataclass(frozen=True)
class Asked:
    """What to match by.

    *heated*: something in the draft pushes; *returns*: it names a time to come back; *many*: joined clauses.
    """

    book: Book
    heated: bool
    returns: bool
    many: bool
    question: bool


def match(tokens: Sequence[Token], asked: Asked) -> Found | None:
    """Return the first rule that fits *tokens*, with their swear words and then without."""
    book = asked.book
    said = [token for token in tokens if token.norm not in book.noise] or list(tokens)
    bare = [token for token in said if book.swearing.get(token.norm, "x")]
    for words in (said, bare) if len(bare) < len(said) else (said,):
        found = _first(words, asked) if 0 < len(words) <= _LONGEST else None
        if found:
            return found
    return None


def _first(words: Sequence[Token], asked: Asked) -> Found | None:
    rules = [rule for rule in asked.book.rules if (asked.heated or not rule.heated) and (rule.many or not asked.many)]
    for first, last in _edges(words, asked.book):
        part = words[first:last]
        text = plain(part) + (" ?" if asked.question else "")
        for rule in rules:
            for pattern, unless_back in rule.matches:
                fits = None if unless_back and asked.returns else pattern.fullmatch(text)
                if fits:
                    groups, facts = _groups(fits, part, asked.book)
                    return Found(rule, groups, part[0].start, part[-1].end, facts)
    return None


def _groups(fits: re.Match[str], part: Sequence[Token], book: Book) -> tuple[tuple[tuple[str, str], ...], frozenset[str]]:
    """Return what each group caught as it is shown (an optional one with a space before it), and the facts in it."""
    begins, at = {}, 0
    for place, token in enumerate(part):
        begins[at] = place
        at += len(token.norm) + 1
    groups: dict[str, str] = {}
    facts: set[str] = set()
    for numbered, value in fits.groupdict().items():
        name = numbered.partition("_")[0]
        if value is None:
            groups.setdefault(name, "")
            continue
        lead = len(value) - len(value.lstrip())
        first = begins.get(fits.start(numbered) + lead, len(part))
        caught = part[first : first + len(value.split())]
        shown = text_of(without_swearing(caught, book))
        groups[name] = (" " if lead and shown else "") + shown
        facts |= facts_of(caught, book)
    return tuple(groups.items()), frozenset(facts)


def _edges(words: Sequence[Token], book: Book) -> Iterator[tuple[int, int]]:
    """Yield what may be the clause itself: all of *words*, then without what leads in, then without what trails."""
    leads = [0]
    text = plain(words)
    while (lead := book.leads.match(text)) and lead.end() < len(text):
        leads.append(leads[-1] + len(lead.group().split()))
        text = text[lead.end() :]
    for first in leads:
        yield first, len(words)
    opened = list(leads)
    for first in leads:
        opinion = book.opinions.match(plain(words[first:]))
        if opinion:
            opened.append(first + len(opinion.group().split()))
            yield opened[-1], len(words)
    for first in opened:
        last = len(words)
        while (tail := book.tails.search(plain(words[first:last]))) and tail.start() > 0:
            last -= len(tail.group().split())
            if last <= first:
                break
            yield first, last


def without_swearing(tokens: Sequence[Token], book: Book) -> list[Token]:
    """Return *tokens* without swear words; where one carries the sentence ("a shit day"), with the plain word for it."""
    out = []
    for token in tokens:
        word = book.swearing.get(token.norm)
        if word:
            out.append(Token(word, word, token.start, token.end))
        elif word is None and token.norm not in book.grammar["left_out"]:
            out.append(token)
    return out
