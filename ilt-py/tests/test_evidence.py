"""Prerequisites that people completed elsewhere, told by another service."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ilt import APPLICATION, Engine, ProgrammeType, Refused, RegistrationStatus
from town import Town, found


@dataclass
class Academy:
    """A service that knows what people completed, or is out of order."""

    port: int = 0
    completed: list[dict[str, str]] | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.split("content-length:")[1].split()[0])
        self.asked.append(json.loads(await reader.readexactly(length)))
        status = "500 Out of order" if self.completed is None else "200 OK"
        body = json.dumps({"completed": self.completed or []}).encode()
        writer.write(f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()


@pytest.fixture
async def elsewhere() -> AsyncIterator[Academy]:
    academy = Academy()
    server = await asyncio.start_server(academy.answer, "127.0.0.1", 0)
    academy.port = server.sockets[0].getsockname()[1]
    async with server:
        yield academy


@pytest.fixture
async def town_beside(config: dict[str, Any], elsewhere: Academy) -> AsyncIterator[Town]:
    """A town whose people complete courses at the academy, too."""
    evidence = {"from": "service", "service": f"http://127.0.0.1:{elsewhere.port}/completed"}
    async with Engine({**config, "evidence": evidence}) as engine:
        yield await found(engine)


async def test_what_was_completed_elsewhere_counts_and_what_is_unknown_is_no_no(town_beside: Town, elsewhere: Academy) -> None:
    town, engine = town_beside, town_beside.engine
    advanced = await engine.add_course(
        actor=APPLICATION,
        title="Brakes under high voltage",
        programme_type=ProgrammeType.COMPLIANCE,
        length=timedelta(hours=6),
        prerequisites=[town.course],
    )
    basics, town.course = town.course, advanced.id
    session, learner = await town.session(2), town.learners[0]

    with pytest.raises(Refused) as unknown:
        await engine.register(session.id, actor=learner, key="a")
    assert unknown.value.code == "prerequisites-unknown"
    assert unknown.value.facts["missing"][0]["why"] == "could not be found out"

    elsewhere.completed = []
    with pytest.raises(Refused) as missing:
        await engine.register(session.id, actor=learner, key="b")
    assert missing.value.code == "prerequisites-missing"

    at = (datetime.now(UTC) - timedelta(days=30)).isoformat()
    elsewhere.completed = [{"person": str(learner), "course": str(basics), "completed_at": at}]
    registration = await engine.register(session.id, actor=learner, key="a")
    assert registration.status is RegistrationStatus.CONFIRMED
    assert elsewhere.asked[-1] == {"doubts": [{"person": str(learner), "course": str(basics)}]}
    with pytest.raises(Refused, match="complete"):
        await engine.register(session.id, actor=learner, key="b")
