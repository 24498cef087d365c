"""Who was there, in the older contract."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ilt import APPLICATION, PartBody, Rule
from nlj_academy import DEALER, Academy, by


async def test_attendance_is_marked_by_person_and_listed(academy: Academy) -> None:
    programme, admin = await academy.programme(), await academy.person("ADMIN")
    here, away, other = await academy.people(3)
    for rule, value in ((Rule.ATTENDANCE_OPENS, 600), (Rule.REGISTRATION_CLOSES, 0)):
        await academy.engine.set_rule(actor=APPLICATION, rule=rule, value=value)
    start = datetime.now(ZoneInfo(DEALER.zone)).replace(tzinfo=None, microsecond=0) + timedelta(hours=2)
    async with academy.client() as client:
        await client.get("/api/training-programs", headers=by(admin))
        parts = [PartBody(starts=start + timedelta(hours=later), length=timedelta(hours=1)) for later in (0, 2)]
        plan = await academy.engine.add_session(actor=APPLICATION, course=programme, location=academy.location, parts=parts, capacity=5)
        await academy.engine.publish_session(plan.id, actor=APPLICATION)
        address = f"/api/training-sessions/{plan.id}/attendance"
        booked = {}
        for who in (here, away):
            made = await client.post("/api/training-registrations/register", headers=by(who), json={"session_id": str(plan.id)})
            assert made.status_code == 201, made.text
            booked[who] = made.json()["booking_id"]
        record = {"session_id": str(plan.id), "booking_id": booked[here], "learner_id": str(here), "attended": True}
        marked = await client.post(address, headers=by(admin), json={"user_id": str(here), "attended": True, "notes": "on time"})
        assert (marked.status_code, marked.json()) == (201, record), marked.text
        await client.post(address, headers=by(admin), json={"user_id": str(away), "attended": False})
        listed = (await client.get(address, headers=by(admin))).json()
        assert sorted((it["learner_id"], it["attended"]) for it in listed) == sorted([(str(here), True), (str(away), False)])
        assert (await client.post(address, headers=by(here), json={"user_id": str(here)})).status_code == 403
        nobody = await client.post(address, headers=by(admin), json={"user_id": str(other)})
        assert (nobody.status_code, nobody.json()["detail"]) == (404, "This person is not registered for this session")
    seat = await academy.engine.registration(uuid.UUID(booked[here]), actor=APPLICATION)
    assert [(it.part, it.minutes) for it in seat.marks] == [(1, 60), (2, 60)]
