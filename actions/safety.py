"""Danger and help: what is said here needs no clearance, for it never coaches."""

from __future__ import annotations

from actions.turn import GatedAction, Reply, Turn
from bot import names
from bot.guidance.say import say
from bot.reading.values import Safety
from bot.safety import answers
from bot.safety.help_lines import help_lines
from bot.safety.values import Clearance, Lock


class ActionDanger(GatedAction):
    """Answer a message that the gate stopped."""

    def name(self) -> str:
        """Name in the domain."""
        return names.ACTION_DANGER

    def answer(self, turn: Turn, clearance: Clearance) -> Reply:
        """Reached only by the intent without the words (a payload): show help all the same."""
        return Reply(answers.help_now(turn.country, turn.lock, said=turn.said, seed=turn.person))


class ActionHelpNow(GatedAction):
    """Help now: always works, locked or not."""

    def name(self) -> str:
        """Name in the domain."""
        return names.ACTION_HELP_NOW

    def answer(self, turn: Turn, clearance: Clearance) -> Reply:
        """Show the help lines."""
        return self.guarded(turn, turn.lock)

    def guarded(self, turn: Turn, lock: Lock) -> Reply:
        """Show the help lines."""
        return Reply(answers.help_now(turn.country, lock, said=turn.said, seed=turn.person))


class ActionCountry(GatedAction):
    """The person chose a country: remember it and show its lines."""

    def name(self) -> str:
        """Name in the domain."""
        return names.ACTION_COUNTRY

    def answer(self, turn: Turn, clearance: Clearance) -> Reply:
        """Show the lines of the chosen country."""
        return self.guarded(turn, turn.lock)

    def guarded(self, turn: Turn, lock: Lock) -> Reply:
        """Show the lines of the chosen country; an unknown code asks again."""
        code = turn.value.upper()
        known = code in {country.code for country in help_lines().countries()}
        country = code if known else turn.country
        card = answers.help_now(country, lock, said=turn.said, seed=turn.person)
        return Reply(card, {names.SLOT_COUNTRY: country})


class ActionSteady(GatedAction):
    """A minute to stand on. While somebody harms or is harmed it is not offered: there, people come first."""

    def name(self) -> str:
        """Name in the domain."""
        return names.ACTION_STEADY

    def answer(self, turn: Turn, clearance: Clearance) -> Reply:
        """Show it to anybody who is free to go on."""
        return Reply(answers.steady(turn.country, said=turn.said, seed=turn.person))

    def guarded(self, turn: Turn, lock: Lock) -> Reply:
        """Show it where suicide is all that is locked and this message tells of nothing new."""
        if lock.kinds == (Safety.SUICIDE,) and not turn.danger.hit:
            return Reply(answers.steady(turn.country, said=turn.said, seed=turn.person))
        return super().guarded(turn, lock)


class ActionRestart(GatedAction):
    """Start the conversation anew. What was locked stays locked: the store remembers it."""

    def name(self) -> str:
        """Name in the domain; replaces Rasa's own action."""
        return names.ACTION_RESTART

    def answer(self, turn: Turn, clearance: Clearance) -> Reply:
        """Forget the thread, not the country."""
        return Reply(say("restart_done", said=turn.said, seed=turn.person), dict.fromkeys(
            (names.SLOT_LAST_CARD, names.SLOT_AWAITING, names.SLOT_SIDE, names.SLOT_PRACTICE, names.SLOT_DEFERRED)
        ))  # fmt: skip


class ActionBack(GatedAction):
    """Rasa's own "back" takes turns out of the tracker, locks included. Ours only says where we are."""

    def name(self) -> str:
        """Name in the domain; replaces Rasa's own action."""
        return names.ACTION_BACK

    def answer(self, turn: Turn, clearance: Clearance) -> Reply:
        """Say how to start over or correct."""
        return Reply(say("back", said=turn.said, seed=turn.person))
