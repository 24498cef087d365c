"""The application: `uvicorn academy.main:app`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated
from uuid import UUID

from fastapi import Depends, FastAPI
from ilt import IltError, RegistrationStatus
from ilt.fastapi import describe, problem
from pydantic import BaseModel

from academy.seed import seed
from academy.settings import make_folder
from academy.training import engine, training
from academy.users import Base, User, auth, current_user, database


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """The application's tables and the engine, for as long as it serves."""
    make_folder()
    async with database.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with engine:
        await seed()
        yield
    await database.dispose()


app = FastAPI(title="Academy", lifespan=lifespan)
app.include_router(auth)
app.include_router(training, prefix="/api/training")
app.add_exception_handler(IltError, problem)
describe(app)


class Next(BaseModel):
    """A seat that somebody has."""

    registration: UUID
    course: str
    starts: str


@app.get("/dashboard")
async def dashboard(user: Annotated[User, Depends(current_user)]) -> list[Next]:
    """What comes next for whoever asks: a page of the application's own, which asks the engine in Python."""
    mine = await engine.registrations(actor=user.id, learner=user.id)
    return [
        Next(registration=one.id, course=one.session.course.title, starts=one.session.parts[0].starts.isoformat())
        for one in mine.items
        if one.status is RegistrationStatus.CONFIRMED
    ]
