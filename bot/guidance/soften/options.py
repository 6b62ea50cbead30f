"""Three options out of the units of a draft: close to it, short, feeling first. They differ in kind."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from bot.guidance.soften.book import Book
from bot.guidance.soften.parse import Parsed
from bot.guidance.soften.transform import SLOT, Unit, lowered, without_slot
from bot.guidance.soften.values import STYLES, Partner, Style

MOST_WORDS = 60
_SHORTER = 45  # words for a partner who tends to withdraw
_MOST_LINES = 6
_LABEL = 2  # up to this weight a complaint names nothing that happened
_TIME = "[time]"
_ASKS_FOR = ("Could ", "Can ", "Would ", "Will ", "Please ")


@dataclass(frozen=True)
class Draft:
    """What the options are made of. *big*: the matter wants a talk; *leaving*: it speaks of leaving."""

    parsed: Parsed
    units: tuple[Unit, ...]
    book: Book
    partner: Partner
    seed: str
    big: bool
    words: int

    def of(self, *roles: str) -> list[Unit]:
        """Return the units of these *roles*, in order."""
        return [unit for unit in self.units if unit.role in roles]

    @property
    def main(self) -> Unit | None:
        """The complaint that weighs most; the first of those."""
        return max(self.of("complaint"), key=lambda one: one.weight, default=None)

    @property
    def leaving(self) -> bool:
        """True where nothing may be promised that the writer takes back in the same message."""
        threatens = any(unit.kind in ("threat", "ultimatum") for unit in self.units)
        return threatens or (self.big and bool(self.book.patterns["leaving"].search(self.parsed.plain)))

    @property
    def most(self) -> int:
        """Words that an option may have: 60, or fewer than a longer draft has."""
        return MOST_WORDS if self.words <= MOST_WORDS else self.words - 1

    @property
    def gap(self) -> bool:
        """True where the one gap is free. For a partner who pursues it is the return time at the beginning."""
        return self.partner != "pursue" or bool(self.of("pause")) or self.parsed.returns

    def frame(self, name: str, style: Style | None = None) -> str:
        """Return one wording of the frame *name*, the same for the same seed, another one for each *style*."""
        lines = self.book.frames[name]
        turn = STYLES.index(style) if style else 0
        return lines[(zlib.crc32(f"{self.seed}\n{name}".encode("utf-8", "replace")) + turn) % len(lines)]


@dataclass(frozen=True)
class _Line:
    """One sentence of an option. *rank*: 0 must stay; the higher, the sooner it is left out."""

    text: str
    rank: int
    facts: frozenset[str] = frozenset()


def chosen(units: Iterable[Unit]) -> tuple[Unit, ...]:
    """Return the units that are said: one of each topic; where only wounds were left, what stands in their place."""
    given = [one for one in units if one.texts]
    worth = [one for one in given if one.role != "wound"]
    leaving = any(one.kind == "threat" and one.role == "complaint" for one in worth)
    out: list[Unit] = []
    topics: set[str] = set()
    for unit in worth or [replace(one, role="complaint") for one in given[:1]]:
        passed_over = (leaving and unit.role == "pause") or unit.topic in topics
        if passed_over and not unit.facts:
            continue
        topics.add(unit.topic)
        out.append(unit)
    return tuple(out)


def options(draft: Draft) -> list[str]:
    """Return the three texts, in the order of `STYLES`."""
    makers: dict[Style, Callable[[Draft], list[_Line]]] = {"close": _close, "short": _short, "feel": _feel}
    texts = [_fitted(_one_gap(_with_facts(makers[style](draft), draft)), draft, style) for style in STYLES]
    texts = _distinct(texts, draft)
    name = draft.parsed.name
    return [f"{name}, {lowered(text)}" for text in texts] if name else texts


def _line(text: str, rank: int, unit: Unit | None = None) -> list[_Line]:
    return [_Line(text, 0 if unit and unit.facts else rank, unit.facts if unit else frozenset())] if text else []


def _pause(unit: Unit, name: str, draft: Draft) -> str:
    """Return a wording of a pause, without a return time where the draft names one itself."""
    return unit.text(f"{name}_back", name, slot=True) if draft.parsed.returns else unit.text(name, slot=True)


# ---- the three kinds


def _close(draft: Draft) -> list[_Line]:
    """Each sentence in its order, changed as little as needed."""
    lines: list[_Line] = []
    main = draft.main
    ranks = {"request": 0, "pause": 0, "complaint": 3, "feeling": 2}
    for unit in draft.units:
        if draft.partner == "withdraw" and unit.role == "complaint" and unit is not main and not unit.facts:
            continue
        text = _pause(unit, "close", draft) if unit.role == "pause" else unit.text("close", "short", slot=draft.gap)
        lines += _line(text, 1 if unit is main else ranks.get(unit.role, 2), unit)
    return lines or _line(draft.frame("wound_close"), 0)


def _short(draft: Draft) -> list[_Line]:
    """What happened and what I'd like."""
    main = draft.main
    lines = _told(draft, 2)
    if main:
        lines += _line(main.text("short", "close", slot=draft.gap), 0, main)
    return lines + (_asked(draft, "short") or _wished(draft, bool(lines)))


