"""The whole of it, table by table: what others refer to comes first."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from ilt import Engine, ProgrammeType, Role
from ilt.fastapi.nlj.importing.catalogue import Catalogue
from ilt.fastapi.nlj.importing.history import History
from ilt.fastapi.nlj.importing.pages import Pages
from ilt.fastapi.nlj.importing.places import Places
from ilt.fastapi.nlj.importing.reading import Training
from ilt.fastapi.nlj.importing.registering import Registering
from ilt.fastapi.nlj.importing.report import Hears, Report

Progress = Callable[[str, int, int], None]
"""Hears of which table how many rows are done, of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How people and programmes come in."""

    roles: Mapping[str, tuple[Role, ...]]
    """What the platform's roles come to, of people who are new; every other is a learner."""
    programme_type: ProgrammeType = ProgrammeType.EMPLOYEE_DEVELOPMENT
    """What new courses are for."""


async def take_over(
    engine: Engine, training: Training, places: Places, hears: Hears, *, wish: Wish, progress: Progress | None = None
) -> Report:
    """Takes over what exists on the platform, as it is now. What the engine has already stays as it is there, but for names, mail
    addresses, titles, and who has left; and whoever begins to teach gets the role instructor.

    May be repeated, cut off at any point, and run more than once at a time.

    Raises:
        PlatformError: the platform's tables cannot be read as they are.
        PlacesError: the file of places names a location that the engine does not have.
        Busy: the platform's database, or the engine's, is away, or a table is locked; or the place that `[evidence]` names does not answer.
    """
    return await _take(engine, engine, training, places, hears, wish, progress)


async def rehearse(
    engine: Engine | None, training: Training, places: Places, hears: Hears, *, wish: Wish, progress: Progress | None = None
) -> Report:
    """Says what taking over would do, and does it to an engine of its own that is thrown away.

    That one has the rules of `engine`, and neither its seats that others have taken, nor its completions and prerequisites, nor its
    sessions that are not from the platform: what is refused on their account shows when it is done. Nothing is written to `engine`;
    without one, everything is new.

    Raises:
        PlatformError: the platform's tables cannot be read as they are.
        PlacesError: the file of places names a location that the engine does not have.
        Busy: the platform's database, or the engine's, is away.
    """
    async with _apart() as other:
        return await _take(other, engine, training, places, hears, wish, progress)


@asynccontextmanager
async def _apart() -> AsyncIterator[Engine]:
    with TemporaryDirectory(prefix="ilt-rehearsal-") as folder:
        async with Engine({"store": {"url": f"sqlite:{Path(folder) / 'rehearsal.db'}"}}, environment=False) as engine:
            yield engine


async def _take(
    engine: Engine,
    known: Engine | None,
    training: Training,
    places: Places,
    hears: Hears,
    wish: Wish,
    progress: Progress | None,
) -> Report:
    tell = progress or (lambda _what, _done, _all: None)
    report, now = Report(hears), datetime.now(UTC)
    await training.check()
    catalogue = Catalogue(engine, known, training, places, report)
    await catalogue.people(wish.roles, tell)
    await catalogue.courses(wish.programme_type)
    await catalogue.centres()
    registering = Registering(engine, known, places.dealer.group)
    history = History(engine, known, training, places.dealer.zone, catalogue.taught, report)
    pages = Pages(engine, known, training, places, catalogue, registering, history, report, now)
    done, all_of_them = 0, await training.count("training_sessions")
    async for page in training.runs():
        await pages.take(page)
        done += len(page)
        tell("training_sessions", done, max(done, all_of_them))
    await history.close()
    return report
