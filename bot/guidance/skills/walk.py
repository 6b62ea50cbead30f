"""One step of an exercise after another: what an answer changes, and what is asked next."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot import clock
from bot.guidance.choose import need_clearance, split
from bot.guidance.pick import pick
from bot.guidance.say import Variant, button, line_bubble
from bot.guidance.skills.shown import show
from bot.guidance.skills.tidy import neat, to_partner
from bot.guidance.skills.values import Choice, Gift, Place, Skill, Step, Takes
from bot.guidance.skills.workings import WORKINGS
from bot.guidance.times import minutes_in, minutes_until, told, told_at
from bot.guidance.values import Bubble, Button, Card, CardKind
from bot.safety.values import Clearance

MOST_CHARACTERS = 1500
# "like a 6 i guess", "8/10", "7 or 8", "6.5"; but "11", "5 minutes" and "3 texts" are none.
_NUMBER = re.compile(
    r"^[^\d-]{0,16}(10|\d)(?:[.,]\d|\s*(?:-|or)\s*(?:10|\d))?(?:\s*(?:/|out of)\s*10)?(?!\d|\s*(?:min|sec|h|days?|weeks?|months?"
    r"|years?|times?|texts?|messages?|calls?|kids?)\b|\s*(?:min|sec|hour))[^\d/]{0,24}$",
    re.IGNORECASE,
)
_DIGITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "twenty": 20, "ninety": 90,
}  # fmt: skip
# "One" is a number alone only, for "one sec" and "no one" are none.
_WRITTEN = re.compile(rf"\b({'|'.join(word for word in _DIGITS if word != 'one')})\b|^\s*(?:a )?(one)\s*$", re.IGNORECASE)
_PLACES = ("first", "second", "third", "fourth", "fifth", "sixth")
_PLACE = re.compile(rf"(?:the |um |ok )*(?:({'|'.join(_PLACES)}|last)|(?:number|option|nr|no|#) ?(\d))(?: one| option| please)*")
_WORD = re.compile(r"\d+|[^\W\d_]{4,}")
_EVERYWHERE = frozenset(
    "today this that with what when want have just like from them they their some please maybe think would".split()
)
_AGAINST = re.compile(r"\b(?:not|no|never|don'?t|can'?t|without|except|hate|worse|panic|anything but)\b")
_FEW_WORDS = 6
_BESIDES = 1
_NIGHT_ENDS, _DAY = 5, 1440  # an hour; minutes
_FILLED = re.compile(r"\{(\w+)(\.note)?\}")
_OWN = re.compile(r"^(?:i|he|she|they)\s+(?=\w)", re.IGNORECASE)
_SKIPPED = ""
_AT = "@"  # between the minutes to a time and the time


def begin(
    skill: Skill, *, clearance: Clearance, cue: str = "", known: Mapping[str, str] | None = None, helped: Sequence[str] = ()
) -> Place:
    """Return the start of *skill*. *known*: answers there are already, so that they are not asked for; *helped*: see Place."""
    given = {step.id: value for step in skill.steps if (value := (known or {}).get(step.id))}
    return _to_next(skill, Place(skill.id, "", given, cue, helped=tuple(helped)), clearance)


def take(skill: Skill, place: Place, text: str, *, clearance: Clearance) -> Place:
    """Return the place after the answer *text* (typed, or the value of a button). What cannot be taken leaves a `problem`."""
    if not place.at:
        return place
    step = skill.step(place.at)
    value, problem = _value(step, text.strip(), place)
    if problem and (told_too := _time_too(skill, step, text.strip())):
        return _to_next(skill, replace(place, answers={**place.answers, **told_too}, problem="", resumed=False), clearance)
    if problem:
        return replace(place, problem=problem, resumed=False)
    return _to_next(skill, replace(place, answers={**place.answers, step.id: value}, problem="", resumed=False), clearance)


def picked(skill: Skill, place: Place, text: str) -> bool:
    """Return whether *text* is one of the choices of the step at hand, word for word ("I don't know", "no, thanks")."""
    wanted = text.casefold().strip(" .!?")
    return bool(place.at) and any(wanted in _names(one) for one in offered(skill.step(place.at), place))


def understood(skill: Skill, place: Place, text: str) -> bool:
    """Return whether *text* can be taken as the answer to the step at hand."""
    return bool(place.at) and not _value(skill.step(place.at), text.strip(), place)[1]


def pressed(skill: Skill, place: Place, value: str, *, clearance: Clearance) -> Place:
    """Return the place after the button that carries *value*, "skill.step:answer". One of another question changes nothing."""
    asked, _, answer = value.partition(":")
    if not answer:
        return take(skill, place, value, clearance=clearance)
    here = asked == f"{skill.id}.{place.at}"
    return take(skill, place, answer, clearance=clearance) if here else replace(place, problem="", resumed=True)


def skip(skill: Skill, place: Place, *, clearance: Clearance) -> Place:
    """Return the place after the step asked was passed over; where it may not be, the reason."""
    if not place.at:
        return place
    step = skill.step(place.at)
    if not step.skippable:
        return replace(place, problem="exercise_not_skippable", resumed=False)
    return _to_next(skill, replace(place, answers={**place.answers, step.id: _SKIPPED}, problem="", resumed=False), clearance)


def back(skill: Skill, place: Place) -> Place:
    """Return the place one answer earlier, so that it can be given anew; the first question stays where it is."""
    answered = [step.id for step in skill.steps if step.id in place.answers and step.takes is not Takes.WORKED_OUT]
    before = [one for one in answered if not place.at or _order(skill, one) < _order(skill, place.at)]
    if not before:
        return replace(place, problem="exercise_nothing_before", resumed=False)
    # What was answered later may hang on this answer, so it is asked again.
    kept = {one: value for one, value in place.answers.items() if _order(skill, one) < _order(skill, before[-1])}
    return replace(place, at=before[-1], answers=kept, problem="", resumed=False)


def again(skill: Skill, place: Place, *, clearance: Clearance) -> Place:
    """Return *place* at the first question that has no answer now."""
    return _to_next(skill, place, clearance)


def turned(skill: Skill, place: Place) -> Place:
    """Return the place with what was said of the one said of the other ("not me, it's her")."""
    other = {**skill.turns, **{theirs: own for own, theirs in skill.turns.items()}}
    answers = {other.get(step, step): _OWN.sub("", answer) if step in other else answer for step, answer in place.answers.items()}
    problem = "exercise_turned" if set(answers) & set(other) else ""
    return replace(place, answers=answers, problem=problem, resumed=False)


def question(
    skill: Skill, place: Place, *, clearance: Clearance, said: Collection[str] = (), seed: str = "", begins: bool = True
) -> Card:
    """Return the card that asks the step at hand: what went wrong with the last answer, the opening, the question.

    *begins*: False where the opening has been said and the first question is asked again.

    Raises TypeError without a clearance, ValueError where the exercise is over.
    """
    need_clearance(clearance)
    if not place.at:
        raise ValueError(f"{skill.id} is over; expected a place with a step to ask")
    step = skill.step(place.at)
    bubbles = []
    if place.problem:
        bubbles.append(line_bubble(place.problem, said=said, seed=seed))
    elif place.resumed:
        bubbles.append(line_bubble("exercise_resumed", said=said, seed=seed))
    elif begins and not _begun(skill, place):
        bubbles.append(_said(skill.opens, "opening", skill, place, said, seed))
    asked = replace(_said(step.ask, "question", skill, place, said, seed), steps=step.steps)
    bubbles += show(step.shows, skill, place, clearance=clearance, said=said, seed=seed)
    kept: tuple[Bubble, ...] = ()
    if bubbles:  # the question is always shown, whatever else there is
        shown, kept = split(bubbles, besides=asked)
        bubbles = list(shown)
    minutes = float(place.answers.get(step.minutes_of, 0) or 0) if step.minutes_of else step.minutes
    return Card(
        CardKind.EXERCISE, (*bubbles, asked), tuple(_buttons(skill, place, step, more=bool(kept))), kept,
        _about(skill, place, [*bubbles, asked, *kept]), minutes, step.takes is Takes.NUMBER,
    )  # fmt: skip


def ending(skill: Skill, place: Place, *, clearance: Clearance, said: Collection[str] = (), seed: str = "") -> Card:
    """Return the card that an exercise ends in: what came of it, to send or keep, and a last line.

    Raises TypeError without a clearance.
    """
    need_clearance(clearance)
    bubbles = [_said(skill.ends, "closing", skill, place, said, seed)]
    gift = next((one for one in skill.gives if _given(one, place)), None)
    if gift:
        bubbles.append(Bubble("gift", filled(gift.text, skill, place, sent=gift.sent), gift.id, gift.sources))
    bubbles += show(skill.end_shows, skill, place, clearance=clearance, said=said, seed=seed)
    shown, kept = split(bubbles)
    buttons = (*((button("more"),) if kept else ()), button("skills"))
    return Card(CardKind.EXERCISE, shown, buttons, kept, about=_about(skill, place, bubbles))


def offered(step: Step, place: Place) -> tuple[Choice, ...]:
    """Return the choices of *step* that fit the answers so far: what helped before first, then those for the moment's cue."""
    fitting = [one for one in step.choices if _holds(one.when, place.answers)]
    ranks = {value: rank for rank, value in enumerate(place.helped)}
    return tuple(sorted(fitting, key=lambda one: (ranks.get(one.value, len(ranks)), place.cue not in one.cues, bool(one.cues))))


