"""Sessions, bookings and attendance as the platform has them: read in pages, never written."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, MetaData, String, and_, case, cast, func, inspect, select
from sqlalchemy.exc import DBAPIError, NoSuchTableError
from sqlalchemy.ext.asyncio import AsyncEngine

from ilt.fastapi.nlj.platform import COLUMNS, IMPORTED, Platform, PlatformError, described

_NEEDED = {**COLUMNS, **IMPORTED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A session, as the platform has it."""

    id: UUID
    program_id: UUID
    start_time: datetime
    end_time: datetime
    timezone: str | None
    location: str | None
    capacity: int | None
    max_attendees: int | None
    instructor_id: UUID | None
    status: str

    @property
    def seats(self) -> int:
        """How many can come: what was said for this session, else what is said of its kind."""
        return (self.capacity or 0) if self.max_attendees is None else self.max_attendees

    @property
    def says_no_zone(self) -> bool:
        """Whether its zone is the platform's default, which nobody chose."""
        return (self.timezone or "UTC").upper() == "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """What somebody has booked, as the platform has it."""

    id: UUID
    session_id: UUID
    learner_id: UUID
    booking_status: str
    registered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """Whether somebody was there, as the platform has it."""

    session_id: UUID
    booking_id: UUID
    learner_id: UUID
    attended: bool
    completed: bool
    """And was there, by one and the same record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A free text that sessions have for a place."""

    location: str | None
    timezone: str | None
    sessions: int
    example: UUID


class Training(Platform):
    """Reads what there is to take over.

    Args:
        database: With a role that may read no more than `grants(…, importing=True)` gives.
        schema: Where the tables are, when that is not where the database looks first.
    """

    def __init__(self, database: AsyncEngine, *, schema: str | None = None) -> None:
        super().__init__(database, schema=schema)
        tables = MetaData(schema=schema)
        self._runs, self._bookings, self._presences = (described(name, columns, tables) for name, columns in IMPORTED.items())

    async def check(self) -> None:
        """Looks whether all is there that is read, and may be.

        Raises:
            PlatformError: the database cannot be reached; or tables or columns are missing, which it names, or may not be read.
        """
        try:
            async with self._database.connect() as connection:
                missing = await connection.run_sync(self._missing)
        except (DBAPIError, OSError) as error:
            why = str(error.orig if isinstance(error, DBAPIError) else error).partition("\n")[0]
            raise PlatformError._of("platform-away", 503, f"the platform's database cannot be reached: {why}") from error
        if missing:
            raise PlatformError._of("platform-unreadable", 500, f"the platform lacks {', '.join(missing)}")
        await super().check()
        for name, table in zip(IMPORTED, (self._runs, self._bookings, self._presences), strict=True):
            await self._read(name, select(table).limit(1))

    def _missing(self, connection: Connection) -> list[str]:
        found: list[str] = []
        for table, columns in _NEEDED.items():
            try:
                there = {it["name"] for it in inspect(connection).get_columns(table, schema=self._schema)}
            except NoSuchTableError:
                found.append(f"the table {table}")
            else:
                found.extend(f"the column {table}.{it}" for it in columns if it not in there)
        return found

    async def count(self, table: str) -> int:
        """How many rows a table has."""
        of = {"users": self._users, "training_sessions": self._runs}[table]
        return int((await self._read(table, select(func.count(of.c.id).label("rows"))))[0]["rows"])

    async def instructors(self) -> frozenset[UUID]:
        """Everybody who teaches, or has taught."""
        who = self._runs.c.instructor_id
        rows = await self._read("training_sessions", select(who).where(who.is_not(None)).distinct())
        return frozenset(row["instructor_id"] for row in rows)

    async def texts(self) -> list[Text]:
        """What sessions have for places, and for zones, with how many of them."""
        columns = self._runs.c
        # Ids have no least one in older databases; as texts they have.
        example = func.min(cast(columns.id, String)).label("example")
        wanted = select(columns.location, columns.timezone, func.count(columns.id).label("sessions"), example)
        rows = await self._read("training_sessions", wanted.group_by(columns.location, columns.timezone).order_by(columns.location))
        return [Text(**{**row, "example": UUID(row["example"])}) for row in rows]

    async def runs(self) -> AsyncIterator[list[Run]]:
        """Every session, by id, 500 at a time."""
        async for page in self._pages("training_sessions", select(self._runs), self._runs.c.id):
            yield [Run(**{**row, "start_time": _instant(row["start_time"]), "end_time": _instant(row["end_time"])}) for row in page]

    async def bookings(self, sessions: Iterable[UUID]) -> list[Booking]:
        """Everything that is booked in these sessions; costs a query for 500 of them."""
        of = self._bookings.c
        wanted = select(self._bookings).where(of.session_id.in_(list(sessions)))
        found: list[Booking] = []
        async for page in self._pages("training_bookings", wanted, of.id):
            said = [{**row, "registered_at": row["registered_at"] and _instant(row["registered_at"])} for row in page]
            found.extend(Booking(**row) for row in said)
        return found

    async def booked(self, sessions: Iterable[UUID]) -> Counter[str]:
        """How many bookings these sessions have, by status."""
        of = self._bookings.c
        wanted = select(of.booking_status, func.count(of.id).label("rows")).where(of.session_id.in_(list(sessions)))
        rows = await self._read("training_bookings", wanted.group_by(of.booking_status))
        return Counter({row["booking_status"]: row["rows"] for row in rows})

    async def presences(self, sessions: Iterable[UUID]) -> AsyncIterator[list[Presence]]:
        """Who was at these sessions, by booking, 500 at a time. Of several records of one booking the best counts."""
        of = self._presences.c
        whose = (of.session_id, of.booking_id, of.learner_id)
        attended, completed = _ever(of.attended, "attended"), _ever(and_(of.attended, of.completed), "completed")
        wanted = select(*whose, attended, completed).where(of.session_id.in_(list(sessions))).group_by(*whose)
        async for page in self._pages("attendance_records", wanted, of.booking_id):
            yield [Presence(**{**row, "attended": bool(row["attended"]), "completed": bool(row["completed"])}) for row in page]


def _ever(is_so: ColumnElement[bool], name: str) -> ColumnElement[int]:
    return func.max(case((is_so, 1), else_=0)).label(name)


def _instant(said: datetime) -> datetime:
    """SQLite keeps no offset, and what it keeps is UTC."""
    return said.replace(tzinfo=UTC) if said.tzinfo is None else said.astimezone(UTC)
