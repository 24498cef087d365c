"""The older contract: what its browser client asks for, and what it finds in the answers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from ilt import APPLICATION, Rule
from nlj_academy import Academy, by, settled

SESSION = {
    "id", "program_id", "start_time", "end_time", "timezone", "location", "location_details", "capacity", "instructor_id", "session_notes",
    "status", "cancelled_at", "cancellation_reason", "attendance_taken", "attendance_taken_at", "created_at", "updated_at",
    "available_spots", "total_bookings", "confirmed_bookings", "waitlist_count",
}  # fmt: skip
PROGRAMME = {
    "id", "title", "description", "duration_minutes", "prerequisites", "content_items", "requires_approval", "auto_approve", "is_active",
    "is_published", "created_by_id", "total_sessions", "upcoming_sessions", "total_bookings",
}  # fmt: skip
REGISTRATION = {
    "id", "program_id", "session_id", "learner_id", "booking_status", "registration_method", "special_requirements", "waitlist_position",
    "confirmation_sent", "registered_at", "updated_at",
}  # fmt: skip
MADE = {"message", "event_id", "booking_id", "session_id", "status_endpoint", "alternatives"}


async def poll(client: httpx.AsyncClient, made: httpx.Response, who: UUID) -> dict[str, Any]:
    """How it stands, for whoever registered."""
    said: dict[str, Any] = (await client.get(made.json()["status_endpoint"], headers=by(who))).json()
    return said


async def test_answers_have_the_members_of_the_contract(academy: Academy) -> None:
    programme, session = await academy.taught()
    learner = await academy.person()
    async with academy.client() as client:
        sessions = (await client.get("/api/training-sessions", headers=by(learner))).json()
        assert [set(it) for it in sessions] == [SESSION]
        assert (await client.get(f"/api/training-sessions/{session}", headers=by(learner))).json() == sessions[0]
        assert (await client.get(f"/api/training-programs/{programme}/sessions", headers=by(learner))).json() == sessions
        made = await client.post("/api/training-registrations/register", headers=by(learner), json={"session_id": session, "more": 1})
        assert (made.status_code, set(made.json())) == (201, MADE)
        assert (made.json()["session_id"], made.json()["alternatives"]) == (session, [])
        polled = await client.get(made.json()["status_endpoint"], headers=by(learner))
        assert polled.json() == {"booking_id": made.json()["booking_id"], "status": "confirmed", "message": "Your seat is confirmed."}
        mine = (await client.get("/api/my-registrations", headers=by(learner))).json()
        assert [set(it) for it in mine] == [REGISTRATION]

        async def programmes() -> Any:
            return (await client.get("/api/training-programs", headers=by(learner))).json()

        seen = await settled(programmes, lambda it: it[0]["total_bookings"] == 1)
        assert [set(it) for it in seen] == [PROGRAMME]
    shown, start = sessions[0], sessions[0]["start_time"]
    assert (shown["program_id"], shown["location"], shown["timezone"]) == (str(programme), "Centre", "Europe/Berlin")
    assert (shown["status"], shown["capacity"], shown["available_spots"], shown["attendance_taken"]) == ("scheduled", 5, 5, False)
    assert datetime.fromisoformat(shown["end_time"]) - datetime.fromisoformat(start) == timedelta(hours=6)
    assert (seen[0]["total_sessions"], seen[0]["upcoming_sessions"]) == (1, 1)
    assert (mine[0]["booking_status"], mine[0]["learner_id"]) == ("confirmed", str(learner))


@pytest.mark.parametrize("slash", ["", "/"])
async def test_every_address_answers_with_and_without_a_slash(academy: Academy, slash: str) -> None:
    programme, session = await academy.taught()
    learner, admin = await academy.person(), await academy.person("ADMIN")
    async with academy.client(prefix="/x") as client:
        for address in (
            "training-sessions",
            f"training-sessions/{session}",
            "training-programs",
            f"training-programs/{programme}",
            f"training-programs/{programme}/sessions",
            "my-registrations",
            "training-registrations/my-registrations",
        ):
            assert (await client.get(f"/x/{address}{slash}", headers=by(learner))).status_code == 200, address
        for alias in ("training-registrations", "registrations", "my-registrations"):
            made = await client.post(f"/x/training-registrations/register{slash}", headers=by(learner), json={"session_id": session})
            booking = made.json()["booking_id"]
            assert made.json()["status_endpoint"] == f"/x/training-registrations/{booking}/status"
            assert (await client.get(made.json()["status_endpoint"] + slash, headers=by(learner))).json()["status"] == "confirmed"
            gone = await client.delete(f"/x/{alias}/{booking}{slash}", headers=by(learner))
            assert (gone.status_code, gone.json()["booking_id"]) == (200, booking)
            assert (await client.get(made.json()["status_endpoint"], headers=by(learner))).json()["status"] == "failed"
        assert (await client.get(f"/x/training-sessions/{session}/attendance{slash}", headers=by(admin))).json() == []
        reason = {"cancellation_reason": "the trainer is ill"}
        off = await client.post(f"/x/training-sessions/{session}/cancel{slash}", headers=by(admin), json=reason)
        assert (off.status_code, off.json()["status"]) == (200, "cancelled")
        assert off.json()["cancellation_reason"] == "the trainer is ill"


async def test_whoever_waits_is_promoted_when_somebody_leaves(academy: Academy) -> None:
    programme, session = await academy.taught(capacity=1)
    other = str((await academy.session(programme, 5, days=37)).id)
    first, second, third = await academy.people(3)
    register = "/api/training-registrations/register"
    async with academy.client() as client:
        made = [await client.post(register, headers=by(it), json={"session_id": session}) for it in (first, second, third)]
        assert [it.status_code for it in made] == [201] * 3
        assert [it["session"]["id"] for it in made[1].json()["alternatives"]] == [other]
        assert set(made[1].json()["alternatives"][0]) == {"session", "reason"}
        status = [await poll(client, *it) for it in zip(made, (first, second, third), strict=True)]
        assert [(it["status"], it.get("waitlist_position")) for it in status] == [("confirmed", None), ("waitlisted", 1), ("waitlisted", 2)]
        shown = (await client.get(f"/api/training-sessions/{session}", headers=by(third))).json()
        assert (shown["available_spots"], shown["confirmed_bookings"], shown["waitlist_count"], shown["total_bookings"]) == (0, 1, 2, 3)
        await client.delete(f"/api/registrations/{made[0].json()['booking_id']}", headers=by(first))
        status = [await poll(client, *it) for it in zip(made[1:], (second, third), strict=True)]
        assert [(it["status"], it.get("waitlist_position")) for it in status] == [("confirmed", None), ("waitlisted", 1)]


async def test_an_offer_is_taken_by_registering_again(academy: Academy) -> None:
    _, session = await academy.taught(capacity=1)
    await academy.engine.set_rule(actor=APPLICATION, rule=Rule.AUTOMATIC_UNTIL, value=60)
    first, second = await academy.people(2)
    register = "/api/training-registrations/register"
    async with academy.client() as client:
        made = [await client.post(register, headers=by(it), json={"session_id": session}) for it in (first, second)]
        await client.delete(f"/api/registrations/{made[0].json()['booking_id']}", headers=by(first))
        offered = (await client.get(made[1].json()["status_endpoint"], headers=by(second))).json()
        assert offered["status"] == "waitlisted"
        assert "register again" in offered["message"]
        taken = await client.post(register, headers=by(second), json={"session_id": session})
        assert (taken.status_code, taken.json()["booking_id"]) == (201, made[1].json()["booking_id"])
        assert (await client.get(made[1].json()["status_endpoint"], headers=by(second))).json()["status"] == "confirmed"


async def test_a_request_is_pending_until_it_is_approved(academy: Academy) -> None:
    _, session = await academy.taught()
    await academy.engine.set_rule(actor=APPLICATION, rule=Rule.APPROVAL, value=1)
    learner = await academy.person()
    async with academy.client() as client:
        made = await client.post("/api/training-registrations/register", headers=by(learner), json={"session_id": session})
        assert (await poll(client, made, learner))["status"] == "processing"
        mine = (await client.get("/api/my-registrations?status_filter=pending", headers=by(learner))).json()
        assert [it["booking_status"] for it in mine] == ["pending"]
        await academy.engine.approve_registration(UUID(made.json()["booking_id"]), actor=APPLICATION)
        assert (await poll(client, made, learner))["status"] == "confirmed"


async def test_registering_twice_is_answered_in_words(academy: Academy) -> None:
    _, session = await academy.taught()
    learner = await academy.person()
    async with academy.client() as client:
        made = await client.post("/api/training-registrations/register", headers=by(learner), json={"session_id": session})
        again = await client.post("/api/training-registrations/register", headers=by(learner), json={"session_id": session})
    assert (again.status_code, again.json()["code"], again.json()["booking_id"]) == (409, "already-registered", made.json()["booking_id"])
    assert again.json()["detail"] == "You have registered for this session already. Your seat is confirmed."


async def test_states_have_the_words_of_either_side(academy: Academy) -> None:
    programme, session = await academy.taught(capacity=1)
    other = str((await academy.session(programme, 5, days=40)).id)
    first, learner = await academy.people(2)
    async with academy.client() as client:
        for who, wanted in ((first, session), (learner, session), (learner, other)):
            made = await client.post("/api/training-registrations/register", headers=by(who), json={"session_id": wanted})
        await client.delete(f"/api/my-registrations/{made.json()['booking_id']}", headers=by(learner))

        async def states(word: str) -> list[str]:
            answer = await client.get("/api/my-registrations", params={"status_filter": word}, headers=by(learner))
            return [it["booking_status"] for it in answer.json()]

        assert await states("waitlist") == await states("waitlisted") == ["waitlisted"]
        assert await states("cancelled") == ["cancelled"]
        assert await states("confirmed") == await states("pending") == await states("no_show") == []
        assert sorted(await states("")) == ["cancelled", "waitlisted"]
    async with academy.client(waitlisted="waitlist") as client:
        assert await states("waitlisted") == ["waitlist"]


@pytest.mark.parametrize(
    ("wish", "kept"),
    [
        ({}, None),
        ({"registration_notes": None, "special_requirements": {}}, None),
        ({"registration_notes": "I come late", "special_requirements": {"access": "a ramp"}}, "I come late\naccess: a ramp"),
        ({"special_requirements": {"meals": ["vegan"], "ramp": True}}, 'meals: ["vegan"]\nramp: true'),
        ({"special_requirements": "a ramp"}, "a ramp"),
    ],
)
async def test_what_people_note_is_kept_for_whoever_teaches(academy: Academy, wish: dict[str, Any], kept: str | None) -> None:
    _, session = await academy.taught()
    learner = await academy.person()
    async with academy.client() as client:
        made = await client.post("/api/training-registrations/register", headers=by(learner), json={"session_id": session, **wish})
    registration = await academy.engine.registration(UUID(made.json()["booking_id"]), actor=learner)
    assert registration.history is not None
    assert registration.history[0].why == kept


async def test_whoever_leaves_late_needs_no_reason_here(academy: Academy) -> None:
    programme, _ = await academy.taught()
    await academy.engine.set_rule(actor=APPLICATION, rule=Rule.REGISTRATION_CLOSES, value=0)
    await academy.engine.set_rule(actor=APPLICATION, rule=Rule.LATE_LOCAL, value=72)
    session, learner = await academy.session(programme, 5, days=2), await academy.person()
    async with academy.client() as client:
        made = await client.post("/api/training-registrations/register", headers=by(learner), json={"session_id": str(session.id)})
        gone = await client.delete(f"/api/registrations/{made.json()['booking_id']}", headers=by(learner))
    assert (gone.status_code, gone.json()["message"]) == (200, "The registration was cancelled late.")


async def test_each_address_is_described_once(academy: Academy) -> None:
    async with academy.client() as client:
        said = (await client.get("/openapi.json")).json()
    assert len(said["paths"]) == 14
    for item in said["paths"].values():
        for operation in item.values():
            assert operation["security"] == [{"HTTPBearer": []}]
            assert operation["summary"]
