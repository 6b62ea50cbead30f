"""The form of looking back; its questions stand in data/skills/look_back.yml."""

from __future__ import annotations

from actions.exercise import TakeAnswer


class ValidateLookBack(TakeAnswer):
    """Takes the answers of looking back."""

    skill = "look_back"
