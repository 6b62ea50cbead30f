"""From a draft to its clauses: what each one is, and which words of it push or shut the door."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.guidance.soften.book import Book, Rule
from bot.guidance.soften.loud import facts_of, harsh, push, pushes_by_volume
from bot.guidance.soften.match import Asked, Found, match, without_swearing
from bot.guidance.soften.pieces import pieces
from bot.guidance.soften.tokens import Stretch, Token, plain, stretches, text_of
from bot.guidance.soften.values import Push

_MOST_JOINED = 4  # clauses that one rule may span
_LABELS = ("insult", "selfish", "lazy", "cold", "untrue", "unsteady")
_REACH = 6  # words between "you are" and a label


@dataclass(frozen=True)
class Clause:
    """One stretch of the draft. *rule*: how it is read, None where it is kept (*wound*: left out) as it stands.

    *groups*: what the rule caught, as it is shown. *start*, *end*: offsets in the draft. *prefix*: "when I got home".
    """

    tokens: tuple[Token, ...]
    question: bool
    start: int
    end: int
    sentence: int
    rule: Rule | None = None
    groups: tuple[tuple[str, str], ...] = ()
    wound: bool = False
    facts: frozenset[str] = frozenset()
    prefix: str = ""

    @property
    def kept(self) -> bool:
        """True where the clause stays in its own words."""
        return self.rule is None and not self.wound


@dataclass(frozen=True)
class Parsed:
    """A draft read.

    *plain*: its plain words; *returns*: it names a time to come back; *clear_no*: it ends all contact;
    *name*: whom it calls by name at the beginning.
    """

    clauses: tuple[Clause, ...]
    pushes: tuple[Push, ...]
    plain: str
    returns: bool
    clear_no: bool
    name: str = ""


_Read = tuple[Clause | None, list[Push]]
_Piece = tuple[int, Stretch, list[Token]]


def parse(draft: str, book: Book, *, returns: bool = False) -> Parsed:
    """Read *draft*: its clauses in order and what pushes in it, by place. *returns*: a time to come back is named elsewhere."""
    sentences = stretches(draft, book.typing)
    name = _name(sentences, draft, book)
    if name:
        sentences = [replace(sentences[0], tokens=sentences[0].tokens[2:]), *sentences[1:]]
    words = " . ".join(plain(one.tokens) for one in sentences)
    cut = [(number, one, piece) for number, one in enumerate(sentences) for piece in pieces(one.tokens, book)]
    reader = _Reader(book, draft, returns or _returns(words, book))
    read = reader.clauses(cut, heated=False)
    heated = any(pushes for _, pushes in read) or pushes_by_volume(draft, sentences, book)
    if heated:
        read = reader.clauses(cut, heated=True)
    clauses = tuple(clause for clause, _ in read if clause is not None)
    if any(clause.rule and clause.rule.role == "clear_no" for clause in clauses):
        return Parsed(clauses, (), words, reader.returns, True)
    found = {one for _, pushes in read for one in pushes}
    if heated:
        found.update(harsh(draft, sentences, book))
    ordered = sorted(found, key=lambda one: (one.start, one.end, one.kind))
    return Parsed(clauses, tuple(ordered), words, reader.returns, False, name)


def _name(sentences: Sequence[Stretch], draft: str, book: Book) -> str:
    """Return the name that the draft begins with ("Tom, you promised"), "" where it begins otherwise."""
    tokens = sentences[0].tokens if sentences else ()
    if len(tokens) < 3 or tokens[1].norm != ",":
        return ""
    raw = draft[tokens[0].start : tokens[0].end]
    known = tokens[0].norm in book.grammar["no_name"] or tokens[0].norm in book.grammar["starts"]
    return raw if raw.istitle() and raw.isalpha() and not known else ""


def _returns(words: str, book: Book) -> bool:
    """Return whether *words* name a time at which the writer comes back. "You said you'd be home by 7" names none."""
    for pattern in book.back:
        for found in pattern.finditer(words):
            before = re.split(r"[,.;]", words[: found.start()])[-1]
            if before.split()[-1:] and before.split()[-1] in book.grammar["got_there"]:
                continue  # "when I got home at 6"
            people = [word for word in [*before.split(), found.group().split()[0]] if word in _PEOPLE]
            if not people or people[-1] in ("i", "we", "us", "can", "let"):
                return True
    return False


_PEOPLE = frozenset(["i", "we", "us", "can", "let", "you", "he", "she", "they"])


@dataclass(frozen=True)
class _Reader:
    """Reads the clauses of one draft."""

    book: Book
    draft: str
    returns: bool

    def clauses(self, cut: Sequence[_Piece], *, heated: bool) -> list[_Read]:
        """Return the clauses with their pushes; *heated*: something in the draft pushes."""
        found: list[_Read] = []
        place = 0
        while place < len(cut):
            number = cut[place][0]
            last = place
            while last + 1 < len(cut) and cut[last + 1][0] == number and last + 1 - place < _MOST_JOINED:
                last += 1
            for end in range(last, place - 1, -1):
                read = self._joined(cut, place, end, heated=heated)
                if end == place or (read[0] and read[0].rule):
                    found.append(read)
                    place = end + 1
                    break
        return _attached(self._merged(found, {number: stretch for number, stretch, _ in cut}), self.book)

    def _joined(self, cut: Sequence[_Piece], place: int, end: int, *, heated: bool) -> _Read:
        number, stretch, _ = cut[place]
        tokens = [token for _, _, piece in cut[place : end + 1] for token in piece]
        final = end + 1 == len(cut) or cut[end + 1][0] != number
        question = "?" in stretch.mark and final
        return self._read(tokens, number, Asked(self.book, heated, self.returns, end > place, question))

    def _read(self, tokens: list[Token], number: int, asked: Asked) -> _Read:
        """Read one clause; None where nothing of it is left once the swearing is out."""
        found = match(tokens, asked)
        pushes: list[Push] = []
        if found is None:
            start, end = tokens[0].start, tokens[-1].end
            rest, named = _without_names(tokens, self.book)
            clean = without_swearing(rest, self.book)
            if named:
                pushes.append(push(self.draft, min(one.start for one in named), max(one.end for one in named), "insult"))
            if not clean or (len(clean) == 1 and len(tokens) > 1 and clean[0].norm in self.book.grammar["bare"]):
                return None, pushes or [push(self.draft, start, end, "swearing")]
            tokens, found = clean, match(clean, asked)
        if found is None:
            return self._kept(tokens, number, asked.question, pushes)
        return self._ruled(found, tokens, number, asked.question, pushes)

    def _ruled(self, found: Found, tokens: list[Token], number: int, question: bool, pushes: list[Push]) -> _Read:
        rule, groups, facts = found.rule, found.groups, found.facts
        start, end = tokens[0].start, tokens[-1].end
        if rule.role == "drop":
            return None, pushes
        if rule.role == "keep":
            clean = tuple(without_swearing(tokens, self.book))
            return Clause(clean, question, start, end, number, facts=facts_of(tokens, self.book)), pushes
        if rule.dated:
            day = self.book.patterns["day"].search(plain(tokens))
            groups = (*groups, ("d", f" {day.group()}" if day else ""))
            facts |= frozenset(day.group().split()[-1:]) if day else frozenset()
        if rule.role != "clear_no":
            pushes.append(push(self.draft, found.start, found.end, rule.kind))
        return Clause(tuple(tokens), question, start, end, number, rule, groups, facts=facts), pushes

    def _kept(self, tokens: list[Token], number: int, question: bool, pushes: list[Push]) -> _Read:
        """A clause that no rule knows: kept where it is harmless, else left out."""
        book = self.book
        start, end = tokens[0].start, tokens[-1].end
        norms = [token.norm for token in tokens]
        curse = not set(norms).isdisjoint(book.groups["curse"])
        blames = norms[0] == "you" and not {"always", "never"}.isdisjoint(norms)
        if curse or blames or _labels(norms, book):
            pushes.append(push(self.draft, start, end, "insult" if curse else "label"))
            return Clause(tuple(tokens), question, start, end, number, wound=True), pushes
        tokens, taken = _without_absolutes(tokens)
        pushes += [push(self.draft, token.start, token.end, "absolute") for token in taken]
        return Clause(tuple(tokens), question, start, end, number, facts=facts_of(tokens, book)), pushes

    def _merged(self, found: Sequence[_Read], sentences: dict[int, Stretch]) -> list[_Read]:
        """Join kept clauses of one sentence that stand side by side, so that it reads as it was written."""
        out: list[_Read] = []
        for clause, pushes in found:
            last, before = out[-1] if out else (None, [])
            if last and clause and last.kept and clause.kept and last.sentence == clause.sentence and not pushes and not before:
                tokens = [one for one in sentences[clause.sentence].tokens if last.start <= one.start and one.end <= clause.end]
                clean = tuple(without_swearing(tokens, self.book))
                facts = last.facts | clause.facts
                out[-1] = (Clause(clean, clause.question, last.start, clause.end, clause.sentence, facts=facts), [])
            else:
                out.append((clause, pushes))
        return out


def _without_names(tokens: Sequence[Token], book: Book) -> tuple[list[Token], list[Token]]:
    """Take called names off both ends ("call me back you idiot"). Returns what is left and what was taken."""
    left, taken = list(tokens), []
    curses, words = book.groups["curse"], book.grammar
    if len(left) > 1 and left[-1].norm in curses and left[-2].norm not in words["no_call"]:
        taken.append(left.pop())
        while left and left[-1].norm in words["before_name"]:
            taken.append(left.pop())
    if len(left) > 1 and left[0].norm in curses:
        taken.append(left.pop(0))
    while left and left[0].norm == ",":
        left.pop(0)
    if taken and (not left or left[-1].norm in words["cut_off"]):
        return [], [*left, *taken]
    return left, taken


def _without_absolutes(tokens: list[Token]) -> tuple[list[Token], list[Token]]:
    """Inside a longer clause "you never call" becomes "you don't call", "you always leave" "you leave"."""
    out: list[Token] = []
    taken = []
    for token in tokens:
        if token.norm in ("always", "never") and out and out[-1].norm == "you":
            taken.append(token)
            if token.norm == "never":
                out += [Token("do", "do", token.start, token.end), Token("not", "not", token.start, token.end)]
        else:
            out.append(token)
    return out, taken


def _labels(norms: Sequence[str], book: Book) -> bool:
    """Return whether "you are ... LABEL" or "your ... LABEL" stands in *norms*."""
    labels = {word for name in _LABELS for word in book.groups[name]}
    for place, word in enumerate(norms):
        if word not in labels:
            continue
        before = norms[max(0, place - _REACH) : place]
        said = [at for at in range(1, len(before)) if before[at - 1] == "you" and before[at] in ("are", "were")]
        if said and book.grammar["subjects"].isdisjoint(before[said[-1] :]):
            return True
        if "your" in before[-2:] or ("your" in before and not {"is", "are"}.isdisjoint(before[before.index("your") :])):
            return True
    return False


def _attached(found: Sequence[_Read], book: Book) -> list[_Read]:
    """Hang "when I got home" before what follows it; leave out a half sentence whose other half was changed."""
    out: list[_Read] = []
    waiting: Clause | None = None
    compared = False
    for place, (clause, pushes) in enumerate(found):
        if clause is None:
            out.append((None, pushes))
            continue
        if compared and clause.kept and clause.tokens[0].norm in book.grammar["third"]:
            clause = replace(clause, wound=True, facts=frozenset())  # "He actually helps", after a comparison
        compared = (clause.wound and compared) or (clause.rule is not None and clause.rule.kind == "comparison")
        after = found[place + 1][0] if place + 1 < len(found) else None
        if clause.kept and clause.tokens[0].norm in book.grammar["fragment"] and after and after.rule:
            if after.sentence == clause.sentence:
                waiting = clause if clause.tokens[0].norm in book.grammar["prefix"] else None
                out.append((None, pushes))
                continue
        if waiting:
            clause = replace(clause, facts=clause.facts | waiting.facts, prefix=text_of(waiting.tokens))
            waiting = None
        out.append((clause, pushes))
    return out