def filled(text: str, skill: Skill, place: Place, *, sent: bool = False) -> str:
    """Return *text* with {step} replaced by its answer and {step.note} by the note of the choice; sentences begin large.

    The note of a time is the hour it falls on.

    *sent*: it is said to the partner, who becomes "you" in it.
    """

    def words(found: re.Match[str]) -> str:
        answer = place.answers.get(found[1], "")
        choice = skill.step(found[1]).choice(answer)
        if found[2] and skill.step(found[1]).takes is Takes.TIME and answer:
            return told_at(minutes_left(answer), clock.now().astimezone())
        if found[2]:
            return choice.note if choice else ""
        if skill.step(found[1]).takes is Takes.TIME and answer:
            by_hour = told_at(minutes_left(answer), clock.now().astimezone()) if _AT in answer else ""
            return choice.says if choice else by_hour or f"in {told(float(answer))}"
        before = text[: found.start()]
        begins = before.endswith("“") or not before.strip() or before.rstrip().endswith((".", "?", "!"))
        if skill.step(found[1]).quoted:
            return _large(choice.says if choice else answer.strip())
        shown = choice.says if choice else neat(answer, skill.step(found[1]).leads)
        return _within(to_partner(shown) if sent and not choice else shown, at_start=begins)

    return " ".join(_FILLED.sub(words, text).split())


