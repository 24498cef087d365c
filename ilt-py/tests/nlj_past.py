"""What a platform has when an engine takes over from it: sessions, bookings, and who was there; in tables as it makes them."""

from __future__ import annotations

import asyncio
import io
import json
import subprocess
import sys
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Boolean, Column, DateTime, Float, Integer, String, Table, Text, Uuid, inspect, select, text
from sqlalchemy.ext.asyncio import create_async_engine

from ilt import APPLICATION, Engine, Person
from ilt.fastapi.nlj.importing import Places, Report, Training, Wish, Written, read, rehearse, take_over
from nlj_academy import DEALER, Academy, asynchronous, settled

NOW = datetime.now(UTC).replace(microsecond=0)
PLACES = f"""
[dealer]
id = "{DEALER.id}"
name = "Academy"
city = "Köln"
lat = 50.94
lon = 6.96
zone = "Europe/Berlin"

[places]
"Köln,  Training Centre" = {{ name = "Centre of Köln", city = "Köln", lat = 50.94, lon = 6.96, zone = "Europe/Berlin" }}
"""


@dataclass
class Past:
    """The platform's training tables, beside those that the academy has."""

    academy: Academy
    folder: Path
    sessions: Table = field(init=False)
    bookings: Table = field(init=False)
    attendance: Table = field(init=False)

    def __post_init__(self) -> None:
        tables = self.academy.tables

        def moment(name: str) -> Column[Any]:
            return Column(name, DateTime(timezone=True))

        self.sessions = Table(
            "training_sessions",
            tables,
            Column("id", Uuid, primary_key=True),
            Column("program_id", Uuid, nullable=False),
            moment("start_time"),
            moment("end_time"),
            Column("timezone", String(50), server_default="UTC"),
            Column("location", String(255)),
            Column("location_details", JSON),
            Column("capacity", Integer, nullable=False),
            Column("max_attendees", Integer),
            Column("instructor_id", Uuid),
            Column("session_notes", Text),
            Column("status", String(30)),
        )
        self.bookings = Table(
            "training_bookings",
            tables,
            Column("id", Uuid, primary_key=True),
            Column("program_id", Uuid, nullable=False),
            Column("session_id", Uuid),
            Column("learner_id", Uuid),
            Column("booking_status", String(30)),
            Column("is_waitlisted", Boolean),
            Column("waitlist_position", Integer),
            Column("special_requirements", JSON),
            moment("registered_at"),
        )
        self.attendance = Table(
            "attendance_records",
            tables,
            Column("id", Uuid, primary_key=True),
            Column("session_id", Uuid, nullable=False),
            Column("booking_id", Uuid, nullable=False),
            Column("learner_id", Uuid, nullable=False),
            Column("attended", Boolean),
            Column("completed", Boolean),
            Column("participation_score", Float),
            Column("recorded_by_id", Uuid),
        )

    async def made(self) -> Past:
        """Makes the tables."""
        async with self.academy.database.begin() as connection:
            await connection.run_sync(self.academy.tables.create_all)
        return self

    async def session(self, programme: UUID, days: float = 30, **other: Any) -> UUID:
        """A session of six hours that begins in so many days."""
        start = NOW.replace(hour=8, minute=0, second=0) + timedelta(days=days)
        row = {
            "id": uuid.uuid4(),
            "program_id": programme,
            "start_time": start,
            "end_time": start + timedelta(hours=6),
            "timezone": "Europe/Berlin",
            "location": "köln, training CENTRE ",
            "capacity": 20,
            "status": "scheduled",
            **other,
        }
        await self._add(self.sessions, [row])
        return UUID(str(row["id"]))

    async def booked(self, session: UUID | None, learners: Iterable[UUID | None], status: str = "confirmed", minute: int = 0) -> list[UUID]:
        """Bookings, one made a minute after the other, from this minute on."""
        rows = [
            {
                "id": uuid.uuid4(),
                "program_id": uuid.uuid4(),
                "session_id": session,
                "learner_id": learner,
                "booking_status": status,
                "is_waitlisted": status.startswith("wait"),
                "registered_at": NOW - timedelta(days=9) + timedelta(minutes=minute + at),
            }
            for at, learner in enumerate(learners)
        ]
        await self._add(self.bookings, rows)
        return [UUID(str(row["id"])) for row in rows]

    async def was_there(
        self, session: UUID, learner: UUID, *, attended: bool = True, completed: bool = True, booking: UUID | None = None
    ) -> UUID:
        """Somebody was marked, or not; by which booking."""
        booking = booking or (await self.booked(session, [learner]))[0]
        row = {"id": uuid.uuid4(), "session_id": session, "booking_id": booking, "learner_id": learner}
        await self._add(self.attendance, [{**row, "attended": attended, "completed": completed, "recorded_by_id": learner}])
        return booking

    async def change(self, table: Table, **to: Any) -> None:
        """Changes every row of a table."""
        async with self.academy.database.begin() as connection:
            await connection.execute(table.update().values(**to))

    async def _add(self, table: Table, rows: list[dict[str, Any]]) -> None:
        if rows:
            async with self.academy.database.begin() as connection:
                await connection.execute(table.insert(), rows)

    def places(self, text: str = PLACES) -> Places:
        """A file of places that somebody has filled in."""
        path = self.folder / "places.toml"
        path.write_text(text, encoding="utf-8")
        return read(path)

    @property
    def training(self) -> Training:
        """What an import reads."""
        return Training(self.academy.database, schema=self.academy.schema)

    async def taken_over(self, *, engine: Engine | None = None, dry_run: bool = False, places: str = PLACES, **wish: Any) -> Took:
        """Takes it over, or says what would happen."""
        machines = io.StringIO()
        written = Written(io.StringIO(), machines)
        do = rehearse if dry_run else take_over
        report = await do(engine or self.academy.engine, self.training, self.places(places), written, wish=Wish(**{"roles": {}, **wish}))
        return Took(report, [json.loads(it) for it in machines.getvalue().splitlines()])

    async def emails(self) -> list[str]:
        """What must not be told."""
        async with self.academy.database.connect() as connection:
            return list((await connection.execute(select(self.academy.users.c.email))).scalars())


