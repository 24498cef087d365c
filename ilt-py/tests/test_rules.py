"""Rules without an engine."""

from __future__ import annotations

import random
import time
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest

from ilt import (
    Claim,
    CourseFacts,
    InvalidRequest,
    LearnerFacts,
    NotFound,
    PlaceFacts,
    SessionFacts,
    Sessions,
    Stretch,
    Weights,
    check_prerequisites,
    find_clashes,
    rank,
    seat_ledger,
)

NEAREST = Weights(proximity=1, availability=0, relevance=0)
NOW = datetime(2027, 3, 1, 8, tzinfo=UTC)
COLOGNE = PlaceFacts(id=UUID(int=1), name="Köln", lat=50.94, lon=6.96, zone="Europe/Berlin")
MUNICH = PlaceFacts(id=UUID(int=2), name="München", lat=48.14, lon=11.58, zone="Europe/Berlin")
BRAKES = CourseFacts(id=UUID(int=10), title="Brakes", topics=("brakes",))
OTHER = CourseFacts(id=UUID(int=11), title="Steering", topics=("brakes", "steering"))


def session(number: int, days: int, place: PlaceFacts = COLOGNE, course: CourseFacts = BRAKES, open: int = 5) -> SessionFacts:
    starts = NOW + timedelta(days=days)
    return SessionFacts(
        id=UUID(int=100 + number), course=course.id, location=place.id, starts=starts, length=timedelta(hours=6), capacity=12, open=open
    )


def those(*sessions: SessionFacts) -> Sessions:
    return Sessions(sessions, courses=[BRAKES, OTHER], places=[COLOGNE, MUNICH])


def test_the_same_course_comes_first_and_the_nearest_of_it() -> None:
    full, near, far, other = session(0, 30, open=0), session(1, 37), session(2, 37, MUNICH), session(3, 31, course=OTHER)
    found = rank(those(full, near, far, other), full.id, learner=LearnerFacts(places=((50.9, 7.0),)), now=NOW)
    assert [one.session for one in found] == [near.id, far.id, other.id]
    first = found[0]
    assert first.days_later == 7
    assert first.distance_km is not None
    assert first.distance_km < 10
    assert 0 < first.score <= 1
    assert first.reason.endswith(".")


def test_weights_decide_and_the_order_of_what_is_said_does_not() -> None:
    full = session(0, 30, open=0)
    others = [session(number, 30 + number, MUNICH if number % 2 else COLOGNE) for number in range(1, 9)]
    learner = LearnerFacts(places=((48.1, 11.6),))
    near = rank(those(full, *others), full.id, learner=learner, weights=NEAREST, now=NOW)
    assert {one.session for one in near} <= {one.id for one in others if one.location == MUNICH.id}
    again = rank(those(*reversed(others), full), full.id, learner=learner, weights=NEAREST, now=NOW)
    assert again == near


def test_what_a_learner_holds_or_lacks_is_not_offered() -> None:
    basics = CourseFacts(id=UUID(int=99), title="Basics")
    needs = replace(OTHER, prerequisites=(basics.id,))
    full, other = session(0, 30, open=0), session(1, 31, course=OTHER)
    held = rank(those(full, other), full.id, learner=LearnerFacts(holds=(OTHER.id,)), now=NOW)
    lacking = rank(Sessions([full, other], courses=[BRAKES, needs, basics], places=[COLOGNE]), full.id, now=NOW)
    assert held == lacking == ()


def test_what_makes_no_sense_is_told() -> None:
    with pytest.raises(NotFound, match="wanted is none"):
        rank(those(), uuid.uuid4(), now=NOW)
    with pytest.raises(InvalidRequest, match="not among places"):
        Sessions([session(0, 30)], courses=[], places=[])
    with pytest.raises(InvalidRequest, match="not a time zone"):
        Sessions([], courses=[], places=[replace(COLOGNE, zone="Nowhere")])
    with pytest.raises(ValueError, match="now must have a time zone"):
        rank(those(), uuid.uuid4(), now=datetime(2027, 1, 1))
    with pytest.raises(ValueError, match="starts must have a time zone"):
        replace(session(0, 30), starts=datetime(2027, 1, 1))
    with pytest.raises(TypeError):
        Sessions([3], courses=[], places=[])  # type: ignore[list-item]


