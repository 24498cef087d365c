"""What is read of the platform's own tables: these columns, and never a word written."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Boolean, Column, DateTime, Integer, MetaData, Select, String, Table, Uuid, cast, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import ProgrammingError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from ilt._errors import Broken, Busy

_log = logging.getLogger("ilt.nlj")
_PAGE = 500

COLUMNS: dict[str, tuple[str, ...]] = {
    "users": ("id", "email", "full_name", "username", "role", "is_active"),
    "training_programs": (
        "id",
        "title",
        "description",
        "duration_minutes",
        "prerequisites",
        "content_items",
        "requires_approval",
        "auto_approve",
        "is_published",
        "is_active",
        "created_by_id",
    ),
}
"""Every column that is read, by table."""

IMPORTED: dict[str, tuple[str, ...]] = {
    "training_sessions": (
        "id",
        "program_id",
        "start_time",
        "end_time",
        "timezone",
        "location",
        "capacity",
        "max_attendees",
        "instructor_id",
        "status",
    ),
    "training_bookings": ("id", "session_id", "learner_id", "booking_status", "registered_at"),
    "attendance_records": ("session_id", "booking_id", "learner_id", "attended", "completed"),
}
"""Every column that `ilt import-nlj` reads beside those, by table."""

_IDS = JSON().with_variant(ARRAY(Uuid()), "postgresql")
_KINDS: dict[str, Any] = {
    **dict.fromkeys(("id", "created_by_id", "program_id", "instructor_id", "session_id", "learner_id", "booking_id"), Uuid),
    **dict.fromkeys(("prerequisites", "content_items"), _IDS),
    **dict.fromkeys(("duration_minutes", "capacity", "max_attendees"), Integer),
    **dict.fromkeys(("requires_approval", "auto_approve", "is_published", "is_active", "attended", "completed"), Boolean),
    **dict.fromkeys(("start_time", "end_time", "registered_at"), DateTime(timezone=True)),
}


class PlatformError(Broken):
    """The platform's tables cannot be read as they are: `detail` names the table and what is read of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody who has an account of the platform."""

    id: UUID
    email: str
    full_name: str | None
    username: str
    role: str
    is_active: bool

    @property
    def name(self) -> str:
        """What people call them."""
        return (self.full_name or "").strip() or self.username


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A training programme, as the platform has it."""

    id: UUID
    title: str
    description: str | None
    duration_minutes: int | None
    prerequisites: tuple[UUID, ...]
    content_items: tuple[UUID, ...]
    requires_approval: bool
    auto_approve: bool
    is_published: bool
    is_active: bool
    created_by_id: UUID | None


def grants(role: str, schema: str = "public", *, importing: bool = False) -> str:
    """The statements that let a database role read these columns, and nothing else of the platform.

    Args:
        importing: Those of `IMPORTED` too, for a role that `ilt import-nlj` reads with; the router needs none of them.
    """
    where, whom = _quoted(schema), _quoted(role)
    tables = {**COLUMNS, **IMPORTED} if importing else COLUMNS
    reads = [f"GRANT SELECT ({', '.join(columns)}) ON {where}.{table} TO {whom};" for table, columns in tables.items()]
    return "\n".join([f"GRANT USAGE ON SCHEMA {where} TO {whom};", *reads])


class Platform:
    """Reads people and programmes of the platform.

    Args:
        database: The application's own SQLAlchemy engine, or one whose role may read no more than `grants` gives.
        schema: Where the tables are, when that is not where the database looks first.
    """

    def __init__(self, database: AsyncEngine, *, schema: str | None = None) -> None:
        self._database = database
        self._schema = schema
        tables = MetaData(schema=schema)
        self._users, self._programmes = (described(name, columns, tables) for name, columns in COLUMNS.items())

    async def check(self) -> None:
        """Reads one row of each table, so that what is missing is known when the application starts.

        Raises:
            PlatformError: a table or a column is missing, or may not be read.
        """
        await self._read("users", self._people().limit(1))
        await self._read("training_programs", select(self._programmes).limit(1))

    async def user(self, id: UUID) -> User | None:
        """One person."""
        rows = await self._read("users", self._people().where(self._users.c.id == id))
        return User(**rows[0]) if rows else None

    async def users(self) -> AsyncIterator[list[User]]:
        """Everybody, by id, 500 at a time."""
        async for page in self._pages("users", self._people(), self._users.c.id):
            yield [User(**row) for row in page]

    async def programme(self, id: UUID) -> Programme | None:
        """One programme."""
        rows = await self._read("training_programs", select(self._programmes).where(self._programmes.c.id == id))
        return _programme(rows[0]) if rows else None

    async def programmes(self, *, only_published: bool, skip: int, limit: int | None) -> list[Programme]:
        """Programmes by title; published are those that are active as well."""
        table = self._programmes
        wanted = select(table).order_by(table.c.title, table.c.id).offset(skip).limit(limit)
        if only_published:
            wanted = wanted.where(table.c.is_published, table.c.is_active)
        return [_programme(row) for row in await self._read("training_programs", wanted)]

    def _people(self) -> Select[Any]:
        # In PostgreSQL the role is of a type of the platform's own, or a text in older databases.
        columns = [cast(it, String).label("role") if it.name == "role" else it for it in self._users.c]
        return select(*columns)

    async def _pages(self, table: str, wanted: Select[Any], key: Any) -> AsyncIterator[list[dict[str, Any]]]:
        """All of it in the order of this column, so many rows at a time."""
        wanted = wanted.order_by(key).limit(_PAGE)
        rows = await self._read(table, wanted)
        while rows:
            yield rows
            rows = await self._read(table, wanted.where(key > rows[-1][key.name])) if len(rows) == _PAGE else []

    async def _read(self, table: str, wanted: Select[Any]) -> list[dict[str, Any]]:
        try:
            async with self._database.connect() as connection:
                return [dict(row) for row in (await connection.execute(wanted)).mappings()]
        except (SQLAlchemyError, OSError) as error:
            raise unread(table, error) from error


def unread(table: str, error: Exception) -> Broken | Busy:
    """What it means that a table could not be read."""
    _log.error("the platform's table %s cannot be read", table, exc_info=error)
    if isinstance(error, ProgrammingError) or "no such" in str(error):
        what = f"the platform's table {table} cannot be read: it needs the columns {', '.join({**COLUMNS, **IMPORTED}[table])}"
        return PlatformError._of("platform-unreadable", 500, what)
    return Busy({"code": "platform-away", "status": 503, "detail": "the platform's database is away"}, retry_after=1)


def described(name: str, columns: Iterable[str], tables: MetaData) -> Table:
    """A table of the platform's, as far as it is read."""
    return Table(name, tables, *(Column(it, _KINDS.get(it, String)) for it in columns))


def _programme(row: dict[str, Any]) -> Programme:
    return Programme(**{**row, "prerequisites": _ids(row["prerequisites"]), "content_items": _ids(row["content_items"])})


def _ids(said: Iterable[UUID | str] | None) -> tuple[UUID, ...]:
    return tuple(it if isinstance(it, UUID) else UUID(it) for it in said or ())


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
