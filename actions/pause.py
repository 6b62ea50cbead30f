"""The form of the pause agreement; its questions stand in data/skills/pause.yml."""

from __future__ import annotations

from actions.exercise import TakeAnswer


class ValidatePause(TakeAnswer):
    """Takes the answers of the pause agreement."""

    skill = "pause"
