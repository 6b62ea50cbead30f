"""Child processes on loopback ports: started, waited for, weighed from /proc, and always ended."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

LOOPBACK = "127.0.0.1"
POLL_SECONDS = 0.02
GRACE_SECONDS = 15.0
INTERRUPTIONS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM)


class BenchError(RuntimeError):
    """The bench cannot go on. The message says what happened and what to do."""


@dataclass(frozen=True)
class Memory:
    """What a set of processes holds, in bytes. *pss* counts a page shared by n processes 1/n times, *rss* n times."""

    pss: int
    rss: int
    processes: int


class Child:
    """One running command in a session of its own, with everything that it starts. Its output goes to *log*."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        folder: Path,
        environment: Mapping[str, str],
        log: Path,
        piped: bool = False,
        core: int | None = None,
    ) -> None:
        """Start *command* in *folder*; *piped* gives its input and output to the bench, *core* keeps it on one core."""
        self.log = log
        self.name = log.stem
        self.started = time.monotonic()
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                cwd=folder,
                env={**os.environ, **environment},
                stdin=subprocess.PIPE if piped else subprocess.DEVNULL,
                stdout=subprocess.PIPE if piped else output,
                stderr=output,
                start_new_session=True,
            )
        if core is not None:
            # Before its libraries start their threads, which inherit it.
            os.sched_setaffinity(self.process.pid, {core})

    def finish(self, *, seconds: float) -> float:
        """Return the seconds until the child ended by itself, from its start. Raises BenchError on a fault or when late."""
        try:
            code = self.process.wait(max(0.0, seconds - (time.monotonic() - self.started)))
        except subprocess.TimeoutExpired:
            raise BenchError(f"{self.name} had not ended after {seconds:.0f} s.{self.last_words()}") from None
        took = time.monotonic() - self.started
        if code != 0:
            raise BenchError(f"{self.name} ended with {code}.{self.last_words()}")
        return took

    def last_words(self, lines: int = 12) -> str:
        """Return the end of the child's output, for an error message."""
        text = self.log.read_text(errors="replace").replace("\r", "\n").strip().splitlines()
        return "\nIts last lines:\n  " + "\n  ".join(text[-lines:]) if text else " It wrote nothing."

    def stop(self) -> None:
        """End the child and everything in its session: kindly first, then for certain."""
        _signal(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            pass
        finally:
            _signal(self.process.pid, signal.SIGKILL)
            self.process.wait(GRACE_SECONDS)
            self._wait_gone()
            for pipe in (self.process.stdin, self.process.stdout):
                if pipe:
                    try:
                        pipe.close()
                    except OSError:  # what was left to write has no reader any more
                        pass

    def _wait_gone(self) -> None:
        until = time.monotonic() + GRACE_SECONDS
        while _session(self.process.pid) and time.monotonic() < until:
            time.sleep(POLL_SECONDS)


@contextmanager
def running(*commands: Callable[[], Child]) -> Iterator[tuple[Child, ...]]:
    """Start *commands* one after the other and end them all, also when one of them does not start."""
    children: list[Child] = []
    try:
        for start in commands:
            children.append(start())
        yield tuple(children)
    finally:
        # A second Ctrl+C, or the limit of the whole run, must not leave a server behind.
        before = {number: signal.signal(number, signal.SIG_IGN) for number in INTERRUPTIONS}
        try:
            for child in reversed(children):
                child.stop()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def wait_ready(children: Sequence[Child], ready: Callable[[], bool], *, seconds: float) -> float:
    """Return the seconds from the start of the first of *children* until *ready* says so.

    Raises BenchError when one of them ends before that, or when it takes more than *seconds*.
    """
    begun = min(child.started for child in children)
    while not ready():
        for child in children:
            if child.process.poll() is not None:
                raise BenchError(f"{child.name} ended with {child.process.returncode} before it was ready.{child.last_words()}")
        if time.monotonic() - begun > seconds:
            last = "".join(f"\n{child.name}:{child.last_words()}" for child in children)
            raise BenchError(f"the server was not ready after {seconds:.0f} s.{last}")
        time.sleep(POLL_SECONDS)
    return time.monotonic() - begun


def python(*arguments: str) -> list[str]:
    """Return the command line that runs *arguments* with this Python."""
    return [sys.executable, *arguments]


def free_ports(count: int) -> list[int]:
    """Return *count* different loopback ports that nobody uses at this moment."""
    with ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind((LOOPBACK, 0))
        return [int(probe.getsockname()[1]) for probe in probes]


def answers(port: int, path: str) -> bool:
    """Return whether GET *path* gives 200 on *port*."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def memory(children: Sequence[Child]) -> Memory:
    """Return what *children* and everything they started hold now, from /proc."""
    pids = [pid for child in children for pid in _session(child.process.pid)]
    pss = rss = counted = 0
    for pid in pids:
        try:
            rows = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:])
        except OSError:  # ended in between
            continue
        pss += int(rows["Pss"].split()[0]) * 1024
        rss += int(rows["Rss"].split()[0]) * 1024
        counted += 1
    if not counted:
        raise BenchError("There is no process left to weigh: a server ended, or /proc/<pid>/smaps_rollup cannot be read.")
    return Memory(pss=pss, rss=rss, processes=counted)


def _session(leader: int) -> list[int]:
    """Return the processes in the session of *leader*: its whole tree, also what has lost its parent."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                # The name in brackets may hold blanks; session is the fourth field after it.
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == leader and fields[0] != "Z":
                found.append(int(entry.name))
    return found


def _signal(leader: int, number: signal.Signals) -> None:
    for pid in _session(leader):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass
