"""Programmes of the platform, which are courses of the engine by the ids that they have there."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from ilt import APPLICATION, Course, Engine, InvalidRequest, NotFound, ProgrammeType
from ilt.fastapi.nlj.platform import Programme
from ilt.fastapi.nlj.tables import Difference, several, table

_log = logging.getLogger("ilt.nlj")
_COURSE = (
    "id",
    "title",
    "summary",
    "programme_type",
    "topics",
    "track",
    "length",
    "validity",
    "travel",
    "prerequisites",
    "equivalents",
)
_UNSAID = 60


class Courses:
    """Keeps the engine's courses in step with the platform's programmes.

    Title and length are the platform's (an hour, where it says none). The rest stays as it is in the engine: so do prerequisites, since
    those of the platform are contents, which the engine does not know.
    """

    def __init__(self, engine: Engine, programme_type: ProgrammeType) -> None:
        self._engine = engine
        self._type = programme_type
        self._told: dict[UUID, tuple[str, int]] = {}
        self._one_by_one = asyncio.Lock()

    async def known(self, programmes: Iterable[Programme]) -> dict[UUID, str]:
        """Has the engine know them as they are now. Costs nothing for those that have not changed since this process saw them last.

        What the engine cannot take as it is stays as it was there, and the log says why; so does the answer, by id.
        """
        refused: dict[UUID, str] = {}
        async with self._one_by_one:
            for programme in programmes:
                said = _said(programme)
                if self._told.get(programme.id) == said:
                    continue
                try:
                    row, _ = await self._row(programme)
                    if row is not None:
                        await self._engine.import_csv("courses", table(_COURSE, [row]))
                except InvalidRequest as wrong:
                    _log.warning("programme %s cannot be a course: %s", programme.id, wrong.detail)
                    refused[programme.id] = wrong.detail
                self._told[programme.id] = said
        return refused

    async def difference(self, programme: Programme) -> Difference:
        """What the engine would learn of a programme."""
        return (await self._row(programme))[1]

    async def _row(self, programme: Programme) -> tuple[dict[str, Any] | None, Difference]:
        """Its line of a file; none when nothing is to be changed."""
        title, minutes = _said(programme)
        row = {"id": programme.id, "title": title, "length": f"PT{minutes}M"}
        course = await self._course(programme.id)
        if course is None:
            return {**row, "programme_type": self._type, "travel": "false"}, Difference.NEW
        if (course.title, course.length.total_seconds()) == (title, minutes * 60):
            return None, Difference.NONE
        return row | _rest(course), Difference.CHANGED

    async def _course(self, id: UUID) -> Course | None:
        try:
            return await self._engine.course(id, actor=APPLICATION)
        except NotFound:
            return None


def _said(programme: Programme) -> tuple[str, int]:
    return programme.title, programme.duration_minutes or _UNSAID


def _rest(course: Course) -> dict[str, Any]:
    """What stays as it is."""
    return {
        "summary": course.summary or "",
        "programme_type": course.programme_type,
        "topics": several(course.topics),
        "track": course.track or "",
        "validity": f"P{course.validity_months}M" if course.validity_months else "",
        "travel": str(bool(course.travel)).lower(),
        "prerequisites": several(course.prerequisites),
        "equivalents": several(course.equivalents),
    }
