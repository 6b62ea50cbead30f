"""Conversations through the tracker store: nothing lost, nothing doubled, and no dearer at turn 300 than at turn 10."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from rasa.core.actions.action import ActionSessionStart
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore, check_if_tracker_store_async
from rasa.shared.core.events import Event, ReminderScheduled, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.rasa.tracker_store import WindowTrackerStore
from bot.store.store import Store, utc_now
from tests.unit import tracker_turns as turns


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path}/chats.db")
    yield opened
    opened.close()


@pytest.fixture
def trackers(store: Store) -> WindowTrackerStore:
    return WindowTrackerStore(turns.DOMAIN, store=store)


async def take(trackers: TrackerStore, events: list[Event], sender: str = "ann") -> DialogueStateTracker:
    """Take one turn as Rasa's processor does: read, add, save. Returns the tracker as it was read."""
    tracker = await trackers.get_or_create_tracker(sender, append_action_listen=False)
    read = len(tracker.events)
    tracker.update_with_events(events, turns.DOMAIN)
    await trackers.save(tracker)
    tracker.events_read = read
    return tracker


def ordinary(number: int) -> list[Event]:
    return turns.coached(f"turn {number}", f"card {number}", heat=number, **({"safety_lock": ["harmed"]} if number == 3 else {}))


async def test_turn_300_reads_no_more_than_turn_10_and_ends_where_the_whole_history_does(trackers: WindowTrackerStore) -> None:
    memory = InMemoryTrackerStore(turns.DOMAIN)
    whole, read = memory.init_tracker("ann"), []
    for number in range(300):
        events = [*(turns.session() if number == 0 else []), *(turns.form_opened("open") if number == 299 else ordinary(number))]
        whole.update_with_events(events, turns.DOMAIN)
        read.append((await take(trackers, events)).events_read)
    assert read[-1] <= read[9]
    await memory.save(whole)
    here, there = await trackers.retrieve("ann"), await memory.retrieve("ann")
    assert turns.state(here) == turns.state(there)
    assert here.get_slot("safety_lock") == ["harmed"]
    assert turns.state(await trackers.retrieve_full_tracker("ann")) == turns.state(there)
    assert len((await trackers.retrieve_full_tracker("ann")).events) == len(there.events)


async def test_a_form_longer_than_the_window_stays_open_and_knows_what_opened_it(trackers: WindowTrackerStore) -> None:
    await take(trackers, [*turns.session(), *turns.form_opened("we always end up here")])
    for number in range(40):
        turn = turns.form_left_aside("what?") if number % 9 == 8 else turns.form_answered(f"answer {number}", number)
        await take(trackers, turn)
    found = await trackers.retrieve("ann")
    assert found.active_loop_name == "pause_form"
    assert found.active_loop.trigger_message["text"] == "we always end up here"
    assert (found.get_slot("heat"), found.get_slot("requested_slot")) == (39, "last_card")
    assert found.latest_message.text == "answer 39"
    assert len(found.events) < 60


async def test_a_flood_of_messages_that_are_taken_back_does_not_grow_what_is_read(trackers: WindowTrackerStore) -> None:
    await take(trackers, turns.session())
    for number in range(6):
        await take(trackers, ordinary(number))
    read = [(await take(trackers, turns.not_understood(f"asdf {number}"))).events_read for number in range(40)]
    assert read[-1] <= read[5]
    assert (await trackers.retrieve("ann")).get_slot("heat") == 5


async def test_slots_are_carried_into_a_new_session(trackers: WindowTrackerStore) -> None:
    await take(trackers, turns.session())
    for number in range(12):
        await take(trackers, ordinary(number))
    before = await trackers.retrieve("ann")
    started = await ActionSessionStart().run(None, None, before, turns.DOMAIN)
    await take(trackers, [*turns.session()[:1], *started])
    after = await trackers.retrieve("ann")
    assert after.current_slot_values() == before.current_slot_values()
    assert after.get_slot("safety_lock") == ["harmed"]


async def test_the_time_of_the_last_message_is_there_for_the_end_of_a_session(trackers: WindowTrackerStore) -> None:
    await take(trackers, turns.session())
    for number in range(12):
        last = (await take(trackers, ordinary(number))).get_last_event_for(UserUttered)
    assert (await trackers.retrieve("ann")).get_last_event_for(UserUttered).timestamp == last.timestamp


