"""What the end of an exercise brings beside its words: numbers kept, a reminder set, a chart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from actions.reminders import PULSE, RETURN, cancelled, scheduled
from actions.turn import Reply, Turn
from bot import clock
from bot.guidance.say import line_bubble, with_line
from bot.guidance.skills import walk
from bot.guidance.skills.book import skill_book
from bot.guidance.skills.chart import MEASURES, chart
from bot.guidance.skills.values import Place
from bot.store.store import shared_store

_WEEK = timedelta(days=7)


def agreed(turn: Turn, place: Place, reply: Reply) -> Reply:
    """Set the reminder at the return time of a pause, where it was wanted."""
    if place.answers.get("remind") != "yes":
        return reply
    due = clock.now() + timedelta(minutes=walk.minutes_left(place.answers["long"]))
    first = walk.filled("{first}", skill_book().skills[place.skill], place)
    return _reminds(turn, reply, RETURN, due, first)


def measured(turn: Turn, place: Place, reply: Reply) -> Reply:
    """Keep the three numbers and show how they went; set the weekly reminder where it was wanted."""
    store = shared_store()
    rows = [row for row in store.check_ins(turn.person) if row.moment == "pulse"]
    earlier = {row.about: row.value for row in rows}
    for measure in MEASURES:
        rows.append(store.add_check_in(turn.person, "pulse", int(place.answers[measure]), about=measure))
    bubble, about = chart(rows, said=turn.said, seed=turn.person)
    bubbles = [*reply.card.bubbles, bubble]
    if set(MEASURES) <= earlier.keys():
        storm, pull, close = (f"{earlier[measure]} → {place.answers[measure]}" for measure in MEASURES)
        bubbles.append(line_bubble("pulse_since", said=turn.said, seed=turn.person, before=storm, after=pull, words=close))
    card = replace(reply.card, bubbles=tuple(bubbles), about={**reply.card.about, "chart": about})
    reply = replace(reply, card=card)
    if place.answers.get("weekly") != "yes":
        return replace(reply, events=(*reply.events, *cancelled(turn, PULSE)))
    return _reminds(turn, reply, PULSE, clock.now() + _WEEK, "")


def settled(turn: Turn, place: Place, reply: Reply) -> Reply:
    """Keep how wound up the person was before and after settling, under the way that they chose."""
    store = shared_store()
    way = f"settle:{place.answers.get('how', '')}"
    for moment in ("before", "after"):
        value = place.answers.get(moment, "")
        if value.isdigit():
            store.add_check_in(turn.person, moment, int(value), about=way)
    return reply


def mapped(turn: Turn, place: Place, reply: Reply) -> Reply:
    """Give the page what it draws the loop from."""
    skill = skill_book().skills[place.skill]
    drawn = {step: walk.filled(f"{{{step}}}", skill, place) for step in ("i_do", "they_do", "i_after", "they_after")}
    card = with_line(reply.card, "together", said=turn.said, seed=turn.person)
    return replace(reply, card=replace(card, about={**card.about, "loop": drawn}))


def _reminds(turn: Turn, reply: Reply, kind: str, due: datetime, note: str) -> Reply:
    card = with_line(reply.card, "reminder_set", said=turn.said, seed=turn.person)
    return replace(reply, card=card, events=(*reply.events, *scheduled(turn, kind, due, note)))


AFTER: dict[str, Callable[[Turn, Place, Reply], Reply]] = {
    "pause": agreed, "pulse": measured, "settle": settled, "loop": mapped,
}  # fmt: skip
