"""One message after the other, session by session; what a crash left half done is finished at the next start."""

from __future__ import annotations

import asyncio
import heapq
import logging
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.channels.web_feed import Feed
from bot.guidance.values import Card

if TYPE_CHECKING:
    from bot.store.store import Store

logger = logging.getLogger(__name__)

MOST_WAITING = 50
PATIENCE_SECONDS = 60.0
TRIES = 3


@dataclass(frozen=True, order=True)
class Turn:
    """One accepted message on its way to the dialogue.

    *seq* is its number in the log, *said* what the dialogue gets, *again* that a server which stopped
    in the middle may have run it before.
    """

    seq: int
    session_id: str = field(compare=False)
    sender_id: str = field(compare=False)
    client_msg_id: str = field(compare=False)
    said: str = field(compare=False)
    country: str | None = field(compare=False, default=None)
    again: bool = field(compare=False, default=False)

    @property
    def message_id(self) -> str:
        """The id of its user event: the same after a restart, another for every message."""
        return f"web.{self.seq}.{self.client_msg_id}"


Answer = Callable[[Turn], Awaitable[list[Card]]]
Earlier = Callable[[Turn], Awaitable["list[Card] | None"]]


class Turns:
    """Runs the turns of each session in the order of the log, sessions side by side.

    *answer* runs a turn; *earlier* gives what an earlier run answered, None where there was none; *fault*
    gives the card for a turn that failed; *patience* is the longest a turn may take, in seconds.
    """

    def __init__(
        self,
        store: Store,
        feed: Feed,
        *,
        answer: Answer,
        earlier: Earlier,
        fault: Callable[[int], Card],
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._store = store
        self._feed = feed
        self._answer = answer
        self._earlier = earlier
        self._fault = fault
        self._patience = patience
        self._waiting: dict[str, list[Turn]] = {}
        self._workers: dict[str, asyncio.Task[None]] = {}

    def full(self, session_id: str) -> bool:
        """Return whether *session_id* has too many messages waiting to take another."""
        return len(self._waiting.get(session_id, ())) >= MOST_WAITING

    def take(self, turn: Turn) -> None:
        """Line *turn* up behind those of its session that came before it."""
        heapq.heappush(self._waiting.setdefault(turn.session_id, []), turn)
        if turn.session_id not in self._workers:
            self._workers[turn.session_id] = asyncio.create_task(self._work(turn.session_id))

    async def close(self, *, grace: float = 5.0) -> None:
        """Let the turns under way end, for *grace* seconds; what is left stays pending in the store."""
        for waiting in self._waiting.values():
            waiting.clear()
        if workers := list(self._workers.values()):
            _, late = await asyncio.wait(workers, timeout=grace)
            for task in late:
                task.cancel()

    async def _work(self, session_id: str) -> None:
        waiting = self._waiting[session_id]
        self._feed.tell(session_id, typing=True)
        try:
            while waiting:
                await self._keep(waiting[0], await self._cards(waiting[0]))
                if waiting:
                    heapq.heappop(waiting)
        finally:
            # No await between the last look at the queue and this: nothing can be lined up and forgotten.
            del self._workers[session_id], self._waiting[session_id]
            self._feed.tell(session_id, typing=False)

    async def _cards(self, turn: Turn) -> list[Card]:
        try:
            found = await self._earlier(turn) if turn.again else None
            if found is None:
                found = await asyncio.wait_for(self._answer(turn), self._patience)
        except Exception as error:
            log_without_words("a web message could not be answered", error)
            return [self._fault(turn.seq)]
        if not found:
            logger.error("a web message got no answer (message %s)", turn.message_id)
        return found or [self._fault(turn.seq)]

    async def _keep(self, turn: Turn, cards: list[Card]) -> None:
        bodies = [{"card": card.to_json()} for card in cards]
        for attempt in range(1, TRIES + 1):
            try:
                await asyncio.to_thread(self._store.answer, turn.seq, turn.session_id, bodies)
                self._feed.tell(turn.session_id)
                return
            except LookupError:  # erased in the meantime: nobody waits for it
                return
            except Exception as error:
                log_without_words(f"an answer could not be kept (try {attempt} of {TRIES})", error)
                await asyncio.sleep(0.2 * attempt)


def log_without_words(what: str, error: BaseException) -> None:
    """Log *error* by its type and place. Its message and the values in it may hold what a person wrote."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    place = " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames))
    logger.error("%s: %s at %s", what, type(error).__name__, place or "no place")
