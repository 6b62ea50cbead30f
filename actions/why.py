"""Where it comes from: the words, the cue, the paragraph; and questions about the dynamic."""

from __future__ import annotations

from actions.turn import GatedAction, Reply, Turn
from bot import names
from bot.guidance import choose
from bot.guidance.say import say
from bot.guidance.why import why
from bot.safety.values import Clearance


class ActionWhy(GatedAction):
    """Show the evidence words, the cue and the source of what was said last."""

    def name(self) -> str:
        """Name in the domain."""
        return names.ACTION_WHY

    def answer(self, turn: Turn, clearance: Clearance) -> Reply:
        """Explain the last card; without one, say how the bot reads."""
        last = turn.slot(names.SLOT_LAST_CARD)
        if not last:
            return Reply(say("why_nothing", said=turn.said, seed=turn.person))
        card = why(last["about"], clearance=clearance, said=turn.said, seed=turn.person)
        return Reply(card, {names.SLOT_LAST_CARD: card.to_json()} if card.more else {})


class ActionConcept(GatedAction):
    """A question about the dynamic, answered from the articles, which may be silent on it."""

    def name(self) -> str:
        """Name in the domain."""
        return names.ACTION_CONCEPT

    def answer(self, turn: Turn, clearance: Clearance) -> Reply:
        """Answer with a source, or say that the articles are silent."""
        card = choose.concept(turn.text, clearance=clearance, said=turn.said, seed=turn.person)
        if card is None:
            return Reply(say("concept_unknown", said=turn.said, seed=turn.person))
        return Reply(card, {names.SLOT_LAST_CARD: card.to_json()})
