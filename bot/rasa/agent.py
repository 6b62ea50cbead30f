"""The dialogue agent as a library: the trained model, our tracker store, actions in this process."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.tracker_store import TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.engine.exceptions import GraphComponentException
from rasa.shared.core.events import SlotSet

from bot import paths
from bot.errors import DataError
from bot.guidance.values import Card
from bot.rasa import in_process
from bot.rasa.reminders import leave_to_the_store
from bot.reading.artefact import newest_model
from bot.safety.help_lines import help_lines


def load_agent(model: Path | None = None, *, endpoints: Path | None = None) -> Agent:
    """Load the newest trained model (or *model*) with endpoints.yml (or *endpoints*). Raises DataError without a model."""
    in_process.teach_rasa()
    found = AvailableEndpoints.read_endpoints(str(endpoints or paths.root() / "endpoints.yml"))
    store = TrackerStore.create(found.tracker_store)
    agent = Agent(tracker_store=store, action_endpoint=found.action)
    # Rasa wraps a store so that a database fault loses the turn silently; ours fails, and the person is told.
    agent.tracker_store = store
    try:
        agent.load_model(model or newest_model())
    except GraphComponentException as error:
        # Rasa says only that a component failed; what to do stands in the fault of the data behind it.
        if isinstance(error.__cause__, DataError):
            raise error.__cause__ from error
        raise
    leave_to_the_store(agent)
    help_lines()  # a fault in them is told now, not to somebody in danger
    return agent


@dataclass(frozen=True)
class Heard:
    """What one message brought about: the cards, and the reading as the tracker keeps it (empty for buttons)."""

    cards: tuple[Card, ...]
    reading: dict[str, Any]
    intent: str
    slots: dict[str, Any]


class Conversation:
    """One conversation with an agent in this process; used by the terminal client and by scripts."""

    def __init__(self, agent: Agent, *, sender: str | None = None, channel: str = "console") -> None:
        """Begin (or take up again) the conversation of *sender*."""
        self.agent = agent
        self.sender = sender or f"{channel}:{uuid.uuid4().hex}"
        self._channel = channel

    async def begin(self, slots: dict[str, Any]) -> None:
        """Set *slots* before the first message, for a conversation that takes up where another left off."""
        tracker = await self.agent.tracker_store.get_or_create_tracker(self.sender)
        for name, value in slots.items():
            tracker.update(SlotSet(name, value))
        await self.agent.tracker_store.save(tracker)

    async def hear(self, text: str) -> Heard:
        """Send one typed line or button payload; return what came of it."""
        output = CollectingOutputChannel()
        message = UserMessage(text, output, self.sender, input_channel=self._channel, message_id=uuid.uuid4().hex)
        await self.agent.handle_message(message)
        cards = tuple(
            Card.from_json(custom["card"]) for custom in (m.get("custom") for m in output.messages) if custom and "card" in custom
        )
        tracker = await self.agent.tracker_store.retrieve(self.sender)
        said = tracker.latest_message if tracker else None
        parsed = said.parse_data if said else {}
        return Heard(
            cards=cards,
            reading=dict(parsed.get("reading") or {}),
            intent=str((parsed.get("intent") or {}).get("name") or ""),
            slots=dict(tracker.current_slot_values()) if tracker else {},
        )