def minutes_left(answer: str) -> float:
    """Return the minutes from now to the time kept as the *answer* to a TIME, 0 where it is over."""
    minutes, _, hour = answer.partition(_AT)
    return max(0.0, (datetime.fromisoformat(hour) - clock.now()).total_seconds() / 60) if hour else float(minutes)


def _within(answer: str, *, at_start: bool) -> str:
    """Return *answer* as it stands inside a sentence: no stop at its end, small at its beginning but for "I" and names."""
    told = answer.strip().rstrip(".!?;, ")
    first, _, rest = told.partition(" ")
    if at_start:
        return _large(told)
    ordinary = first[1:].islower() and first.lower() in _COMMON
    return f"{first.lower()} {rest}".strip() if ordinary else told


def _large(text: str) -> str:
    return text[:1].upper() + text[1:]


# Words that begin an answer and are no names: they turn small inside a sentence.
_COMMON = frozenset(
    "a an the to that when if for my our your his her their he she they we you it this being having feeling more less some "
    "not no because after before with without in on at by as so and or but please could would can just very really".split()
)


def _value(step: Step, text: str, place: Place) -> tuple[str, str]:
    """Return the answer as it is kept, or the key of the line that says why it cannot be taken."""
    if not text and step.takes is not Takes.READY:
        return "", "exercise_empty"
    if len(text) > MOST_CHARACTERS:
        return "", "exercise_long"
    if step.takes is Takes.CHOICE:
        return _chosen(step, text, place)
    if step.takes is Takes.NUMBER:
        found = _NUMBER.match(_WRITTEN.sub(_in_digits, text))
        return (found.group(1), "") if found else ("", "exercise_number")
    if step.takes is Takes.TIME:
        return _time(step, text)
    if step.takes in (Takes.TEXT, Takes.DRAFT) and not any(sign.isalnum() for sign in text):
        return "", "exercise_wordless"
    return text or "yes", ""


