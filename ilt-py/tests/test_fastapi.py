"""The contract inside a FastAPI application: as a client meets it there."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import httpx
import pytest
from fastapi import Depends, FastAPI, Header, HTTPException
from fastapi.security import HTTPBearer
from pydantic import BaseModel

import ilt
from ilt import APPLICATION, Engine, IltError
from ilt.fastapi import describe, lifespan, problem, router
from town import Town, found

DOCUMENT = json.loads((Path(__file__).resolve().parents[2] / "docs" / "openapi.json").read_text())
PREFIX = "/api/ilt"


async def user(x_user: Annotated[UUID | None, Header()] = None, x_mood: Annotated[str, Header()] = "") -> UUID | None:
    """Who asks, as an application knows them; it may have a reason to refuse them."""
    if x_mood == "tired":
        raise HTTPException(418, "come back later")
    return x_user


def application(engine: Engine) -> FastAPI:
    app = FastAPI(lifespan=lifespan(engine))
    app.include_router(router(engine, actor=Depends(user)), prefix=PREFIX)
    app.add_exception_handler(IltError, problem)
    describe(app)
    return app


@pytest.fixture
async def client(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=application(town.engine))
    async with httpx.AsyncClient(transport=transport, base_url="http://training.example") as client:
        yield client


class Role(BaseModel):
    """A role of the application's own."""

    shade: str


def by(person: UUID, **more: str) -> dict[str, str]:
    return {"x-user": str(person), **more}


async def test_a_learner_registers_as_over_the_host(client: httpx.AsyncClient, town: Town) -> None:
    session, learner = await town.session(5), town.learners[0]
    address = f"{PREFIX}/v1/sessions/{session.id}/registrations"
    made = await client.post(address, headers=by(learner, **{"idempotency-key": "k"}), json={})
    assert made.status_code == 201, made.text
    assert made.headers["location"] == f"{PREFIX}/v1/registrations/{made.json()['id']}"
    again = await client.get(made.headers["location"], headers=by(learner))
    assert again.json()["status"] == "confirmed"
    repeated = await client.post(address, headers=by(learner, **{"idempotency-key": "k"}), json={})
    assert repeated.json() == made.json()


async def test_versions_are_changed_by_their_tags(client: httpx.AsyncClient, town: Town) -> None:
    admin = by(await town.person("Root", ilt.Role.ADMIN))
    address = f"{PREFIX}/v1/courses/{town.course}"
    seen = await client.get(address, headers=admin)
    tag = {"if-match": seen.headers["etag"]}
    assert (await client.patch(address, headers={**admin, **tag}, json={"track": "a"})).status_code == 200
    stale = await client.patch(address, headers={**admin, **tag}, json={"track": "b"})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert stale.headers["content-type"] == "application/problem+json"


async def test_refusals_are_the_host_s_own(client: httpx.AsyncClient, town: Town) -> None:
    learner = by(town.learners[0])
    nobody = await client.get(f"{PREFIX}/v1/me")
    assert (nobody.status_code, nobody.json()["code"]) == (401, "unauthenticated")
    wrong = await client.post(f"{PREFIX}/v1/sessions/{uuid.uuid4()}/registrations", headers=learner, content=b"{")
    assert wrong.json()["code"] in ("invalid-request", "unsupported-media-type")
    away = await client.delete(f"{PREFIX}/v1/me", headers=learner)
    assert (away.status_code, away.json()["code"], away.headers["allow"]) == (405, "method-not-allowed", "GET,HEAD")
    assert (await client.get(f"{PREFIX}/v1/nothing", headers=learner)).status_code == 404
    admin = by(await town.person("Root", ilt.Role.ADMIN))
    large = await client.post(f"{PREFIX}/v1/locations", headers=admin, json={"name": "x" * (2 << 20)})
    assert (large.status_code, large.json()["code"]) == (413, "too-large")


async def test_no_header_vouches_for_anybody(client: httpx.AsyncClient, town: Town) -> None:
    for name in ("actor", "who", "x-actor", "vouched", "x-ilt-actor"):
        answer = await client.get(f"{PREFIX}/v1/me", headers={name: str(town.learners[0])})
        assert answer.status_code == 401, name