def _asked(draft: Draft, style: Style) -> list[_Line]:
    """What the draft itself asks, or when it comes back."""
    requests, pauses, main = draft.of("request"), draft.of("pause"), draft.main
    if requests:
        first = "choice" if style == "feel" else "ask" if main else "short"
        lines = _line(requests[0].text(first, "ask", "close", slot=draft.gap), 0, requests[0])
        for unit in requests[1:]:
            lines += _line(unit.text("ask", "close", slot=draft.gap), 0, unit)
        return lines
    if pauses:
        name = "choice" if style == "feel" else "ask" if main and not draft.parsed.returns else "short"
        return _line(_pause(pauses[0], name, draft), 0)
    return []


def _wished(draft: Draft, told: bool) -> list[_Line]:
    """What stands for a request where the draft makes none: the face to face talk, the wish in the complaint, a gap."""
    main, feelings = draft.main, draft.of("feeling")
    open_wish = draft.frame("ask") if draft.gap else draft.frame("choice", "short")
    if draft.big:
        return _line(draft.frame("big_ask"), 0)
    if main:
        return _line(main.text("ask", slot=draft.gap) or open_wish, 0)
    if told or feelings:
        first = [] if told else _line(feelings[0].text("short", slot=draft.gap), 0, feelings[0])
        return first + _line(open_wish, 0)
    return _line(draft.frame("wound_short") if draft.gap else draft.frame("wound_close", "short"), 0)


def _told(draft: Draft, most: int) -> list[_Line]:
    """What the draft says happened in plain words, where no complaint of weight says it."""
    if draft.of("pause") or (draft.main and draft.main.weight > _LABEL):
        return []
    return [line for unit in draft.of("keep")[:most] for line in _line(unit.text("short", slot=False), 1, unit)]


def _feel(draft: Draft) -> list[_Line]:
    """Feeling and need first, then one request with a choice."""
    main, requests, pauses, kept = draft.main, draft.of("request"), draft.of("pause"), draft.of("keep")
    feelings = draft.of("feeling")
    lines = _line(feelings[0].text("feel", slot=draft.gap), 1, feelings[0]) if feelings else []
    if main:
        lines += _line(main.text("feel", "close", slot=draft.gap), 0, main) + _told(draft, 1)
    elif requests and requests[0].kind:
        lines += _line(requests[0].text("feel", slot=draft.gap), 1)
    elif pauses:
        lines += _line(_pause(pauses[0], "feel", draft), 0)
    elif kept or requests:
        lines += _line(draft.frame("feel"), 1)
        lines += _line(kept[0].text("short", slot=draft.gap), 1, kept[0]) if kept else []
    asked = _asked(draft, "feel")
    if asked:
        return lines + asked
    if main:
        return lines + _line(main.text("choice", slot=draft.gap) or draft.frame("choice"), 0)
    if lines:
        return lines + _line(draft.frame("choice"), 0)
    return _line(draft.frame("wound_feel"), 0) + _line(draft.frame("wound_choice"), 0)


