"""What is said in danger: never coaching, always people, always a number to call. Words: data/safety/answers.yml."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from bot import paths
from bot.errors import DataError
from bot.guidance.values import Bubble, Button, Card, CardKind
from bot.reading.values import Safety
from bot.safety.help_lines import Country, HelpLine, HelpLines, help_lines, is_help_word
from bot.safety.values import PRECEDENCE, Lock, SafetyReading
from bot.safety.wording import Line, Wording, wording
from bot.yaml_files import mapping

__all__ = ["after_direct_question", "direct_answer", "help_now", "is_help_word", "respond"]

Answer = Literal["yes", "no", "unsure"]
_MOST_LINES = 4
_MOST_ANSWER_WORDS = 6
_WORDS_AT_ONCE = 110


def respond(reading: SafetyReading, lock: Lock, *, country: str | None, said: Collection[str], seed: str) -> Card:
    """Answer a message that the gate stopped, or any message while *lock* is closed.

    *said*: ids of the lines said so far, oldest first where the order is known. *seed* makes the choice
    repeatable. A soft reading without a lock gets one question and no siren.
    """
    page = _Page(country, said, seed)
    if not reading.hit and not lock.closed:
        return page.card(page.bubble("soft", part="question"), page.lines((Safety.SUICIDE,), at_most=0, country_asked=False))
    if not reading.hit:
        return _stay(page, page.block_said(lock.kinds[0]), lock.kinds)
    block = page.words.variants.get(reading.rule, reading.kind.value)
    kinds = _kinds(reading, lock)
    if f"{block}.first" in page.places_said and not reading.immediate:
        return _stay(page, block, kinds)
    opening = page.bubble(f"{block}.now" if reading.immediate and f"{block}.now" in page.words.pools else f"{block}.first")
    people = page.bubble(f"{block}.people")
    asks_directly = block == Safety.SUICIDE.value
    asks_country = country is None and not asks_directly
    parts = [opening, people]
    if not asks_country:
        parts.append(page.bubble(f"{block}.question", part="question"))
    fits = _WORDS_AT_ONCE - sum(len(bubble.text.split()) for bubble in parts)
    lines = page.lines(
        kinds, at_most=_MOST_LINES, country_asked=asks_country, emergency=not reading.immediate, fits=fits, young=block == "minor"
    )
    return page.card(*parts, lines, yes_no=asks_directly)


def after_direct_question(answer: Answer, *, country: str | None, lock: Lock, said: Collection[str], seed: str) -> Card:
    """Answer what a person said to "are you thinking about killing yourself?". No answer unlocks anything."""
    if answer not in ("yes", "no", "unsure"):
        raise ValueError(f"answer is {answer!r}; expected 'yes', 'no' or 'unsure'")
    page = _Page(country, said, seed)
    parts = [page.bubble(f"direct.{answer}"), page.bubble("suicide.people")]
    if country is not None:
        parts.append(page.bubble("direct.question", part="question"))
    kinds = _ordered({Safety.SUICIDE, *lock.kinds})
    return page.card(*parts, page.lines(kinds, at_most=3, country_asked=country is None))


def direct_answer(text: str) -> Answer | None:
    """Return what a short message answers to the direct question; None where it answers nothing."""
    plain = re.findall(r"[a-z]+", re.sub(r"['’‘`]", "", text.lower()))
    if not plain or len(plain) > _MOST_ANSWER_WORDS:
        return None
    fitting = [(len(opening), answer) for opening, answer in _direct_answers() if tuple(plain[: len(opening)]) == opening]
    return max(fitting)[1] if fitting else None


@lru_cache(maxsize=1)
def _direct_answers() -> tuple[tuple[tuple[str, ...], Answer], ...]:
    path = paths.data() / "safety" / "direct_answers.yml"
    found = mapping(path)
    if set(found) != {"yes", "no", "unsure"}:
        raise DataError(f"holds {', '.join(map(str, found))}", where=path, expected="the lists yes, no and unsure")
    answers: tuple[Answer, ...] = ("yes", "no", "unsure")
    return tuple((tuple(str(opening).split()), answer) for answer in answers for opening in found[answer])


def help_now(country: str | None, lock: Lock, *, said: Collection[str] = (), seed: str = "") -> Card:
    """Show who can help, whatever happened before. Works locked or not, with or without a country."""
    page = _Page(country, said, seed)
    kinds = lock.kinds or (Safety.SUICIDE, Safety.HARMED)
    parts = [page.bubble("help.now", part="emergency"), page.bubble("help.words")]
    if country is not None:
        parts.append(page.bubble("help.question", part="question"))
    lines = page.lines(kinds, at_most=_MOST_LINES, country_asked=country is None, emergency=False)
    return page.card(*parts, lines, kind=CardKind.HELP)


def _stay(page: _Page, block: str, kinds: Sequence[Safety]) -> Card:
    """Stay with a person who goes on about something else: one thought, one question, the number kept in sight."""
    return page.card(page.bubble(f"{block}.stay"), page.lines(kinds, at_most=1, country_asked=False, young=block == "minor"))


def _kinds(reading: SafetyReading, lock: Lock) -> tuple[Safety, ...]:
    """Return the kinds to show lines for: this message's first, then what was locked before."""
    found = (reading.kind, *reading.also)
    return (*found, *(kind for kind in lock.kinds if kind not in found))


