"""One clause into the words that it may become. The wordings stand in data/soften/rules.yml, one rule for each turn."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.guidance.soften.book import Book
from bot.guidance.soften.changes import CHANGES
from bot.guidance.soften.parse import Clause, parse
from bot.guidance.soften.tokens import Token, plain, text_of

SLOT = re.compile(r"\[[^\]]*\]")
# A gap that may be left out, the sentence still being whole: "you didn't call [when it last happened]".
_LOOSE_SLOT = re.compile(r" \[when[^\]]*\]")
_PLACE = re.compile(r"\{(\w)((?:\|\w+)*)\}")
_TELL = ("close", "short", "feel")
_MAY_BE_EMPTY = frozenset("rzwd")
_FIRST_LOWER = re.compile(r"^(?!I\b|I')[A-Z]")


@dataclass(frozen=True)
class Unit:
    """What a clause becomes. *texts*: wording name -> text; a wording that cannot be said is not there.

    *facts*: words that no option may lose. *role*: complaint, request, pause, wound, feeling or keep. *topic*: of the
    same topic one is said.
    """

    clause: Clause
    role: str
    kind: str
    topic: str
    weight: int
    facts: frozenset[str]
    texts: Mapping[str, str]

    def text(self, *names: str, slot: bool) -> str:
        """Return the first of the wordings *names* that there is; without *slot* only one that needs no gap."""
        for name in names:
            found = self.texts.get(name, "")
            if not slot:
                found = without_slot(found)
            if found:
                return found
        return ""


def without_slot(text: str) -> str:
    """Return *text* without its gap, "" where it cannot be without."""
    loose = _LOOSE_SLOT.sub("", text)
    return "" if SLOT.search(loose) else loose


def unit(clause: Clause, book: Book, seed: str = "") -> Unit:
    """Return what *clause* becomes; *seed* decides between wordings of the same."""
    if clause.rule is None:
        return leave_out(clause) if clause.wound else keep(clause, book)
    rule = clause.rule
    texts = {name: _first_said(lines, f"{seed}{rule.id}{name}", clause, book) for name, lines in rule.wordings.items()}
    if clause.prefix:  # what happened then; what is asked is asked now
        then = {name: prefixed(clause.prefix, text) for name, text in texts.items() if text and name.startswith(_TELL)}
        texts = {**texts, **then}
    texts = {name: text for name, text in texts.items() if text}
    told = " ".join(texts.values()).lower()
    facts = frozenset(fact for fact in clause.facts if fact in told)
    return Unit(clause, rule.role, rule.kind, rule.topic, rule.weight, facts, texts)


def leave_out(clause: Clause) -> Unit:
    """A clause that only wounds: nothing of it is said."""
    return Unit(clause, "wound", "label", "", 0, frozenset(), {})


def keep(clause: Clause, book: Book) -> Unit:
    """A harmless clause: its own words, in a lower voice."""
    tokens = list(clause.tokens)
    while len(tokens) > 1 and (tokens[0].norm in book.grammar["drop_first"] or tokens[0].norm == ","):
        tokens = tokens[1:]
    words = plain(tokens)
    asks = (clause.question and not words.startswith("you ")) or bool(book.patterns["asks"].match(words))
    text = sentence(text_of(_plainer(tokens)), question=asks)
    if clause.prefix:
        text = prefixed(clause.prefix, text)
    polite = bool(book.patterns["asks_politely"].match(words)) or (clause.question and not words.startswith(("you ", "i ")))
    role = "feeling" if book.patterns["feeling"].match(words) else "request" if polite else "keep"
    names = ("close", "short") if role == "keep" else ("close", "short", "ask", "choice", "feel")
    return Unit(clause, role, "", f"kept {clause.start}", 1, clause.facts, dict.fromkeys(names, text))


def _plainer(tokens: Sequence[Token]) -> list[Token]:
    """Return *tokens* with "could" for "should"."""
    return [Token("could", "could", one.start, one.end) if one.norm == "should" else one for one in tokens]


def _first_said(templates: Sequence[str], seed: str, clause: Clause, book: Book) -> str:
    """Return the first of *templates* that can be said, beginning at one that *seed* decides."""
    start = zlib.crc32(seed.encode("utf-8", "replace")) % len(templates)
    turned = [*templates[start:], *templates[:start]]
    return next((text for template in turned if (text := reword(template, clause, book))), "")


def reword(template: str, clause: Clause, book: Book) -> str:
    """Fill *template* with what the rule caught; "" where a verb has no known form or something in it still pushes."""
    groups = dict(clause.groups)
    parts: list[str] = []
    at = 0
    for place in _PLACE.finditer(template):
        filled = _filled(groups.get(place.group(1), ""), place.group(1), place.group(2).split("|")[1:], book)
        if filled is None:
            return ""
        parts += [template[at : place.start()], filled]
        at = place.end()
    text = sentence("".join([*parts, template[at:]]))
    # A pause says when it ends in another sentence of the option.
    paused = clause.rule is not None and clause.rule.role == "pause"
    return "" if parse(text, book, returns=paused).pushes else text


def _filled(value: str, name: str, changes: Sequence[str], book: Book) -> str | None:
    text = value.strip()
    for change in changes:
        changed = CHANGES[change](text, book) if text else text
        if changed is None:
            return None
        text = changed
    if not text:
        return "" if name in _MAY_BE_EMPTY else None
    return f" {text}" if value.startswith(" ") else text


def prefixed(prefix: str, text: str) -> str:
    """Return *text* after "When I got home,"."""
    return sentence(f"{prefix}, {lowered(text)}")


def lowered(text: str) -> str:
    """Return *text* with its first letter small, unless it is "I"."""
    return text[0].lower() + text[1:] if _FIRST_LOWER.match(text) else text


def sentence(text: str, *, question: bool = False) -> str:
    """Return *text* with a capital, one space between words and one sign at the end."""
    text = re.sub(r"\s+", " ", text).strip(" ,;")
    text = re.sub(r"\s+([,.?!])", r"\1", text)
    if text and text[-1] not in ".?!":
        text += "?" if question else "."
    return text[:1].upper() + text[1:]
