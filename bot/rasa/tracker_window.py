"""The window of a conversation: a short list of events that behaves like the whole history.

A turn reads a *snapshot* and the events after it. The snapshot is itself a list of events: first made-up ones
that set the state of everything older (slots, form, last action), then the last few turns before the window as they
were, because a later event may take a turn back (`UserUtteranceReverted`) and then the turn before it counts again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActionReverted,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    ConversationPaused,
    Event,
    FollowupAction,
    LoopInterrupted,
    ReminderScheduled,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, ACTION_TEXT
from rasa.shared.utils.common import all_subclasses

# The person's messages, with all that followed each, that a turn reads as they were.
WINDOW_TURNS = 4
# Turns before the window that the snapshot keeps, so that they can still be taken back to.
KEPT_TURNS = 2

_kinds: dict[str, Any] = {}


def parse(bodies: Iterable[dict[str, Any]]) -> list[Any]:
    """Return the events that *bodies* (as of `Event.as_dict`) tell. Raises ValueError for a kind that Rasa does not know."""
    return [event for event in map(_event, bodies) if event is not None]


def _event(body: dict[str, Any]) -> Any:
    # Rasa walks all subclasses of Event for each event; here they are looked up once.
    if not _kinds:
        for kind in all_subclasses(Event):
            _kinds.setdefault(kind.type_name, kind)
    kind = _kinds.get(body["event"])
    return kind._from_parameters(body) if kind else Event.from_parameters(body)


def applied(sender_id: str, events: Iterable[Any]) -> list[Any]:
    """Return those of *events* that still count, as Rasa sees it: nothing taken back, nothing before a restart."""
    tracker = DialogueStateTracker(sender_id, ())
    tracker.events.extend(events)
    found: list[Any] = tracker.applied_events()
    return found


def takes_back(event: Any) -> bool:
    """Return whether *event* undoes events before it."""
    return isinstance(event, (UserUtteranceReverted, ActionReverted))


def wipes(event: Any) -> bool:
    """Return whether nothing before *event* can count any more."""
    return isinstance(event, (Restarted, SessionStarted))


def turns(events: Iterable[Any]) -> int:
    """Return the number of the person's messages in *events*."""
    return sum(isinstance(event, UserUttered) for event in events)


def within_reach(sender_id: str, events: Sequence[Any]) -> bool:
    """Return whether the next message may take back itself and one more, as "/back" does, and still find a turn as it was.

    Where it may not, it would come upon what a snapshot only tells by its outcome, and take back too much.
    """
    counting = applied(sender_id, [*events, UserUttered("/back"), UserUtteranceReverted(), UserUtteranceReverted()])
    first = next((event for event in counting if isinstance(event, (UserUttered, ActionExecuted))), None)
    # A message before any action is the one that opened a form, told again by `_outcome`.
    return turns(counting) > isinstance(first, UserUttered)


def last_turns(events: Sequence[Any], count: int) -> int | None:
    """Return the index where the last *count* of the person's messages begin; None where there are no more than that."""
    starts = [index for index, event in enumerate(events) if isinstance(event, UserUttered)]
    return starts[-count] if len(starts) > count else None


def compact(sender_id: str, events: Sequence[Any], slots: Sequence[Slot], *, keep: int) -> tuple[list[Any], bool]:
    """Return a short list of events that stands for *events*, and whether turns were left out of it.

    The last *keep* turns that count stay as they were, for what may still be taken back; what came before them is
    told by its outcome. *slots*: those of the domain.
    """
    counting = applied(sender_id, events)
    start = last_turns(counting, keep)
    if start is None:
        return _without_what_was_overwritten(counting), False
    state = DialogueStateTracker.from_events(sender_id, counting[:start], slots)
    kept = _without_what_was_overwritten(counting[start:])
    return [*_outcome(state), *kept], True


def _without_what_was_overwritten(events: Sequence[Any]) -> list[Any]:
    """Leave out slot values and bot messages that a later one replaced before the next message or action.

    Messages and actions are what Rasa takes back to: events between two of them go or stay together, so that
    the last of each counts. A form of fifty questions is one such stretch.
    """
    kept: list[Any] = []
    later: set[str] = set()
    for event in reversed(events):
        if isinstance(event, (UserUttered, ActionExecuted)):
            later.clear()
        elif isinstance(event, AllSlotsReset):
            later = {name for name in later if not name.startswith("slot ")}
        elif isinstance(event, (SlotSet, BotUttered)):
            name = f"slot {event.key}" if isinstance(event, SlotSet) else "said"
            if name in later:
                continue
            later.add(name)
        kept.append(event)
    return kept[::-1]


def _outcome(state: DialogueStateTracker) -> list[Any]:
    """Return events that lead a new tracker to *state*, in the order in which Rasa itself writes them."""
    at = state.events[-1].timestamp
    outcome = [ActionExecuted(ACTION_SESSION_START_NAME, timestamp=at), SessionStarted(timestamp=at)]
    outcome += [
        SlotSet(name, slot.value, timestamp=at)
        for name, slot in state.slots.items()
        if slot.has_been_set or slot.value != slot.initial_value
    ]
    outcome += _reminders(state.events, at)
    if state.is_paused():
        outcome.append(ConversationPaused(timestamp=at))
    loop = state.active_loop
    if loop:
        asked = loop.trigger_message or {}
        if asked.get("text") or (asked.get("intent") or {}).get("name"):
            message = {name: asked.get(name) for name in ("text", "message_id", "metadata")}
            channel = state.get_latest_input_channel()
            outcome.append(
                UserUttered._from_parameters({**message, "parse_data": asked, "timestamp": at, "input_channel": channel})
            )
        outcome += [ActionExecuted(loop.name, timestamp=at), ActiveLoop(loop.name, timestamp=at)]
    if state.latest_bot_utterance and state.latest_bot_utterance.text is not None:
        outcome.append(state.latest_bot_utterance)
    last = state.latest_action or {}
    if last and not (loop and last.get(ACTION_NAME) == loop.name):
        outcome.append(ActionExecuted(last.get(ACTION_NAME), action_text=last.get(ACTION_TEXT), timestamp=at))
    if loop and loop.rejected:
        outcome.append(ActionExecutionRejected(loop.name, timestamp=at))
    if loop and loop.is_interrupted:
        outcome.append(LoopInterrupted(True, timestamp=at))
    if state.followup_action and (last or state.followup_action != ACTION_LISTEN_NAME):
        outcome.append(FollowupAction(state.followup_action, timestamp=at))
    return outcome


def _reminders(events: Iterable[Any], at: float) -> list[Any]:
    """Return the reminders that are still to come: Rasa looks for them among the events when they are due."""
    found = {event.name: event for event in events if isinstance(event, ReminderScheduled)}
    return [event for event in found.values() if event.trigger_date_time.timestamp() > at]
