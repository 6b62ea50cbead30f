"""The bench's report on made-up figures: what a person reads and what a program compares."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from bench import report
from bench.loads import Growth, Throughput, sentences
from bench.processes import BenchError, Memory
from bench.reading import ReadingSpeed, pairs
from bench.report import BotFigures, Figures

KEYS = ("ready_ratio", "memory_ratio", "p50_ratio", "growth_ratio", "throughput_ratio")

OURS = BotFigures(
    ready=(5.0, 4.0, 9.0),
    first_answer=(5.5, 4.5, 9.5),
    memory=Memory(pss=500_000_000, rss=510_000_000, processes=1),
    per_message=(0.010, 0.010, 0.011, 0.200),
    kinds={"coach": 4},
    growth=Growth(early=(0.010, 0.012, 0.500), late=(0.011, 0.0132, 0.900), late_at=200),
    throughput=Throughput(messages=208, seconds=2.0, users=16),
)
DEFAULT = BotFigures(
    ready=(40.0, 10.0, 20.0),
    first_answer=(41.0, 11.0, 21.0),
    memory=Memory(pss=1_000_000_000, rss=1_200_000_000, processes=2),
    per_message=(0.040, 0.042, 0.044, 0.400),
    kinds={"action": 3, "words": 1},
    growth=Growth(early=(0.040,), late=(0.400,), late_at=200),
    throughput=Throughput(messages=208, seconds=10.0, users=16),
)
FIGURES = Figures(
    ours=OURS,
    default=DEFAULT,
    reading=ReadingSpeed(messages=1000, words_mean=30.0, per_second=412.3, first_line=(2.0, 1.0, 1.5)),
    second_run=(6.0, 8.0, 7.0),
    training=80.0,
    machine={"cores": 2},
    notes=("nothing of note",),
)


def shown(figures: Figures) -> str:
    console = Console(width=160, record=True, file=open("/dev/null", "w"))
    report.show(figures, console)
    return console.export_text()


def test_every_ratio_is_ours_over_default() -> None:
    found = report.ratios(FIGURES)
    assert found["ready_ratio"] == 0.25  # medians 5 and 20, whatever the outliers
    assert found["memory_ratio"] == 0.5
    assert found["p50_ratio"] == pytest.approx(0.0105 / 0.043, abs=1e-4)
    assert found["p95_ratio"] == 0.5
    assert found["throughput_ratio"] == 5.0


def test_growth_is_our_late_message_over_our_early_one_by_their_medians() -> None:
    assert report.ratios(FIGURES)["growth_ratio"] == 1.1


def test_percentile_is_a_value_that_was_measured() -> None:
    values = [float(number) for number in range(100, 0, -1)]
    assert report.percentile(values, 95) == 95.0
    assert report.percentile([3.0], 95) == 3.0


def test_json_file_holds_the_ratios_at_the_top_and_the_raw_figures_below(tmp_path: Path) -> None:
    path = tmp_path / "new" / "latest.json"
    report.write(FIGURES, path)
    row = json.loads(path.read_text())
    assert {key: row[key] for key in KEYS} == {key: report.ratios(FIGURES)[key] for key in KEYS}
    assert row["ours"]["raw"]["ready"] == [5.0, 4.0, 9.0]
    assert row["default"]["raw"]["per_message"] == [0.040, 0.042, 0.044, 0.400]
    assert (row["ours"]["p50_ms"], row["ours"]["p95_ms"], row["default"]["growth"]) == (10.5, 200.0, 10.0)
    assert (row["reading"]["messages_per_second"], row["reading"]["first_line_s"], row["second_run_s"]) == (412.3, 1.5, 7.0)
    assert [file.name for file in path.parent.iterdir()] == ["latest.json"]


def test_a_second_report_replaces_the_first(tmp_path: Path) -> None:
    path = tmp_path / "latest.json"
    report.write(FIGURES, path)
    report.write(replace(FIGURES, ours=replace(OURS, ready=(20.0,))), path)
    assert json.loads(path.read_text())["ready_ratio"] == 1.0


def test_what_was_not_measured_is_null_in_the_json_and_said_in_the_table() -> None:
    figures = replace(FIGURES, ours=replace(OURS, growth=None), default=replace(DEFAULT, growth=None), second_run=None)
    row = report.to_json(figures)
    assert (row["growth_ratio"], row["default"]["growth"], row["second_run_s"]) == (None, None, None)
    lines = shown(figures).splitlines()
    assert [line.count("not measured") for line in lines if "late message / message 10" in line] == [2]
    assert [line.count("not measured") for line in lines if "second start, ready" in line] == [1]


def test_table_sets_both_bots_and_their_ratio_side_by_side() -> None:
    lines = shown(FIGURES).splitlines()

    def cells(name: str) -> list[str]:
        return [cell.strip() for line in lines if name in line and "│" in line for cell in line.strip().strip("│").split("│")][
            1:4
        ]

    assert cells("server ready") == ["5.00 s", "20.00 s", "0.250"]
    assert cells("memory (PSS)") == ["500 MB", "1,000 MB", "0.500"]
    assert cells("p50 per message") == ["10.5 ms", "43.0 ms", "0.244"]
    assert cells("late message") == ["1.10 times", "10.00 times", "1.100"]
    assert cells("many users at once") == ["104.0 /s", "20.8 /s", "5.000"]
    assert cells("processes") == ["1", "2", ""]


def test_notes_stand_below_the_table_as_they_are() -> None:
    assert "Note: [bold] stays as written" in shown(replace(FIGURES, notes=("[bold] stays as written",)))


def test_reader_gets_no_message_twice_and_about_thirty_words_each() -> None:
    found = pairs(sentences(), 1000)
    assert len(set(found)) == 1000
    assert 26 <= sum(len(text.split()) for text in found) / 1000 <= 34


def test_asking_for_more_reader_messages_than_there_are_says_what_to_do() -> None:
    with pytest.raises(BenchError, match=r"make 6 pairs, 7 are wanted\. Add sentences"):
        pairs(("a", "b", "c"), 7)
