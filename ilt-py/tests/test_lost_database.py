"""A database that goes away, and comes back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest

from conftest import POSTGRES, postgres
from ilt import APPLICATION, Busy, Engine, StartError
from town import found


class Way:
    """The way to a database, which can be cut."""

    def __init__(self, host: str, port: int) -> None:
        self._to = (host, port)
        self._open: set[asyncio.StreamWriter] = set()
        self._is_cut = False

    async def listen(self) -> tuple[asyncio.Server, int]:
        server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        return server, server.sockets[0].getsockname()[1]

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut:
            writer.close()
            return
        there, back = await asyncio.open_connection(*self._to)
        self._open |= {writer, back}
        await asyncio.gather(self._pour(reader, back), self._pour(there, writer))
        self._open -= {writer, back}

    async def _pour(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while piece := await reader.read(65_536):
                writer.write(piece)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    def cut(self) -> None:
        self._is_cut = True
        for writer in self._open:
            writer.transport.abort()

    def mend(self) -> None:
        self._is_cut = False


@pytest.fixture
async def far() -> AsyncIterator[tuple[Way, dict[str, Any]]]:
    if not POSTGRES:
        pytest.skip("ILT_TEST_POSTGRES names no database")
    url = urlsplit(POSTGRES)
    way = Way(url.hostname or "127.0.0.1", url.port or 5432)
    server, port = await way.listen()
    user = f"{url.username}:{url.password}@" if url.password else f"{url.username}@"
    config = postgres()
    config["store"]["url"] = urlunsplit(url._replace(scheme="postgresql+asyncpg", netloc=f"{user}127.0.0.1:{port}"))
    config["store"]["acquire_timeout"] = "1s"
    yield way, config
    way.cut()
    server.close()


async def test_a_database_that_is_lost_is_told_in_time_and_found_again(far: tuple[Way, dict[str, Any]]) -> None:
    way, config = far
    async with Engine(config) as engine:
        town = await found(engine)
        session, learner = await town.session(5), town.learners[0]
        way.cut()
        begun = time.monotonic()
        for _ in range(3):
            with pytest.raises(Busy) as busy:
                await engine.register(session.id, actor=learner, key="k")
            assert busy.value.status == 503
        assert time.monotonic() - begun < 30
        assert not (await engine.health_ready()).store.ok
        way.mend()
        for _ in range(100):
            try:
                registration = await engine.register(session.id, actor=learner, key="k")
                break
            except Busy:
                await asyncio.sleep(0.2)
        assert registration.learner.id == learner
        assert (await engine.session(session.id, actor=APPLICATION)).seats.confirmed == 1


async def test_a_database_that_is_away_is_no_start(far: tuple[Way, dict[str, Any]]) -> None:
    way, config = far
    way.cut()
    begun = time.monotonic()
    engine = Engine(config)
    with pytest.raises(StartError):
        await engine.start()
    assert time.monotonic() - begun < 15
    way.mend()
    async with engine:
        assert (await engine.health_ready()).store.ok