async def test_a_message_just_answered_is_found_by_its_id_even_after_a_restart(trackers: WindowTrackerStore) -> None:
    await take(trackers, turns.session())
    await take(trackers, turns.restarted("start over"))
    found = [event.message_id for event in (await trackers.retrieve("ann")).events if isinstance(event, UserUttered)]
    assert found == ["id start over"]


async def test_a_reminder_that_is_still_to_come_is_not_forgotten(trackers: WindowTrackerStore) -> None:
    at = utc_now().replace(year=utc_now().year + 1)
    await take(trackers, [*turns.session(), *ordinary(0)[:-1], ReminderScheduled("pursue", at, name="tonight"), ordinary(0)[-1]])
    for number in range(1, 15):
        await take(trackers, ordinary(number))
    applied = (await trackers.retrieve("ann")).applied_events()
    assert [event.name for event in applied if isinstance(event, ReminderScheduled)] == ["tonight"]


async def test_saving_twice_changes_nothing(trackers: WindowTrackerStore, store: Store) -> None:
    tracker = await take(trackers, [*turns.session(), *ordinary(0)])
    await trackers.save(tracker)
    await trackers.save(tracker.copy())
    again = await trackers.retrieve("ann")
    await trackers.save(again)
    assert [event.body for event in store.conversations.events("ann")] == [event.as_dict() for event in tracker.events]


async def test_a_tracker_that_is_never_read_again_is_saved_turn_by_turn(trackers: WindowTrackerStore) -> None:
    tracker = await trackers.create_tracker("ann")
    for number in range(15):
        tracker.update_with_events(ordinary(number), turns.DOMAIN)
        await trackers.save(tracker)
    found = await trackers.retrieve("ann")
    assert turns.state(found) == turns.state(tracker)
    assert len(found.events) < len(tracker.events)
    assert len((await trackers.retrieve_full_tracker("ann")).events) == len(tracker.events)


async def test_a_tracker_built_elsewhere_adds_only_what_is_not_stored(trackers: WindowTrackerStore) -> None:
    await take(trackers, [*turns.session(), *ordinary(0)])
    elsewhere = DialogueStateTracker.from_events("ann", [*turns.session(), *ordinary(0), *ordinary(1)], turns.DOMAIN.slots)
    await trackers.save(elsewhere)
    full = await trackers.retrieve_full_tracker("ann")
    assert [event.text for event in full.events if isinstance(event, UserUttered)] == ["turn 0", "turn 1"]


async def test_a_conversation_begun_anew_under_an_old_name_loses_neither_part(trackers: WindowTrackerStore) -> None:
    await take(trackers, turns.session())
    for number in range(8):
        await take(trackers, ordinary(number))
    anew = DialogueStateTracker.from_events("ann", [*turns.session(), *turns.coached("new", "new", heat=1)], turns.DOMAIN.slots)
    await trackers.save(anew)
    await trackers.save(anew)
    full = await trackers.retrieve_full_tracker("ann")
    assert [event.text for event in full.events if isinstance(event, UserUttered)] == [*(f"turn {n}" for n in range(8)), "new"]
    assert turns.state(await trackers.retrieve("ann")) == turns.state(anew)


async def test_two_processes_that_read_the_same_turn_lose_nothing(store: Store, trackers: WindowTrackerStore) -> None:
    other = WindowTrackerStore(turns.DOMAIN, store=store)
    await take(trackers, turns.session())
    for number in range(9):
        await take(trackers, ordinary(number))
    here, there = await trackers.retrieve("ann"), await other.retrieve("ann")
    here.update_with_events(turns.coached("here", "here", heat="here"), turns.DOMAIN)
    there.update_with_events(turns.coached("there", "there", misses=5.0), turns.DOMAIN)
    await trackers.save(here)
    await other.save(there)
    found = await trackers.retrieve("ann")
    assert (found.get_slot("heat"), found.get_slot("misses"), found.get_slot("last_card")) == ("here", 5.0, "there")
    for number in range(9):
        await take(trackers, turns.coached(f"after {number}", "after"))
    found = await trackers.retrieve("ann")
    assert (found.get_slot("heat"), found.get_slot("misses")) == ("here", 5.0)


