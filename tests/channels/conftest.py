from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from bot.store.store import Store
from tests.channels.stand_in import Dialogue, serving
from tests.channels.web_client import Visitor, visit


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path / 'web.db'}")
    yield opened
    opened.close()


@pytest.fixture
def dialogue() -> Dialogue:
    return Dialogue()


@pytest_asyncio.fixture
async def http(store: Store, dialogue: Dialogue) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(dialogue, store) as address, httpx.AsyncClient(base_url=address, timeout=20) as client:
        yield client


@pytest_asyncio.fixture
async def visitor(http: httpx.AsyncClient) -> Visitor:
    return await visit(http)
