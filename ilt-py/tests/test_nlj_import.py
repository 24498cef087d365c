"""Taking over what exists on the platform: what comes in, what is told, and that doing it again does nothing."""

from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ilt import APPLICATION, Role, Rule
from ilt.fastapi.nlj.importing import PlacesError
from nlj_academy import DEALER, Academy, settled
from nlj_past import NOW, PLACES, Past, at_rest, kept, person, roster


@pytest.fixture
async def past(academy: Academy, tmp_path: Path) -> Past:
    """A platform with a past."""
    return await Past(academy, tmp_path).made()


async def test_everything_comes_in_by_its_own_id(past: Past) -> None:
    academy, engine = past.academy, past.academy.engine
    programme = await academy.programme("Brakes", prerequisites=[uuid.uuid4() if academy.schema else str(uuid.uuid4())])
    ada, ben, ina = await academy.people(3)
    to_come = await past.session(programme, capacity=20, max_attendees=7, instructor_id=ina)
    over = await past.session(programme, -30, instructor_id=ina)
    off = await past.session(programme, 40, status="cancelled")
    (booking,) = await past.booked(to_come, [ada])
    await past.booked(to_come, [ben], "cancelled")
    marked = await past.was_there(over, ada, attended=False, completed=False)
    await past.was_there(over, ada, booking=marked)
    await past.was_there(over, ben, completed=False, booking=await past.was_there(over, ben, attended=False))

    took = await past.taken_over()

    assert took.report.left_out == 0
    assert Role.INSTRUCTOR in {it.role for it in (await person(engine, ina)).roles}
    assert (await person(engine, ada)).dealer == DEALER.id
    session = await settled(lambda: engine.session(to_come, actor=APPLICATION), lambda _: True)
    assert (session.course.id, session.seats.capacity, [it.id for it in session.instructors]) == (programme, 7, [ina])
    assert (session.location.name, session.status.value) == ("Centre of Köln", "published")
    assert session.parts[0].starts_at == NOW.replace(hour=8, minute=0, second=0) + timedelta(days=30)
    assert [(await engine.session(it, actor=APPLICATION)).status.value for it in (over, off)] == ["completed", "cancelled"]
    assert await roster(engine, to_come) == [(ada, "confirmed")]
    assert (await engine.registration(took.called[booking], actor=APPLICATION)).learner.id == ada
    done = {who: (await engine.completions(who, actor=APPLICATION)).items for who in (ada, ben)}
    assert [(it.course, it.completed_at.date()) for it in done[ada]] == [(programme, (NOW - timedelta(days=30)).date())]
    assert done[ben] == ()
    assert took.rows("training_bookings") == {"new": 1, "not kept": 3}
    assert took.rows("attendance_records") == {"new": 1, "not kept": 1}
    assert set(took.lines("not-kept", "training_programs").values()) == {
        "1 programmes have contents as prerequisites, which the engine does not know: name courses there instead"
    }
    assert (await past.taken_over(dry_run=True)).report.changes == 0


async def test_bookings_come_in_as_their_rules_say_and_once(past: Past, config: dict[str, Any]) -> None:
    academy, engine = past.academy, past.academy.engine
    programme = await academy.programme()
    full, half = await past.session(programme, capacity=2), await past.session(programme, 50, capacity=3)
    ada, ben, cid, dot, eva, fay, gil = await academy.people(7)
    (late,) = await past.booked(full, [cid], minute=30)
    first, second = await past.booked(full, [ada, ben], minute=10)
    await past.booked(full, [eva], "waitlisted", minute=6)
    await past.booked(full, [dot], "waitlist", minute=5)
    (again,) = await past.booked(full, [ada], "waitlist", minute=40)
    (asked,) = await past.booked(full, [fay], "pending", minute=1)
    (odd,) = await past.booked(full, [gil], "no_show", minute=1)
    await past.booked(full, [gil], "cancelled", minute=2)
    (waited,) = await past.booked(half, [gil], "waitlist")

    empty = await at_rest(config)
    rehearsed = await past.taken_over(dry_run=True)
    assert await kept(config) == empty
    took = await past.taken_over()

    seats, queue = [(it, "confirmed") for it in sorted((ada, ben), key=str)], [(it, "waitlisted") for it in (cid, dot, eva)]
    assert await roster(engine, full) == seats + queue
    assert await roster(engine, half) == [(gil, "confirmed")]
    assert took.lines("left-out", "training_bookings") == {
        asked: f"it waits for an approval, and course {programme} asks for none: switch its rule approval on and import again, or decide",
        odd: f"its status says nothing of a session to come: set it to confirmed or cancelled for session {full}",
    }
    assert took.lines("changed", "training_bookings") == {
        again: f"the same learner has another booking of this session, {first}, and that is the one that counts",
        late: "it was confirmed, and there are more of those than seats: it waits in line now, and gets the next seat",
        waited: "it waited beside an open seat, and has that seat now: cancel it where the learner does not come",
    }
    assert took.rows("training_bookings") == {"new": 6, "left out": 2, "not kept": 2}
    assert second in took.called
    assert (await engine.registration(took.called[late], actor=APPLICATION)).automatic is True

    said, would = ([it for it in one.said if it["kind"] != "registration"] for one in (took, rehearsed))
    assert would == said
    assert rehearsed.report.rows == took.report.rows
    full_now = await at_rest(config)
    once_more = await past.taken_over(dry_run=True)
    assert once_more.report.changes == 0
    twice = await past.taken_over()
    assert await kept(config) == full_now
    assert twice.report.changes == 0
    assert twice.called == took.called
    assert "Nothing was changed." in twice.report.summary(dry_run=False)

    # A dry run knows who sits there already.
    (extra,) = await past.booked(full, await academy.people(1), minute=50)
    assert extra in (await past.taken_over(dry_run=True)).lines("changed", "training_bookings")


