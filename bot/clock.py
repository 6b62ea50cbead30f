"""The time, as the dialogue asks for it. Scripts set it forward; nothing else does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta, timezone

_ahead: ContextVar[timedelta] = ContextVar("ahead", default=timedelta())


def now() -> datetime:
    """Return the time, UTC and aware."""
    return datetime.now(timezone.utc) + _ahead.get()


@contextmanager
def set_forward(by: timedelta) -> Iterator[None]:
    """Let `now` be *by* later inside, on top of what it was set forward already."""
    token = _ahead.set(_ahead.get() + by)
    try:
        yield
    finally:
        _ahead.reset(token)
