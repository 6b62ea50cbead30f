"""One user of each bot over HTTP: says something, waits for the answer, knows how long it took."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol

from bench.processes import LOOPBACK, BenchError

ANSWER_SECONDS = 30.0
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Answer:
    """How long a message took, in seconds from its sending to its answer, and *kind*, what sort of answer it was."""

    seconds: float
    kind: str


class User(Protocol):
    """Somebody in a conversation of their own."""

    def say(self, text: str) -> Answer:
        """Send *text* and wait for the answer. Raises BenchError when none comes."""

    def __enter__(self) -> User:
        """Begin the conversation."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Leave it."""


class RestUser:
    """A user of a default bot: POST /webhooks/rest/webhook, which answers when the turn is done."""

    def __init__(self, port: int, name: str) -> None:
        self._line = http.client.HTTPConnection(LOOPBACK, port, timeout=ANSWER_SECONDS)
        self._name = name

    def __enter__(self) -> RestUser:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._line.close()

    def say(self, text: str) -> Answer:
        """Send *text* and wait for the answer: "action" with the custom action, "words" without, "nothing" for an empty one."""
        begun = time.perf_counter()
        found = _post(self._line, "/webhooks/rest/webhook", {"sender": self._name, "message": text}, JSON)
        took = time.perf_counter() - begun
        kind = "action" if any("custom" in message for message in found) else "words" if found else "nothing"
        return Answer(took, kind)


class WebUser:
    """A user of the web channel: POST /messages up, the card down the open event stream."""

    def __init__(self, port: int, name: str) -> None:
        self._port = port
        self._name = name
        self._line = http.client.HTTPConnection(LOOPBACK, port, timeout=ANSWER_SECONDS)
        self._sent = 0
        self._arrived: dict[int, tuple[float, str]] = {}  # seq -> when, kind of card
        self._news = threading.Condition()
        self._broken = ""

    def __enter__(self) -> WebUser:
        token = _post(self._line, "/session", {}, JSON)["session"]
        self._headers = {"Authorization": f"Bearer {token}"}
        self._stream_line = http.client.HTTPConnection(LOOPBACK, self._port, timeout=ANSWER_SECONDS)
        self._stream_line.request("GET", "/events", headers=self._headers)
        self._stream = self._stream_line.getresponse()
        if self._stream.status != 200:
            raise BenchError(f"GET /events answered {self._stream.status}, expected 200")
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._line.close()
        sock = self._stream_line.sock
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)  # wakes the reader
            except OSError:
                pass
        self._reader.join(5)
        self._stream_line.close()

    def say(self, text: str) -> Answer:
        """Send *text* and wait for the first card after it; the kind is the card's."""
        self._sent += 1
        begun = time.perf_counter()
        row = {"client_msg_id": f"{self._name}-{self._sent:08d}", "text": text}
        asked = _post(self._line, "/messages", row, {**JSON, **self._headers}, status=202)["seq"]
        with self._news:
            came = self._news.wait_for(lambda: self._broken or self._after(asked), ANSWER_SECONDS)
            if not came or self._broken:
                why = self._broken or f"waited {ANSWER_SECONDS:.0f} s"
                raise BenchError(f"no card came for a message to the web channel: {why}")
            when, kind = self._after(asked)[0]
            # Numbers only grow: what has been answered is not needed again.
            self._arrived = {seq: card for seq, card in self._arrived.items() if seq > asked}
        return Answer(when - begun, kind)

    def _after(self, seq: int) -> list[tuple[float, str]]:
        # All cards of a turn are kept in one go before the next message is sent, so none of an earlier turn has a higher number.
        return [self._arrived[number] for number in sorted(self._arrived) if number > seq]

    def _listen(self) -> None:
        try:
            while line := self._stream.readline():
                if line.startswith(b"data:"):
                    self._note(json.loads(line[5:]), time.perf_counter())
            self._break("the event stream ended")
        except (OSError, ValueError, AttributeError, http.client.HTTPException) as error:
            self._break(f"the event stream broke off ({type(error).__name__})")

    def _note(self, event: dict[str, Any], when: float) -> None:
        if event.get("who") == "bot":
            with self._news:
                self._arrived[int(event["seq"])] = (when, str(event["card"].get("kind", "")))
                self._news.notify_all()

    def _break(self, why: str) -> None:
        with self._news:
            self._broken = why
            self._news.notify_all()


def _post(line: http.client.HTTPConnection, path: str, row: dict[str, Any], headers: dict[str, str], *, status: int = 200) -> Any:
    """POST *row* as JSON and return the JSON answer. Raises BenchError on anything but *status*."""
    try:
        line.request("POST", path, body=json.dumps(row).encode(), headers=headers)
        response = line.getresponse()
        body = response.read()
    except (OSError, http.client.HTTPException) as error:
        raise BenchError(f"POST {path} failed ({type(error).__name__}: {error})") from error
    if response.status != status:
        raise BenchError(f"POST {path} answered {response.status}, expected {status}: {body[:200].decode(errors='replace')}")
    return json.loads(body)