async def test_whoever_is_pending_waits_for_approval_where_the_course_asks_for_it(past: Past) -> None:
    academy, engine = past.academy, past.academy.engine
    programme = await academy.programme(requires_approval=True)
    session = await past.session(programme, capacity=3)
    ada, ben, cid, dot = await academy.people(4)
    (asked,) = await past.booked(session, [ada], "pending")
    took = await past.taken_over()
    assert list(took.lines("left-out", "training_bookings")) == [asked]
    assert "its rule approval is off" in took.lines("changed", "training_programs")[programme]
    await engine.set_rule(actor=APPLICATION, rule=Rule.APPROVAL, value=1, course=programme)
    # As a run leaves it that was cut off between registering somebody and approving that.
    assert (await engine.register(session, actor=APPLICATION, learner=ben)).status.value == "held"
    await past.booked(session, [ben, cid, dot])
    would, took = await past.taken_over(dry_run=True), await past.taken_over()
    assert would.lines("changed", "training_bookings") == took.lines("changed", "training_bookings")
    assert took.report.left_out == 0
    assert took.lines("changed", "training_bookings") == {
        asked: "it was pending, and no seat is open: it waits in line, and is asked about once there is one"
    }
    assert sorted(await roster(engine, session)) == sorted(
        [(ada, "waitlisted"), (ben, "confirmed"), (cid, "confirmed"), (dot, "confirmed")]
    )
    assert (await past.taken_over()).report.changes == 0


async def test_what_has_become_of_it_in_the_engine_stays(past: Past) -> None:
    academy, engine = past.academy, past.academy.engine
    programme = await academy.programme()
    session = await past.session(programme)
    ada, ben = await academy.people(2)
    booking, _ = await past.booked(session, [ada, ben])
    seat = (await past.taken_over()).called[booking]
    await engine.cancel_registration(seat, actor=APPLICATION)
    known = await settled(lambda: engine.session(session, actor=APPLICATION), lambda _: True)
    await engine.resize_session(session, actor=APPLICATION, capacity=9, version=known.version)
    await past.change(past.sessions, max_attendees=4)
    await academy.change(ben, is_active=False)
    took = await past.taken_over()
    assert await roster(engine, session) == []
    assert took.rows("training_bookings") == {"there already": 2}
    assert took.called[booking] == seat
    assert took.report.left_out == 0
    assert (await engine.session(session, actor=APPLICATION)).seats.capacity == 9
    assert took.rows("users") == {"there already": 1, "changed": 1}
    await past.change(past.sessions, status="cancelled")
    assert (await past.taken_over()).lines("left-out", "training_sessions") == {
        session: "it was called off on the platform after it had come in: call it off here as well"
    }


