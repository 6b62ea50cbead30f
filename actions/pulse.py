"""The form of the pulse; its questions stand in data/skills/pulse.yml."""

from __future__ import annotations

from actions.exercise import TakeAnswer


class ValidatePulse(TakeAnswer):
    """Takes the answers of the pulse."""

    skill = "pulse"
