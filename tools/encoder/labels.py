"""Label orders of the encoder's heads, written into the exported file and read from there."""

from __future__ import annotations

HEADS: dict[str, list[str]] = {
    "coach": ["anxious", "avoidant", "both", "none"],
    "side": ["pursue", "withdraw", "both", "healthy_reach", "healthy_space", "neither"],
    "actor": ["self", "partner", "draft", "received", "both", "none"],
    "partner": ["pursue", "withdraw", "both", "none"],
    "safety": ["none", "suicide", "child", "harmed", "harming", "others", "out_of_scope"],
    "cue": [f"{family}{number:02d}" for family in "PW" for number in range(1, 15)],
    "everyday": [
        "message", "greet", "goodbye", "thanks", "affirm", "deny", "help", "ask_why", "not_me",
        "ask_concept", "restart", "out_of_scope",
    ],
}  # fmt: skip
WEIGHTS = {"coach": 1.0, "side": 0.5, "actor": 0.3, "partner": 0.3, "safety": 1.0, "cue": 0.3, "everyday": 0.3}
MAX_TOKENS = 128
HELD_OUT = 0.12  # share of all messages that the encoder never sees; the combiner learns from these
