"""What is said in danger: never coaching, always people, always a number to call. Words: data/safety/answers.yml."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from bot import paths
from bot.errors import DataError
from bot.guidance.values import Bubble, Button, Card, CardKind
from bot.reading.values import Safety
from bot.safety.checks import Check, Question
from bot.safety.help_lines import Country, HelpLine, HelpLines, help_lines, is_help_word
from bot.safety.values import PRECEDENCE, Lock, SafetyReading
from bot.safety.wording import Line, Wording, wording
from bot.yaml_files import mapping

__all__ = [
    "after_check", "after_direct_question", "check", "direct_answer", "gently", "help_now", "is_help_word", "nothing_waits",
    "respond", "steady",
]  # fmt: skip

Answer = Literal["yes", "no", "unsure"]
_MOST_LINES = 4
_MOST_ANSWER_WORDS = 6
_WORDS_AT_ONCE = 110


def respond(reading: SafetyReading, lock: Lock, *, country: str | None, said: Collection[str], seed: str) -> Card:
    """Answer a message that the gate stopped, or any message while *lock* is closed.

    *said*: ids of the lines said so far, oldest first where the order is known. *seed* makes the choice
    repeatable. Raises ValueError where nothing is locked and nothing was found: then there is nothing to answer.
    """
    page = _Page(country, said, seed)
    if not reading.hit:
        if not lock.kinds:
            raise ValueError("neither the message nor the conversation holds danger; expected a hit or a closed lock")
        return _asks_of_own(page, lock) or _stay(page, page.block_said(lock.kinds[0]), lock.kinds)
    block = page.words.variants.get(reading.rule, reading.kind.value)
    kinds = _kinds(reading, lock)
    if block in page.words.also_lines:
        kinds = (kinds[0], page.words.also_lines[block], *kinds[1:])
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
    """Answer what a person said to "are you thinking about killing yourself?": people and grounding, whatever it was."""
    if answer not in ("yes", "no", "unsure"):
        raise ValueError(f"answer is {answer!r}; expected 'yes', 'no' or 'unsure'")
    page = _Page(country, said, seed)
    parts = [page.bubble(f"direct.{answer}"), page.bubble("suicide.people")]
    if country is not None:
        parts.append(page.bubble("direct.question", part="question"))
    kinds = _ordered({Safety.SUICIDE, *lock.kinds})
    # A moment to steady is for those whom nobody harms and who harm nobody; the others need people first.
    more = [_Buttons("steady")] if kinds == (Safety.SUICIDE,) else []
    return page.card(*parts, *more, page.lines(kinds, at_most=3, country_asked=country is None))


def direct_answer(text: str) -> Answer | Literal["skip"] | None:
    """Return what a short message answers to a direct question; None where it answers nothing.

    "no" is returned only where the whole message says so: "no one would care" is not a no.
    """
    plain = tuple(re.findall(r"[a-z]+", re.sub(r"['’‘`]", "", text.lower())))
    if not plain or len(plain) > _MOST_ANSWER_WORDS:
        return None
    openings = _direct_answers()
    fitting = [(len(opening), answer) for opening, answer in openings.says if plain[: len(opening)] == opening]
    answer = max(fitting)[1] if fitting else None
    return None if answer == "no" and not openings.only_no(plain) else answer


@dataclass(frozen=True)
class _DirectAnswers:
    """Openings with what they answer, and the phrases of which a whole "no" is made."""

    says: tuple[tuple[tuple[str, ...], Answer | Literal["skip"]], ...]
    noes: frozenset[tuple[str, ...]]

    def only_no(self, words: tuple[str, ...]) -> bool:
        """True when *words* are phrases of no, one after the other, and nothing else."""
        return not words or any(
            words[:length] in self.noes and self.only_no(words[length:]) for length in range(1, len(words) + 1)
        )


@lru_cache(maxsize=1)
def _direct_answers() -> _DirectAnswers:
    path = paths.data() / "safety" / "direct_answers.yml"
    found = mapping(path)
    if set(found) != {"yes", "no", "no_more", "unsure", "skip"}:
        raise DataError(f"holds {', '.join(map(str, found))}", where=path, expected="the lists yes, no, no_more, unsure and skip")
    answers: tuple[Answer | Literal["skip"], ...] = ("yes", "no", "unsure", "skip")
    says = tuple((tuple(str(opening).split()), answer) for answer in answers for opening in found[answer])
    return _DirectAnswers(says, frozenset(tuple(str(one).split()) for name in ("no", "no_more") for one in found[name]))


def check(asked: Check, *, country: str | None, said: Collection[str], seed: str) -> Card:
    """Ask what must be asked before coaching; always with a way to pass over it and a way to people."""
    page = _Page(country, said, seed)
    bubble = page.bubble(f"checks.{asked.question.value}", part="question")
    if asked.question is Question.SUICIDE:
        return page.card(bubble, _Buttons("yes", "no", "unsure", "help"))
    if asked.question is Question.DANGER:
        return page.card(bubble, _Buttons("yes", "no", "unsure", "help"), kind=CardKind.ASK)
    return page.card(bubble, _Buttons("some", "no", "skip", "help"), kind=CardKind.ASK)


def after_check(asked: Check, answer: Answer, lock: Lock, *, country: str | None, said: Collection[str], seed: str) -> Card:
    """Answer a yes, or a "not sure", to a check: what it asked about is taken as told. *lock* is closed by then."""
    if asked.question is Question.SUICIDE:
        return after_direct_question(answer, country=country, lock=lock, said=said, seed=seed)
    meant = asked.meant
    if answer == "unsure" and meant.kind is Safety.HARMED:
        meant = replace(meant, rule="check_unsure")
    return respond(meant, lock, country=country, said=said, seed=seed)


def nothing_waits(answer: Literal["no", "skip"], *, said: Collection[str], seed: str) -> Card:
    """Go on after a no to a check, or after "skip", where no reply was held back."""
    page = _Page(None, said, seed)
    place = "checks.no" if answer == "no" else "checks.skipped"
    return page.card(page.bubble(place), _Buttons("help"), kind=CardKind.EVERYDAY)


def gently(card: Card, *, said: Collection[str], seed: str) -> Card:
    """Return *card* for somebody who said no to the direct question: slower, and people in reach."""
    page = _Page(None, said, seed)
    lead = page.bubble("gently")
    first, rest = card.bubbles[:1], card.bubbles[1:]
    # The validation makes room, so that the reply stays as short as any other.
    kept = rest if first and first[0].part == "validation" else card.bubbles
    return replace(card, bubbles=(lead, *kept), buttons=(*card.buttons, page.words.buttons["help"]))


def steady(country: str | None, *, said: Collection[str], seed: str) -> Card:
    """A minute to stand on while suicide is all that is locked: the senses, then a person. Nothing about the couple."""
    page = _Page(country, said, seed)
    bubble = replace(page.bubble("steady"), sources=page.words.steady_sources)
    return page.card(bubble, page.lines((Safety.SUICIDE,), at_most=1, country_asked=False))


def help_now(country: str | None, lock: Lock, *, said: Collection[str] = (), seed: str = "") -> Card:
    """Show who can help, whatever happened before. Works locked or not, with or without a country."""
    page = _Page(country, said, seed)
    kinds = lock.kinds or (Safety.SUICIDE, Safety.HARMED)
    parts = [page.bubble("help.now", part="emergency"), page.bubble("help.words")]
    if country is not None:
        parts.append(page.bubble("help.question", part="question"))
    lines = page.lines(kinds, at_most=_MOST_LINES, country_asked=country is None, emergency=False)
    return page.card(*parts, lines, kind=CardKind.HELP)


def _asks_of_own(page: _Page, lock: Lock) -> Card | None:
    """Ask somebody who harmed or threatened, once, about themselves; None where that was asked or answered before."""
    theirs = {Safety.HARMING, Safety.OTHERS} & set(lock.kinds)
    if not theirs or Safety.SUICIDE in lock.kinds or {"checks.own", "suicide.question", "checks.suicide"} & page.places_said:
        return None
    return page.card(
        page.bubble("checks.own", part="question"), page.lines(lock.kinds, at_most=1, country_asked=False), yes_no=True
    )


def _stay(page: _Page, block: str, kinds: Sequence[Safety]) -> Card:
    """Stay with a person who goes on about something else: one thought, one question, the number kept in sight."""
    steady = [_Buttons("steady")] if tuple(kinds) == (Safety.SUICIDE,) and block == Safety.SUICIDE.value else []
    lines = page.lines(kinds, at_most=1, country_asked=False, young=block == "minor")
    return page.card(page.bubble(f"{block}.stay"), *steady, lines)


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


class _Buttons:
    """Buttons of answers.yml, by name."""

    def __init__(self, *names: str) -> None:
        self.names = names


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
        *parts: Bubble | _Shown | _Buttons,
        yes_no: bool = False,
        kind: CardKind = CardKind.SAFETY,
    ) -> Card:
        """Put the bubbles in order, help lines before the question, and add the buttons."""
        shown = [part for part in parts if isinstance(part, _Shown)]
        bubbles = [part for part in parts if isinstance(part, Bubble)]
        questions = [bubble for bubble in bubbles if bubble.part == "question"]
        rest = [bubble for bubble in bubbles if bubble.part != "question"]
        answers = tuple(self.words.buttons[name] for name in ("yes", "no", "unsure")) if yes_no else ()
        named = tuple(self.words.buttons[name] for part in parts if isinstance(part, _Buttons) for name in part.names)
        buttons = answers + named + tuple(button for part in shown for button in part.buttons)
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
