"""The form of finding the need; its questions stand in data/skills/need.yml."""

from __future__ import annotations

from actions.exercise import TakeAnswer


class ValidateNeed(TakeAnswer):
    """Takes the answers of finding the need."""

    skill = "need"
