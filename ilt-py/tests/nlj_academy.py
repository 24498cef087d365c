"""A platform as the older contract knows it: its two tables, its tokens, and an application that serves the contract."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import httpx
import jwt
from fastapi import FastAPI
from sqlalchemy import JSON, Boolean, Column, DateTime, Enum, Integer, MetaData, String, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.schema import CreateSchema, DropSchema

from ilt import APPLICATION, Engine, NotFound, PartBody, Session, SessionPage
from ilt.fastapi.nlj import Dealer, Platform, Tokens, router

SECRET = "a secret of the platform's that nobody guesses"
DEALER = Dealer(id=uuid.UUID(int=1), name="Academy", city="Köln", lat=50.94, lon=6.96, zone="Europe/Berlin")
_Found = TypeVar("_Found")
ROLES = ("PLAYER", "LEARNER", "CREATOR", "REVIEWER", "APPROVER", "ADMIN")


def claims(user: UUID, **other: Any) -> dict[str, Any]:
    """What a token of theirs says; `None` leaves a claim out."""
    said = {"sub": str(user), "exp": datetime.now(UTC) + timedelta(hours=1), "type": "access_token", **other}
    return {name: value for name, value in said.items() if value is not None}


def by(user: UUID, **other: Any) -> dict[str, str]:
    """Headers of somebody who has signed in."""
    return {"authorization": f"Bearer {jwt.encode(claims(user, **other), SECRET, algorithm='HS256')}"}


async def settled(read: Callable[[], Awaitable[_Found]], is_so: Callable[[_Found], bool]) -> _Found:
    """What is read, once the engine has followed what was done."""
    async with asyncio.timeout(10):
        while True:
            with suppress(NotFound):
                if is_so(found := await read()):
                    return found
            await asyncio.sleep(0.02)


@dataclass
class Academy:
    """The platform, and the engine beside it."""

    engine: Engine
    database: AsyncEngine
    schema: str | None
    location: UUID = field(default_factory=uuid.uuid4)

    def __post_init__(self) -> None:
        tables = MetaData(schema=self.schema)
        ids = JSON().with_variant(ARRAY(Uuid()), "postgresql")
        self.users = Table(
            "users",
            tables,
            Column("id", Uuid, primary_key=True),
            Column("username", String(50), unique=True),
            Column("email", String(255), unique=True),
            Column("hashed_password", String(255), nullable=False),
            Column("full_name", String(255)),
            Column("role", Enum(*ROLES, name="userrole")),
            Column("is_active", Boolean),
            Column("last_login", DateTime(timezone=True)),
        )
        self.programmes = Table(
            "training_programs",
            tables,
            Column("id", Uuid, primary_key=True),
            Column("title", String(255)),
            Column("description", Text),
            Column("duration_minutes", Integer),
            Column("learning_objectives", JSON),
            Column("prerequisites", ids),
            Column("content_items", ids),
            Column("requires_approval", Boolean),
            Column("auto_approve", Boolean),
            Column("is_published", Boolean),
            Column("is_active", Boolean),
            Column("created_by_id", Uuid),
        )
        self.tables = tables

    @property
    def platform(self) -> Platform:
        """What the router reads."""
        return Platform(self.database, schema=self.schema)

    async def people(self, count: int, role: str = "LEARNER", **other: Any) -> list[UUID]:
        """People with an account."""
        ids = [uuid.uuid4() for _ in range(count)]
        rows = [
            {
                "id": it,
                "username": it.hex,
                "email": f"{it.hex}@academy.example",
                "hashed_password": "never to be read",
                "full_name": f"Person {it.hex}",
                "role": role,
                "is_active": True,
                **other,
            }
            for it in ids
        ]
        async with self.database.begin() as connection:
            await connection.execute(self.users.insert(), rows)
        return ids

    async def person(self, role: str = "LEARNER", **other: Any) -> UUID:
        """Somebody with an account."""
        return (await self.people(1, role, **other))[0]

    async def change(self, user: UUID, **to: Any) -> None:
        """Changes their account."""
        async with self.database.begin() as connection:
            await connection.execute(self.users.update().where(self.users.c.id == user).values(**to))

    async def programme(self, title: str = "Brakes", **other: Any) -> UUID:
        """A programme."""
        row = {
            "id": uuid.uuid4(),
            "title": title,
            "description": "All about them",
            "duration_minutes": 90,
            "prerequisites": [],
            "content_items": [],
            "requires_approval": False,
            "auto_approve": True,
            "is_published": True,
            "is_active": True,
            "created_by_id": uuid.uuid4(),
            **other,
        }
        async with self.database.begin() as connection:
            await connection.execute(self.programmes.insert(), [row])
        return UUID(str(row["id"]))

    async def session(self, course: UUID, capacity: int, days: int = 30) -> Session:
        """A session so many days from now, open to learners and listed."""
        day = (datetime.now(UTC) + timedelta(days=days)).date()
        part = PartBody(starts=datetime(day.year, day.month, day.day, 9), length=timedelta(hours=6))
        plan = await self.engine.add_session(actor=APPLICATION, course=course, location=self.location, parts=[part], capacity=capacity)
        session = await self.engine.publish_session(plan.id, actor=APPLICATION)

        async def listed() -> SessionPage:
            return await self.engine.sessions(actor=APPLICATION, course=course, limit=200)

        await settled(listed, lambda page: any(it.id == plan.id for it in page.items))
        return session

    async def taught(self, capacity: int = 5) -> tuple[UUID, str]:
        """A programme that the engine knows, with a session."""
        programme, learner = await self.programme(), await self.person()
        async with self.client() as client:
            assert (await client.get(f"/api/training-programs/{programme}", headers=by(learner))).status_code == 200
        return programme, str((await self.session(programme, capacity)).id)

    @asynccontextmanager
    async def client(self, **said: Any) -> AsyncIterator[httpx.AsyncClient]:
        """A client of an application that serves the contract."""
        app = FastAPI()
        app.include_router(router(self.engine, self.platform, Tokens(SECRET, remembered=0), **{"dealer": DEALER, **said}))
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://training.example") as client:
            yield client


@asynccontextmanager
async def founded(engine: Engine, url: str, folder: Path) -> AsyncIterator[Academy]:
    """An academy: on PostgreSQL in a schema of its own, where there is an address of one, else in a file."""
    schema = f"academy_{uuid.uuid4().hex}" if url else None
    database = create_async_engine(asynchronous(url) if url else f"sqlite+aiosqlite:///{folder / 'academy.db'}")
    academy = Academy(engine, database, schema)
    try:
        async with database.begin() as connection:
            if schema:
                await connection.execute(CreateSchema(schema))
            await connection.run_sync(academy.tables.create_all)
        place = await engine.add_location(actor=APPLICATION, name="Centre", city="Köln", lat=50.94, lon=6.96, zone=DEALER.zone)
        academy.location = place.id
        yield academy
    finally:
        if schema:
            async with database.begin() as connection:
                await connection.execute(DropSchema(schema, cascade=True))
        await database.dispose()


def asynchronous(url: str) -> str:
    """The address of a PostgreSQL, as SQLAlchemy has it."""
    return f"postgresql+asyncpg://{url.split('://', 1)[1]}"