def _ordered(kinds: Iterable[Safety]) -> tuple[Safety, ...]:
    wanted = set(kinds)
    return tuple(kind for kind in PRECEDENCE if kind in wanted)


@dataclass(frozen=True)
class _Shown:
    """A bubble with help lines and the buttons that go with it."""

    bubble: Bubble
    buttons: tuple[Button, ...]


class _Page:
    """One reply in the making: the words, the lines of the country, what was said before."""

    def __init__(self, country: str | None, said: Collection[str], seed: str) -> None:
        self.words: Wording = wording()
        self.table: HelpLines = help_lines()
        self.country: Country | None = None if country is None else self.table.country(country)
        self.said = list(said)
        self.seed = seed
        self.places_said = {line.removeprefix("safety.").rpartition(".")[0] for line in self.said}

    def bubble(self, place: str, *, part: str = "") -> Bubble:
        """Pick a line of *place* and fill in the emergency number."""
        line = self._pick(place)
        return Bubble(part or place.rpartition(".")[2], self._filled(line), line.id, self.words.sources)

    def block_said(self, kind: Safety) -> str:
        """Return the block that answered *kind* last in this conversation, so that the answers stay of a piece."""
        ours = {block for block, answered in self.words.blocks.items() if answered is kind}
        for line in reversed(self.said):
            block = line.removeprefix("safety.").partition(".")[0]
            if line.startswith("safety.") and block in ours:
                return block
        return kind.value

    def lines(
        self,
        kinds: Sequence[Safety],
        *,
        at_most: int,
        country_asked: bool,
        emergency: bool = True,
        fits: int = _WORDS_AT_ONCE,
        young: bool = False,
    ) -> _Shown:
        """Return the bubble with the emergency number and up to *at_most* help lines of the country."""
        place = "lines.country" if country_asked else "lines.intro" if at_most > 1 else "lines.short"
        line = self._pick(place)
        text = self._filled(line)
        if emergency and place != "lines.short":
            text = f"{self._filled(self._pick('lines.short'))} {text}"
        steps: list[str] = []
        helpers = sorted(self._helpers(kinds), key=lambda helper: helper.audience == ("adults" if young else "young"))
        for helper in helpers[: min(at_most, 2) if country_asked else at_most]:
            step = _shown(helper)
            if steps and len(" ".join((text, *steps, step)).split()) > fits:
                break
            steps.append(step)
        if not any("findahelpline.com" in step for step in steps) and self.country is None:
            steps.append(_shown(self.table.for_country(None, "any")[0]))
        buttons = self._countries() if country_asked else (self.words.buttons["help"],)
        return _Shown(Bubble("lines", text, line.id, steps=tuple(steps)), buttons)

    def card(
        self,
        *parts: Bubble | _Shown,
        yes_no: bool = False,
        kind: CardKind = CardKind.SAFETY,
    ) -> Card:
        """Put the bubbles in order, help lines before the question, and add the buttons."""
        shown = [part for part in parts if isinstance(part, _Shown)]
        bubbles = [part for part in parts if isinstance(part, Bubble)]
        questions = [bubble for bubble in bubbles if bubble.part == "question"]
        rest = [bubble for bubble in bubbles if bubble.part != "question"]
        answers = tuple(self.words.buttons[name] for name in ("yes", "no", "unsure")) if yes_no else ()
        buttons = answers + tuple(button for part in shown for button in part.buttons)
        return Card(kind, (*rest, *(part.bubble for part in shown), *questions), buttons)

    def _helpers(self, kinds: Sequence[Safety]) -> list[HelpLine]:
        """Return the lines for *kinds*, one of each kind in turn, none twice."""
        code = None if self.country is None else self.country.code
        pools = [list(self.table.for_country(code, kind)) for kind in kinds]
        found: list[HelpLine] = []
        while any(pools):
            for pool in pools:
                if pool:
                    helper = pool.pop(0)
                    if all((helper.service, helper.number) != (known.service, known.number) for known in found):
                        found.append(helper)
        return found

    def _countries(self) -> tuple[Button, ...]:
        return tuple(Button(place.name, self.words.country_payload % place.code) for place in self.table.countries())

    def _pick(self, place: str) -> Line:
        """Return a line not said yet; when all were said, the one said longest ago that is not the last."""
        pool = self.words.pools[place]
        fresh = [line for line in pool if line.id not in self.said]
        if fresh:
            return min(fresh, key=lambda line: hashlib.sha256(f"{self.seed}\0{line.id}".encode("utf-8", "replace")).digest())
        return min(pool, key=lambda line: len(self.said) - 1 - self.said[::-1].index(line.id))

    def _filled(self, line: Line) -> str:
        if self.country is None or not self.country.emergency:
            call = self.words.emergency_anywhere
        else:
            call = self.words.emergency_here.replace("{number}", self.country.emergency[0])
        text = line.text.replace("{emergency}", call)
        # A sentence that begins with the call begins with a capital.
        return re.sub(r"(^|[.?!] )([a-z])", lambda match: match[1] + match[2].upper(), text)


def _shown(helper: HelpLine) -> str:
    """Return a help line as one short step: service, how to reach it, hours."""
    reach = helper.number or helper.web.partition("://")[2]
    return f"{helper.service}: {reach}" + (f", {helper.hours}" if helper.hours else "")
