from __future__ import annotations

import io
import json
import subprocess
import sys
from typing import Any

import pytest

from bot.commands.read import read_lines
from bot.reading.reader import Reader

FIELDS = ["id", "side", "actor", "coach", "cues", "confidence", "safety"]


def read(*lines: bytes, reader: Reader) -> list[dict[str, Any]]:
    out = io.StringIO()
    read_lines(io.BytesIO(b"\n".join(lines) + b"\n"), out, reader=reader)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def line(text: str, name: str = "1") -> bytes:
    return json.dumps({"id": name, "text": text}).encode()


def test_each_line_gets_the_promised_fields_in_order(reader: Reader) -> None:
    (row,) = read(line("I've rung him nine times since lunch and he still won't answer"), reader=reader)
    assert list(row) == FIELDS
    assert (row["side"], row["coach"], row["safety"]) == ("pursue", "anxious", "none")
    assert {"P02"} <= {cue["id"] for cue in row["cues"]}
    assert 0 <= row["confidence"] <= 1


def test_cue_offsets_point_at_the_words_of_the_message(reader: Reader) -> None:
    text = "😢😢 ok so… I’ve texted her fifteen times tonight, naïve of me I know"
    (row,) = read(line(text), reader=reader)
    assert row["cues"]
    for cue in row["cues"]:
        assert text[cue["start"] : cue["end"]] == cue["text"]


BAD = {
    "no JSON": (b"not json at all", "not JSON"),
    "no text": (b'{"id": "7"}', '"text" is missing'),
    "a number for text": (b'{"id": "7", "text": 5}', '"text" is missing or not a string'),
    "a list": (b"[1, 2]", "expected an object"),
    "not UTF-8": (b"\xff\xfe\x00", "not JSON"),
    "nested without end": (b"[" * 100_000, "not JSON"),
}


@pytest.mark.parametrize(("bad", "says"), BAD.values(), ids=BAD)
def test_a_line_it_cannot_read_gets_an_error_and_the_rest_goes_on(bad: bytes, says: str, reader: Reader) -> None:
    rows = read(line("he walked out again", "a"), bad, line("hello", "b"), reader=reader)
    assert [row["id"] for row in rows][::2] == ["a", "b"]
    assert says in rows[1]["error"]


RUBBISH = {
    "nothing": "",
    "a space": " ",
    "a null byte": "\u0000",
    "emoji": "😀" * 50,
    "one letter": "a" * 10_000,
    "half a surrogate pair": "\ud800 lone half",
    "upside down": "ʇɥƃᴉɹ ǝpᴉs",
    "marks without width": "\u200b\u200f\u202e",
    "question marks": "?" * 500,
    "digits": "1" * 400,
}


@pytest.mark.parametrize("text", RUBBISH.values(), ids=RUBBISH)
def test_rubbish_is_read_as_nothing_to_coach(text: str, reader: Reader) -> None:
    (row,) = read(line(text), reader=reader)
    assert row["coach"] == "none"
    assert row["safety"] == "none"


def test_partners_move_coaches_the_side_that_faces_it(reader: Reader) -> None:
    rows = read(
        line("He walked out again last night and slept in the car."),
        line("She won't stop calling me at work, forty missed calls."),
        reader=reader,
    )
    assert [(row["side"], row["actor"], row["coach"]) for row in rows] == [
        ("neither", "partner", "anxious"),
        ("neither", "partner", "avoidant"),
    ]


def test_danger_is_never_coached(reader: Reader) -> None:
    rows = read(
        line("he choked me last night and I keep texting him to come back"),
        line("I want to kill myself if she leaves"),
        reader=reader,
    )
    assert [(row["coach"], row["safety"]) for row in rows] == [("none", "harmed"), ("none", "suicide")]


def test_the_command_streams(reader: Reader) -> None:
    process = subprocess.Popen([sys.executable, "-m", "bot.cli", "read"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin and process.stdout
    process.stdin.write(line("she has gone quiet on me", "first") + b"\n")
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["id"] == "first"  # while standard input is still open
    process.stdin.write(line("thanks", "second") + b"\n")
    process.stdin.close()
    assert json.loads(process.stdout.readline())["id"] == "second"
    assert process.wait(timeout=60) == 0


def test_danger_at_the_end_of_a_story_longer_than_is_read_for_moves_is_still_seen(reader: Reader) -> None:
    story = "We had dinner and she talked about her day at the office. " * 300 + "Then he choked me."
    assert len(story) > 15_000
    (row,) = read(line(story), reader=reader)
    assert (row["coach"], row["safety"]) == ("none", "harmed")
