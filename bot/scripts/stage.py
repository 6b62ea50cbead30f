"""Playing scripts: the real agent with the real actions, on a database made for each conversation."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import clock, names, paths
from bot.channels.commands import typed
from bot.guidance.values import Card
from bot.safety.checks import Question
from bot.scripts.check import Came, Mismatch, check
from bot.scripts.values import Script, Turn, TurnKind

if TYPE_CHECKING:
    from rasa.core.agent import Agent

    from bot.rasa.agent import Conversation

_DATABASE = "DATABASE_URL"


@dataclass(frozen=True)
class Played:
    """One turn as it was played: the cards that came, and what differs from what was expected."""

    turn: Turn
    cards: tuple[Card, ...] = ()
    mismatches: tuple[Mismatch, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """A script and its turns as played; fewer than the script has where one could not go on."""

    script: Script
    played: tuple[Played, ...]

    @property
    def passed(self) -> bool:
        """True when every turn was played and came as expected."""
        return len(self.played) == len(self.script.turns) and not any(played.mismatches for played in self.played)

    @property
    def cards(self) -> tuple[Card, ...]:
        """Every card that was said, oldest first."""
        return tuple(card for played in self.played for card in played.cards)


class Stage:
    """One agent for many conversations, each on a database of its own. The person's own database is never opened.

    *model* defaults to the newest trained one, *endpoints* to endpoints.yml. Raises DataError, on the
    first `play`, when there is no trained model.
    """

    def __init__(self, *, model: Path | None = None, endpoints: Path | None = None) -> None:
        self._model = model
        self._endpoints = endpoints or paths.root() / "endpoints.yml"
        self._agent: Agent | None = None

    async def play(self, script: Script) -> Outcome:
        """Play *script* from its first turn. The same script is answered with the same lines every time."""
        with own_database():
            self._settle()
            with ExitStack() as waits:
                return await self._turns(script, waits)

    @contextmanager
    def conversation(self, sender: str, *, channel: str = "console") -> Iterator[Conversation]:
        """Yield a conversation that nobody scripted, on a database of its own."""
        from bot.rasa.agent import Conversation

        with own_database():
            self._settle()
            assert self._agent is not None
            yield Conversation(self._agent, sender=sender, channel=channel)

    def new_process(self, conversation: Conversation) -> Conversation:
        """Return *conversation* as a new process would take it up: nothing is left of it but the database."""
        from bot.rasa.agent import Conversation

        self._restart()
        assert self._agent is not None
        return Conversation(self._agent, sender=conversation.sender)

    async def _turns(self, script: Script, waits: ExitStack) -> Outcome:
        from bot.rasa.agent import Conversation

        # What is said is chosen by the conversation's name: the file's own, so that a script can be told again.
        sender = f"script:{script.path.stem}"
        assert self._agent is not None
        if not script.first_question:
            await Conversation(self._agent, sender=sender, channel="console").begin({names.SLOT_ASKED: [Question.FIRST.value]})
        played: list[Played] = []
        for turn in script.turns:
            cards = [card for earlier in played for card in earlier.cards]
            if turn.kind is TurnKind.RESTART_PROCESS:
                self._restart()
                played.append(Played(turn))
                continue
            if turn.kind is TurnKind.WAIT:
                waits.enter_context(clock.set_forward(timedelta(minutes=turn.minutes)))
                played.append(Played(turn))
                continue
            said = typed(turn.text) if turn.kind is TurnKind.USER else _payload(turn.text, cards)
            if said is None:
                seen = dict.fromkeys(button.title for card in cards for button in card.buttons)
                missing = Mismatch("press", f"a card with the button {turn.text}", ", ".join(seen) or "no card had a button")
                played.append(Played(turn, (), (missing,)))
                break  # what follows was written for an answer that never came
            assert self._agent is not None
            heard = await Conversation(self._agent, sender=sender, channel="console").hear(said)
            came = Came(heard.cards, heard.reading, heard.intent, heard.slots)
            played.append(Played(turn, heard.cards, check(turn.expected, came, cards)))
        return Outcome(script, tuple(played))

    def _settle(self) -> None:
        """Give the agent a tracker store on the database of this conversation."""
        if self._agent is None:
            self._restart()
            return
        from rasa.core.tracker_store import FailSafeTrackerStore, TrackerStore
        from rasa.core.utils import AvailableEndpoints

        found = AvailableEndpoints.read_endpoints(str(self._endpoints))
        store = FailSafeTrackerStore(TrackerStore.create(found.tracker_store, domain=self._agent.domain))
        store.domain = self._agent.domain
        agent: Any = self._agent
        agent.tracker_store = agent.processor.tracker_store = store

    def _restart(self) -> None:
        """Drop the agent and load it anew, as a new process would: nothing is left but the database."""
        from bot.rasa.agent import load_agent
        from bot.rasa.in_process import executor

        self._agent = None
        executor.cache_clear()
        self._agent = load_agent(self._model, endpoints=self._endpoints)


@contextmanager
def own_database() -> Iterator[Path]:
    """Let everything inside use a new SQLite database, removed at the end; yields its path."""
    before = os.environ.get(_DATABASE)
    with tempfile.TemporaryDirectory(prefix="middle-ground-script-") as folder:
        path = Path(folder) / "conversation.db"
        os.environ[_DATABASE] = f"sqlite:///{path}"
        try:
            yield path
        finally:
            _close_store()
            if before is None:
                del os.environ[_DATABASE]
            else:
                os.environ[_DATABASE] = before


def _close_store() -> None:
    from bot.store.store import shared_store

    shared_store().close()


def _payload(pressed: str, cards: Sequence[Card]) -> str | None:
    """Return what pressing sends: a payload as it stands, else that of the last card with a button of this title."""
    if pressed.startswith("/"):
        return pressed
    wanted = pressed.casefold()
    buttons = (button for card in reversed(cards) for button in card.buttons)
    return next((button.payload for button in buttons if button.title.casefold() == wanted), None)
