"""Figures, checked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bot.reading.measure import Bootstrap, calibration, confusion, macro_f1, score

GOLD = [True, True, True, False, False, False]
FOUND = [True, True, False, True, False, False]
WRITERS = ["a", "a", "b", "b", "c", "c"]


def test_precision_recall_and_f1_are_those_of_the_text_book() -> None:
    row = score(GOLD, FOUND, Bootstrap(WRITERS))
    assert (row.precision.value, row.recall.value, row.f1.value) == pytest.approx((2 / 3, 2 / 3, 2 / 3))
    assert (row.gold, row.found) == (3, 3)


def test_an_interval_holds_its_figure_and_is_the_same_each_time() -> None:
    one, again = (score(GOLD, FOUND, Bootstrap(WRITERS)).recall for _ in range(2))
    assert one == again
    assert 0 <= one.low <= one.value <= one.high <= 1
    assert one.low < one.high


def test_one_writers_texts_are_drawn_together() -> None:
    """All the weight of one writer or none: shares of whole writers only."""
    seen: set[tuple[float, ...]] = set()
    Bootstrap(["a", "a", "b"], draws=50).interval(lambda weights: float(seen.add(tuple(weights)) or 0.0))
    assert {first for first, _, _ in seen} == {second for _, second, _ in seen}
    assert all(first == second for first, second, _ in seen)


def test_a_label_that_nobody_has_gives_no_figure() -> None:
    row = score([False, False], [False, False], Bootstrap(["a", "b"]))
    assert math.isnan(row.precision.value)
    assert str(row.precision) == "-"


def test_macro_f1_counts_each_label_the_same() -> None:
    assert macro_f1(["x", "x", "x", "y"], ["x", "x", "x", "x"], ("x", "y")) == pytest.approx((6 / 7 + 0) / 2)
    weights = np.array([1.0, 1.0, 1.0, 0.0])
    assert macro_f1(["x", "x", "x", "y"], ["x", "x", "x", "x"], ("x",), weights) == 1.0


def test_confusion_has_a_row_for_what_is_and_a_column_for_what_was_read() -> None:
    assert confusion(["a", "a", "b"], ["a", "b", "b"], ("a", "b")).tolist() == [[1, 1], [0, 1]]


def test_calibration_is_perfect_where_chances_come_true_and_shows_the_gap_where_not() -> None:
    rows, gap = calibration([0.5] * 4, [True, True, False, False], np.ones(4))
    assert rows == [(0.5, 0.5, 4)]
    assert gap == pytest.approx(0.0)
    _, gap = calibration([0.9] * 4, [True, True, False, False], np.ones(4))
    assert gap == pytest.approx(0.4)
