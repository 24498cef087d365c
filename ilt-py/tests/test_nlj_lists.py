"""Sessions and programmes of the older contract: looked for, and planned."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from ilt import APPLICATION, PartBody
from nlj_academy import Academy, by, settled


async def test_what_is_called_off_and_what_is_planned_is_listed_on_demand(academy: Academy) -> None:
    programme, session = await academy.taught()
    learner, admin = by(await academy.person()), by(await academy.person("ADMIN"))
    part = PartBody(starts=datetime(2099, 1, 1, 9), length=timedelta(hours=1))
    draft = await academy.engine.add_session(actor=APPLICATION, course=programme, location=academy.location, parts=[part], capacity=5)
    async with academy.client() as client:
        await client.post(f"/api/training-sessions/{session}/cancel", headers=admin, json={"cancellation_reason": "ill"})

        async def found(who: dict[str, str], only: bool) -> list[tuple[str, str]]:
            answer = await client.get("/api/training-sessions", params={"published_only": only}, headers=who)
            return [(it["id"], it["status"]) for it in answer.json()]

        await settled(lambda: found(admin, False), lambda it: len(it) == 2 and it[0][1] == "cancelled")
        assert await found(learner, True) == await found(admin, True) == []
        assert await found(learner, False) == [(session, "cancelled")]
        assert await found(admin, False) == [(session, "cancelled"), (str(draft.id), "scheduled")]


async def test_lists_are_filtered_skipped_and_cut(academy: Academy) -> None:
    programme, first = await academy.taught()
    others = [str((await academy.session(programme, 5, days=30 + it)).id) for it in range(1, 4)]
    learner = await academy.person()
    ids = [first, *others]
    async with academy.client() as client:

        async def found(address: str, **params: Any) -> list[str]:
            answer = await client.get(f"/api/{address}", params=params, headers=by(learner))
            return [it["id"] for it in answer.json()]

        assert await found("training-sessions") == ids
        assert await found("training-sessions", skip=1, limit=2) == ids[1:3]
        assert await found("training-sessions", skip=4) == []
        assert await found("training-sessions", program_id=programme, location="köln", include_past=True) == ids
        assert await found("training-sessions", published_only=False) == ids
        for nothing in ({"program_id": uuid.uuid4()}, {"location": "Bonn"}, {"instructor_id": uuid.uuid4()}):
            assert await found("training-sessions", **nothing) == []
        for it in ids:
            made = await client.post("/api/training-registrations/register", headers=by(learner), json={"session_id": it})
            assert made.status_code == 201, made.text
        mine = (await client.get("/api/my-registrations", params={"skip": 1, "limit": 2}, headers=by(learner))).json()
        assert [it["session_id"] for it in mine] == ids[1:3]
        await academy.programme("Axles")
        hidden = await academy.programme("Clutches", is_published=False)
        assert len(await found("training-programs")) == 2
        assert len(await found("training-programs", published_only=False)) == 2
        assert await found("training-programs", skip=1) == [str(programme)]
        assert (await client.get(f"/api/training-programs/{hidden}", headers=by(learner))).status_code == 404
        admin = by(await academy.person("ADMIN"))
        assert len((await client.get("/api/training-programs?published_only=false", headers=admin)).json()) == 3
        assert (await client.get(f"/api/training-programs/{hidden}", headers=admin)).status_code == 200


async def test_admins_plan_sessions_and_others_do_not(academy: Academy) -> None:
    programme = await academy.programme()
    learner, admin = by(await academy.person()), by(await academy.person("ADMIN"))
    start = datetime.now(UTC).replace(microsecond=0) + timedelta(days=30)
    plan = {
        "program_id": str(programme),
        "start_time": start.isoformat(),
        "end_time": (start + timedelta(hours=2)).isoformat(),
        "timezone": "UTC",
        "location": "centre",
        "capacity": 12,
    }
    async with academy.client() as client:
        assert (await client.post("/api/training-sessions/", headers=learner, json=plan)).status_code == 403
        made = await client.post("/api/training-sessions/", headers=admin, json=plan)
        assert (made.status_code, set(made.json())) == (201, {"message", "event_id", "resource_id", "status_endpoint"})
        shown = (await client.get(made.json()["status_endpoint"], headers=learner)).json()
        assert (datetime.fromisoformat(shown["start_time"]), shown["capacity"], shown["timezone"]) == (start, 12, "Europe/Berlin")
        for wrong, word in (
            ({"location": "Atlantis"}, "Atlantis"),
            ({"end_time": plan["start_time"]}, "end_time"),
            ({"timezone": "Mars/Olympus"}, "timezone"),
            ({"capacity": 0}, "capacity"),
            ({"capacity": 10**30}, ""),
            ({"start_time": "9999-12-31T23:00:00Z", "end_time": "9999-12-31T23:30:00Z"}, "start_time"),
            ({"instructor_id": str(uuid.uuid4())}, ""),
        ):
            refused = await client.post("/api/training-sessions/", headers=admin, json={**plan, **wrong})
            assert refused.status_code == 422, wrong
            assert word in refused.json()["detail"]
        unknown = await client.post("/api/training-sessions/", headers=admin, json={**plan, "program_id": str(uuid.uuid4())})
        assert unknown.status_code == 404
