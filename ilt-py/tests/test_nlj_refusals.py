"""Whatever goes wrong is one sentence for whoever asked, beside what a program can read."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from ilt import Engine
from ilt.fastapi.nlj import Platform, PlatformError
from nlj_academy import Academy, by

NOWHERE = uuid.UUID("0e0e0e0e-0000-4000-8000-00000000dead")
REGISTER = "/api/training-registrations/register"


@pytest.mark.parametrize(
    ("method", "address", "body", "status", "sentence"),
    [
        ("GET", "/api/training-sessions?skip=-1", None, 422, "skip: "),
        ("GET", "/api/training-sessions?skip=100000", None, 422, "skip: "),
        ("GET", "/api/training-sessions?limit=0", None, 422, "limit: "),
        ("GET", "/api/my-registrations?limit=201", None, 422, "limit: "),
        ("GET", "/api/training-programs?limit=many", None, 422, "limit: "),
        ("GET", "/api/training-sessions?program_id=7", None, 422, "program_id: "),
        ("GET", "/api/my-registrations?status_filter=gone", None, 422, "status_filter: must be one of cancelled, confirmed"),
        ("GET", "/api/training-sessions/7", None, 422, "session_id: must be a UUID"),
        ("DELETE", "/api/registrations/7", None, 422, "booking_id: must be a UUID"),
        ("POST", REGISTER, b"{}", 422, "session_id: "),
        ("POST", REGISTER, b"{", 422, "body: must be a JSON object"),
        ("POST", REGISTER, b"[]", 422, "body: must be a JSON object"),
        ("POST", REGISTER, b'{"a":' * 100_000, 422, "body: must be a JSON object"),
        ("POST", REGISTER, b"\xff\xfe", 422, "body: must be a JSON object"),
        ("POST", REGISTER, b'{"registration_notes": "\\ud800"}', 422, "body: must be a JSON object"),
        ("POST", REGISTER, b" " * (3 << 20), 413, "The body may have"),
        ("POST", REGISTER, f'{{"session_id": "{NOWHERE}"}}'.encode(), 404, ""),
        ("GET", f"/api/training-sessions/{NOWHERE}", None, 404, ""),
        ("GET", f"/api/training-programs/{NOWHERE}", None, 404, ""),
        ("GET", f"/api/training-registrations/{NOWHERE}/status", None, 404, ""),
        ("DELETE", f"/api/my-registrations/{NOWHERE}", None, 404, ""),
        ("POST", f"/api/training-sessions/{NOWHERE}/cancel", b'{"cancellation_reason": "why"}', 403, ""),
        ("POST", f"/api/training-sessions/{NOWHERE}/cancel", b"{}", 422, "cancellation_reason: "),
    ],
)
async def test_refusals_are_sentences(academy: Academy, method: str, address: str, body: Any, status: int, sentence: str) -> None:
    learner = await academy.person()
    async with academy.client() as client:
        answer = await client.request(method, address, headers=by(learner), content=body)
    said = answer.json()
    assert (answer.status_code, said["status"]) == (status, status), answer.text
    assert isinstance(said["detail"], str)
    assert said["detail"].startswith(sentence)
    assert {"code", "title", "type"} <= set(said)


async def test_rules_of_the_engine_refuse_in_their_own_words(academy: Academy) -> None:
    programme, learner, other = await academy.programme(), await academy.person(), await academy.person()
    async with academy.client() as client:
        await client.get("/api/training-programs", headers=by(learner))
        session, beside = await academy.session(programme, 5), await academy.session(programme, 5)
        soon = await academy.session(programme, 5, days=1)
        made = await client.post(REGISTER, headers=by(learner), json={"session_id": str(session.id)})
        clash = await client.post(REGISTER, headers=by(learner), json={"session_id": str(beside.id)})
        assert (clash.status_code, isinstance(clash.json()["detail"], str)) == (409, True), clash.text
        closed = await client.post(REGISTER, headers=by(learner), json={"session_id": str(soon.id)})
        assert (closed.status_code, closed.json()["code"]) == (409, "registration-closed")
        booking = made.json()["booking_id"]
        assert (await client.get(f"/api/training-registrations/{booking}/status", headers=by(other))).status_code == 404
        assert (await client.delete(f"/api/registrations/{booking}", headers=by(other))).status_code in (403, 404)


async def test_an_admin_s_note_overrides_no_clash(academy: Academy) -> None:
    programme, admin = await academy.programme(), await academy.person("ADMIN")
    async with academy.client() as client:
        await client.get("/api/training-programs", headers=by(admin))
        for session, status in ((await academy.session(programme, 5), 201), (await academy.session(programme, 5), 409)):
            wish = {"session_id": str(session.id), "registration_notes": "a window seat"}
            assert (await client.post(REGISTER, headers=by(admin), json=wish)).status_code == status


async def test_an_engine_that_was_stopped_says_so(academy: Academy, sqlite: dict[str, Any]) -> None:
    learner = await academy.person()
    academy.engine = Engine(sqlite)
    async with academy.client() as client:
        answer = await client.get("/api/my-registrations", headers=by(learner))
    assert (answer.status_code, answer.json()["code"]) == (503, "closed")


async def test_a_platform_without_its_tables_is_told_by_name(academy: Academy) -> None:
    learner = await academy.person()
    await academy.platform.check()
    async with academy.database.begin() as connection:
        await connection.run_sync(academy.programmes.drop)
    with pytest.raises(PlatformError, match="training_programs cannot be read: it needs the columns id, title") as missing:
        await academy.platform.check()
    assert isinstance(missing.value, RuntimeError)
    async with academy.client() as client:
        answer = await client.get("/api/training-programs", headers=by(learner))
    assert (answer.status_code, answer.json()["code"]) == (500, "platform-unreadable")
    with pytest.raises(PlatformError, match="users cannot be read"):
        await Platform(academy.database, schema="nowhere").check()
