"""A small town, so small that everybody meets everybody: dealers, centres, courses, people in all roles, sessions of every kind.

It is written as the CSV files that `ilt-host import` reads. Ids follow from the seed; times from the moment.

Not here: seat blocks, rules and registrations. Clients make those by REST (`settle_in.py`).
"""

from __future__ import annotations

import csv
import random
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

COURSES = ("basics", "basics-again", "advanced", "expert", "travel", "notice", "asked", "capped")


@dataclass
class Meeting:
    """One session as the town knows it."""

    id: str
    course: str
    place: str
    starts: datetime
    minutes: int
    capacity: int
    kind: str
    instructor: str = ""


@dataclass
class Town:
    """Who and what there is."""

    seed: int
    dealers: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    zones: dict[str, str] = field(default_factory=dict)
    courses: dict[str, str] = field(default_factory=dict)
    admins: list[str] = field(default_factory=list)
    dealer_admins: dict[str, str] = field(default_factory=dict)
    managers: dict[str, list[str]] = field(default_factory=dict)
    learners: dict[str, list[str]] = field(default_factory=dict)
    instructors: list[str] = field(default_factory=list)
    # learners who leave and come back
    drifters: list[str] = field(default_factory=list)
    dealer_of: dict[str, str] = field(default_factory=dict)
    meetings: list[Meeting] = field(default_factory=list)
    people: list[dict[str, str]] = field(default_factory=list)

    @property
    def everybody(self) -> list[str]:
        """All learners of all dealers."""
        return [learner for dealer in self.dealers for learner in self.learners[dealer]]

    def wall(self, place: str, at: datetime) -> str:
        """What the clock on the wall of a place shows."""
        return at.astimezone(ZoneInfo(self.zones[place])).strftime("%Y-%m-%dT%H:%M:%S")


def build(seed: int, learners: int = 16) -> Town:
    """The town of a seed, as of now."""
    rng = random.Random(seed)
    town = Town(seed)

    def new() -> str:
        return str(uuid.UUID(int=rng.getrandbits(128), version=4))

    town.dealers = [new() for _ in range(4)]
    town.places = [new() for _ in range(3)]
    town.zones = dict(zip(town.places, ("Europe/Berlin", "Europe/Berlin", "Europe/Lisbon")))
    town.courses = {name: new() for name in COURSES}
    town.admins = [new() for _ in range(2)]
    town.instructors = [new() for _ in range(14)]
    for dealer in town.dealers:
        town.dealer_admins[dealer] = new()
        town.managers[dealer] = [new(), new()]
        town.learners[dealer] = [new() for _ in range(learners)]
        for person in (town.dealer_admins[dealer], *town.managers[dealer], *town.learners[dealer]):
            town.dealer_of[person] = dealer
        town.drifters += town.learners[dealer][-2:]
    town.meetings = list(_meetings(town, rng, new))
    return town


