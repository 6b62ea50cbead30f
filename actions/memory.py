"""What is remembered: shown, allowed, changed, forgotten."""

from __future__ import annotations

from dataclasses import replace

from actions import remember
from actions.turn import GatedAction, Reply, Turn
from bot import names
from bot.guidance.memory import cards, facts
from bot.guidance.memory.facts import Facts
from bot.guidance.say import say
from bot.safety.values import Clearance
from bot.store.store import shared_store

_ALL, _LEAVE = "all", "leave"


def shown(turn: Turn) -> Reply:
    """Return the card that says what is remembered, or that nothing is."""
    typing = not remember.waits_for_typing(turn)
    card = cards.told_back(remember.facts_of(turn), titles=remember.titles(), typing=typing, said=turn.said, seed=turn.person)
    return Reply(card, remember.settled(turn))


def consented(turn: Turn, yes: bool) -> Reply:
    """Begin to remember, with what this conversation has noticed so far; or, on a no, keep nothing and erase what there is."""
    store, thread = shared_store(), remember.thread_of(turn)
    if yes:
        store.allow_memory(turn.person)
        store.remember(turn.person, {key: value for key, value in thread.facts.to_rows().items() if value is not None})
    else:
        store.forget(turn.person)
    after = replace(thread, asked="yes" if yes else "no", facts=Facts())
    card = say("memory_yes" if yes else "memory_no", said=turn.said, seed=turn.person, buttons=("know",) if yes else ())
    return Reply(card, {**remember.settled(turn), names.SLOT_MEMORY: after.to_json()})


class ActionKnow(GatedAction):
    """All that is remembered, in plain words: the answer to "what do you know"."""

    def name(self) -> str:
        """Name in the domain."""
        return names.ACTION_KNOW

    def answer(self, turn: Turn, clearance: Clearance) -> Reply:
        """Show every fact with its buttons."""
        return shown(turn)


class ActionRemember(GatedAction):
    """Yes or no to remembering, by a button."""

    def name(self) -> str:
        """Name in the domain."""
        return names.ACTION_REMEMBER

    def answer(self, turn: Turn, clearance: Clearance) -> Reply:
        """Keep the answer; anything else than a yes is a no only where it says no."""
        return consented(turn, turn.value == "yes") if turn.value in ("yes", "no") else shown(turn)


class ActionForget(GatedAction):
    """Erase one fact, one thing that helped, or all with the consent."""

    def name(self) -> str:
        """Name in the domain."""
        return names.ACTION_FORGET

    def answer(self, turn: Turn, clearance: Clearance) -> Reply:
        """Erase at once: it was a button with its name on it."""
        key, _, item = turn.value.partition(":")
        thread, said, person = remember.thread_of(turn), turn.said, turn.person
        if key == _ALL:
            shared_store().forget(person)
            thread = replace(thread, asked="no", facts=Facts())
            card = say("memory_forgot_all", said=said, seed=person)
        elif key in facts.KEYS:
            thread = replace(thread, facts=thread.facts.without(key, item))
            self._erase(turn, key, item)
            card = say("memory_forgot", said=said, seed=person, buttons=("know",))
        else:
            return shown(turn)
        return Reply(card, {**remember.settled(turn), names.SLOT_MEMORY: thread.to_json()})

    def _erase(self, turn: Turn, key: str, item: str) -> None:
        kept = remember.facts_of(turn)
        if kept is None:
            return
        after = kept.without(key, item)
        if key in after.keys:
            remember.change_facts(turn, kept, after)
        else:
            shared_store().forget(turn.person, key)


class ActionChangeFact(GatedAction):
    """Change a fact: by a button that holds the new value, or by the next message."""

    def name(self) -> str:
        """Name in the domain."""
        return names.ACTION_CHANGE_FACT

    def answer(self, turn: Turn, clearance: Clearance) -> Reply:
        """Ask for the new value, or keep the one that the button holds."""
        kept, said, person = remember.facts_of(turn), turn.said, turn.person
        key, _, value = turn.value.partition(":")
        if key == _LEAVE:
            return Reply(say("memory_left", said=said, seed=person), remember.settled(turn))
        if kept is None or key not in facts.KEYS:
            return shown(turn)
        if value in facts.MOVES and key in (facts.SIDE, facts.PARTNER):
            return Reply(*remember.set_fact(turn, key, value, kept))
        if remember.waits_for_typing(turn) and key not in (facts.SIDE, facts.PARTNER):
            return shown(turn)
        card = cards.change_of(key, kept, titles=remember.titles(), said=said, seed=person)
        if remember.waits_for_typing(turn):
            return Reply(card)  # its buttons hold the values
        return Reply(card, {names.SLOT_AWAITING: f"{remember.CHANGE}{key}"})