# ---- what every option keeps to


def _with_facts(lines: list[_Line], draft: Draft) -> list[_Line]:
    """Add the sentences whose names, numbers or days stand nowhere yet, before the last line, which asks."""
    told = " ".join(line.text for line in lines).lower()
    added: list[_Line] = []
    for unit in draft.units:
        if all(re.search(rf"(?<!\w){re.escape(fact)}", told) for fact in unit.facts):
            continue
        text = unit.text("close", "short", "ask", slot=False)
        if text:
            added.append(_Line(text, 0, unit.facts))
            told += " " + text.lower()
    place = len(lines) - 1 if len(lines) > 1 else len(lines)
    return [*lines[:place], *added, *lines[place:]]


def _one_gap(lines: Sequence[_Line]) -> list[_Line]:
    """Keep one gap for the whole option; a sentence that needs another is said without it, or not at all."""
    out: list[_Line] = []
    # A time to come back is worth more than any other gap.
    gaps = sorted((line for line in lines if SLOT.search(line.text)), key=lambda line: _TIME not in line.text)
    for line in lines:
        if SLOT.search(line.text) and line is not gaps[0]:
            line = replace(line, text=without_slot(line.text))
        if line.text and all(line.text != other.text for other in out):
            out.append(line)
    return out


def _fitted(lines: list[_Line], draft: Draft, style: Style) -> str:
    """Join *lines* with what fits the partner; leave out what matters least while there are too many words."""
    before, after = _lead(lines, draft, style), _door(lines, draft, style)
    most = min(draft.most, _SHORTER) if draft.partner == "withdraw" else draft.most
    most_lines = _MOST_LINES if draft.words <= MOST_WORDS else 2 * _MOST_LINES
    while len(lines) > 1 and (_count([*before, *_texts(lines), *after]) > most or len(lines) > most_lines):
        worst = max(range(len(lines)), key=lambda place: (lines[place].rank, not lines[place].facts, place))
        if lines[worst].rank == 0:
            # Facts and requests stay as long as there is any room for them.
            most, after = draft.most, []
            if _count([*before, *_texts(lines)]) <= most:
                break
            worst = next((place for place in range(len(lines) - 2, -1, -1) if not lines[place].facts), len(lines) - 2)
        lines = [line for place, line in enumerate(lines) if place != worst]
    return " ".join([*before, *_texts(lines), *after])


def _lead(lines: Iterable[_Line], draft: Draft, style: Style) -> list[str]:
    """For a partner who pursues: reassurance, and a return time where none is named."""
    if draft.partner != "pursue":
        return []
    timed = draft.parsed.returns or any(_TIME in line.text for line in lines)
    return [draft.frame(f"lead{'_big' if draft.leaving else ''}{'_back' if timed else ''}", style)]


def _door(lines: Iterable[_Line], draft: Draft, style: Style) -> list[str]:
    """For a partner who withdraws: no pressure of time, where nothing else leaves the choice."""
    text = " ".join(_texts(lines))
    if draft.partner != "withdraw" or draft.of("pause") or draft.book.patterns["leaves_choice"].search(text):
        return []
    asked = " ".join(line for unit in draft.of("request") for line in unit.texts.values())
    return [draft.frame("door_date" if draft.book.patterns["dated"].search(asked) else "door", style)]


def _distinct(texts: Sequence[str], draft: Draft) -> list[str]:
    """Two options that came out alike get what makes their kind: a wish at the end, a feeling in front."""
    close, short, feel = texts
    if short == close:
        asked = close.rpartition(". ")[2].startswith(_ASKS_FOR)
        more = ("help" if asked else "tell") if close.endswith("?") else "choice"
        short = f"{close} {draft.frame(more, 'short')}"
    if feel in (close, short):
        feel = f"{draft.frame('feel')} {feel}"
    return [close, short, feel]


def _texts(lines: Iterable[_Line]) -> list[str]:
    return [line.text for line in lines]


def _count(texts: Iterable[str]) -> int:
    return sum(len(text.split()) for text in texts)
