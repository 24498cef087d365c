"""Programmes, with how many sessions they have."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from ilt import Engine, NotFound, Session, SessionPage
from ilt.fastapi.nlj import shapes
from ilt.fastapi.nlj.calls import Call
from ilt.fastapi.nlj.desk import Desk
from ilt.fastapi.nlj.platform import User
from ilt.fastapi.nlj.walking import MOST_SKIPPED, Window, walk


class Search(Window):
    """Which programmes are wanted."""

    published_only: bool = True


async def listed(desk: Desk, call: Call) -> list[dict[str, Any]]:
    """Programmes, by title; others than published ones for admins.

    Costs one query of the platform, and one call of the engine for every 200 published sessions that there are.
    """
    search = call.query(Search)
    only_published = search.published_only or not await desk.is_admin(call.user)
    page = await desk.platform.programmes(only_published=only_published, skip=search.skip, limit=search.limit)
    await desk.courses.known(page)
    by_course: defaultdict[UUID, list[Session]] = defaultdict(list)
    for it in await _sessions(desk.engine, call.user, None) if page else ():
        by_course[it.course.id].append(it)
    return [shapes.programme(it, by_course[it.id]) for it in page]


async def one(desk: Desk, call: Call) -> dict[str, Any]:
    """One programme; one that is not published, or not active, for admins."""
    it = await desk.platform.programme(call.id("program_id"))
    if it is None or not ((it.is_published and it.is_active) or await desk.is_admin(call.user)):
        raise NotFound._of("not-found", 404, "This program does not exist")
    await desk.courses.known([it])
    return shapes.programme(it, await _sessions(desk.engine, call.user, it.id))


async def _sessions(engine: Engine, user: User, course: UUID | None) -> list[Session]:
    async def page(limit: int, cursor: str | None) -> SessionPage:
        return await engine.sessions(actor=user.id, course=course, limit=limit, cursor=cursor)

    return await walk(page, MOST_SKIPPED)
