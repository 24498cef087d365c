"""A dealer with learners, and sessions of one course."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from ilt import APPLICATION, Engine, Grant, PartBody, ProgrammeType, Role, Session

ZONE = "Europe/Berlin"


@dataclass
class Town:
    """What is there."""

    engine: Engine
    dealer: UUID = field(default_factory=uuid.uuid4)
    location: UUID = field(default_factory=uuid.uuid4)
    course: UUID = field(default_factory=uuid.uuid4)
    learners: list[UUID] = field(default_factory=list)

    async def person(self, name: str, role: Role = Role.LEARNER) -> UUID:
        """Somebody who works for the dealer."""
        grant = Grant(role=role, dealer=None if role in (Role.ADMIN, Role.INSTRUCTOR) else self.dealer)
        mail = f"{name.lower().replace(' ', '.')}@dealer.example"
        added = await self.engine.add_person(actor=APPLICATION, name=name, email=mail, zone=ZONE, dealer=self.dealer, roles=[grant])
        return added.id

    async def people(self, count: int) -> list[UUID]:
        """Many learners at once."""
        ids = [uuid.uuid4() for _ in range(count)]
        header = "id,name,email,dealer,roles,manager,stands_in_for,preferred_locations,preferred_times,interests,notify_by,zone,active"
        lines = [f"{it},Learner {it.hex},{it.hex}@dealer.example,{self.dealer},learner,,,,,,,{ZONE},true" for it in ids]
        await self.engine.import_csv("people", "\n".join([header, *lines]).encode())
        return ids

    async def session(self, capacity: int, days: int = 30) -> Session:
        """A session so many days from now, open to learners."""
        day = (datetime.now(UTC) + timedelta(days=days)).date()
        part = PartBody(starts=datetime(day.year, day.month, day.day, 9), length=timedelta(hours=6))
        plan = await self.engine.add_session(actor=APPLICATION, course=self.course, location=self.location, parts=[part], capacity=capacity)
        return await self.engine.publish_session(plan.id, actor=APPLICATION)


async def found(engine: Engine, learners: int = 3) -> Town:
    """Founds a town."""
    town = Town(engine)
    dealers = f"id,name,group,region,city,lat,lon,zone\n{town.dealer},Dealer,,,Köln,50.94,6.96,{ZONE}\n"
    await engine.import_csv("dealers", dealers.encode())
    place = await engine.add_location(actor=APPLICATION, name="Centre", city="Köln", lat=50.94, lon=6.96, zone=ZONE)
    course = await engine.add_course(
        actor=APPLICATION,
        title="Brakes",
        programme_type=ProgrammeType.COMPLIANCE,
        length=timedelta(hours=6),
        topics=["brakes"],
    )
    town.location, town.course = place.id, course.id
    town.learners = [await town.person(f"Learner {number}") for number in range(learners)]
    return town
