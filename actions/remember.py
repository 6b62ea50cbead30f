"""Memory as every action uses it: what a reply brings is kept once it is said, in the store with consent, else in a slot."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot import clock, names
from bot.guidance.choose import HELPED_BEFORE
from bot.guidance.library import library
from bot.guidance.memory import cards, facts
from bot.guidance.memory.facts import Facts, Noticed, Thread
from bot.guidance.memory.words import memory_words
from bot.guidance.say import say
from bot.guidance.skills.book import skill_book
from bot.guidance.values import Card
from bot.store.store import shared_store

if TYPE_CHECKING:
    from actions.turn import Reply, Turn

CONSENT = "consent"  # in the slot "awaiting": a bare yes or no answers whether things may be remembered
CHANGE = "fact:"  # in the slot "awaiting": the next message is the new value of this fact
_AGAIN_AFTER = 3 * 3600  # seconds until a practice that was offered because it helped, and was not done, is offered so again
_SHORT = 6  # words; a longer message that is no new value is about something else
_GREETING = re.compile(r"\s*(hi|hello|hey|hiya|yo|good \w+|morning|evening)\b", re.IGNORECASE)
# Written or pressed where a new value is awaited, these are no value.
_NO_VALUE = frozenset({
    names.INTENT_HELP_NOW, names.INTENT_HELP, names.INTENT_RESTART, names.INTENT_KNOW, names.INTENT_GREET, names.INTENT_GOODBYE,
    names.INTENT_THANKS, names.INTENT_OUT_OF_SCOPE, names.INTENT_SKILLS, names.INTENT_NOT_ME,
})  # fmt: skip


def thread_of(turn: Turn) -> Thread:
    """Return what this conversation holds."""
    return Thread.from_json(turn.slot(names.SLOT_MEMORY))


def facts_of(turn: Turn) -> Facts | None:
    """Return what is remembered of the person; None without their consent."""
    kept = shared_store().memories(turn.person)
    return None if kept is None else Facts.from_rows({one.key: one.value for one in kept})


def helped(turn: Turn) -> tuple[str, ...]:
    """Return ids of the practices that helped before, the best first, those offered again a little while ago left out."""
    found = facts_of(turn)
    if found is None:
        return ()
    lately, now = thread_of(turn).again, clock.now().timestamp()
    return tuple(one for one in found.best_helped() if now - lately.get(one, 0.0) > _AGAIN_AFTER)


def offered_again(card: Card) -> str:
    """Return the id of the practice that *card* offers because it helped before, ""."""
    again = any(bubble.part == HELPED_BEFORE for bubble in card.bubbles)
    return str(card.about.get("practice") or "") if again else ""


def waits_for_typing(turn: Turn) -> bool:
    """Return whether the next typed message is an answer already: to an exercise, or to a question before coaching."""
    return in_exercise(turn) or turn.check is not None


def settled(turn: Turn) -> dict[str, Any]:
    """Return the slot that ends what memory itself waited for; any other question goes on waiting for its answer."""
    awaited = str(turn.slot(names.SLOT_AWAITING) or "")
    return {names.SLOT_AWAITING: None} if awaited == CONSENT or awaited.startswith(CHANGE) else {}


def in_exercise(turn: Turn) -> bool:
    """Return whether an exercise is under way."""
    return bool((turn.tracker.active_loop or {}).get("name"))


def titles() -> dict[str, str]:
    """Return the names of everything that may have helped, by id."""
    ways = skill_book().skills["settle"].step("how").choices
    return {
        **{one.id: one.title for one in library().practices.values()}, **{f"settle:{way.value}": way.title for way in ways},
    }  # fmt: skip


def with_names(turn: Turn, reply: Reply) -> Reply:
    """Return *reply* with what the message calls the partner. In an exercise words may be for anybody: there it is left."""
    if turn.text.startswith("/") or in_exercise(turn):
        return reply
    found = memory_words().names_in(turn.text)
    return replace(reply, noticed=replace(reply.noticed or Noticed(), names=found)) if found else reply


def with_offer(turn: Turn, reply: Reply) -> Reply:
    """Return *reply*, the end of a practice or an exercise, with the question for consent where it was never asked.

    It waits for a better moment where the reply is long, or asks something itself.
    """
    if thread_of(turn).asked or not cards.can_ask(reply.card) or shared_store().memories(turn.person) is not None:
        return reply
    card = cards.asking(reply.card, said=turn.said, seed=turn.person)
    noticed = replace(reply.noticed or Noticed(), asks=True)
    return replace(reply, card=card, slots={**reply.slots, names.SLOT_AWAITING: CONSENT}, noticed=noticed)


def learned(turn: Turn, reply: Reply) -> dict[str, Any]:
    """Keep what *reply*, which is being said, brings; return the slot that it changes, if any."""
    noticed = reply.noticed
    if noticed is None or noticed == Noticed():
        return {}
    # Where the reply is itself the answer about consent, its thread is the newer one.
    thread, kept = Thread.from_json(reply.slots.get(names.SLOT_MEMORY, turn.slot(names.SLOT_MEMORY))), facts_of(turn)
    after = facts.learn(thread.facts if kept is None else kept, noticed, thread.counted)
    if kept is not None and after != kept:
        shared_store().remember(turn.person, _changes(kept, after))
    again = {one: at for one, at in thread.again.items() if not (noticed.fell and one == noticed.tried)}
    if noticed.again:
        again[noticed.again] = clock.now().timestamp()
    moved = any(noticed.moved)
    thread = Thread(
        asked="asked" if noticed.asks else thread.asked,
        counted=noticed.moved if moved or noticed.turned else thread.counted,
        # Without consent it stands in the conversation's own slot; after a "no", nowhere.
        facts=after if kept is None and thread.asked != "no" else Facts(),
        again=again,
    )
    return {names.SLOT_MEMORY: thread.to_json()}


def change_facts(turn: Turn, before: Facts, after: Facts) -> None:
    """Keep *after* in place of *before*, fact by fact."""
    shared_store().remember(turn.person, _changes(before, after))


def told(turn: Turn) -> tuple[Card, dict[str, Any]] | None:
    """Return the answer to a typed new value of a fact, and its slots; None where this message is none."""
    awaited = str(turn.slot(names.SLOT_AWAITING) or "")
    kept = facts_of(turn) if awaited.startswith(CHANGE) else None
    if kept is None or turn.danger.asks or turn.text.startswith("/"):
        return None
    key = awaited.removeprefix(CHANGE)
    # A name may look like a greeting to the reader ("Bee"); a real one begins as greetings do.
    is_name = key == facts.NAMES and turn.intent == names.INTENT_GREET and not _GREETING.match(turn.text)
    if (turn.intent in _NO_VALUE and not is_name) or turn.intent.startswith("start_"):
        return None
    if memory_words().leaves_it(turn.text) or skill_book().control_of(turn.text) == names.INTENT_LEAVE:
        return say("memory_left", said=turn.said, seed=turn.person, buttons=("know",)), settled(turn)
    value = _value(key, turn.text)
    if value:
        return set_fact(turn, key, value, kept)
    if len(turn.text.split()) > _SHORT:
        return None  # a story: the person has gone on to something else
    card = cards.change_of(key, kept, titles=titles(), again=True, said=turn.said, seed=turn.person)
    return card, {names.SLOT_AWAITING: awaited}


def set_fact(turn: Turn, key: str, value: str, before: Facts) -> tuple[Card, dict[str, Any]]:
    """Keep *value* under *key* by the person's own word; return the card that says it back, and its slots."""
    after = facts.changed(before, key, value)
    change_facts(turn, before, after)
    card = cards.after_change(key, after, titles=titles(), said=turn.said, seed=turn.person)
    return card, settled(turn)


def _value(key: str, text: str) -> str:
    """Return the value that *text* tells for the fact *key*, "" where it tells none."""
    if key == facts.NAMES:
        return memory_words().name_given(text)
    if key == facts.HELPED:
        return _titled(text)
    return memory_words().move_in(key, text)


def _titled(text: str) -> str:
    """Return the id of what is called *text*: the whole title, or the only title that has it in it."""
    wanted = " ".join(text.casefold().strip(" .!?\"“”'").split())
    found = {one: title.casefold() for one, title in titles().items()}
    same = [one for one, title in found.items() if title == wanted]
    near = [one for one, title in found.items() if len(wanted) > 3 and (wanted in title or title in wanted)]
    return same[0] if same else near[0] if len(near) == 1 else ""


def _changes(before: Facts, after: Facts) -> dict[str, Any]:
    """Return the rows of *after* that differ from those of *before*."""
    old = before.to_rows()
    return {key: value for key, value in after.to_rows().items() if value != old[key]}