def _time(step: Step, text: str) -> tuple[str, str]:
    """Return a time as whole minutes from now; an hour is kept with them, for it stays the same while the answers go on."""
    now = clock.now().astimezone()
    chosen = next((one for one in step.choices if text.casefold().strip(" .!?") in _names(one)), None)
    minutes = float(chosen.value) if chosen else minutes_until(text, now)
    if minutes is None:
        return "", "exercise_time"
    if minutes > step.most and now.hour < _NIGHT_ENDS and "tomorrow" in text.casefold():
        minutes -= _DAY  # at two in the morning, tomorrow is what comes after sleep
    by_hour = not chosen and minutes_in(text) is None
    kept = f"{round(minutes)}{_AT}{(now + timedelta(minutes=minutes)).isoformat()}" if by_hour else str(round(minutes))
    return (kept, "") if step.least <= minutes <= step.most else ("", "exercise_time_range")


def _time_too(skill: Skill, step: Step, text: str) -> dict[str, str]:
    """Return the answers to *step* and to the time asked after it, where *text* tells that time already; else nothing."""
    for later in skill.steps:
        opened_by = later.when.get(step.id, frozenset())
        if step.takes is Takes.CHOICE and later.takes is Takes.TIME and len(opened_by) == 1:
            minutes, problem = _time(later, text)
            return {} if problem else {step.id: next(iter(opened_by)), later.id: minutes}
    return {}


def _chosen(step: Step, text: str, place: Place) -> tuple[str, str]:
    wanted = neat(text, step.leads).casefold().strip(" .!?")
    open_to = offered(step, place)
    for number, one in enumerate(open_to, 1):
        if wanted in (*_names(one), str(number)) or text.casefold().strip(" .!?") in _names(one):
            return one.value, ""
    # Where other words are taken too, more than a word beside the title says more than the title.
    most = _BESIDES if step.open else len(wanted)
    short = [one for one in open_to if len(wanted.split()) <= len(one.title.split()) + most]
    near = [one for one in short if _near(one.title.casefold(), wanted)]
    if len(near) == 1 and len(wanted) > 2:
        return near[0].value, ""
    if step.open:
        return (text, "") if any(sign.isalpha() for sign in text) else ("", "exercise_choice")
    found = _by_place(wanted, open_to) or _by_name(wanted, open_to) or _by_words(wanted, open_to)
    return (found.value, "") if found else ("", "exercise_choice")


def _names(choice: Choice) -> tuple[str, ...]:
    return (choice.value.casefold(), choice.title.casefold(), choice.says.casefold().rstrip("."), *choice.words)


def _near(title: str, wanted: str) -> bool:
    """Return whether one of them is part of the other; "today" is none of "not today"."""
    alike = bool(_AGAINST.search(title)) is bool(_AGAINST.search(wanted))
    return bool(wanted) and alike and (wanted in title or title in wanted)


def _by_place(wanted: str, choices: Sequence[Choice]) -> Choice | None:
    """Return the choice that "the second one", "number 2" or "the last" means."""
    found = _PLACE.fullmatch(wanted)
    if not found:
        return None
    number = len(choices) if found[1] == "last" else _PLACES.index(found[1]) + 1 if found[1] in _PLACES else int(found[2])
    return choices[number - 1] if 1 <= number <= len(choices) else None


