"""What a browser says in the older contract, over HTTP, to two workers on one PostgreSQL."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from test_workers import clients, served

from conftest import POSTGRES, postgres
from ilt import APPLICATION, Engine
from ilt.fastapi.nlj import synchronise
from nlj_academy import DEALER, Academy, asynchronous, by, founded

TRIES = 20


@pytest.fixture
async def network(tmp_path: Path) -> AsyncIterator[tuple[Academy, dict[str, Any]]]:
    """A platform on PostgreSQL, whose programmes the engine knows, and the settings of its engine."""
    if not POSTGRES:
        pytest.skip("ILT_TEST_POSTGRES names no database")
    config = postgres()
    async with Engine(config) as engine, founded(engine, POSTGRES, tmp_path) as academy:
        await academy.programme()
        await synchronise(engine, academy.platform, dealer=DEALER)
        yield academy, config


@asynccontextmanager
async def browser(academy: Academy, config: dict[str, Any]) -> AsyncIterator[httpx.AsyncClient]:
    """A client, once both workers answer."""
    assert academy.schema is not None
    where = {"ACADEMY_URL": asynchronous(POSTGRES), "ACADEMY_SCHEMA": academy.schema}
    with served(config, app="serving_nlj:app", **where) as base:
        async with clients(base) as client:
            yield client


async def register(client: httpx.AsyncClient, who: UUID, session: str) -> dict[str, Any]:
    """Registers, and polls as the client does until it is told how that ended."""
    made = await client.post("/api/training-registrations/register", headers=by(who), json={"session_id": session})
    assert made.status_code == 201, made.text
    return await poll(client, who, made.json()["booking_id"])


async def poll(client: httpx.AsyncClient, who: UUID, booking: str) -> dict[str, Any]:
    """Polls until the answer is final."""
    for _ in range(TRIES):
        answer = await client.get(f"/api/training-registrations/{booking}/status", headers=by(who))
        assert answer.status_code == 200, answer.text
        said: dict[str, Any] = answer.json()
        if said["status"] != "processing":
            return said
        await asyncio.sleep(1)
    raise TimeoutError(booking)


async def test_a_learner_s_way_through_the_pages(network: tuple[Academy, dict[str, Any]]) -> None:
    academy, config = network
    first, second = await academy.people(2)
    async with browser(academy, config) as client:
        programmes = (await client.get("/api/training-programs", params={"published_only": "true"}, headers=by(first))).json()
        planned = await academy.session(UUID(programmes[0]["id"]), 1)
        async with asyncio.timeout(10):
            # Each worker follows what the other and this process do.
            while not (listed := (await client.get("/api/training-sessions?skip=0&limit=100", headers=by(first))).json()):
                await asyncio.sleep(0.05)
        assert [it["id"] for it in listed] == [str(planned.id)]
        assert (await client.get("/api/my-registrations", headers=by(first))).json() == []
        seat, place = [await register(client, who, listed[0]["id"]) for who in (first, second)]
        assert (seat["status"], place["status"], place["waitlist_position"]) == ("confirmed", "waitlisted", 1)
        mine = (await client.get("/api/my-registrations", headers=by(second))).json()
        assert [(it["id"], it["booking_status"], it["waitlist_position"]) for it in mine] == [(place["booking_id"], "waitlisted", 1)]
        gone = await client.delete(f"/api/registrations/{seat['booking_id']}", headers=by(first))
        assert gone.status_code == 200, gone.text
        assert (await poll(client, second, place["booking_id"]))["status"] == "confirmed"
        mine = (await client.get("/api/my-registrations", params={"status_filter": "cancelled"}, headers=by(first))).json()
        assert [it["id"] for it in mine] == [seat["booking_id"]]


async def test_two_hundred_clients_get_five_seats_and_a_place_each(network: tuple[Academy, dict[str, Any]]) -> None:
    academy, config = network
    programme = (await academy.platform.programmes(only_published=True, skip=0, limit=1))[0].id
    session, people = await academy.session(programme, 5), await academy.people(200)
    async with browser(academy, config) as client:
        # Nobody of them is known to the engine yet.
        first = await asyncio.gather(*(register(client, who, str(session.id)) for who in people))
        last = await asyncio.gather(*(poll(client, who, it["booking_id"]) for who, it in zip(people, first, strict=True)))
        again = await client.post("/api/training-registrations/register", headers=by(people[0]), json={"session_id": str(session.id)})
    assert Counter(it["status"] for it in last) == {"confirmed": 5, "waitlisted": 195}
    assert sorted(it["waitlist_position"] for it in last if it["status"] == "waitlisted") == list(range(1, 196))
    assert again.status_code == 409
    seats = (await academy.engine.session(session.id, actor=APPLICATION)).seats
    assert (seats.confirmed, seats.open, seats.waitlisted, seats.over_capacity) == (5, 0, 195, 0)
