"""Figures on readings: precision, recall, F1 with bootstrap intervals, confusion, calibration. Numpy only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Weights = NDArray[np.float64]
_DRAWS = 1000


class Interval(NamedTuple):
    """A figure with the 2.5th and 97.5th percentile of its bootstrap; *low* and *high* are nan where nothing can be drawn."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        """Return the figure as it is printed: ``0.81 (0.74-0.87)``."""
        if np.isnan(self.value):
            return "-"
        return f"{self.value:.2f} ({self.low:.2f}-{self.high:.2f})"


class Score(NamedTuple):
    """How one label was found. *gold*, *found*: how many texts carry it, and were given it."""

    precision: Interval
    recall: Interval
    f1: Interval
    gold: int
    found: int


class Bootstrap:
    """Draws whole groups (writers, posts) with replacement: sentences of one person are not independent.

    >>> Bootstrap(["a", "a", "b"]).interval(lambda weights: float(weights.sum()))
    """

    def __init__(self, groups: Sequence[str], *, draws: int = _DRAWS, seed: int = 0) -> None:
        """*groups*: one name a text. The draws are the same for the same *seed*."""
        names = sorted(set(groups))
        place = {name: number for number, name in enumerate(names)}
        of_text = np.array([place[group] for group in groups], dtype=np.int64)
        rng = np.random.default_rng(seed)
        self._size = len(groups)
        self._weights = [
            np.bincount(rng.integers(0, len(names), len(names)), minlength=len(names))[of_text].astype(np.float64)
            for _ in range(draws if names else 0)
        ]

    def interval(self, figure: Callable[[Weights], float]) -> Interval:
        """Return *figure* of all texts, with the interval of its values over the draws; it is given a weight for each text."""
        value = figure(np.ones(self._size))
        drawn = np.array([figure(weights) for weights in self._weights])
        drawn = drawn[~np.isnan(drawn)]
        if not len(drawn) or np.isnan(value):
            return Interval(value, float("nan"), float("nan"))
        low, high = np.percentile(drawn, (2.5, 97.5))
        return Interval(value, float(low), float(high))


def score(gold: Sequence[bool], found: Sequence[bool], bootstrap: Bootstrap) -> Score:
    """Return precision, recall and F1 of one label. *gold*, *found*: whether each text carries it, and was given it."""
    true, said = np.array(gold, dtype=bool), np.array(found, dtype=bool)
    right = true & said

    def share(of: NDArray[np.bool_]) -> Callable[[Weights], float]:
        return lambda weights: _ratio(float(weights[right].sum()), float(weights[of].sum()))

    def f1(weights: Weights) -> float:
        return _ratio(2 * float(weights[right].sum()), float(weights[true].sum() + weights[said].sum()))

    precision, recall = bootstrap.interval(share(said)), bootstrap.interval(share(true))
    return Score(precision, recall, bootstrap.interval(f1), int(true.sum()), int(said.sum()))


def macro_f1(gold: Sequence[str], found: Sequence[str], labels: Sequence[str], weights: Weights | None = None) -> float:
    """Return the mean F1 over *labels*; a label that occurs on neither side counts as 0."""
    true, said = np.array(gold), np.array(found)
    each = np.ones(len(true)) if weights is None else weights
    scores = []
    for label in labels:
        right = float(each[(true == label) & (said == label)].sum())
        scores.append(2 * right / (float(each[true == label].sum() + each[said == label].sum()) or 1.0))
    return float(np.mean(scores))


def confusion(gold: Sequence[str], found: Sequence[str], labels: Sequence[str]) -> NDArray[np.int64]:
    """Return counts, labels x labels: rows as they are, columns as they were read."""
    place = {label: number for number, label in enumerate(labels)}
    counts = np.zeros((len(labels), len(labels)), dtype=np.int64)
    for true, said in zip(gold, found, strict=True):
        counts[place[true], place[said]] += 1
    return counts


def calibration(
    chances: Sequence[float], right: Sequence[bool], weights: Weights, *, bins: int = 5
) -> tuple[list[tuple[float, float, int]], float]:
    """Return (mean chance, share right, texts) for each bin of equal width, and the mean gap between the two (0 is perfect)."""
    chance, hit = np.array(chances), np.array(right, dtype=np.float64)
    rows: list[tuple[float, float, int]] = []
    gap = 0.0
    for low in np.arange(bins) / bins:
        inside = (chance > low) & (chance <= low + 1 / bins)
        if not inside.any():
            continue
        mean, share = np.average(chance[inside], weights=weights[inside]), np.average(hit[inside], weights=weights[inside])
        rows.append((float(mean), float(share), int(inside.sum())))
        gap += float(weights[inside].sum() / weights.sum()) * abs(float(mean) - float(share))
    return rows, gap


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")
