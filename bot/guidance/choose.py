"""From a reading to a card: validate, name the move, offer one practice, turn the view, ask one question."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from bot.guidance.concepts import answer
from bot.guidance.entries import Line, LineActor, LineSide, Part, Practice
from bot.guidance.library import Library
from bot.guidance.library import library as default_library
from bot.guidance.moment import Moment, moment_of
from bot.guidance.pick import pick
from bot.guidance.quote import fill, needs, short
from bot.guidance.say import button, line_bubble
from bot.guidance.values import Bubble, Button, Card, CardKind
from bot.reading.values import Actor, Coach, Cue, Evidence, Reading, Side
from bot.safety.values import Clearance

AT_ONCE = 90  # words a reply shows before somebody asks for more
HELPED_BEFORE = "helped_before"  # the part of the line before a practice that helped before
_COACHES = {LineSide.PURSUE: Coach.ANXIOUS, LineSide.WITHDRAW: Coach.AVOIDANT}


def coach(
    reading: Reading,
    *,
    clearance: Clearance,
    said: Collection[str],
    seed: str,
    coach: Coach | None = None,
    helped: Sequence[str] = (),
    library: Library | None = None,
) -> Card:
    """Answer *reading* with validation, naming, practice, reframe and question, in that order.

    *said*: ids of lines said in this conversation, oldest first; *seed*: what names the conversation;
    *coach* overrides whom the reading says to help; *helped*: ids of practices that helped before, the best
    first: the first that fits is offered, said or not, and the card says so. At most 90 words are shown at
    once; the steps and what else does not fit go to `Card.more`. Raises TypeError without a clearance,
    ValueError when there is nobody to coach.
    """
    need_clearance(clearance)
    return _compose(moment_of(reading, coach), library or default_library(), said=said, seed=seed, helped=helped)


def another_practice(
    card_about: Mapping[str, Any],
    *,
    clearance: Clearance,
    said: Collection[str],
    seed: str,
    helped: Sequence[str] = (),
    library: Library | None = None,
) -> Card:
    """Offer a different practice for what the card *about* answered; says so when all were offered.

    *card_about* is `Card.about` of a coach card; *helped* as for `coach`. Raises TypeError without a clearance,
    ValueError when *card_about* does not come from a coach card.
    """
    need_clearance(clearance)
    held = library or default_library()
    moment = _moment_again(card_about)
    # What stands on the card already is not "another" one, said or not.
    shown = str(card_about.get("practice"))
    again = _helped(held, moment, [one for one in helped if one != shown])
    practice = again or _practice(held, moment, said=[*said, shown], seed=seed)
    key = HELPED_BEFORE if again else "all_said" if practice.id in said else "another"
    lead = line_bubble(key, said=said, seed=seed)
    more = [_steps_bubble(practice)]
    about = {**card_about, "practice": practice.id, "lines": [practice.id]}
    return Card(CardKind.COACH, (lead, _offer(practice)), _buttons(practice), tuple(more), about)


def steps(
    practice_id: str,
    *,
    clearance: Clearance,
    said: Collection[str] = (),
    seed: str = "",
    library: Library | None = None,
) -> Card:
    """Show the practice *practice_id* step by step, with its minutes and a button to say it is done.

    Raises TypeError without a clearance, ValueError for a practice that does not exist.
    """
    need_clearance(clearance)
    practice = (library or default_library()).practices.get(practice_id)
    if practice is None:
        raise ValueError(f"no practice is called {practice_id!r}; expected an id of data/guidance/practices.yml")
    lead = line_bubble("practice_start", said=said, seed=seed, minutes=f"{practice.minutes:g}")
    about = {
        "coach": _COACHES.get(practice.side, Coach.BOTH).value, "cue": "", "actor": LineActor.ANY.value, "words": [],
        "lines": [practice.id], "practice": practice.id,
    }  # fmt: skip
    buttons = (button("done"), button("something_else"), button("why"))
    shown = (lead, _steps_bubble(practice, line=practice.id))
    return Card(CardKind.PRACTICE, shown, buttons, about=about, minutes=practice.minutes)


def more(card: Card, *, clearance: Clearance, said: Collection[str] = (), seed: str = "") -> Card:
    """Show what *card* kept back, at most 90 words of it at once; where it kept back nothing, say so.

    Raises TypeError without a clearance.
    """
    need_clearance(clearance)
    shown, rest = split(card.more or (line_bubble("nothing_more", said=said, seed=seed),))
    kept = tuple(one for one in card.buttons if rest or one != button("more"))
    return Card(card.kind, shown, kept, rest, card.about, card.minutes)


def split(bubbles: Sequence[Bubble], *, besides: Bubble | None = None) -> tuple[tuple[Bubble, ...], tuple[Bubble, ...]]:
    """Return as many of *bubbles* as fit in 90 words with *besides*, at least one, and the rest."""
    fits, always = 1, [besides] if besides else []
    while fits < len(bubbles) and _count([*bubbles[: fits + 1], *always]) <= AT_ONCE:
        fits += 1
    return tuple(bubbles[:fits]), tuple(bubbles[fits:])


def healthy(reading: Reading, *, clearance: Clearance, said: Collection[str], seed: str) -> Card:
    """Affirm a clear request or a pause with a return time.

    Raises TypeError without a clearance, ValueError when *reading* tells neither.
    """
    need_clearance(clearance)
    if reading.side not in (Side.HEALTHY_REACH, Side.HEALTHY_SPACE):
        raise ValueError(f"side is {reading.side.value}; expected healthy_reach or healthy_space")
    bubble = line_bubble(reading.side.value, said=said, seed=seed)
    about = {
        "coach": Coach.NONE.value, "cue": "", "actor": reading.actor.value, "words": [], "lines": [bubble.line], "practice": "",
        "side": reading.side.value,
    }  # fmt: skip
    return Card(CardKind.HEALTHY, (bubble,), (button("why"), button("not_me")), about=about)


def concept(
    question: str,
    *,
    clearance: Clearance,
    said: Collection[str],
    seed: str,
    library: Library | None = None,
) -> Card | None:
    """Answer a question about the dynamic; None when no answer fits. Raises TypeError without a clearance."""
    need_clearance(clearance)
    found = answer(question, library or default_library())
    if found is None:
        return None
    bubbles = [Bubble("concept", found.text, found.id, found.sources)]
    if found.id in said:
        bubbles.insert(0, line_bubble("said_before", said=said, seed=seed))
    about = {
        "coach": Coach.NONE.value, "cue": "", "actor": Actor.NONE.value, "words": [], "lines": [found.id], "practice": "",
    }  # fmt: skip
    return Card(CardKind.CONCEPT, tuple(bubbles), (button("why"),), about=about)


def need_clearance(clearance: object) -> None:
    """Raise TypeError unless *clearance* was handed out by the gate."""
    if not isinstance(clearance, Clearance):
        raise TypeError("guidance needs the Clearance that bot.safety.values.clear hands out")


def _compose(moment: Moment, held: Library, *, said: Collection[str], seed: str, helped: Sequence[str]) -> Card:
    validation, naming, reframe, question = (
        _line(held, moment, part, said=said, seed=seed) for part in (Part.VALIDATION, Part.NAMING, Part.REFRAME, Part.QUESTION)
    )
    again = _helped(held, moment, helped)
    practice = again or _practice(held, moment, said=said, seed=seed)
    lead = [line_bubble(HELPED_BEFORE, said=said, seed=seed)] if again else []
    turn_of_view = _bubble(reframe, moment)
    offered = [*lead, _offer(practice)]
    shown = [_bubble(validation, moment), _bubble(naming, moment), *offered, turn_of_view, _bubble(question, moment)]
    kept = [_steps_bubble(practice)]
    if _count(shown) > AT_ONCE:
        shown.remove(turn_of_view)
        kept.append(turn_of_view)
    return Card(CardKind.COACH, tuple(shown), _buttons(practice), tuple(kept), _about(moment, practice, [*shown, *kept]))


def _line(held: Library, moment: Moment, part: Part, *, said: Collection[str], seed: str) -> Line:
    fitting = [line for line in held.lines[part] if moment.fits(line)]
    if part is Part.NAMING:
        # A naming for both sides tells a push and a pull; elsewhere "both" means that a line suits either side.
        fitting = [line for line in fitting if (line.side is LineSide.BOTH) is moment.mixed]
    # What names the move and what asks about it stays with this very cue, however often it comes.
    close = part in (Part.NAMING, Part.QUESTION)
    found = pick([(moment.rank(line), line) for line in fitting], said=said, seed=seed, best_first=close)
    if found is None:
        raise ValueError(f"data/guidance has no {part.value} for {moment.side.value}, {moment.actor.value}; expected one")
    return found


def _practice(held: Library, moment: Moment, *, said: Collection[str], seed: str) -> Practice:
    found = pick(
        [(moment.rank(practice), practice) for practice in held.practices.values() if moment.fits(practice)], said=said, seed=seed
    )
    if found is None:
        raise ValueError(f"data/guidance/practices.yml holds none for {moment.side.value}; expected at least one")
    return found


def _helped(held: Library, moment: Moment, helped: Sequence[str]) -> Practice | None:
    """Return the first practice of *helped* that fits the moment, None where none does."""
    found = (held.practices.get(one) for one in helped)
    return next((practice for practice in found if practice and moment.fits(practice)), None)


def _bubble(line: Line, moment: Moment) -> Bubble:
    used = sorted(needs(line.text), key=line.text.index)
    words = tuple(moment.words[name] for name in used)
    if line.part is Part.NAMING and not words and moment.words:
        words = (next(iter(moment.words.values())),)
    return Bubble(line.part.value, fill(line.text, moment.words), line.id, line.sources, words)


def _offer(practice: Practice) -> Bubble:
    return Bubble(Part.PRACTICE.value, practice.text, practice.id, practice.sources)


def _steps_bubble(practice: Practice, *, line: str = "") -> Bubble:
    return Bubble("steps", practice.title, line, practice.sources, steps=practice.steps)


def _count(bubbles: Sequence[Bubble]) -> int:
    return Card(CardKind.COACH, tuple(bubbles)).words


def _buttons(practice: Practice) -> tuple[Button, ...]:
    return (button("start", practice=practice.id), *map(button, ("more", "why", "not_me", "something_else")))


def _about(moment: Moment, practice: Practice, bubbles: Sequence[Bubble]) -> dict[str, Any]:
    """Return what "Why this?", "Not me" and "Something else" need to know, as plain JSON values."""
    return {
        "coach": _COACHES[moment.side].value,
        "cue": moment.cue.id if moment.cue else "",
        "actor": moment.actor.value,
        "words": [short(moment.words["words"])] if "words" in moment.words else [],
        "lines": [bubble.line for bubble in bubbles if bubble.line],
        "practice": practice.id,
    }


def _moment_again(about: Mapping[str, Any]) -> Moment:
    """Rebuild from `Card.about` what decides which practices fit."""
    try:
        side = {coach.value: side for side, coach in _COACHES.items()}[about["coach"]]
        actor = LineActor(about["actor"])
        cue = str(about["cue"])
    except (KeyError, ValueError) as error:
        raise ValueError("this card coaches nobody; expected the about of a coach card") from error
    found = Cue(cue, Evidence(0, 0, ""), Actor.NONE) if cue else None
    return Moment(side, actor, partner=found) if actor is LineActor.PARTNER else Moment(side, actor, own=found)