async def test_what_the_actor_raises_is_the_application_s(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{PREFIX}/v1/me", headers={"x-mood": "tired"})
    assert (answer.status_code, answer.json()) == (418, {"detail": "come back later"})


async def test_an_actor_that_breaks_breaks_where_fastapi_does(town: Town) -> None:
    async def broken() -> UUID:
        raise ZeroDivisionError

    app = FastAPI()
    app.include_router(router(town.engine, actor=Depends(broken)))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://training.example") as client:
        assert (await client.get("/v1/me")).status_code == 500
        assert (await client.get("/health/live")).status_code == 200


async def test_use_cases_of_one_s_own_answer_problems(town: Town) -> None:
    app = application(town.engine)

    @app.get("/mine/{session}")
    async def mine(session: UUID) -> str:
        return (await town.engine.session(session, actor=APPLICATION)).course.title

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://training.example") as client:
        missing = await client.get(f"/mine/{uuid.uuid4()}")
    assert (missing.status_code, missing.json()["code"]) == (404, "not-found")
    assert missing.headers["content-type"] == "application/problem+json"


async def test_pages_and_other_kinds_come_as_they_are(client: httpx.AsyncClient, town: Town) -> None:
    session, learner = await town.session(5), town.learners[0]
    await town.engine.register(session.id, actor=learner)
    admin = by(await town.person("Root", ilt.Role.ADMIN))
    roster = await client.get(f"{PREFIX}/v1/sessions/{session.id}/roster", headers={**admin, "accept": "text/csv"})
    assert roster.headers["content-type"].startswith("text/csv")
    page = await client.get(f"{PREFIX}/v1/people?limit=2&q=Learner", headers=admin)
    assert len(page.json()["items"]) == 2


async def test_the_document_says_what_the_contract_says(town: Town) -> None:
    app = FastAPI()
    app.include_router(router(town.engine, actor=Depends(HTTPBearer())), prefix=PREFIX)
    app.post("/roles", response_model=Role)(lambda: None)
    describe(app)
    said = app.openapi()
    assert app.openapi() is said
    for path, item in DOCUMENT["paths"].items():
        for method, operation in item.items():
            here = said["paths"][PREFIX + path][method]
            assert here["operationId"] == operation["operationId"]
            public = operation.get("security") == [{}]
            assert ("security" in here) is not public, path
            rest = {key: value for key, value in operation.items() if key != "security"}
            renamed = json.loads(json.dumps(rest).replace('schemas/Role"', 'schemas/IltRole"'))
            assert {key: value for key, value in here.items() if key != "security"} == renamed
    assert said["components"]["schemas"]["Role"]["properties"].keys() == {"shade"}
    assert said["components"]["schemas"]["IltRole"] == DOCUMENT["components"]["schemas"]["Role"]
    assert set(DOCUMENT["components"]["schemas"]) - {"Role"} <= set(said["components"]["schemas"])


async def test_the_engine_lives_as_long_as_the_application(sqlite: dict[str, Any]) -> None:
    engine = Engine(sqlite)
    app = application(engine)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://training.example") as client:
        closed = await client.get(f"{PREFIX}/health/live")
        assert (closed.status_code, closed.json()["code"]) == (503, "closed")
        async with app.router.lifespan_context(app):
            await found(engine, learners=1)
            assert (await client.get(f"{PREFIX}/health/live")).status_code == 200
        assert (await client.get(f"{PREFIX}/health/live")).status_code == 503


async def test_live_updates_stream_until_the_client_goes(town: Town) -> None:
    """Spoken as a server does: the pieces come one by one, and the stream ends when the client has gone."""
    session, learner = await town.session(5), town.learners[0]
    app, sent, gone = application(town.engine), asyncio.Queue[Any](), asyncio.Event()
    asked = [False]

    async def receive() -> dict[str, Any]:
        if not asked[0]:
            asked[0] = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await gone.wait()
        return {"type": "http.disconnect"}

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": f"{PREFIX}/v1/live",
        "raw_path": f"{PREFIX}/v1/live".encode(),
        "query_string": f"sessions={session.id}".encode(),
        "root_path": "",
        "headers": [(b"x-user", str(learner).encode())],
        "client": ("127.0.0.1", 1),
        "server": ("training.example", 80),
    }
    served = asyncio.ensure_future(app(scope, receive, sent.put))
    start = await asyncio.wait_for(sent.get(), 10)
    assert start["status"] == 200
    assert (b"content-type", b"text/event-stream") in start["headers"]
    await town.engine.register(session.id, actor=learner)
    piece = await asyncio.wait_for(sent.get(), 10)
    assert b"registration.confirmed" in piece["body"]
    gone.set()
    await asyncio.wait_for(served, 10)
