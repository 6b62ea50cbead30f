"""Training of the combiner and the phrase book: seconds, no torch. The encoder itself is trained by tools/encoder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.errors import DataError
from bot.reading.artefact import Artefact
from bot.reading.combine import TARGETS, Row, features, fit
from bot.reading.cues import FEATURES, cue_book
from bot.reading.encoder import FOLDER, Encoder, digest
from bot.reading.reader import Reader, phrase_key
from bot.reading.values import PartnerMove, Safety, Side, coach_for
from bot.safety.gate import gate

EVERYDAY = frozenset({
    "greet", "goodbye", "thanks", "affirm", "deny", "help", "ask_why", "not_me", "ask_concept", "restart", "out_of_scope",
})  # fmt: skip
_STRENGTH = 0.03
_SPEAK_SHORT = 0.55
_FOLDS = 5


@dataclass(frozen=True)
class Labelled:
    """One training message with the labels of its block in data/nlu."""

    text: str
    intent: str
    side: str
    actor: str
    partner: str
    safety: str

    @property
    def labels(self) -> dict[str, str]:
        """Labels of the four questions that the combiner answers."""
        coach = coach_for(Side(self.side), PartnerMove(self.partner), Safety(self.safety)).value
        return {"coach": coach, "side": self.side, "actor": self.actor, "partner": self.partner}


def train(messages: Iterable[Labelled], *, progress: Callable[[int, int], None] = lambda done, total: None) -> Artefact:
    """Fit the artefact on *messages* that the encoder has not seen and on the held-out numbers of real passages.

    *progress* is called with (done, total) messages. Raises DataError where the held-out numbers are
    missing or were made with other pattern features.
    """
    messages = list(messages)
    encoder = Encoder.load()
    reader = Reader(encoder, cue_book(), gate(), None)
    fresh = [message for message in messages if digest(message.text) not in encoder.seen]
    own_rows: list[Row] = []
    for number, message in enumerate(fresh):
        own_rows.append(reader.numbers(message.text).row)
        progress(number + 1, len(fresh))
    own_labels = [message.labels for message in fresh]
    real_rows, real_labels = held_out(encoder, FOLDER / "held_out.npz")
    rows = np.array([*own_rows, *real_rows])
    labels = [*own_labels, *real_labels]
    weights = np.ones(len(labels))
    regressions = {target: fit(rows, [label[target] for label in labels], weights, strength=_STRENGTH) for target in TARGETS}
    speak = _speaking_threshold(rows, [label["coach"] for label in labels], weights)
    return Artefact(
        encoder=encoder.sha256,
        features=FEATURES,
        regressions=regressions,
        thresholds={"speak": speak, "speak_short": max(speak, _SPEAK_SHORT), "ask": 0.25, "everyday": 0.6},
        phrases={
            phrase_key(m.text): m.intent
            for m in messages
            if m.intent in EVERYDAY and len(m.text.split()) <= 8 and phrase_key(m.text)
        },
    )


def held_out(encoder: Encoder, path: Path) -> tuple[list[Row], list[dict[str, str]]]:
    """Return feature rows and labels of the real passages that the encoder was not trained on; numbers only, no text."""
    try:
        kept = np.load(path)
    except OSError as error:
        raise DataError("is missing", where=path, expected="the committed file; restore it with git checkout") from error
    if tuple(kept["features"].tolist()) != FEATURES:
        raise DataError(
            "was made with other pattern features", where=path, expected="a new one; run tools/encoder/held_out_patterns.py"
        )
    rows = [features(encoder, row, patterns) for row, patterns in zip(kept["logits"], kept["patterns"], strict=True)]
    labels = []
    for place in range(len(rows)):
        labels.append({target: _label(encoder, target, int(kept[target][place])) for target in TARGETS})
    usable = [place for place, label in enumerate(labels) if all(label.values())]
    return [rows[place] for place in usable], [labels[place] for place in usable]


def _label(encoder: Encoder, target: str, number: int) -> str:
    return encoder.heads[target].labels[number] if number >= 0 else ""


def _speaking_threshold(rows: Row, labels: Sequence[str], weights: Row) -> float:
    """Return the least probability at which to coach: the best macro-F1 over whom to coach, cross-validated."""
    chances: list[tuple[str, float]] = [("none", 0.0)] * len(labels)
    fold_of = np.arange(len(labels)) % _FOLDS
    for fold in range(_FOLDS):
        inside, outside = np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)
        model = fit(rows[inside], [labels[i] for i in inside], weights[inside], strength=_STRENGTH)
        for place in outside:
            found = model.probabilities(rows[place])
            best = max((name for name in found if name != "none"), key=lambda name: found[name])
            chances[int(place)] = (best, found[best])
    candidates: NDArray[np.float64] = np.arange(0.30, 0.71, 0.02)
    scores = [_macro_f1(labels, [name if chance >= least else "none" for name, chance in chances]) for least in candidates]
    return round(float(candidates[int(np.argmax(scores))]), 2)


def _macro_f1(gold: Sequence[str], found: Sequence[str]) -> float:
    scores = []
    for label in ("anxious", "avoidant", "none"):
        right = sum(g == f == label for g, f in zip(gold, found, strict=True))
        of_gold = sum(g == label for g in gold)
        of_found = sum(f == label for f in found)
        scores.append(2 * right / (of_gold + of_found) if of_gold + of_found else 0.0)
    return sum(scores) / len(scores)
