"""What comes in as what, case by case: a table that a trainer can read."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from ilt.fastapi.nlj.importing import PlacesError, read, template
from ilt.fastapi.nlj.importing.claims import claims
from ilt.fastapi.nlj.importing.places import Centre
from ilt.fastapi.nlj.importing.reading import Booking, Run, Text
from ilt.fastapi.nlj.importing.sessions import Stage, begins_twice, planned, stage
from nlj_past import PLACES

NOW = datetime(2027, 3, 15, 12, tzinfo=UTC)
KOELN = Centre(id=UUID(int=7), name="Centre", city="Köln", lat=50.94, lon=6.96, zone="Europe/Berlin")
INA = UUID(int=9)


def ids(*numbers: int) -> list[UUID]:
    return [UUID(int=it) for it in numbers]


def booked(*said: tuple[int, str, str, int | None]) -> list[Booking]:
    """Booking, learner, status, and at which minute they registered."""
    at = datetime(2027, 1, 1, tzinfo=UTC)
    return [
        Booking(
            id=UUID(int=number),
            session_id=UUID(int=1),
            learner_id=UUID(bytes=who.encode().ljust(16)),
            booking_status=status,
            registered_at=None if minute is None else at + timedelta(minutes=minute),
        )
        for number, who, status, minute in said
    ]


@pytest.mark.parametrize(
    ("bookings", "in_order", "repeated", "cancelled", "unknown"),
    [
        pytest.param(
            [(1, "ada", "confirmed", 5), (2, "ben", "confirmed", 1)], [2, 1], [], 0, [], id="whoever registered earlier comes first"
        ),
        pytest.param([(2, "ada", "confirmed", 1), (1, "ben", "confirmed", 1)], [1, 2], [], 0, [], id="at the same instant the id decides"),
        pytest.param(
            [(1, "ada", "waitlist", 1), (2, "ben", "confirmed", 9)], [2, 1], [], 0, [], id="who waits comes after who is confirmed"
        ),
        pytest.param(
            [(1, "ada", "waitlist", 2), (2, "ben", "waitlisted", 1)], [2, 1], [], 0, [], id="both words for waiting are one queue"
        ),
        pytest.param(
            [(1, "ada", "waitlist", 1), (2, "ben", "pending", 2), (3, "cid", "confirmed", 3)],
            [3, 2, 1],
            [],
            0,
            [],
            id="who is pending comes between them",
        ),
        pytest.param(
            [(1, "ada", "confirmed", 1), (2, "ada", "confirmed", 2)], [1], [(2, 1)], 0, [], id="of a learner's two the earlier one counts"
        ),
        pytest.param(
            [(1, "ada", "cancelled", 1), (2, "ada", "confirmed", 2)], [2], [], 1, [], id="a cancelled one does not count, and is counted"
        ),
        pytest.param([(1, "ada", " Confirmed ", 1)], [1], [], 0, [], id="blanks and capitals do not matter"),
        pytest.param([(1, "ada", "no_show", 1)], [], [], 0, [1], id="nobody has not shown up yet"),
        pytest.param([(1, "ada", "confirmed", None), (2, "ben", "confirmed", 1)], [2, 1], [], 0, [], id="without a time one comes last"),
    ],
)
def test_bookings(
    bookings: list[tuple[int, str, str, int | None]],
    in_order: list[int],
    repeated: list[tuple[int, int]],
    cancelled: int,
    unknown: list[int],
) -> None:
    found = claims(booked(*bookings), asks_for_approval=True)
    assert [it.booking.id for it in found.ordered] == ids(*in_order)
    assert [(it.id, counts) for it, counts in found.repeated] == [(UUID(int=it), UUID(int=counts)) for it, counts in repeated]
    assert (found.cancelled, [it.id for it in found.unknown]) == (cancelled, ids(*unknown))


@pytest.mark.parametrize(
    ("bookings", "asks", "comes_in", "for_which", "unapproved"),
    [
        pytest.param([("pending", 1), ("confirmed", 2)], False, 2, [1], [], id="confirmed, though something older is pending"),
        pytest.param([("pending", 1), ("confirmed", 2)], True, 2, [1], [], id="also where somebody would be asked about that"),
        pytest.param([("waitlist", 1), ("confirmed", 2)], False, 2, [1], [], id="confirmed after it waited"),
        pytest.param([("confirmed", 1), ("waitlist", 2), ("pending", 3)], True, 1, [2, 3], [], id="confirmed before anything else"),
        pytest.param([("pending", 1), ("waitlist", 2)], False, 2, [1], [], id="a place in line, where nobody is asked"),
        pytest.param([("waitlist", 1), ("pending", 2)], True, 2, [1], [], id="pending before waiting"),
        pytest.param([("pending", 1), ("pending", 2)], True, 1, [2], [], id="the earlier of two that are pending"),
        pytest.param([("pending", 1), ("pending", 2)], False, None, [], [1, 2], id="two that nobody is asked about"),
        pytest.param([("pending", 1), ("cancelled", 2)], False, None, [], [1], id="what is cancelled does not count"),
        pytest.param([("cancelled", 1), ("waitlist", 2)], False, 2, [], [], id="nor if it is older"),
        pytest.param([("no_show", 1), ("confirmed", 2)], False, 2, [], [], id="nor what says nothing"),
    ],
)
def test_of_several_that_a_learner_has_one_counts(
    bookings: list[tuple[str, int]], asks: bool, comes_in: int | None, for_which: list[int], unapproved: list[int]
) -> None:
    found = claims(booked(*((at, "ada", status, at) for status, at in bookings)), asks_for_approval=asks)
    assert [it.booking.id for it in found.ordered] == ([] if comes_in is None else ids(comes_in))
    assert found.repeated == tuple(
        (it, UUID(int=comes_in or 0)) for it in booked(*((at, "ada", bookings[at - 1][0], at) for at in for_which))
    )
    assert [it.id for it in found.unapproved] == ids(*unapproved)


def run(**said: Any) -> Run:
    """A session that begins in a day, at nine in Berlin."""
    start = said.pop("start", NOW + timedelta(hours=20))
    return Run(
        **{
            "id": UUID(int=1),
            "program_id": UUID(int=2),
            "start_time": start,
            "end_time": said.pop("end", start + timedelta(hours=6)),
            "timezone": "Europe/Berlin",
            "location": "Köln",
            "capacity": 20,
            "max_attendees": None,
            "instructor_id": INA,
            "status": "scheduled",
            **said,
        }
    )


@pytest.mark.parametrize(
    ("status", "begins", "lasts", "comes_as"),
    [
        ("scheduled", 20, 6, Stage.TO_COME),
        ("confirmed", 20, 6, Stage.TO_COME),
        ("Scheduled", -1, 6, Stage.UNDER_WAY),
        ("scheduled", -6, 6, Stage.OVER),
        ("completed", -48, 6, Stage.OVER),
        ("completed", 20, 6, Stage.ODD),
        ("drafted", 20, 6, Stage.ODD),
        ("drafted", -48, 6, Stage.OVER),
        ("cancelled", 20, 6, Stage.CALLED_OFF),
        ("cancelled", -48, 6, Stage.CALLED_OFF),
    ],
)
def test_sessions_come_in_by_the_clock(status: str, begins: int, lasts: int, comes_as: Stage) -> None:
    start = NOW + timedelta(hours=begins)
    assert stage(run(status=status, start=start, end=start + timedelta(hours=lasts)), NOW) is comes_as


@pytest.mark.parametrize(
    ("said", "column", "value"),
    [
        pytest.param({"capacity": 20, "max_attendees": None}, "capacity", 20, id="capacity"),
        pytest.param({"capacity": 20, "max_attendees": 7}, "capacity", 7, id="max_attendees comes before capacity"),
        pytest.param({"capacity": 20, "max_attendees": 0}, "capacity", 0, id="none at all is said as well"),
        pytest.param({}, "starts", "2027-03-16T09:00:00", id="clocks are those of the place"),
        pytest.param({"timezone": "UTC"}, "starts", "2027-03-16T09:00:00", id="UTC says nothing, the instant does"),
        pytest.param({"start": datetime(2027, 7, 1, 7, tzinfo=UTC)}, "starts", "2027-07-01T09:00:00", id="in summer too"),
        pytest.param({"end": NOW + timedelta(hours=21, minutes=30)}, "length", "PT5400S", id="length"),
        pytest.param({"instructor_id": None}, "instructors", "", id="nobody teaches yet"),
        pytest.param({"instructor_id": UUID(int=8)}, "instructors", "", id="who is nobody any more does not teach"),
        pytest.param({}, "instructors", INA, id="who teaches"),
        pytest.param({"status": "cancelled"}, "status", "cancelled", id="called off"),
        pytest.param({"start": NOW - timedelta(days=9)}, "status", "completed", id="over"),
        pytest.param({}, "status", "published", id="to come"),
    ],
)
def test_a_session(said: dict[str, Any], column: str, value: object) -> None:
    assert planned(run(**said), KOELN, NOW, wall_clock=False, is_offered=True, instructors={INA}).row[column] == value


def test_what_learners_do_not_see_there_they_do_not_see_here() -> None:
    assert planned(run(), KOELN, NOW, wall_clock=False, is_offered=False, instructors={INA}).row["status"] == "draft"


@pytest.mark.parametrize(("zone", "starts"), [("UTC", "2027-03-16T08:00:00"), ("Europe/Berlin", "2027-03-16T09:00:00")])
def test_a_clock_on_the_wall_is_kept_where_no_zone_was_chosen(zone: str, starts: str) -> None:
    assert planned(run(timezone=zone), KOELN, NOW, wall_clock=True, is_offered=True, instructors={INA}).row["starts"] == starts


@pytest.mark.parametrize(
    ("zone", "is_told"), [("Europe/London", True), ("Europe/Paris", False), ("Mars/Olympus", True), (None, False), ("utc", False)]
)
def test_another_zone_is_told_of_where_clocks_differ(zone: str | None, is_told: bool) -> None:
    made = planned(run(timezone=zone), KOELN, NOW, wall_clock=False, is_offered=True, instructors={INA})
    assert bool(made.changed) is is_told


@pytest.mark.parametrize(
    ("start", "wall_clock", "twice"),
    [
        pytest.param(datetime(2027, 10, 30, 23, 30, tzinfo=UTC), False, False, id="half past one, summer"),
        pytest.param(datetime(2027, 10, 31, 0, 30, tzinfo=UTC), False, True, id="half past two, summer"),
        pytest.param(datetime(2027, 10, 31, 1, 30, tzinfo=UTC), False, True, id="half past two, winter"),
        pytest.param(datetime(2027, 10, 31, 2, 0, tzinfo=UTC), False, False, id="three, winter"),
        pytest.param(datetime(2027, 10, 31, 2, 30, tzinfo=UTC), True, True, id="half past two by the wall"),
        pytest.param(datetime(2027, 3, 28, 2, 30, tzinfo=UTC), True, False, id="what the clocks on the wall never show"),
        pytest.param(datetime(2027, 3, 28, 1, 30, tzinfo=UTC), False, False, id="half past three, summer"),
    ],
)
def test_a_start_that_clocks_show_twice(start: datetime, wall_clock: bool, twice: bool) -> None:
    assert begins_twice(run(start=start, timezone="UTC"), KOELN, wall_clock=wall_clock) is twice


@pytest.mark.parametrize("text", ["Köln, Training Centre", "  KÖLN,\ttraining   centre "])
def test_a_place_is_found_in_whatever_way_it_is_written(text: str, tmp_path: Path) -> None:
    (tmp_path / "places.toml").write_text(PLACES)
    found = read(tmp_path / "places.toml").of(text)
    assert found is not None
    assert found.new is not None
    assert found.new.name == "Centre of Köln"


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ('"?"', 'places."Ulm".id must be a UUID'),
        ("7", 'places."Ulm" must be the id of a location, or a table with name, city, lat, lon and zone'),
        ('{ name = "Ulm", city = "?", lat = 48.4, lon = 10, zone = "Europe/Berlin" }', 'places."Ulm".city must be a text'),
        ('{ name = "Ulm", city = "Ulm", lat = "?", lon = 10, zone = "Europe/Berlin" }', 'places."Ulm".lat must be a number of degrees'),
        ('{ name = "Ulm", city = "Ulm", lat = 91, lon = 10, zone = "Europe/Berlin" }', 'places."Ulm".lat must be a number of degrees'),
        ('{ name = "Ulm", city = "Ulm", lat = 48.4, lon = 10, zone = "Ulm" }', 'places."Ulm".zone must be an IANA time zone'),
        ('{ nam = "Ulm" }', 'places."Ulm" has what nobody reads: nam'),
        ("{ utc_is_wall_clock = 1 }", 'places."Ulm".utc_is_wall_clock must be true or false'),
    ],
)
def test_a_file_of_places_says_what_is_wrong_with_it(place: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "places.toml"
    path.write_text(f'{PLACES}"Ulm" = {place}\n')
    with pytest.raises(PlacesError) as wrong:
        read(path)
    assert str(wrong.value).startswith(said)


def test_a_place_that_is_said_twice_is_said_alike(tmp_path: Path) -> None:
    ulm = '{ name = "Ulm", city = "Ulm", lat = 48.4, lon = 10, zone = "Europe/Berlin" }'
    path = tmp_path / "places.toml"
    path.write_text(f'{PLACES}"Ulm" = {ulm}\n"ulm " = {ulm}\n')
    assert len(read(path).by_text) == 2
    path.write_text(f'{PLACES}"Ulm" = {ulm}\n"  ULM" = {ulm.replace("48.4", "48.5")}\n')
    with pytest.raises(PlacesError, match=r'^places\."Ulm" and places\."  ULM" are one text, .*: keep one$'):
        read(path)


def test_a_template_proposes_zones_that_there_are() -> None:
    zones = [("Mars/Phobos", 9), ("Europe/Paris", 2), ("Europe", 3), ("../etc", 1), ("Europe/Berlin", 1)]
    said = tomllib.loads(template([Text(location="Ulm", timezone=it, sessions=of, example=UUID(int=1)) for it, of in zones]))
    assert said["places"]["Ulm"]["zone"] == "Europe/Paris"
    said = tomllib.loads(template([Text(location="Ulm", timezone="Mars/Phobos", sessions=1, example=UUID(int=1))]))
    assert said["places"]["Ulm"]["zone"] == "?"


def test_a_template_is_toml_that_is_refused_until_it_is_filled_in(tmp_path: Path) -> None:
    zones = [("Ulm", "UTC", 9), (" ULM", "Europe/Paris", 1), ('"Hall" \\ 1', None, 2), (None, None, 1)]
    text = template([Text(location=it, timezone=zone, sessions=of, example=UUID(int=1)) for it, zone, of in zones])
    said = tomllib.loads(text)
    assert list(said["places"]) == ["Ulm", '"Hall" \\ 1', ""]
    assert said["places"]["Ulm"]["zone"] == "Europe/Paris"
    assert "# 10 sessions" in text
    (tmp_path / "places.toml").write_text(text)
    with pytest.raises(PlacesError, match=r"^dealer\.name must be a text"):
        read(tmp_path / "places.toml")


def test_a_template_has_only_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "places.toml").write_text(PLACES)
    texts = [Text(location=it, timezone="UTC", sessions=1, example=UUID(int=1)) for it in ("Ulm", "KÖLN, training centre")]
    text = template(texts, read(tmp_path / "places.toml"))
    assert list(tomllib.loads(text)) == ["places"]
    assert list(tomllib.loads(text)["places"]) == ["Ulm"]
