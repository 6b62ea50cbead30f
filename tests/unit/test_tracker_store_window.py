"""The window of the tracker store behaves as the whole history does."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasa.shared.core.events import Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rasa.tracker_store import WindowTrackerStore
from bot.store.store import Store
from tests.unit import tracker_turns as turns

Made = Callable[[str], list[Event]]

ORDINARY: dict[str, Made] = {
    "coached": lambda text: turns.coached(text, f"card {text}"),
    "heated": lambda text: turns.coached(text, f"card {text}", heat=text, misses=None),
    "unlocked": lambda text: turns.coached(text, "x", safety_lock=[text], misses=0.0),
    "fallback": turns.not_understood,
    "back": turns.gone_back,
    "restart": turns.restarted,
    "reset": turns.slots_reset,
    "handed on": turns.handed_on,
    "undone": turns.action_undone,
    "paused": turns.paused,
    "resumed": turns.resumed,
    "new session": lambda text: [*turns.session(SlotSet("heat", text)), *turns.coached(text, "first")],
}


IN_A_FORM: dict[str, Made] = {
    "answered": lambda text: turns.form_answered(text, len(text)),
    "left aside": turns.form_left_aside,
    "closed": turns.form_closed,
}
# A stretch of the same kind of turn is where a window can be left with nothing in reach.
STRETCHES = st.tuples(st.sampled_from([*ORDINARY, "form", "form", *IN_A_FORM, "back", "answered"]), st.integers(1, 8))


def next_turn(kind: str, tracker: DialogueStateTracker, text: str) -> list[Event]:
    """Return a turn of *kind* as Rasa could write it now: a form is opened once, and answered only while it is open."""
    if kind == "form" or kind in IN_A_FORM:
        if not tracker.active_loop:
            return turns.form_opened(text)
        return IN_A_FORM.get(kind, IN_A_FORM["answered"])(text)
    return ORDINARY[kind](text)


async def walk(kinds: list[str], store: Store) -> WindowTrackerStore:
    """Lead a conversation through the store, turn by turn, beside one that is never put away."""
    trackers = WindowTrackerStore(turns.DOMAIN, store=store)
    whole = DialogueStateTracker("ann", turns.DOMAIN.slots)
    await trackers.get_or_create_tracker("ann", append_action_listen=False)
    for number, kind in enumerate(["", *kinds]):
        tracker = await trackers.get_or_create_tracker("ann", append_action_listen=False)
        if number:
            assert turns.state(tracker) == turns.state(whole), f"loaded before turn {number}"
        events = next_turn(kind, whole, f"turn {number}") if kind else turns.session()
        whole.update_with_events(events, turns.DOMAIN, override_timestamp=False)
        tracker.update_with_events(events, turns.DOMAIN, override_timestamp=False)
        assert turns.state(tracker) == turns.state(whole), f"at the end of turn {number}"
        await trackers.save(tracker)
    full = await trackers.retrieve_full_tracker("ann")
    assert [event.as_dict() for event in full.events] == [event.as_dict() for event in whole.events]
    return trackers


@settings(derandomize=True, deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(STRETCHES, min_size=1, max_size=8))
def test_a_reloaded_conversation_is_where_the_unbroken_one_is(stretches: list[tuple[str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{folder}/chats.db")
        asyncio.run(walk([kind for kind, times in stretches for _ in range(times)], store))
        store.close()


@pytest.mark.parametrize("count", [3, 12])
async def test_going_back_many_turns_in_a_row_finds_the_slots_of_then(tmp_path: Path, count: int) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/chats.db")
    trackers = await walk([*["heated"] * 20, *["back"] * count], store)
    found = await trackers.retrieve("ann")
    assert found.get_slot("heat") == f"turn {20 - count}"
    store.close()
