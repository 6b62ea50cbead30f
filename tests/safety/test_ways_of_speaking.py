"""Ways in which danger is told, and ways in which it only seems to be: each of them stays found, or stays free."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.reading.reader import Reader
from bot.reading.values import Coach, Safety
from bot.yaml_files import mapping

WAYS = mapping(Path(__file__).parent / "ways_of_speaking.yml")
TOLD = [(Safety(kind), text) for kind, ways in WAYS["told"].items() for texts in ways.values() for text in texts]
FREE = [text for texts in WAYS["free"].values() for text in texts]


@pytest.mark.parametrize(("kind", "text"), TOLD)
def test_it_is_found_in_every_way_of_telling_it(kind: Safety, text: str, reader: Reader) -> None:
    reading, danger = reader.read_with_safety(text)
    assert danger.hit and kind in (danger.kind, *danger.also), (danger.kind, danger.rule)
    assert reading.coach is Coach.NONE


@pytest.mark.parametrize("text", FREE)
def test_what_only_looks_like_it_locks_nothing(text: str, reader: Reader) -> None:
    _, danger = reader.read_with_safety(text)
    assert not danger.hit, (danger.kind, danger.rule)