def _by_name(wanted: str, choices: Sequence[Choice]) -> Choice | None:
    """Return the one choice of which something that is typed for it stands in a few words ("sure, one is ok")."""
    if len(wanted.split()) > _FEW_WORDS:
        return None
    plain = " ".join(re.findall(r"[\w']+", wanted))
    told = [one for one in choices if any(len(name) > 3 and re.search(rf"\b{re.escape(name)}\b", plain) for name in one.words)]
    return told[0] if len(told) == 1 else None


def _by_words(wanted: str, choices: Sequence[Choice]) -> Choice | None:
    """Return the one choice that shares most words with a few typed ones, whatever their ending ("breathing")."""
    if len(wanted.split()) > _FEW_WORDS or _AGAINST.search(wanted):
        return None
    typed = _stems(wanted)
    shared = sorted(((len(typed & _stems(f"{one.title} {one.value}")), one) for one in choices), key=lambda row: -row[0])
    clear = shared and shared[0][0] > (shared[1][0] if len(shared) > 1 else 0)
    return shared[0][1] if clear else None


def _stems(text: str) -> set[str]:
    """Return the beginnings of the words that tell one choice from another, numbers whole."""
    plain = _WRITTEN.sub(_in_digits, text.casefold())
    return {word if word.isdigit() else word[:5] for word in _WORD.findall(plain) if word not in _EVERYWHERE}


def _in_digits(word: re.Match[str]) -> str:
    return str(_DIGITS[(word[1] or word[2]).lower()])


def _to_next(skill: Skill, place: Place, clearance: Clearance) -> Place:
    """Return *place* at the first step that has no answer and is to be asked; "" where none is left."""
    for step in skill.steps:
        if step.id in place.answers or not _holds(step.when, place.answers):
            continue
        if step.takes is not Takes.WORKED_OUT:
            return replace(place, at=step.id)
        place = replace(place, answers={**place.answers, step.id: WORKINGS[step.id](place, clearance)})
    return replace(place, at="")


def _holds(when: Mapping[str, frozenset[str]], answers: Mapping[str, str]) -> bool:
    return all(answers.get(step) in values for step, values in when.items())


def _given(gift: Gift, place: Place) -> bool:
    return _holds(gift.when, place.answers) and all(place.answers.get(step) for step in gift.needs)


def _begun(skill: Skill, place: Place) -> bool:
    """Return whether a question before the one at hand was answered; an answer that was known beforehand is none."""
    return any(_order(skill, one) < _order(skill, place.at) for one in place.answers)


def _order(skill: Skill, step_id: str) -> int:
    return next(number for number, step in enumerate(skill.steps) if step.id == step_id)


def _said(pool: tuple[Variant, ...], part: str, skill: Skill, place: Place, said: Collection[str], seed: str) -> Bubble:
    found = pick(((0, variant) for variant in pool), said=said, seed=seed)
    assert found is not None  # load checks that there are three
    return Bubble(part, filled(found.text, skill, place), found.id, found.sources)


def _buttons(skill: Skill, place: Place, step: Step, *, more: bool) -> Iterator[Button]:
    if more:
        yield button("more")
    for one in offered(step, place):
        yield _answer(one.title, skill, step, one.value)
    if step.takes is Takes.READY:
        yield _answer(button("ready").title, skill, step, "yes")
    if step.skippable:
        yield button("skip_step")
    if _begun(skill, place):
        yield button("change_last")
    yield button("leave")


def _answer(title: str, skill: Skill, step: Step, value: str) -> Button:
    # The question stands in the payload, for the buttons of earlier questions stay on the screen.
    return Button(title, f'/answer{{"value":"{skill.id}.{step.id}:{value}"}}')


def _about(skill: Skill, place: Place, bubbles: Collection[Bubble]) -> dict[str, object]:
    return {
        "coach": "none", "cue": "", "actor": "none", "words": [], "lines": [one.line for one in bubbles if one.line],
        "practice": "", "exercise": skill.id, "step": place.at, "moment": place.cue,
    }  # fmt: skip
