"""Use cases, as the contract has them, on either database."""

from __future__ import annotations

import asyncio
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from ilt import (
    APPLICATION,
    Engine,
    Forbidden,
    InvalidRequest,
    NotFound,
    OnFull,
    Refused,
    RegistrationStatus,
    Role,
    Stale,
    Unauthenticated,
)
from town import Town


async def test_a_learner_registers_and_gives_the_seat_back(engine: Engine, town: Town) -> None:
    session, learner = await town.session(2), town.learners[0]
    registration = await engine.register(session.id, actor=learner)
    assert registration.status is RegistrationStatus.CONFIRMED
    assert registration.created_at.tzinfo is not None
    seen = await engine.session(session.id, actor=learner)
    assert (seen.seats.confirmed, seen.seats.open) == (1, 1)
    assert seen.course.id == town.course
    given_back = await engine.cancel_registration(registration.id, actor=learner, reason="ill")
    assert given_back.status is RegistrationStatus.CANCELLED
    assert (await engine.session(session.id, actor=learner)).seats.open == 2


async def test_a_full_session_answers_with_alternatives_and_the_waitlist(engine: Engine, town: Town) -> None:
    full, other = await town.session(1), await town.session(5, days=33)
    first, second, third = town.learners
    await engine.register(full.id, actor=first)
    for _ in range(50):
        if (await engine.alternatives(full.id, actor=second)).items:
            break
        await asyncio.sleep(0.1)
    with pytest.raises(Refused) as refused:
        await engine.register(full.id, actor=second)
    assert (refused.value.code, refused.value.status) == ("session-full", 409)
    [best, *_] = refused.value.alternatives
    assert best.session.id == other.id
    taken = await engine.take_alternative(best.id, actor=second)
    assert (taken.status, taken.session.id) == (RegistrationStatus.CONFIRMED, other.id)
    waits = await engine.register(full.id, actor=third, on_full=OnFull.WAITLIST)
    assert waits.status is RegistrationStatus.WAITLISTED


async def test_a_repetition_by_key_hears_the_first_answer(engine: Engine, town: Town) -> None:
    session, learner = await town.session(5), town.learners[0]
    first = await engine.register(session.id, actor=learner, key="the-key")
    assert await engine.register(session.id, actor=learner, key="the-key") == first
    with pytest.raises(InvalidRequest) as reused:
        await engine.register((await town.session(5, days=40)).id, actor=learner, key="the-key")
    assert reused.value.code == "idempotency-key-reused"


async def test_rights_are_those_of_the_person(engine: Engine, town: Town) -> None:
    session, (one, other, _) = await town.session(5), town.learners
    with pytest.raises(Forbidden):
        await engine.register(session.id, actor=one, learner=other)
    with pytest.raises(Forbidden):
        await engine.add_location(actor=one, name="Mine", city="Köln", lat=50.0, lon=7.0, zone="Europe/Berlin")
    with pytest.raises(Unauthenticated):
        await engine.me(actor=uuid.uuid4())
    with pytest.raises(NotFound):
        await engine.session(uuid.uuid4(), actor=one)
    manager = await town.person("Manager", Role.DEALER_ADMIN)
    registration = await engine.register(session.id, actor=manager, learner=one)
    assert registration.learner.id == one


async def test_the_journal_knows_who_asked(engine: Engine, town: Town) -> None:
    session, learner = await town.session(5), town.learners[0]
    registration = await engine.register(session.id, actor=APPLICATION, learner=learner)
    [step, *_] = (await engine.registration(registration.id, actor=learner)).history or ()
    assert step.by == "system:application"


async def test_a_change_is_made_of_the_version_that_was_seen(engine: Engine, town: Town) -> None:
    course = await engine.course(town.course, actor=APPLICATION)
    changed = await engine.edit_course(town.course, actor=APPLICATION, track="safety", if_match=course.version)
    assert (changed.track, changed.title) == ("safety", "Brakes")
    with pytest.raises(Stale) as stale:
        await engine.edit_course(town.course, actor=APPLICATION, title="Other", if_match=course.version)
    assert stale.value.status == 412
    set_back = await engine.edit_course(town.course, actor=APPLICATION, track=None, if_match=changed.version)
    assert set_back.track is None


async def test_lists_come_page_by_page(engine: Engine, town: Town) -> None:
    await town.people(25)
    page = await engine.people(actor=APPLICATION, limit=20)
    assert len(page.items) == 20
    rest = await engine.people(actor=APPLICATION, limit=20, cursor=page.next)
    assert {one.id for one in page.items}.isdisjoint(one.id for one in rest.items)
    assert len(rest.items) == 25 + len(town.learners) - 20


async def test_searching_says_every_kind_of_argument(engine: Engine, town: Town) -> None:
    session, learner = await town.session(5), town.learners[0]
    now = datetime.now(UTC)
    for _ in range(50):
        found = await engine.sessions(
            actor=learner, near=(50.9, 7.0), radius_km=20.5, open_seats=True, from_=now, to=now + timedelta(days=60), limit=5
        )
        if found.items:
            break
        await asyncio.sleep(0.1)
    [one] = found.items
    assert one.id == session.id
    assert one.parts[0].length == timedelta(hours=6)
    assert one.distance_km is not None


async def test_what_is_text_comes_as_text(engine: Engine, town: Town) -> None:
    session, learner = await town.session(5), town.learners[0]
    registration = await engine.register(session.id, actor=learner)
    assert (await engine.registration_calendar(registration.id, actor=learner)).startswith("BEGIN:VCALENDAR")
    assert "Learner 0" in await engine.roster_csv(session.id, actor=APPLICATION)
    assert "ilt_http_requests_total" in await engine.metrics()
    assert (await engine.health_live()).status == "ok"


async def test_live_updates_come_without_a_gap(engine: Engine, town: Town) -> None:
    session, (one, other, _) = await town.session(5), town.learners
    stream = engine.live(actor=one, sessions=[session.id])
    coming = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0.5)
    await engine.register(session.id, actor=one)
    event = await asyncio.wait_for(coming, 10)
    assert (event.name, event.session, event.what) == ("seats", session.id, "registration.confirmed")
    assert event.seats is not None
    assert event.seats.confirmed == 1
    await stream.aclose()
    await engine.register(session.id, actor=other)
    again = engine.live(actor=one, sessions=[session.id], after=event.id)
    assert (await asyncio.wait_for(anext(again), 10)).id > event.id
    await again.aclose()


async def test_five_seats_are_five_seats(engine: Engine, town: Town) -> None:
    session, learners = await town.session(5), await town.people(60)
    tries = (engine.register(session.id, actor=learner) for learner in learners)
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    refused = [one for one in outcomes if isinstance(one, Refused)]
    assert len(outcomes) - len(refused) == 5
    assert {one.code for one in refused} == {"session-full"}
    assert (await engine.session(session.id, actor=APPLICATION)).seats.confirmed == 5


async def test_a_file_comes_in_wholly_or_not_at_all(engine: Engine, town: Town) -> None:
    with pytest.raises(InvalidRequest) as wrong:
        await engine.import_csv("people", b"id,name\nno id,Ada\n")
    assert wrong.value.facts["fields"]
    with pytest.raises(InvalidRequest, match="none of"):
        await engine.import_csv("chairs", b"id\n")
