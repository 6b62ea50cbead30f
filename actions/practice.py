"""A practice from start to end: how wound up before, the steps, how wound up after."""

from __future__ import annotations

from dataclasses import replace

from actions import remember
from actions.turn import GatedAction, Reply, Turn
from bot import names
from bot.guidance import choose
from bot.guidance.library import library
from bot.guidance.memory.facts import Noticed
from bot.guidance.say import say, with_line
from bot.guidance.values import CardKind
from bot.safety.values import Clearance
from bot.store.store import shared_store

BEFORE, AFTER = "before", "after"


def _known(practice: str | None) -> bool:
    return practice in library().practices


def _scale(turn: Turn, moment: str, practice: str | None) -> Reply:
    card = say(f"check_in_{moment}", said=turn.said, seed=turn.person, kind=CardKind.CHECK_IN, buttons=("skip",))
    return Reply(replace(card, scale=True), {names.SLOT_AWAITING: f"check_in_{moment}", names.SLOT_PRACTICE: practice})


class ActionPractice(GatedAction):
    """Begin a practice with one number, end it with another."""

    def name(self) -> str:
        """Name in the domain."""
        return names.ACTION_PRACTICE

    def answer(self, turn: Turn, clearance: Clearance) -> Reply:
        """Ask 0-10 before the steps of a practice that exists, and again when it is done."""
        if turn.intent == names.INTENT_PRACTICE_DONE:
            return _scale(turn, AFTER, turn.slot(names.SLOT_PRACTICE))
        practice = turn.value or ((turn.slot(names.SLOT_LAST_CARD) or {}).get("about") or {}).get("practice", "")
        if not _known(practice):
            return Reply(say("practice_gone", said=turn.said, seed=turn.person))
        return _scale(turn, BEFORE, practice)


class ActionCheckIn(GatedAction):
    """A number from 0 to 10, before or after a practice, kept for the person; or none, by "Skip"."""

    def name(self) -> str:
        """Name in the domain."""
        return names.ACTION_CHECK_IN

    def answer(self, turn: Turn, clearance: Clearance) -> Reply:
        """Keep the number; then show the steps, or say what changed."""
        moment = str(turn.slot(names.SLOT_AWAITING) or "").removeprefix("check_in_")
        if moment not in (BEFORE, AFTER):
            return Reply(say("number_alone", said=turn.said, seed=turn.person))
        value = int(turn.value) if turn.value.isdigit() and int(turn.value) <= 10 else None
        practice = turn.slot(names.SLOT_PRACTICE)
        store = shared_store()
        rows = [row for row in store.check_ins(turn.person) if row.about == practice]
        earlier = [row for row in rows if row.moment == BEFORE]
        if value is not None:
            store.add_check_in(turn.person, moment, value, about=practice)
        if moment == BEFORE and _known(practice):
            return Reply(choose.steps(practice, clearance=clearance), {names.SLOT_AWAITING: None})
        change = value - earlier[-1].value if value is not None and earlier else None
        key = (
            "check_in_skipped"
            if change is None
            else "check_in_lower"
            if change < 0
            else "check_in_same"
            if change == 0
            else "check_in_higher"
        )
        card = say(key, said=turn.said, seed=turn.person, before=str(earlier[-1].value if earlier else ""), after=str(value))
        if change is not None:
            card = with_line(card, "hope" if change < 0 else "expectations", said=turn.said, seed=turn.person)
        # Remembered is only a number that belongs to this try: where the first was skipped, the last one is of another day.
        whole = change is not None and rows[-1].moment == BEFORE and _known(practice)
        noticed = Noticed(tried=practice, fell=(change or 0) < 0) if whole else None
        reply = Reply(card, {names.SLOT_AWAITING: "coach", names.SLOT_PRACTICE: None}, noticed=noticed)
        return remember.with_offer(turn, reply)
