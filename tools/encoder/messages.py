"""Reads the two kinds of training text: the project's own messages and annotated real passages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from labels import HEADS, HELD_OUT

_COACH_OF_SIDE = {"pursue": "anxious", "withdraw": "avoidant", "both": "both"}
_COACH_OF_PARTNER = {"withdraw": "anxious", "pursue": "avoidant", "both": "both", "none": "none"}


@dataclass(frozen=True)
class Example:
    """One labelled text. *labels* maps a head to a label, or leaves the head out where it is not known.

    *group* names the writer of one of our own messages, or the post that a real passage stands in.
    """

    text: str
    labels: dict[str, str]
    weight: float
    own: bool
    group: str

    @property
    def digest(self) -> str:
        """A name for the text that does not tell it."""
        return hashlib.sha256(self.text.strip().lower().encode()).hexdigest()[:16]

    @property
    def held_out(self) -> bool:
        """True for the fixed share that is never trained on: whole writers and whole posts, by their name alone."""
        return int(hashlib.sha256(self.group.encode()).hexdigest()[:8], 16) / 0xFFFFFFFF < HELD_OUT


def coach(side: str, partner: str, safety: str) -> str:
    """Whom to coach, as the annotation guide derives it."""
    if safety != "none":
        return "none"
    return _COACH_OF_SIDE.get(side, "none") if side != "neither" else _COACH_OF_PARTNER[partner]


def own(folder: Path) -> Iterator[Example]:
    """Yield the project's own messages, data/nlu/*.yml, with the labels of their blocks."""
    for path in sorted(folder.glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            meta, intent = block["metadata"], block["intent"]
            labels = {head: meta[head] for head in ("side", "actor", "partner", "safety")}
            labels["coach"] = coach(meta["side"], meta["partner"], meta["safety"])
            labels["everyday"] = intent if intent in HEADS["everyday"] else "message"
            if meta.get("cue"):
                labels["cue"] = meta["cue"]
            for line in block["examples"].splitlines():
                if line.strip():
                    yield Example(line.strip()[2:], labels, 1.0, True, str(meta["writer"]))


def real(path: Path) -> Iterator[Example]:
    """Yield annotated real passages (JSON lines with id, text, side, actor, partner, safety, sure)."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        labels = {head: row[head] for head in ("side", "actor", "partner", "safety") if row[head] in HEADS[head]}
        labels["coach"] = row.get("coach") or coach(row["side"], row["partner"], row["safety"])
        labels["everyday"] = "message"
        yield Example(row["text"], labels, {1: 0.5, 2: 0.8, 3: 1.0}[row.get("sure", 3)], False, row["id"].rpartition(":")[0])
