"""The page that tells people how to write scripts is itself tried out."""

from __future__ import annotations

import re
from enum import Enum
from pathlib import Path

import pytest

from bot import names, paths
from bot.guidance.values import CardKind
from bot.scripts.parse import ABOUT_KEYS, CARD_KEYS, EXPECTED_KEYS, READS, SCRIPT_KEYS, parse
from bot.scripts.sets import SETS
from bot.scripts.show import report
from bot.scripts.stage import Stage
from bot.scripts.values import Asks, TurnKind

PAGE = (paths.root() / "docs" / "scripts.md").read_text(encoding="utf-8")


def example() -> str:
    found = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert len(found) == 1
    return str(found[0])


async def test_the_pages_example_runs_as_it_stands(stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "my_evening.yml"
    path.write_text(example(), encoding="utf-8")
    outcome = await stage.play(parse(path))
    assert outcome.passed, f"\n{report(outcome)}"


def test_the_pages_example_shows_every_kind_of_turn_and_check_but_one(tmp_path: Path) -> None:
    keys = {kind.value for kind in TurnKind} | {*EXPECTED_KEYS, *CARD_KEYS} | {"cues", "repeat"}
    assert [key for key in sorted(keys) if not re.search(rf"\b{key}:", example())] == []


@pytest.mark.parametrize(
    "key",
    [
        *SCRIPT_KEYS, *(kind.value for kind in TurnKind), *EXPECTED_KEYS, *CARD_KEYS, *ABOUT_KEYS, *READS, "cues", *SETS,
        *(asks.value for asks in Asks), *sorted(names.SLOTS), *(kind.value for kind in CardKind),
        *sorted(value for name, values in READS.items() if name != "intent" for value in values),
    ],
)  # fmt: skip
def test_every_key_and_value_is_explained_on_the_page(key: str | Enum) -> None:
    assert f"`{key}`" in PAGE or f"`{key}:" in PAGE


def test_the_page_names_no_key_that_does_not_exist() -> None:
    known = {
        *SCRIPT_KEYS, *(kind.value for kind in TurnKind), *EXPECTED_KEYS, *CARD_KEYS, *READS, "cues", *SETS,
    }  # fmt: skip
    first_column = re.findall(r"^\| `([^`]+)` \|", PAGE, re.MULTILINE)
    assert set(first_column) == known