def _meetings(town: Town, rng: random.Random, new):
    now = datetime.now(timezone.utc).replace(second=0, microsecond=0)

    def day(days: int, hour: int) -> datetime:
        return (now + timedelta(days=days)).replace(hour=hour, minute=0)

    def one(course: str, starts: datetime, minutes: int, capacity: int, kind: str, instructor: str = "") -> Meeting:
        return Meeting(new(), town.courses[course], rng.choice(town.places), starts, minutes, capacity, kind, instructor)

    for number in range(12):
        yield one("basics", day(18 + number // 2, 8 + 2 * (number % 2)), 240, rng.randint(2, 5), "far")
    for number in range(6):
        yield one("basics-again", day(18 + number, 13), 120, rng.randint(2, 4), "far")
    for number in range(5):
        yield one("basics", day(5 + number, 9), 240, rng.randint(2, 4), "near")
    for number in range(8):
        yield one("advanced", day(20 + number // 2, 9 + 3 * (number % 2)), 240, rng.randint(2, 5), "far")
    yield one("expert", day(30, 9), 240, 2, "far")
    for number in range(4):
        yield one("travel", day(24 + number, 9), 360, 3, "far")
    for number in range(4):
        yield one("notice", now + timedelta(hours=50 + 3 * number), 60, rng.randint(2, 3), "days")
    for number in range(6):
        yield one("notice", now + timedelta(hours=5 + 3 * number), 60, rng.randint(2, 3), "soon")
    for number in range(2):
        yield one("notice", now + timedelta(minutes=80 + 60 * number), 30, 3, "soon")
    for number in range(5):
        yield one("asked", day(19 + number, 15), 120, rng.randint(2, 4), "asked")
    for number in range(5):
        yield one("basics", day(31 + number, 9), 240, rng.randint(5, 7), "blocks")
    for number in range(3):
        yield one("capped", day(22 + number, 17), 60, 6, "far")
    for number in range(4):
        yield one("basics", day(40 + number, 9), 240, 30, "roomy")
    for number in range(5):
        yield one("notice", now + timedelta(minutes=4), 240, 4, "running", town.instructors[number])
    for number in range(5):
        yield one("notice", now - timedelta(minutes=6), 5, 5, "over", town.instructors[5 + number])


def write(town: Town, folder: Path) -> None:
    """The town as CSV files."""
    folder.mkdir(parents=True, exist_ok=True)
    _dealers_and_places(town, folder)
    _courses(town, folder)
    _people(town, folder)
    rows = [
        {
            "id": one.id, "course": one.course, "location": one.place, "room": "", "starts": town.wall(one.place, one.starts),
            "length": f"PT{one.minutes}M", "capacity": one.capacity, "minimum": 0, "waitlist": "true",
            "instructors": one.instructor, "status": "published",
        }
        for one in town.meetings
    ]
    _file(folder, "sessions", rows)
    done = [(person, town.courses["basics"]) for person in town.everybody[::2]]
    done += [(person, town.courses["advanced"]) for person in town.everybody[::6]]
    _file(folder, "completions", [{"person": p, "course": c, "completed_on": "2026-03-02"} for p, c in done])


def _dealers_and_places(town: Town, folder: Path) -> None:
    cities = (("Köln", 50.94, 6.96), ("Bonn", 50.73, 7.10), ("Lisboa", 38.72, -9.14), ("Aachen", 50.78, 6.08))
    _file(folder, "dealers", [
        {"id": id, "name": f"Dealer {n}", "group": ("north", "south")[n % 2], "region": "west", "city": city, "lat": lat, "lon": lon,
         "zone": "Europe/Berlin"}
        for n, (id, (city, lat, lon)) in enumerate(zip(town.dealers, cities))
    ])
    _file(folder, "locations", [
        {"id": id, "name": f"Centre {n}", "address": "", "city": city, "country": "", "lat": lat, "lon": lon, "zone": town.zones[id],
         "rooms": "1;2;3"}
        for n, (id, (city, lat, lon)) in enumerate(zip(town.places, cities))
    ])


def _courses(town: Town, folder: Path) -> None:
    needs = {"advanced": "basics", "expert": "advanced"}
    _file(folder, "courses", [
        {"id": id, "title": f"Course {name}", "summary": "", "programme_type": "compliance", "topics": "safety", "track": "",
         "length": "PT4H", "validity": "P24M" if name == "basics" else "", "travel": str(name == "travel").lower(),
         "prerequisites": town.courses.get(needs.get(name, ""), ""),
         "equivalents": town.courses["basics"] if name == "basics-again" else ""}
        for name, id in town.courses.items()
    ])


def _people(town: Town, folder: Path) -> None:
    def add(id: str, roles: str, dealer: str = "", manager: str = "", deputy_of: str = "") -> None:
        town.people.append({
            "id": id, "name": f"Person {len(town.people)}", "email": f"p{len(town.people)}@dealer.example", "dealer": dealer, "roles": roles,
            "manager": manager, "stands_in_for": deputy_of, "preferred_locations": "", "preferred_times": "", "interests": "safety",
            "notify_by": "mail", "zone": "Europe/Berlin", "active": "true",
        })

    for admin in town.admins:
        add(admin, "admin")
    for number, instructor in enumerate(town.instructors):
        # A few of them are learners as well, and so can be double booked.
        add(instructor, "instructor;learner" if number >= 10 else "instructor", town.dealers[number % 4])
    for dealer in town.dealers:
        first, second = town.managers[dealer]
        add(town.dealer_admins[dealer], "dealer-admin", dealer)
        add(first, "manager;learner", dealer)
        add(second, "manager;learner", dealer, deputy_of=first)
        for number, learner in enumerate(town.learners[dealer]):
            add(learner, "learner", dealer, manager=(first, second)[number % 2])
    _file(folder, "people", town.people)


def _file(folder: Path, name: str, rows: list[dict]) -> None:
    with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
