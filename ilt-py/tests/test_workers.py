"""Several processes on one PostgreSQL: seats are given once, whoever gives them."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from conftest import POSTGRES, postgres
from ilt import APPLICATION, Engine
from town import found

HERE = Path(__file__).resolve().parent


@pytest.fixture
def shared() -> dict[str, Any]:
    """Settings of one PostgreSQL."""
    if not POSTGRES:
        pytest.skip("ILT_TEST_POSTGRES names no database")
    return postgres()


@contextmanager
def served(config: dict[str, Any], *more: str, app: str = "serving:app", **environment: str) -> Iterator[str]:
    """Two workers of uvicorn; where they listen."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    said = {f"ILT__STORE__{name.upper()}": str(value) for name, value in config["store"].items()}
    command = [sys.executable, "-m", "uvicorn", app, "--workers", "2", "--port", str(port), "--log-level", "warning", *more]
    server = subprocess.Popen(command, cwd=HERE, env={**os.environ, **said, **environment}, start_new_session=True)
    try:
        yield f"http://127.0.0.1:{port}"
        server.send_signal(signal.SIGTERM)
        assert server.wait(30) is not None
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)


@asynccontextmanager
async def clients(base: str) -> AsyncIterator[httpx.AsyncClient]:
    """Clients, once both workers listen."""
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=0)
    async with httpx.AsyncClient(base_url=base, limits=limits, timeout=60) as client:
        for _ in range(300):
            try:
                await client.get("/health/ready")
                break
            except httpx.TransportError:
                await asyncio.sleep(0.1)
        # One of them may be up long before the other.
        workers: set[int] = set()
        async with asyncio.timeout(60):
            while len(workers) < 2:
                workers.add((await client.get("/process")).json())
        yield client


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
async def test_two_hundred_clients_of_two_workers_get_five_seats(shared: dict[str, Any], loop: str) -> None:
    async with Engine(shared) as engine:
        town = await found(engine, learners=0)
        session, learners = await town.session(5), await town.people(200)
        with served(shared, "--loop", loop) as base:
            async with clients(base) as client:
                tries = (
                    client.post(
                        f"/v1/sessions/{session.id}/registrations",
                        headers={"x-user": str(learner), "idempotency-key": str(learner)},
                        json={},
                    )
                    for learner in learners
                )
                answers = await asyncio.gather(*tries)
                again = await client.post(f"/v1/sessions/{session.id}/registrations", headers={"x-user": str(learners[0])}, json={})
        counted = Counter((answer.status_code, answer.json().get("code")) for answer in answers)
        assert counted == {(201, None): 5, (409, "session-full"): 195}
        assert again.status_code in (200, 409)
        seats = (await engine.session(session.id, actor=APPLICATION)).seats
        assert (seats.confirmed, seats.open, seats.waitlisted, seats.over_capacity) == (5, 0, 0, 0)
