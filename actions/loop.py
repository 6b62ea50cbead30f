"""The form of mapping the loop; its questions stand in data/skills/loop.yml."""

from __future__ import annotations

from actions.exercise import TakeAnswer


class ValidateLoop(TakeAnswer):
    """Takes the answers of mapping the loop."""

    skill = "loop"
