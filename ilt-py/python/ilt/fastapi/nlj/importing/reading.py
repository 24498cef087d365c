"""Sessions, bookings and attendance as the platform has them: read in pages, never written."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, MetaData, Select, String, and_, case, cast, func, not_, or_, select, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from ilt._errors import Busy
from ilt.fastapi.nlj.importing.columns import wrong
from ilt.fastapi.nlj.platform import COLUMNS, IMPORTED, Platform, PlatformError, described, unread

_NEEDED = {**COLUMNS, **IMPORTED}
_PATIENCE = 30
"""Seconds that a table may be locked."""
_NOT_FREE = "55P03"
"""What PostgreSQL calls it that a lock was not to be had."""


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
    learner_id: UUID | None
    booking_status: str | None
    registered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """Whether somebody was there, as the platform has it."""

    session_id: UUID
    booking_id: UUID
    learner_id: UUID | None
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Stray:
    """How many rows belong to nothing."""

    rows: int
    example: UUID | None
    status: str | None
    """Of bookings."""


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
        self._tables = {it.name: it for it in (self._users, self._programmes, *tables.tables.values())}
        self._whose = tuple(self._presences.c[it] for it in ("session_id", "booking_id", "learner_id"))
        self._has_time = and_(self._runs.c.start_time.is_not(None), self._runs.c.end_time.is_not(None))

    async def check(self) -> None:
        """Looks whether all is there that is read, and may be.

        Raises:
            PlatformError: the database cannot be reached; or tables or columns are missing or hold something else, which it names, or may
                not be read.
        """
        try:
            async with self._database.connect() as connection:
                found = await connection.run_sync(wrong, [*self._tables.values()], self._schema)
        except (DBAPIError, OSError) as error:
            raise unreachable(error) from error
        if found:
            raise PlatformError._of("platform-unreadable", 500, f"the platform {'; '.join(found)}")
        await super().check()
        for name in IMPORTED:
            await self._read(name, select(self._tables[name]).limit(1))

    async def count(self, table: str) -> int:
        """How many rows a table has."""
        of = {"users": self._users, "training_sessions": self._runs}[table]
        return int((await self._read(table, select(func.count(of.c.id).label("rows"))))[0]["rows"])

    async def count_presences(self) -> int:
        """How many there are, of all sessions that `runs` has."""
        of = self._presences.c
        each = select(*self._whose).where(self._is_run(of.session_id), of.booking_id.is_not(None)).distinct().subquery()
        return int((await self._read("attendance_records", select(func.count().label("rows")).select_from(each)))[0]["rows"])

    async def instructors(self) -> frozenset[UUID]:
        """Everybody who teaches, or has taught."""
        who = self._runs.c.instructor_id
        rows = await self._read("training_sessions", select(who).where(who.is_not(None)).distinct())
        return frozenset(row["instructor_id"] for row in rows)

    async def led_by(self, people: Iterable[UUID]) -> list[tuple[UUID, UUID]]:
        """Every session of these people, with whose it is."""
        of, wanted = self._runs.c, list(people)
        rows = await self._read("training_sessions", select(of.id, of.instructor_id).where(of.instructor_id.in_(wanted))) if wanted else []
        return [(row["id"], row["instructor_id"]) for row in rows]

    async def texts(self) -> list[Text]:
        """What sessions have for places, and for zones, with how many of them."""
        columns = self._runs.c
        wanted = select(columns.location, columns.timezone, func.count(columns.id).label("sessions"), _least(columns.id))
        rows = await self._read("training_sessions", wanted.group_by(columns.location, columns.timezone).order_by(columns.location))
        return [Text(**{**row, "example": UUID(row["example"])}) for row in rows]

    async def runs(self) -> AsyncIterator[list[Run]]:
        """Every session that has a time, by id, 500 at a time."""
        async for page in self._pages("training_sessions", select(self._runs).where(self._has_time), self._runs.c.id):
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

    async def timeless(self) -> Stray:
        """Sessions that do not say when they are; `runs` has none of them."""
        of = self._runs.c
        return (await self._strays("training_sessions", of.id, not_(self._has_time)))[0]

    async def stray_bookings(self) -> list[Stray]:
        """Bookings of no session that `runs` has, by status."""
        of = self._bookings.c
        return await self._strays("training_bookings", of.id, not_(self._is_run(of.session_id)), of.booking_status)

    async def stray_presences(self) -> Stray:
        """Records of attendance of no session that `runs` has, or of no booking."""
        of = self._presences.c
        return (await self._strays("attendance_records", of.booking_id, or_(not_(self._is_run(of.session_id)), of.booking_id.is_(None))))[0]

    def _is_run(self, session: ColumnElement[UUID]) -> ColumnElement[bool]:
        return select(self._runs.c.id).where(self._runs.c.id == session, self._has_time).exists()

    async def _strays(self, table: str, id: ColumnElement[UUID], are: ColumnElement[bool], *by: ColumnElement[str]) -> list[Stray]:
        wanted: Any = select(func.count().label("rows"), _least(id), *by).select_from(self._tables[table]).where(are).group_by(*by)
        return [
            Stray(rows=row["rows"], example=row["example"] and UUID(row["example"]), status=row.get("booking_status"))
            for row in await self._read(table, wanted)
        ]

    async def booked(self, sessions: Iterable[UUID]) -> Counter[str]:
        """How many bookings these sessions have, by status."""
        of = self._bookings.c
        wanted = select(of.booking_status, func.count(of.id).label("rows")).where(of.session_id.in_(list(sessions)))
        rows = await self._read("training_bookings", wanted.group_by(of.booking_status))
        return Counter({row["booking_status"]: row["rows"] for row in rows})

    async def presences(self, sessions: Iterable[UUID]) -> AsyncIterator[list[Presence]]:
        """Who was at these sessions, by booking, 500 at a time. Of several records of one booking the best counts."""
        of, whose = self._presences.c, self._whose
        # Those without a booking are strays.
        mine = and_(of.session_id.in_(list(sessions)), of.booking_id.is_not(None))
        attended, completed = _ever(of.attended, "attended"), _ever(and_(of.attended, of.completed), "completed")
        wanted = select(*whose, attended, completed).where(mine).group_by(*whose)
        async for page in self._pages("attendance_records", wanted, of.booking_id):
            yield [Presence(**{**row, "attended": bool(row["attended"]), "completed": bool(row["completed"])}) for row in page]

    async def _read(self, table: str, wanted: Select[Any]) -> list[dict[str, Any]]:
        try:
            async with self._database.connect() as connection:
                if connection.dialect.name == "postgresql":
                    await connection.execute(text(f"SET LOCAL lock_timeout = {_PATIENCE * 1000}"))
                return [dict(row) for row in (await connection.execute(wanted)).mappings()]
        except (SQLAlchemyError, OSError) as error:
            if getattr(getattr(error, "orig", None), "sqlstate", "") == _NOT_FREE:
                what = f"the platform's table {table} was locked by somebody else for {_PATIENCE} s: import again once it is free"
                raise Busy._of("platform-locked", 503, what) from error
            raise unread(table, error) from error
        except (AttributeError, TypeError, ValueError) as error:
            what = f"the platform's table {table} cannot be read: a column holds something else than {', '.join(_NEEDED[table])} should"
            raise PlatformError._of("platform-unreadable", 500, what) from error


def unreachable(error: DBAPIError | OSError) -> PlatformError:
    """What it means that the database does not answer at all."""
    why = str(error.orig if isinstance(error, DBAPIError) else error).partition("\n")[0]
    return PlatformError._of("platform-away", 503, f"the platform's database cannot be reached: {why}")


def _least(id: ColumnElement[UUID]) -> ColumnElement[str]:
    # Ids have no least one in older databases; as texts they have.
    return func.min(cast(id, String)).label("example")


def _ever(is_so: ColumnElement[bool], name: str) -> ColumnElement[int]:
    return func.max(case((is_so, 1), else_=0)).label(name)


def _instant(said: datetime) -> datetime:
    """SQLite keeps no offset, and what it keeps is UTC."""
    return said.replace(tzinfo=UTC) if said.tzinfo is None else said.astimezone(UTC)
