"""A small dialogue in place of the agent, and a real server around the real channel."""

from __future__ import annotations

import argparse
import asyncio
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

from sanic import Sanic

from bot import paths
from bot.channels.web import WebChannel
from bot.guidance.values import Bubble, Button, Card, CardKind
from bot.reading.values import Evidence
from bot.store.store import Store

Sanic.test_mode = True  # several servers, one after the other, in one process
KEY = "a key for tests, and long enough for one"
HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'
_numbers = count(1)


def card(text: str, *, kind: CardKind = CardKind.EVERYDAY) -> Card:
    return Card(kind, (Bubble("text", text),))


def coach(text: str) -> Card:
    own = text[:23]
    return Card(
        CardKind.COACH,
        (
            Bubble("validation", "Waiting without an answer is hard. Of course it is loud in you.", "v1"),
            Bubble("naming", f"“{own}” sounds like closing the gap.", "n1", words=(Evidence(0, len(own), own),)),
            Bubble("practice", "Put the phone in another room for ten minutes, and let your hands do something.", "p1", ("A30",)),
            Bubble("reframe", "The quiet may be about their own storm, and not about you.", "r1"),
            Bubble("question", "What would you want to hear right now?", "q1"),
        ),
        (
            Button("Start", '/start_practice{"value":"alone_on_purpose"}'),
            Button("Show more", "/more"),
            Button("Why this?", "/ask_why"),
            Button("Not me", "/not_me"),
        ),
    )


HELP = Card(
    CardKind.HELP,
    (
        Bubble("first", "If you are in danger this minute, call 999."),
        Bubble("lines", "Samaritans: 116 123, 24/7, free.\nShout: text SHOUT to 85258.\nMore at findahelpline.com"),
    ),
    (Button("UK", '/country{"value":"GB"}'),),
)
PRACTICE = Card(
    CardKind.PRACTICE,
    (
        Bubble("lead", "Good. Ten minutes, nothing to get right."),
        Bubble(
            "steps",
            "Alone on purpose",
            "p1",
            steps=("Phone in another room, face down.", "Wash up, or walk round the block.", "Then decide again."),
        ),
    ),
    (Button("Done", "/practice_done"), Button("Something else", "/another")),
    minutes=10,
)
SCALE = Card(CardKind.CHECK_IN, (Bubble("question", "How wound up are you right now?"),), scale=True)


class Dialogue:
    """Answers by the text; "wait here" hangs until *held* is set, but not *again*, after a restart.

    *heard* holds (sender, text, message id) of each turn in the order in which it began.
    """

    def __init__(self, *, again: bool = False) -> None:
        self.heard: list[tuple[str, str, str]] = []
        self.held = asyncio.Event()
        self.again = again

    async def __call__(self, message: Any) -> None:
        self.heard.append((message.sender_id, message.text, message.message_id))
        if message.text.startswith("wait here") and not self.again:
            await self.held.wait()
        if message.text.startswith("go wrong"):
            raise ValueError(message.text)
        if message.text.startswith("a turn of"):
            await asyncio.sleep(0)
        if message.text != "say nothing":
            await message.output_channel.send_custom_json(message.sender_id, answer(message.text).to_json())


def answer(text: str) -> Card:
    named = {"/help_now": HELP, "/practice_done": SCALE, "/greet": card("Hello. I am a program. What happened?")}
    if text.startswith("/start_practice"):
        return PRACTICE
    if text in named:
        return named[text]
    if text.startswith("/"):
        return card(f"pressed {text}")
    return card(HOSTILE) if text == "be hostile" else coach(text) if "texted" in text else card(f"heard: {text}")


def app(dialogue: Any, store: Store, **options: Any) -> Sanic:
    made = Sanic(f"stand_in_{next(_numbers)}", configure_logging=False)
    channel = WebChannel(store=store, **{"key": KEY, **options})
    made.blueprint(channel.blueprint(dialogue), url_prefix=channel.url_prefix())
    return made


async def _start(made: Sanic, bound: socket.socket) -> Any:
    server = await made.create_server(sock=bound, return_asyncio_server=True, access_log=False)
    await server.startup()
    await server.before_start()
    await server.after_start()
    return server


@asynccontextmanager
async def serving(dialogue: Any, store: Store, *, made: Sanic | None = None, **options: Any) -> AsyncIterator[str]:
    """Serve (the app *made*, else one with the channel alone) on a free loopback port; gives the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        made = made or app(dialogue, store, **options)
        server = await _start(made, free)
        try:
            yield f"http://127.0.0.1:{free.getsockname()[1]}"
        finally:
            await server.before_stop()
            server.close()
            for connection in list(server.connections):
                connection.abort()
            await server.after_stop()


class Server:
    """A server in a process of its own, which can be killed."""

    def __init__(self, database: Path, port: int = 0, *, again: bool = False) -> None:
        command = [sys.executable, "-W", "ignore", "-m", "tests.channels.stand_in", str(database), "--port", str(port)]
        self.process = subprocess.Popen(
            [*command, *(["--again"] if again else [])], cwd=paths.root(), stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"the server did not start, exit code {self.process.wait()}"
        self.port = int(line)
        self.address = f"http://127.0.0.1:{self.port}"

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("database", type=Path)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--again", action="store_true")
    asked = parser.parse_args()

    async def run() -> None:
        with socket.socket() as free:
            free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            free.bind(("127.0.0.1", asked.port))
            await _start(app(Dialogue(again=asked.again), Store.open(f"sqlite:///{asked.database}")), free)
            print(free.getsockname()[1], flush=True)
            await asyncio.Event().wait()

    asyncio.run(run())


if __name__ == "__main__":
    main()
