"""The cue files are complete: every cue can be found, is spared where it should be, and is told by examples."""

from __future__ import annotations

import pytest

from bot import paths
from bot.reading.cue_data import CUES, SIDES, load_calm, load_cues, load_look_alikes

FOLDER = paths.data() / "cues"
LOOK_ALIKES = load_look_alikes(FOLDER)
ENTRIES = load_cues(FOLDER, LOOK_ALIKES)


def test_all_28_cues_are_there_in_order() -> None:
    assert list(ENTRIES) == CUES
    assert len(CUES) == 28


@pytest.mark.parametrize("cue", CUES)
def test_every_cue_has_patterns_for_writer_and_draft_examples_and_look_alikes(cue: str) -> None:
    entry = ENTRIES[cue]
    assert sum(len(entry.lines[side]) for side in SIDES) >= 14
    assert entry.lines["draft"]
    assert entry.lines["patterns"] or entry.lines["self"]
    assert len(entry.matches) >= 15
    assert {match.actor.value for match in entry.matches} >= {"self", "draft"} or cue == "W10"
    assert len(entry.spares) >= 10
    assert entry.unless


def test_every_look_alike_spares_some_cue_and_shows_an_example() -> None:
    used = {name for entry in ENTRIES.values() for name in entry.unless}
    assert used == set(LOOK_ALIKES)
    assert all(alike.matches for alike in LOOK_ALIKES.values())


def test_calm_moves_take_back_cues_of_both_sides() -> None:
    calm = load_calm(FOLDER)
    assert {"W02", "W03", "W04", "W08", "W09"} <= set(calm["healthy_space"].vetoes)
    assert {"P01", "P03", "P05"} <= set(calm["healthy_reach"].vetoes)
    assert all(len(entry.matches) >= 2 for entry in calm.values())


def test_no_line_stands_twice_in_one_list() -> None:
    for entry in ENTRIES.values():
        for side in SIDES:
            lines = entry.lines[side]
            assert len(set(lines)) == len(lines), f"{entry.id}/{side}"
