"""The bench's child processes: all of them weighed, all of them ended, faults told in plain words."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from bench.__main__ import limited
from bench.processes import BenchError, Child, memory, python, running, wait_ready

WITH_A_CHILD = """
import subprocess, sys, time
inner = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print("up", inner.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def start(tmp_path: Path) -> Callable[[str], Child]:
    def start(code: str) -> Child:
        return Child(python("-c", code), folder=tmp_path, environment={}, log=tmp_path / "some-server.log")

    return start


def is_up(child: Child) -> bool:
    return "up" in child.log.read_text()


def alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    try:
        return status.read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def pids(child: Child) -> list[int]:
    return [child.process.pid, int(child.log.read_text().split()[1])]


def test_processes_and_what_they_started_are_ended_when_the_bench_fails(start: Callable[[str], Child]) -> None:
    with pytest.raises(BenchError, match="something went wrong"), running(partial(start, WITH_A_CHILD)) as (child,):
        wait_ready([child], lambda: is_up(child), seconds=20)
        started = pids(child)
        assert all(alive(pid) for pid in started)
        raise BenchError("something went wrong")
    assert not any(alive(pid) for pid in started)


def test_a_termination_of_the_bench_ends_its_processes(start: Callable[[str], Child]) -> None:
    with pytest.raises(KeyboardInterrupt), limited(60), running(partial(start, WITH_A_CHILD)) as (child,):
        wait_ready([child], lambda: is_up(child), seconds=20)
        started = pids(child)
        os.kill(os.getpid(), signal.SIGTERM)
    assert not any(alive(pid) for pid in started)


def test_memory_counts_every_process_of_a_bot(start: Callable[[str], Child]) -> None:
    with running(partial(start, WITH_A_CHILD)) as (child,):
        wait_ready([child], lambda: is_up(child), seconds=20)
        held = memory([child])
    assert held.processes == 2
    assert 1_000_000 < held.pss <= held.rss


def test_a_server_that_ends_at_once_is_told_with_its_last_words(start: Callable[[str], Child]) -> None:
    broken = "import sys; sys.exit('the port is taken')"
    with pytest.raises(BenchError, match=r"some-server ended with 1 before it was ready(.|\n)*the port is taken"):
        with running(partial(start, broken)) as (child,):
            wait_ready([child], lambda: False, seconds=20)


def test_a_command_that_hangs_is_given_up_and_ended(start: Callable[[str], Child]) -> None:
    with (
        pytest.raises(BenchError, match="some-server had not ended after 0 s"),
        running(partial(start, WITH_A_CHILD)) as (child,),
    ):
        child.finish(seconds=0)
    assert not alive(child.process.pid)
