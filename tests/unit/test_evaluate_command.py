"""What ``middle-ground evaluate`` prints, and how it meets files that are not as expected."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest

from bot.commands.compare import Texts, read_passages, tf_idf
from bot.commands.evaluate import cross_read, evaluate, messages
from bot.errors import DataError
from bot.reading.artefact import from_model
from bot.reading.cues import CUES
from bot.reading.encoder import Encoder, digest
from bot.reading.train import gather


@pytest.fixture(scope="module")
def printed(trained_model: Path) -> str:
    out = io.StringIO()
    assert evaluate(errors=3, out=out) == 0
    return out.getvalue()


def test_it_prints_each_cue_with_intervals_a_confusion_matrix_calibration_and_errors(printed: str) -> None:
    for cue in CUES:
        assert re.search(rf"^  {cue} +(-|\d\.\d\d \(\d\.\d\d-\d\.\d\d\)) ", printed, re.MULTILINE), cue
    assert printed.count("as it is (row), as it was read (column)") == 2
    assert printed.count("mean gap") == 2
    assert len(re.findall(r"^  \w+ read as \w+ \(", printed, re.MULTILINE)) == 3


def test_it_measures_on_writers_that_nothing_was_trained_on(printed: str) -> None:
    encoder = Encoder.load()
    material = gather(messages(), encoder)
    unseen = cross_read(encoder, material, from_model())
    assert len(unseen) >= 400
    trained_on = {message.writer for message in messages() if digest(message.text) in encoder.seen}
    assert not trained_on & {found.message.writer for found in unseen}
    assert re.search(rf"\b{len(unseen)} of \d+ writers", printed)
    for inside, outside in material.folds():
        assert not {material.groups[place] for place in inside} & {material.groups[place] for place in outside}


def test_annotated_passages_are_read_with_whom_to_coach(tmp_path: Path) -> None:
    path = tmp_path / "passages.jsonl"
    rows = [
        {"text": "a", "side": "pursue", "partner": "none", "safety": "none"},
        {"text": "b", "side": "neither", "partner": "pursue", "safety": "none"},
        {"text": "c", "side": "pursue", "partner": "none", "safety": "harmed"},
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    assert read_passages(path) == Texts(("a", "b", "c"), ("anxious", "avoidant", "none"))


@pytest.mark.parametrize(
    "line", ["not json", '{"text": "a"}', '{"text": "a", "side": "up", "partner": "none", "safety": "none"}']
)
def test_a_faulty_passage_is_named_with_file_and_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "passages.jsonl"
    path.write_text('{"text": "a", "side": "pursue", "partner": "none", "safety": "none"}\n' + line, encoding="utf-8")
    with pytest.raises(DataError, match=r"passages\.jsonl.*line 2"):
        read_passages(path)
    with pytest.raises(DataError, match="nowhere"):
        read_passages(tmp_path / "nowhere.jsonl")


def test_the_word_baseline_learns_from_what_it_is_given() -> None:
    train = Texts(("call me back now", "please call me now", "leave me alone please", "leave me be please") * 3,
                  ("anxious", "anxious", "avoidant", "avoidant") * 3)  # fmt: skip
    assert tf_idf(train)(["please call me", "leave me"]) == ["anxious", "avoidant"]
