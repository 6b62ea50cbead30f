from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot import paths
from bot.errors import DataError
from bot.guidance.library import Library
from bot.guidance.say import Responses


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(paths.data() / "guidance", tmp_path / "guidance"))


def spoil(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "old", "new", "complaint"),
    [
        ("reframes.yml", "cues: [P01]", "cues: [P99]", "r_p01_1: cues names P99"),
        ("reframes.yml", "sources: [A17, A19]", "sources: [A112]", "r_pursue_1: sources names A112"),
        ("reframes.yml", "sources: [A17, A19]", "sources: []", "r_pursue_1: sources is missing"),
        ("reframes.yml", "side: pursue", "side: anxious", "r_pursue_1: side is 'anxious' Expected one of pursue, withdraw, both"),
        ("reframes.yml", "side: pursue", "site: pursue", "unknown field site"),
        ("reframes.yml", "id: r_pursue_2", "id: r_pursue_1", "r_pursue_1: this id is there twice"),
        ("reframes.yml", 'text: "', 'text: "' + "word " * 30, "at most 26; say it shorter"),
        ("reframes.yml", 'text: "', 'text: "{words} ', "no braces at all"),
        ("namings.yml", '"{words}:', '"{word}:', "text holds {word} Expected {words}, {theirs}, {other}"),
        ("practices.yml", "effort: small", "effort: tiny", "one of small, medium, large"),
        ("practices.yml", "minutes: 5", "minutes: 500", "a number from 0.5 to 60"),
        ("concepts.yml", "- id: c_the_cycle", "- name: c_the_cycle", "an entry has no name"),
        ("cue_names.yml", "id: P01", "id: P15", "P15: is not a cue"),
        ("sources.yml", "article: healing", "article: heeling", "where holds"),
        ("validations.yml", "- id: v_pursue_1", "- id: [", "is not valid YAML"),
    ],
)
def test_a_mistake_in_the_data_is_told_with_its_file_and_entry(
    folder: Path, name: str, old: str, new: str, complaint: str
) -> None:
    spoil(folder, name, old, new)
    with pytest.raises(DataError) as told:
        Library.load(folder)
    assert complaint in str(told.value)
    assert name in str(told.value) or str(folder) in str(told.value)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "questions.yml").unlink()
    with pytest.raises(DataError, match=r"questions\.yml"):
        Library.load(folder)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("greet:\n  - {id: a, text: Hello.}\n", "at least 3 entries"),
        ("greet:\n" + "  - {id: a, text: Hello.}\n" * 3, "a: this id is there twice"),
        ("greet: [{id: a, text: '%s'}, {id: b, text: x}, {id: c, text: x}]\n" % ("word " * 61), "at most 60"),
        ("greet: [{id: a, text: x, colour: red}, {id: b, text: x}, {id: c, text: x}]\n", "unknown field colour"),
    ],
)
def test_a_mistake_in_the_everyday_lines_is_told(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "everyday.yml").write_text(text, encoding="utf-8")
    (tmp_path / "buttons.yml").write_text("- {id: more, title: More, payload: /more}\n", encoding="utf-8")
    with pytest.raises(DataError) as told:
        Responses.load(tmp_path)
    assert complaint in str(told.value)


def test_a_payload_too_long_for_telegram_is_refused(tmp_path: Path) -> None:
    (tmp_path / "buttons.yml").write_text(f"- {{id: more, title: More, payload: /{'m' * 64}}}\n", encoding="utf-8")
    with pytest.raises(DataError, match="64 bytes"):
        Responses.load(tmp_path)


def test_guidance_loads_without_spacy_or_rasa() -> None:
    code = (
        "import sys; import bot.guidance.choose, bot.guidance.why, bot.guidance.library; bot.guidance.library.library();"
        "print(sorted({'spacy', 'rasa', 'tensorflow', 'onnxruntime', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=paths.root())
    assert done.stdout.strip() == "[]"
