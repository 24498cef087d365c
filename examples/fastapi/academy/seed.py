"""Something to try it with: two people, one course, and two sessions of it."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from ilt import APPLICATION, PartBody, ProgrammeType
from sqlalchemy import func, select

from academy.training import engine
from academy.users import User, hashed, sessions

DEALER = uuid.UUID("0f0e0d0c-0b0a-4908-8706-050403020100")
ZONE = "Europe/Berlin"
PEOPLE = [("ada@academy.example", "Ada First", "learner"), ("root@academy.example", "Rut Boss", "admin")]
PASSWORD = "let me in"
COLUMNS = "id,name,email,dealer,roles,manager,stands_in_for,preferred_locations,preferred_times,interests,notify_by,zone,active"


def table(rows: Iterable[dict[str, object]], columns: str) -> bytes:
    """A file of CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns.split(","), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


async def known(users: Iterable[User]) -> None:
    """Has the engine know these people, by the ids that they have here. It can be done again whenever they change."""
    rows = [
        {"id": user.id, "name": user.full_name, "email": user.email, "dealer": DEALER, "roles": user.role, "zone": ZONE, "active": "true"}
        for user in users
    ]
    await engine.import_csv("people", table(rows, COLUMNS))


async def seed() -> None:
    """Once."""
    async with sessions() as session:
        if await session.scalar(select(func.count()).select_from(User)):
            return
        users = [User(id=uuid.uuid4(), email=email, full_name=name, role=role, password=hashed(PASSWORD)) for email, name, role in PEOPLE]
        session.add_all(users)
        await session.commit()
    dealer = {"id": DEALER, "name": "Academy", "city": "Köln", "lat": 50.94, "lon": 6.96, "zone": ZONE}
    await engine.import_csv("dealers", table([dealer], "id,name,group,region,city,lat,lon,zone"))
    await known(users)
    place = await engine.add_location(actor=APPLICATION, name="Centre", city="Köln", lat=50.94, lon=6.96, zone=ZONE)
    course = await engine.add_course(
        actor=APPLICATION, title="Brakes", programme_type=ProgrammeType.COMPLIANCE, length=timedelta(hours=6), topics=["brakes"]
    )
    for days, seats in ((30, 1), (37, 12)):
        day = (datetime.now(UTC) + timedelta(days=days)).replace(hour=9, minute=0, second=0, microsecond=0, tzinfo=None)
        plan = await engine.add_session(
            actor=APPLICATION,
            course=course.id,
            location=place.id,
            parts=[PartBody(starts=day, length=timedelta(hours=6))],
            capacity=seats,
        )
        await engine.publish_session(plan.id, actor=APPLICATION)