async def test_what_cannot_come_in_is_told_by_id_and_keeps_nothing_else_out(past: Past) -> None:
    academy, engine = past.academy, past.academy.engine
    programme, hidden = await academy.programme(), await academy.programme("Gears", is_published=False)
    ada, ben, ina, gone, twin, other_twin = await academy.people(6)
    await academy.change(gone, is_active=False)
    await academy.change(twin, email=f"{other_twin.hex}@ACADEMY.example")
    nobody, untitled = uuid.uuid4(), await academy.programme(" ")
    start = NOW + timedelta(days=60)
    empty = await past.session(programme, capacity=0)
    long = await past.session(programme, 31, end_time=NOW + timedelta(days=33))
    back = await past.session(programme, 32, end_time=NOW + timedelta(days=31))
    astray = await past.session(nobody, 33)
    running = await past.session(programme, start_time=NOW - timedelta(hours=1), end_time=NOW + timedelta(hours=1))
    early = await past.session(programme, 34, status="completed")
    elsewhere = [await past.session(programme, 35 + it, location="Ulm", timezone="Europe/Paris") for it in range(2)]
    both = [await past.session(programme, start_time=start, end_time=start + timedelta(hours=2), instructor_id=ina) for _ in range(2)]
    led = await past.session(programme, 70, instructor_id=gone)
    paris = await past.session(programme, 71, timezone="Europe/London")
    unsaid = await past.session(programme, 72, timezone="UTC")
    draft, seen = await past.session(hidden, 73), await past.session(hidden, 74)
    (stranger,) = await past.booked(led, [nobody])
    (left,) = await past.booked(led, [gone])
    same = [await past.session(programme, 80 + it / 48) for it in range(2)]
    (one,), (other,) = await past.booked(same[0], [ada]), await past.booked(same[1], [ada])
    await past.booked(seen, [ben])
    await past.booked(astray, [ada])

    took = await past.taken_over()

    left_out = took.lines("left-out", "training_sessions")
    clash = {it: left_out.pop(it) for it in both if it in left_out}
    (unknown,) = (it for it in elsewhere if it in left_out)
    assert left_out.pop(unknown).splitlines() == [
        "2 in all are at a place that the file of places does not name, such as this one: fill in and add",
        '    "Ulm" = { name = "Ulm", city = "?", lat = "?", lon = "?", zone = "Europe/Paris" }',
    ]
    refuses, again = "the engine refuses it: ", ". Put that right there, and import again"
    assert left_out == {
        empty: f"{refuses}capacity must be between 1 and 100000{again}",
        long: f"{refuses}length must be between one minute and one day; longer sessions have several parts{again}",
        back: "it ends before it begins: put its time right",
        astray: f"its programme {nobody} is no course here: put that right first (1 bookings wait with it)",
        running: "it takes place at this moment: import again once it is over, and it comes in with who completed it",
        early: "its status does not fit a session that has not ended: set it to scheduled or cancelled, or put its time right",
    }
    assert list(clash.values()) == [f"{refuses}already taken: an instructor at {start:%Y-%m-%dT%H:%M:%SZ}{again}"]
    changed = took.lines("changed", "training_sessions")
    assert changed.pop(led) == f"its instructor {gone} is no active user of the platform: it comes without one, name another"
    assert changed.pop(paris).startswith("its zone is Europe/London, that of its place Europe/Berlin: it begins at the same instant, ")
    assert "say utc_is_wall_clock = true" in changed.pop(unsaid)
    assert changed == {}
    assert set(took.lines("left-out", "training_bookings")) == {stranger, left}
    assert {one, other} & set(took.lines("changed", "training_bookings"))
    assert len(took.lines("left-out", "users")) == 1
    assert took.lines("left-out", "training_programs") == {
        untitled: "the engine cannot take it as a course: title: must not be empty. Put that right there"
    }
    assert [(await engine.session(it, actor=APPLICATION)).status.value for it in (draft, seen)] == ["draft", "published"]
    told = str(took.said).casefold()
    assert not [it for it in await past.emails() if it.casefold() in told]
    assert not [it for it in (ada, ben, ina, gone, twin) if f"person {it.hex}" in told]

    # What has been put right comes in.
    await academy.change(gone, is_active=True)
    known = await person(engine, gone)
    await engine.edit_person(gone, actor=APPLICATION, active=True, if_match=known.version)
    assert left in (await past.taken_over()).called


async def test_a_place_is_a_location_that_the_engine_has_or_a_new_one(past: Past) -> None:
    engine, location, programme = past.academy.engine, past.academy.location, await past.academy.programme()
    session, ina = await past.session(programme), await past.academy.person()
    twice = [await past.session(programme, 50, instructor_id=ina) for _ in range(2)]
    by_the_wall = await past.session(programme, timezone="UTC", location="Tokyo")
    tokyo = '"Tokyo" = { name = "T", city = "Tokyo", lat = 36, lon = 140, zone = "Asia/Tokyo", utc_is_wall_clock = true }'
    places = f'{PLACES.split("[places]")[0]}[places]\n{tokyo}\n"Köln, Training Centre" = "{location}"\n'
    with pytest.raises(PlacesError, match="the engine has no location"):
        await past.taken_over(places=places.replace(str(location), str(uuid.uuid4())))
    (told,) = (await past.taken_over(places=places)).lines("left-out", "training_sessions").items()
    assert told[0] in twice
    assert told[1].startswith("the engine refuses it: already taken: an instructor")
    known = await settled(lambda: engine.session(session, actor=APPLICATION), lambda _: True)
    assert known.location.id == location
    known = await settled(lambda: engine.session(by_the_wall, actor=APPLICATION), lambda _: True)
    assert (known.parts[0].starts.hour, known.parts[0].zone) == (8, "Asia/Tokyo")
