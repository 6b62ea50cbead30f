"""Every entry that docs/adding.md shows works when somebody adds it to the file that it names."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot import paths, yaml_files
from bot.guidance.entries import Part
from bot.guidance.library import Library
from bot.guidance.say import Responses
from bot.reading.cues import CueBook
from bot.reading.values import Safety
from bot.safety.gate import Gate
from bot.safety.help_lines import HelpLines

ADDING = paths.root() / "docs" / "adding.md"
EXAMPLE = re.compile(r"^<!-- example: (\S+) -->\n```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)


def examples() -> dict[str, Any]:
    """What the document shows for each file, parsed."""
    found = EXAMPLE.findall(ADDING.read_text(encoding="utf-8"))
    assert len(found) == len(dict(found)) >= 9
    return {name: yaml.safe_load(text) for name, text in found}


SHOWN = examples()


def with_entries(rows: list[dict[str, Any]], new: list[dict[str, Any]], *, to_lists: bool) -> list[dict[str, Any]]:
    """*rows* with the *new* ones: an entry that is there already gets their lists as well, or is replaced."""
    merged = {row["id"]: row for row in rows}
    for row in new:
        known = merged.get(row["id"], {}) if to_lists else {}
        merged[row["id"]] = known | {k: [*known.get(k, []), *v] if isinstance(v, list) else v for k, v in row.items()}
    return list(merged.values())


def write(path: Path, held: Any) -> None:
    path.write_text(yaml.safe_dump(held, allow_unicode=True, sort_keys=False), encoding="utf-8")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of data/ to which all examples were added, as the document says."""
    folder = tmp_path / "project" / "data"
    shutil.copytree(paths.data(), folder)
    for name, new in SHOWN.items():
        path = folder.parent / name
        assert path.exists(), f"docs/adding.md names {name}, which does not exist"
        if name.startswith("data/nlu/"):
            path.write_text(path.read_text(encoding="utf-8") + yaml.safe_dump(new), encoding="utf-8")
            continue
        held = yaml_files.load(path)
        if name == "data/help_lines.yml":
            held["lines"] += new
        elif isinstance(held, dict):
            held |= {key: with_entries(held[key], rows, to_lists=False) for key, rows in new.items()}
        else:
            held = with_entries(held, new, to_lists=name == "data/cues/withdraw.yml")
        write(path, held)
    return folder


def test_the_cue_example_finds_what_it_should_and_spares_its_look_alike(data: Path) -> None:
    book = CueBook.load(data / "cues")
    (entry,) = SHOWN["data/cues/withdraw.yml"]
    for match in entry["matches"]:
        assert (entry["id"], match["actor"]) in {(cue.id, cue.actor.value) for cue in book.find(match["text"]).cues}, match
    for text in entry["spares"]:
        assert entry["id"] not in {cue.id for cue in book.find(text).cues}, text


def test_the_look_alike_example_is_what_spares_the_cue_example(data: Path) -> None:
    (entry,) = SHOWN["data/cues/withdraw.yml"]
    path = data / "cues" / "withdraw.yml"
    rows = yaml_files.rows(path)
    for row in rows:
        row["unless"] = [name for name in row.get("unless", []) if name not in entry["unless"]]
    write(path, rows)
    bare = CueBook.load(data / "cues")
    for text in entry["spares"]:
        assert entry["id"] in {cue.id for cue in bare.find(text).cues}, text


def test_the_danger_example_hits_and_spares(data: Path) -> None:
    gate = Gate.load(data / "safety")
    (entry,) = SHOWN["data/safety/harmed.yml"]
    for text in entry["matches"]:
        assert entry["id"] in {hit.rule.id for hit in gate.fired(text)}, text
        assert gate.read(text).kind is Safety(entry["kind"])
    for text in entry["spares"]:
        assert not gate.read(text).hit, text


def test_the_guidance_examples_are_taken_into_the_library(data: Path) -> None:
    library = Library.load(data / "guidance")
    (practice,) = SHOWN["data/guidance/practices.yml"]
    assert library.practices[practice["id"]].steps == tuple(practice["steps"])
    for part, name in ((Part.NAMING, "namings"), (Part.REFRAME, "reframes")):
        (line,) = SHOWN[f"data/guidance/{name}.yml"]
        assert line["id"] in {known.id for known in library.lines[part]}


def test_the_everyday_example_joins_the_wordings_of_its_key(data: Path) -> None:
    responses = Responses.load(data / "responses")
    for key, rows in SHOWN["data/responses/everyday.yml"].items():
        assert {row["id"] for row in rows} < {variant.id for variant in responses.lines[key]}


def test_the_help_line_example_is_offered_in_its_country(data: Path) -> None:
    lines = HelpLines.load(data / "help_lines.yml")
    (row,) = SHOWN["data/help_lines.yml"]
    assert row["service"] in {line.service for line in lines.for_country(row["country"], row["kind"])}


def test_the_training_examples_are_read_with_labels_that_fit_their_intent(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.commands.evaluate import messages

    monkeypatch.setenv("MIDDLE_GROUND_HOME", str(data.parent))
    read = {message.text: message for message in messages()}
    facing = {"anxious": "pursue", "avoidant": "withdraw", "both": "both", "none": "no_move"}
    for name, blocks in SHOWN.items():
        for block in blocks if name.startswith("data/nlu/") else ():
            text = block["examples"].strip().removeprefix("- ")
            assert read[text].intent == block["intent"] == facing[read[text].labels["coach"]]
