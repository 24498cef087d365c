"""The application as its clients meet it."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator

import httpx
import pytest

# Settings are read when the application is imported.
os.environ["ACADEMY_FOLDER"] = tempfile.mkdtemp(prefix="academy-")
from academy.main import app
from academy.seed import PASSWORD


@pytest.fixture(scope="module")
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://academy.example") as client:
            yield client


async def signed_in(client: httpx.AsyncClient, email: str) -> dict[str, str]:
    answer = await client.post("/auth/token", data={"username": email, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return {"authorization": f"Bearer {answer.json()['access_token']}"}


async def sessions(client: httpx.AsyncClient, who: dict[str, str]) -> list[dict[str, object]]:
    """What can be searched, a moment after it was planned."""
    for _ in range(50):
        items = (await client.get("/api/training/v1/sessions", headers=who)).json()["items"]
        if len(items) == 2:
            break
        await asyncio.sleep(0.1)
    return list(items)


async def test_somebody_signs_in_and_registers(client: httpx.AsyncClient) -> None:
    ada = await signed_in(client, "ada@academy.example")
    me = (await client.get("/api/training/v1/me", headers=ada)).json()
    assert me["name"] == "Ada First"
    first, *_ = await sessions(client, ada)
    address = f"/api/training/v1/sessions/{first['id']}/registrations"
    registered = await client.post(address, headers=ada, json={})
    assert (registered.status_code, registered.json()["status"]) == (201, "confirmed")
    [one] = (await client.get("/dashboard", headers=ada)).json()
    assert one["course"] == "Brakes"
    assert one["registration"] == registered.json()["id"]


async def test_whoever_has_not_signed_in_hears_it_from_the_application(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/training/v1/me")).status_code == 401
    wrong = await client.get("/api/training/v1/me", headers={"authorization": "Bearer nonsense"})
    assert (wrong.status_code, wrong.json()) == (401, {"detail": "sign in first"})
    assert (await client.post("/auth/token", data={"username": "ada@academy.example", "password": "no"})).status_code == 401


async def test_a_learner_may_not_plan_and_an_admin_may(client: httpx.AsyncClient) -> None:
    place = {"name": "North", "city": "Kiel", "lat": 54.3, "lon": 10.1, "zone": "Europe/Berlin"}
    ada, root = await signed_in(client, "ada@academy.example"), await signed_in(client, "root@academy.example")
    refused = await client.post("/api/training/v1/locations", headers=ada, json=place)
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert (await client.post("/api/training/v1/locations", headers=root, json=place)).status_code == 201


async def test_the_document_tells_of_both(client: httpx.AsyncClient) -> None:
    said = (await client.get("/openapi.json")).json()
    operation = said["paths"]["/api/training/v1/sessions/{id}/registrations"]["post"]
    assert operation["operationId"] == "register"
    assert operation["security"] == [{"OAuth2PasswordBearer": []}]
    assert "/dashboard" in said["paths"]
