"""Who was there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from ilt import MarkBody, NotFound, Refused
from ilt.fastapi.nlj.calls import Call
from ilt.fastapi.nlj.desk import Desk


class Seen(BaseModel):
    """Whether somebody was there."""

    model_config = ConfigDict(extra="ignore")

    user_id: UUID
    attended: bool = True
    notes: str | None = None


async def marked(desk: Desk, call: Call) -> dict[str, Any]:
    """Marks somebody as there for the whole of a session, or for none of it; for its instructors."""
    seen, session = await call.body(Seen), call.id("session_id")
    roster = await desk.engine.roster(session, actor=call.user.id)
    line = next((it for it in roster.items if it.person.id == seen.user_id), None)
    if line is None:
        raise NotFound._of("not-found", 404, "This person is not registered for this session")
    parts = len((await desk.engine.session(session, actor=call.user.id)).parts)
    marks = [
        MarkBody(registration=line.registration, part=part, minutes=None if seen.attended else 0, reason=seen.notes or None)
        for part in range(1, parts + 1)
    ]
    for view in (await desk.engine.mark_attendance(session, actor=call.user.id, marks=marks)).items:
        if view.code is not None:
            raise Refused._of(view.code, 409, view.detail or "The mark was refused", part=view.part)
    return _record(session, line.registration, seen.user_id, seen.attended)


async def listed(desk: Desk, call: Call) -> list[dict[str, Any]]:
    """Everybody of whom it is marked whether they were there; for those who may see the roster."""
    session = call.id("session_id")
    roster = await desk.engine.roster(session, actor=call.user.id)
    return [_record(session, it.registration, it.person.id, any(mark.minutes for mark in it.marks)) for it in roster.items if it.marks]


def _record(session: UUID, registration: UUID, learner: UUID, attended: bool) -> dict[str, Any]:
    return {"session_id": str(session), "booking_id": str(registration), "learner_id": str(learner), "attended": attended}