def test_many_sessions_are_put_in_order_once() -> None:
    dice = random.Random(1)
    many = [session(number, dice.randrange(20, 200), dice.choice((COLOGNE, MUNICH)), open=dice.randrange(13)) for number in range(20_000)]
    sessions = Sessions(many, courses=[BRAKES, OTHER], places=[COLOGNE, MUNICH])
    assert len(sessions) == 20_000
    begun = time.perf_counter()
    for number in range(100):
        assert len(rank(sessions, many[number].id, now=NOW)) == 3
    assert (time.perf_counter() - begun) / 100 < 0.1


def test_prerequisites_hold_for_as_long_as_they_do() -> None:
    basics = CourseFacts(id=UUID(int=20), title="Basics", validity_months=24, equivalents=(UUID(int=21),))
    old = CourseFacts(id=UUID(int=21), title="Old basics")
    high = CourseFacts(id=UUID(int=22), title="High voltage", prerequisites=(basics.id,))
    courses = [basics, old, high]

    def lacking(*completed: tuple[UUID, datetime]) -> list[tuple[str, datetime | None]]:
        found = check_prerequisites(high.id, courses=courses, completed=completed, at=NOW)
        return [(one.title, one.expired_at) for one in found]

    assert lacking() == [("Basics", None)]
    assert lacking((basics.id, NOW - timedelta(days=30))) == []
    assert lacking((old.id, NOW - timedelta(days=9_000))) == []
    assert lacking((basics.id, datetime(2024, 1, 1, tzinfo=UTC))) == [("Basics", datetime(2026, 1, 1, tzinfo=UTC))]
    with pytest.raises(InvalidRequest, match="course is not among courses"):
        check_prerequisites(uuid.uuid4(), courses=courses, completed=[], at=NOW)
    with pytest.raises(ValueError, match="completed must have a time zone"):
        lacking((basics.id, datetime(2024, 1, 1)))


def stretch(hour: float, place: PlaceFacts = COLOGNE, hours: float = 2) -> Stretch:
    starts = NOW.astimezone(timezone(timedelta(hours=1))) + timedelta(hours=hour)
    return Stretch(starts=starts, ends=starts + timedelta(hours=hours), location=place.id, lat=place.lat, lon=place.lon)


@pytest.mark.parametrize(
    ("one", "other", "settings", "clash"),
    [
        (stretch(0), stretch(1), {}, True),
        (stretch(0), stretch(2), {}, False),
        (stretch(0), stretch(3, MUNICH), {}, True),
        (stretch(0), stretch(12, MUNICH), {}, False),
        (stretch(0), stretch(12, MUNICH), {"kilometres_per_hour": 20}, True),
        (stretch(0), stretch(2.2, replace(COLOGNE, id=UUID(int=3))), {}, True),
        (stretch(0), stretch(2.2, replace(COLOGNE, id=UUID(int=3))), {"least_minutes": 5}, False),
    ],
)
def test_nobody_is_in_two_places(one: Stretch, other: Stretch, settings: dict[str, Any], clash: bool) -> None:
    assert find_clashes([one, other], **settings) == (((one, other),) if clash else ())
    assert bool(find_clashes([other, one], **settings)) is clash


def test_the_seats_add_up() -> None:
    claims = [Claim.CONFIRMED] * 3 + [Claim.HELD, Claim.OFFERED] + [Claim.WAITLISTED] * 4
    seats = seat_ledger(8, claims, reserved=2)
    assert (seats.confirmed, seats.held, seats.offered, seats.reserved, seats.open, seats.waitlisted) == (3, 1, 1, 2, 1, 4)
    assert seats.capacity == seats.confirmed + seats.held + seats.offered + seats.reserved + seats.open
    assert seat_ledger(2, [Claim.CONFIRMED] * 2 + [Claim.BEYOND]).over_capacity == 1
    assert seat_ledger(3, [Claim.CONFIRMED] * 2 + [Claim.BEYOND]).over_capacity == 0
    with pytest.raises(InvalidRequest, match="3 seats are taken"):
        seat_ledger(2, [Claim.CONFIRMED] * 3)
    with pytest.raises(InvalidRequest):
        seat_ledger(-1, [])
    with pytest.raises(InvalidRequest, match="more than"):
        seat_ledger(2, [], reserved=2_000_000)
