"""The real server: page transport, agent, actions, store. Killed in mid-conversation, it goes on where it was."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from bot import names, paths
from tests.channels.web_client import Visitor, visit, words

TEXT = "he went quiet after dinner and ive texted him five times from upstairs"
START_LIMIT = 240  # seconds; a start takes a few, a busy machine more


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def server(var: Path, *, log: Path, **environment: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    port = free_port()
    settings = {**os.environ, "MIDDLE_GROUND_VAR": str(var), **environment}
    settings.pop("DATABASE_URL", None)
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "serve", "--port", str(port)],
            cwd=paths.root(),
            env=settings,
            stdout=out,
            stderr=out,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        limit = time.monotonic() + START_LIMIT
        while True:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < limit, "the server did not become ready"
            try:
                if httpx.get(f"{address}/readyz", timeout=5).status_code == 200:
                    break
            except httpx.TransportError:
                # Wait on the process rather than by the clock: it returns early if the server dies.
                try:
                    process.wait(timeout=0.2)
                except subprocess.TimeoutExpired:
                    continue
        yield process, address
    finally:
        process.kill()
        process.wait(timeout=30)


@pytest.fixture
def var(tmp_path: Path) -> Path:
    folder = tmp_path / "server"
    folder.mkdir(mode=0o700)
    return folder


async def test_a_killed_server_goes_on_where_it_was(trained_model: Path, var: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with server(var, log=log) as (process, address):
        async with httpx.AsyncClient(base_url=address, timeout=60) as http:
            before = await visit(http)
            await before.say(TEXT)
            asked, card = await before.messages(2)
            assert asked["text"] == TEXT
            assert card["card"]["kind"] == "ask", "everybody is asked first whether they feel afraid or controlled"
            await before.post(payload="/deny")
            assert (await before.messages(2))[1]["card"]["kind"] == "coach"
            await before.say("he choked me when i came down")
            assert (await before.messages(2))[1]["card"]["kind"] == "safety"
        process.kill()
        process.wait(timeout=30)
    with server(var, log=log) as (_, address):
        async with httpx.AsyncClient(base_url=address, timeout=60) as http:
            after = Visitor(http, before.token)
            assert words((await after.messages(6, after=0))[0]) == TEXT
            for payload in sorted(names.PAYLOADS):
                await after.post(payload=f"/{payload}")
                *_, locked = await after.messages(2)
                assert locked["card"]["kind"] in ("safety", "help"), f"what was locked before the kill stays locked: {payload}"
                assert not [row for row in locked["card"]["bubbles"] if row["part"] in ("practice", "naming", "reframe", "steps")]
    assert TEXT not in log.read_text()
    assert "choked" not in log.read_text()


async def test_an_unanswered_message_is_answered_once_after_a_kill(trained_model: Path, var: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with server(var, log=log) as (process, address):
        async with httpx.AsyncClient(base_url=address, timeout=60) as http:
            before = await visit(http)
            await before.say("hello")
            await before.messages(2)
            await before.say(TEXT)  # acknowledged: from here on it may not be lost
            process.kill()
            process.wait(timeout=30)
    with server(var, log=log) as (_, address):
        async with httpx.AsyncClient(base_url=address, timeout=60) as http:
            after = Visitor(http, before.token)
            rows = await after.messages(4, after=0)
            assert [row["who"] for row in rows] == ["you", "bot", "you", "bot"]
            assert rows[3]["card"]["kind"] == "ask"
            await after.say("thanks")
            assert [row["who"] for row in await after.messages(2)] == ["you", "bot"], "nothing was answered twice"


def test_faulty_help_lines_of_a_deployer_stop_the_start_in_one_line(trained_model: Path, var: Path) -> None:
    settings = {**os.environ, "MIDDLE_GROUND_VAR": str(var), "MIDDLE_GROUND_HELP_LINES": str(var / "none.yml")}
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "serve", "--port", str(free_port())],
        cwd=paths.root(), env=settings, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 2
    assert "MIDDLE_GROUND_HELP_LINES" in done.stderr and "Traceback" not in done.stderr


def test_in_production_a_missing_secret_stops_the_start_and_says_what_to_set(trained_model: Path, var: Path) -> None:
    settings = {**os.environ, "MIDDLE_GROUND_VAR": str(var), "MIDDLE_GROUND_ENV": "production"}
    settings.pop("MIDDLE_GROUND_SECRET", None)
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "serve", "--port", str(free_port())],
        cwd=paths.root(), env=settings, capture_output=True, text=True, timeout=START_LIMIT,
    )  # fmt: skip
    assert done.returncode == 2
    assert "MIDDLE_GROUND_SECRET" in done.stderr
    assert "Traceback" not in done.stderr
