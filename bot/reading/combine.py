"""The light combiner: encoder logits and pattern hits in, calibrated probabilities out.

One multinomial logistic regression a question (coach, side, actor, partner), trained by
``middle-ground train`` on messages that the encoder has not seen, so that its probabilities mean
what they say. Weights are plain numbers in the trained artefact; no scikit-learn is needed to read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.reading.encoder import Encoder, Logits

TARGETS = ("coach", "side", "actor", "partner")
_HEADS = ("coach", "side", "actor", "partner", "safety")

Row = NDArray[np.float64]


def features(encoder: Encoder, logits: Logits, patterns: Sequence[float]) -> Row:
    """Return one feature row: log-probabilities of five heads, then the pattern features of the cue book."""
    parts: list[Row] = []
    for head in _HEADS:
        values = logits[encoder.heads[head].where].astype(np.float64)
        values = values - values.max()
        parts.append(np.maximum(values - np.log(np.exp(values).sum()), -8.0))
    parts.append(np.asarray(patterns, dtype=np.float64))
    return np.concatenate(parts)


@dataclass(frozen=True)
class Regression:
    """A trained multinomial logistic regression. *weights*: labels x features; *mean*, *scale*: features."""

    labels: tuple[str, ...]
    weights: Row
    bias: Row
    mean: Row
    scale: Row

    def probabilities(self, row: Row) -> dict[str, float]:
        """Return label -> calibrated probability for one feature row."""
        scores = self.weights @ ((row - self.mean) / self.scale) + self.bias
        scores = np.exp(scores - scores.max())
        return dict(zip(self.labels, (scores / scores.sum()).tolist(), strict=True))

    def to_json(self) -> dict[str, Any]:
        """Return the numbers as plain JSON values."""
        return {
            "labels": list(self.labels),
            **{name: np.round(getattr(self, name), 5).tolist() for name in ("weights", "bias", "mean", "scale")},
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Regression:
        """Rebuild from `to_json`. Raises KeyError on anything else."""
        return cls(tuple(row["labels"]), *(np.asarray(row[name]) for name in ("weights", "bias", "mean", "scale")))


def fit(rows: Row, labels: Sequence[str], weights: Row, *, strength: float) -> Regression:
    """Fit one regression. *rows*: messages x features; *strength*: inverse of the L2 penalty. Needs scikit-learn."""
    from sklearn.linear_model import LogisticRegression

    mean, scale = rows.mean(0), rows.std(0)
    scale = np.where(scale < 1e-6, 1.0, scale)
    model = LogisticRegression(C=strength, max_iter=2000, random_state=0)
    model.fit((rows - mean) / scale, list(labels), sample_weight=weights)
    return Regression(tuple(model.classes_), model.coef_, model.intercept_, mean, scale)