@dataclass
class Took:
    """What an import did."""

    report: Report
    said: list[dict[str, Any]]

    def lines(self, kind: str, table: str) -> dict[UUID | None, str]:
        """What was told of one table, by id."""
        told = [it for it in self.said if (it["kind"], it.get("table")) == (kind, table)]
        return {it["id"] and UUID(it["id"]): it["detail"] for it in told}

    @property
    def called(self) -> dict[UUID, UUID]:
        """Registrations by booking."""
        return {UUID(it["booking"]): UUID(it["registration"]) for it in self.said if it["kind"] == "registration"}

    def rows(self, table: str) -> dict[str, int]:
        """How the rows of a table came in."""
        return {came.value: rows for came, rows in self.report.rows.get(table, {}).items() if rows}


async def person(engine: Engine, id: UUID) -> Person:
    """Somebody as the engine knows them, once it does."""
    return await settled(lambda: engine.person(id, actor=APPLICATION), lambda _: True)


async def roster(engine: Engine, session: UUID) -> list[tuple[UUID, str]]:
    """Who comes and who waits, the queue in its order."""
    items = (await engine.roster(session, actor=APPLICATION)).items
    ordered = sorted(items, key=lambda it: (it.position or 0, str(it.person.id)))
    return [(it.person.id, it.status.value) for it in ordered]


_READ = """
import json, sqlite3, sys
database = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
tables = [name for name, in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
print(json.dumps({name: sorted(map(str, database.execute(f'SELECT * FROM "{name}"'))) for name in tables}))
"""


async def kept(config: dict[str, Any]) -> dict[str, list[str]]:
    """All that an engine keeps, by table, but for who leads what at this moment."""
    store = config["store"]
    if "schema" not in store:
        # Another SQLite in the process of an engine would take its locks from it.
        command = [sys.executable, "-c", _READ, store["url"].removeprefix("sqlite:")]
        said = await asyncio.to_thread(subprocess.run, command, capture_output=True, check=True)
        found: dict[str, list[str]] = json.loads(said.stdout)
    else:
        database = create_async_engine(asynchronous(store["url"]))
        async with database.connect() as connection:
            schema = store["schema"]
            tables = await connection.run_sync(lambda it: inspect(it).get_table_names(schema=schema))
            rows = {name: await connection.execute(text(f'SELECT * FROM "{schema}"."{name}"')) for name in tables}
            found = {name: sorted(str(tuple(row)) for row in it) for name, it in rows.items()}
        await database.dispose()
    found.pop("lease", None)
    return found


async def at_rest(config: dict[str, Any]) -> dict[str, list[str]]:
    """The same, once whatever follows the journal has followed it."""
    before = await kept(config)
    while True:
        await asyncio.sleep(0.3)
        now = await kept(config)
        if now == before:
            return now
        before = now