async def test_many_people_at_once_do_not_get_into_each_others_conversations(trackers: WindowTrackerStore) -> None:
    async def talk(sender: str) -> None:
        await take(trackers, turns.session(), sender)
        for number in range(10):
            await take(trackers, turns.coached(f"{sender} {number}", sender, heat=f"{sender} {number}"), sender)

    people = [f"person {number}" for number in range(8)]
    await asyncio.gather(*map(talk, people))
    assert sorted(await trackers.keys()) == people
    for sender in people:
        full = await trackers.retrieve_full_tracker(sender)
        assert [event.text for event in full.events if isinstance(event, UserUttered)] == [f"{sender} {n}" for n in range(10)]
        assert (await trackers.retrieve(sender)).get_slot("heat") == f"{sender} 9"


async def test_a_deleted_conversation_begins_anew(trackers: WindowTrackerStore) -> None:
    await take(trackers, [*turns.session(), *ordinary(3)])
    await trackers.delete("ann")
    assert not await trackers.exists("ann")
    assert await trackers.retrieve("ann") is None and await trackers.retrieve_full_tracker("ann") is None
    assert (await take(trackers, turns.session())).get_slot("safety_lock") is None


async def test_a_conversation_whose_old_events_were_purged_is_still_where_it_was(
    trackers: WindowTrackerStore, store: Store
) -> None:
    await take(trackers, turns.session())
    for number in range(20):
        await take(trackers, ordinary(number))
    before = turns.state(await trackers.retrieve("ann"))
    middle = store.conversations.events("ann")[60].timestamp
    assert store.purge(utc_now().fromtimestamp(middle, utc_now().tzinfo)) > 0
    assert turns.state(await trackers.retrieve("ann")) == before
    assert turns.state(await trackers.retrieve_full_tracker("ann")) == before


async def test_rasa_makes_the_store_from_its_endpoints_file(tmp_path: Path) -> None:
    config = EndpointConfig.from_dict({"type": "bot.rasa.tracker_store.WindowTrackerStore", "url": f"sqlite:///{tmp_path}/x.db"})
    made = TrackerStore.create(config, turns.DOMAIN)
    assert isinstance(made, WindowTrackerStore) and check_if_tracker_store_async(made)
    await take(made, turns.session())
    assert (tmp_path / "x.db").is_file()


TALKER = """
import asyncio, sys
from bot.rasa.tracker_store import WindowTrackerStore
from tests.unit import tracker_turns as turns

async def talk():
    trackers = WindowTrackerStore(turns.DOMAIN, url=sys.argv[1])
    for number in range(10_000):
        tracker = await trackers.get_or_create_tracker("ann", append_action_listen=False)
        tracker.update_with_events(turns.coached(f"turn {number}", f"card {number}", heat=number), turns.DOMAIN)
        await trackers.save(tracker)
        print(number, flush=True)

asyncio.run(talk())
"""


async def test_what_was_saved_before_a_kill_is_there_for_the_next_process(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/chats.db"
    talker = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", TALKER, url], stdout=subprocess.PIPE, text=True, env={**os.environ}
    )
    assert talker.stdout
    saved = -1
    for line in talker.stdout:
        saved = int(line)
        if saved >= 25:
            talker.send_signal(signal.SIGKILL)
            break
    saved = max([saved, *map(int, talker.stdout.read().split())])
    assert talker.wait(30) == -signal.SIGKILL
    store = Store.open(url)
    trackers = WindowTrackerStore(turns.DOMAIN, store=store)
    full = await trackers.retrieve_full_tracker("ann")
    texts = [event.text for event in full.events if isinstance(event, UserUttered)]
    assert texts == [f"turn {number}" for number in range(len(texts))] and len(texts) >= saved + 1
    assert (await trackers.retrieve("ann")).get_slot("heat") == len(texts) - 1
    await take(trackers, [*turns.coached("after the kill", "x"), SlotSet("heat", "on")])
    assert (await trackers.retrieve("ann")).get_slot("heat") == "on"
    store.close()
