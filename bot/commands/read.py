"""``middle-ground read``: JSON lines in, readings out, as they come. Imports neither Rasa nor TensorFlow."""

from __future__ import annotations

import json
from typing import Any, BinaryIO, TextIO

from bot.reading.reader import Reader
from bot.reading.values import Reading


def read_lines(source: BinaryIO, target: TextIO, *, reader: Reader | None = None) -> int:
    """Read {"id", "text"} lines of *source*, write one line each to *target*; a faulty line gets {"id", "error"}.

    Returns 0 when every line was read, 1 when some were not.
    """
    reader = reader or Reader.load()
    faulty = 0
    for raw in source:
        if not raw.strip():
            continue
        row = _answer(raw, reader)
        faulty += "error" in row
        target.write(json.dumps(row, ensure_ascii=False) + "\n")
        target.flush()
    return 1 if faulty else 0


def _answer(raw: bytes, reader: Reader) -> dict[str, Any]:
    try:
        row = json.loads(raw)
    except (ValueError, RecursionError):
        return {"id": None, "error": 'not JSON; expected a line like {"id": "1", "text": "..."}'}
    if not isinstance(row, dict):
        return {"id": None, "error": f'{type(row).__name__} found; expected an object like {{"id": "1", "text": "..."}}'}
    if not isinstance(row.get("text"), str):
        return {"id": row.get("id"), "error": '"text" is missing or not a string; expected {"id": "1", "text": "..."}'}
    # A lone half of a surrogate pair cannot be written out again; the offsets stay those of the text as sent.
    text = row["text"].encode("utf-8", "replace").decode("utf-8")
    return {"id": row.get("id"), **public(reader.read(text))}


def public(reading: Reading) -> dict[str, Any]:
    """Return the fields that the interface promises, in its order."""
    return {
        "side": reading.side.value,
        "actor": reading.actor.value,
        "coach": reading.coach.value,
        "cues": [{"id": cue.id, **cue.evidence.to_json()} for cue in reading.cues],
        "confidence": round(reading.confidence, 4),
        "safety": reading.safety.value,
    }
