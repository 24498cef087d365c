"""Taking over bookings of whoever lacks a prerequisite here, with a place that may know more, and one that does not answer."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from conftest import POSTGRES
from ilt import APPLICATION, Busy, Engine
from nlj_academy import founded, settled
from nlj_past import Past, roster


@dataclass
class Elsewhere:
    """A service that nobody completed anything at, or that does not answer."""

    port: int = 0
    hangs: bool = True
    asked: int = 0
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = re.search(r"(?i)content-length: *(\d+)", head)
        await reader.readexactly(int(length[1]) if length else 0)
        self.asked += 1
        if self.hangs:
            await self.over.wait()
        else:
            body = b'{"completed": []}'
            writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            await writer.drain()
        writer.close()


@pytest.fixture
async def elsewhere() -> AsyncIterator[Elsewhere]:
    service = Elsewhere()
    server = await asyncio.start_server(service.answer, "127.0.0.1", 0)
    service.port = server.sockets[0].getsockname()[1]
    async with server:
        yield service
        service.over.set()


@asynccontextmanager
async def past_with(config: dict[str, Any], evidence: dict[str, Any], folder: Path) -> AsyncIterator[tuple[Past, UUID]]:
    """A platform with a past, and one of its programmes, which has a prerequisite here."""
    async with (
        Engine({**config, "evidence": evidence}) as engine,
        founded(engine, POSTGRES if "schema" in config["store"] else "", folder) as it,
    ):
        past = await Past(it, folder).made()
        basics, advanced = await it.programme("Basics"), await it.programme("Advanced")
        await past.taken_over()
        known = await settled(lambda: engine.course(advanced, actor=APPLICATION), lambda _: True)
        await engine.edit_course(advanced, actor=APPLICATION, prerequisites=[basics], if_match=known.version)
        yield past, advanced


async def test_a_place_that_keeps_silent_ends_it_and_it_goes_on_later(config: dict[str, Any], elsewhere: Elsewhere, tmp_path: Path) -> None:
    evidence = {"from": "service", "service": f"http://127.0.0.1:{elsewhere.port}/completed", "patience": "1s"}
    async with past_with(config, evidence, tmp_path) as (past, advanced):
        session, people = await past.session(advanced), await past.academy.people(12)
        bookings = await past.booked(session, people)
        began = time.monotonic()
        with pytest.raises(Busy) as silent:
            await past.taken_over()
        assert time.monotonic() - began < 8
        assert elsewhere.asked <= 5
        assert silent.value.code == "evidence-silent"
        assert "Start it, or set ILT__EVIDENCE__FROM=own" in silent.value.detail
        assert await roster(past.academy.engine, session) == []

        elsewhere.hangs = False
        took = await past.taken_over()
        assert list(took.lines("left-out", "training_bookings")) == bookings
        assert {it.split(":")[0] for it in took.lines("left-out", "training_bookings").values()} == {
            "the engine refuses it (prerequisites-missing)"
        }
        elsewhere.hangs = True
        with pytest.raises(Busy, match="evidence-silent"):
            await past.taken_over()


async def test_it_is_asked_once_for_a_booking(config: dict[str, Any], elsewhere: Elsewhere, tmp_path: Path) -> None:
    elsewhere.hangs = False
    evidence = {"from": "service", "service": f"http://127.0.0.1:{elsewhere.port}/completed"}
    async with past_with(config, evidence, tmp_path) as (past, advanced):
        await past.booked(await past.session(advanced), await past.academy.people(4))
        assert (await past.taken_over()).rows("training_bookings") == {"left out": 4}
        assert elsewhere.asked == 4
        # What was refused in an earlier run is asked anew.
        assert (await past.taken_over()).rows("training_bookings") == {"left out": 4}
        assert elsewhere.asked > 4


async def test_a_place_that_is_not_there_keeps_out_only_those_it_was_asked_about(config: dict[str, Any], tmp_path: Path) -> None:
    evidence = {"from": "service", "service": "http://127.0.0.1:1/completed"}
    async with past_with(config, evidence, tmp_path) as (past, advanced):
        bookings = await past.booked(await past.session(advanced), await past.academy.people(6))
        told = (await past.taken_over()).lines("left-out", "training_bookings")
        assert list(told) == bookings
        assert {it.rpartition(". ")[2] for it in told.values()} == {"Import again once that can be asked"}
