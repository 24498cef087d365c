"""Sessions: looked for, looked at, planned and called off."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from ilt import Engine, Forbidden, Location, NotFound, PartBody, Session, SessionPage, SessionStage
from ilt._errors import invalid
from ilt.fastapi.nlj import shapes
from ilt.fastapi.nlj.calls import Call, ask
from ilt.fastapi.nlj.desk import Desk
from ilt.fastapi.nlj.platform import User
from ilt.fastapi.nlj.walking import Window, walk


class Search(Window):
    """Which sessions are wanted."""

    program_id: UUID | None = None
    instructor_id: UUID | None = None
    location: str | None = None
    published_only: bool = True
    include_past: bool = False

    def passes(self, it: Session) -> bool:
        """Whether a session is one of them, as far as the engine does not look for it."""
        words = (self.location or "").casefold()
        is_there = words in it.location.name.casefold() or words in it.location.city.casefold()
        return is_there and (self.instructor_id is None or any(one.id == self.instructor_id for one in it.instructors))


class Plan(BaseModel):
    """A session that somebody plans."""

    model_config = ConfigDict(extra="ignore")

    program_id: UUID
    start_time: datetime
    end_time: datetime
    timezone: str | None = None
    location: str | None = None
    capacity: int = Field(20, ge=1)
    instructor_id: UUID | None = None

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, zone: str | None) -> str | None:
        try:
            return None if zone in (None, "", "UTC") else ZoneInfo(zone or "").key
        except (ValueError, OSError, KeyError):
            raise ValueError("must be an IANA time zone, such as Europe/Berlin") from None

    @model_validator(mode="after")
    def _lasts(self) -> Plan:
        if (self.start_time.tzinfo is None) is not (self.end_time.tzinfo is None):
            raise ValueError("start_time and end_time must both have an offset, or neither")
        if self.start_time >= self.end_time:
            raise ValueError("end_time must be after start_time")
        return self

    def part(self, at: Location) -> PartBody:
        """Its day, by the clocks of the zone that was said; by those at the location when none was, or UTC."""
        zone = self.timezone or at.zone
        try:
            here = self.start_time.astimezone(ZoneInfo(zone)) if self.start_time.tzinfo else self.start_time
        except OverflowError:
            raise invalid("start_time", "is too far away") from None
        return PartBody(starts=here.replace(tzinfo=None), length=self.end_time - self.start_time, zone=zone)


class Reason(BaseModel):
    """Why something is called off."""

    model_config = ConfigDict(extra="ignore")

    cancellation_reason: str = Field(min_length=1)


async def found(engine: Engine, user: User, search: Search) -> list[Session]:
    """Sessions by start, of those that the engine can look for: what has not ended yet.

    Published ones that are still to come; with `include_past` those under way as well; without `published_only` what was called off, and
    drafts for those who may see them. Costs one call of the engine for each of these states and 200 sessions of it on the way.
    """
    now = None if search.include_past else datetime.now(UTC)

    async def of(status: SessionStage) -> list[Session]:
        async def page(limit: int, cursor: str | None) -> SessionPage:
            return await engine.sessions(actor=user.id, course=search.program_id, status=status, from_=now, limit=limit, cursor=cursor)

        return await walk(page, search.end, search.passes)

    listed = await of(SessionStage.PUBLISHED)
    if not search.published_only:
        listed += await of(SessionStage.CANCELLED)
        with suppress(Forbidden):
            listed += await of(SessionStage.DRAFT)
    listed.sort(key=lambda it: (it.parts[0].starts_at, it.id))
    return listed[search.skip : search.end]


async def listed(desk: Desk, call: Call) -> list[dict[str, Any]]:
    """Sessions, by start."""
    return [shapes.session(it) for it in await found(desk.engine, call.user, call.query(Search))]


async def of_programme(desk: Desk, call: Call) -> list[dict[str, Any]]:
    """Sessions of one programme, by start."""
    search = call.query(Search).model_copy(update={"program_id": call.id("program_id")})
    return [shapes.session(it) for it in await found(desk.engine, call.user, search)]


async def one(desk: Desk, call: Call) -> dict[str, Any]:
    """One session."""
    return shapes.session(await desk.engine.session(call.id("session_id"), actor=call.user.id))


async def planned(desk: Desk, call: Call) -> dict[str, Any]:
    """Plans a session and publishes it; for admins. Its location is one that the engine knows by this name."""
    plan = await call.body(Plan)
    programme = await desk.platform.programme(plan.program_id)
    if programme is None:
        raise NotFound._of("not-found", 404, "This program does not exist")
    await desk.courses.known([programme])
    at = await _location(desk.engine, call.user, plan.location)
    draft = await desk.engine.add_session(
        actor=call.user.id,
        course=plan.program_id,
        location=at.id,
        parts=[plan.part(at)],
        capacity=plan.capacity,
        instructors=None if plan.instructor_id is None else [plan.instructor_id],
    )
    made = await ask(desk.engine, f"/v1/sessions/{draft.id}/publish", call.user)
    return {
        "message": "The session is planned.",
        "event_id": made.event,
        "resource_id": str(draft.id),
        "status_endpoint": f"{desk.prefix}/training-sessions/{draft.id}",
    }


async def called_off(desk: Desk, call: Call) -> dict[str, Any]:
    """Calls a session off; for admins. Everybody who was registered is told why."""
    reason = (await call.body(Reason)).cancellation_reason
    return shapes.session(await desk.engine.cancel_session(call.id("session_id"), actor=call.user.id, reason=reason))


async def _location(engine: Engine, user: User, name: str | None) -> Location:
    page = await engine.locations(actor=user.id, q=name or None, limit=200)
    these = [it for it in page.items if not name or it.name.casefold() == name.strip().casefold()]
    if len(these) == 1:
        return these[0]
    if not name:
        raise invalid("location", "must be said: the engine knows none, or more than one")
    raise invalid("location", f"{name} is no location, or more than one, that the engine knows by this name")
