"""Registrations: made, followed, listed and given back."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, field_validator

from ilt import Refused, Registration, RegistrationPage, RegistrationStatus
from ilt.fastapi.nlj import shapes, words
from ilt.fastapi.nlj.calls import Call, ask
from ilt.fastapi.nlj.desk import Desk
from ilt.fastapi.nlj.walking import Window, walk


class Wish(BaseModel):
    """A seat that somebody wants."""

    model_config = ConfigDict(extra="ignore")

    session_id: UUID
    special_requirements: Any = None
    registration_notes: str | None = None

    @property
    def note(self) -> str | None:
        """What whoever teaches should know."""
        needs = self.special_requirements
        told = [f"{name}: {_text(it)}" for name, it in needs.items()] if isinstance(needs, dict) else [_text(needs)] if needs else []
        return "\n".join(it for it in (self.registration_notes, *told) if it) or None


class Search(Window):
    """Which of one's registrations are wanted."""

    status_filter: str | None = None

    @field_validator("status_filter")
    @classmethod
    def _is_known(cls, word: str | None) -> str | None:
        if word is not None and word not in words.FILTERS:
            raise ValueError(f"must be one of {', '.join(sorted(words.FILTERS))}")
        return word


class Leaving(BaseModel):
    """Why a registration is given back, where that is said."""

    model_config = ConfigDict(extra="ignore")

    cancellation_reason: str | None = None


async def registered(desk: Desk, call: Call) -> dict[str, Any]:
    """Claims a seat, or a place on the waitlist when there is none; decided once it is answered.

    Whoever comes to the front of the waitlist is booked without being asked, or offered the seat shortly before the start: then they
    take it by registering again. What they want to be known is kept with the registration as its reason, where whoever may see it reads it.
    """
    wish = await call.body(Wish)
    # A reason of an admin's would have them registered beside a clash.
    note = None if wish.note is None or await desk.is_admin(call.user) else wish.note
    path = f"/v1/sessions/{wish.session_id}/registrations"
    asked = await ask(desk.engine, path, call.user, on_full="waitlist", automatic=True, reason=note)
    made = Registration._read(asked.said)
    event = asked.event
    if made.status is RegistrationStatus.OFFERED and not asked.is_new:
        asked = await ask(desk.engine, f"/v1/registrations/{made.id}/accept", call.user)
        made, event = Registration._read(asked.said), asked.event
    elif not asked.is_new:
        why = f"You have registered for this session already. {words.message(made)}"
        raise Refused._of("already-registered", 409, why, booking_id=str(made.id))
    instead: list[dict[str, Any]] = []
    if made.status is RegistrationStatus.WAITLISTED:
        instead = shapes.alternatives((await desk.engine.alternatives(made.session.id, actor=call.user.id)).items)
    return {
        "message": words.message(made),
        "event_id": event,
        "booking_id": str(made.id),
        "session_id": str(made.session.id),
        "status_endpoint": f"{desk.prefix}/training-registrations/{made.id}/status",
        "alternatives": instead,
    }


async def status(desk: Desk, call: Call) -> dict[str, Any]:
    """How a registration stands; with what can be taken instead once somebody waited in vain."""
    it = await desk.engine.registration(call.id("booking_id"), actor=call.user.id)
    instead = {"alternatives": shapes.alternatives(it.alternatives)} if it.alternatives else {}
    return {**shapes.status(it, desk.waitlisted), **instead}


async def mine(desk: Desk, call: Call) -> list[dict[str, Any]]:
    """One's own registrations, by start of their session. Costs one call of the engine for 200 of them on the way."""
    search = call.query(Search)

    async def page(limit: int, cursor: str | None) -> RegistrationPage:
        wanted = words.statuses(search.status_filter)
        return await desk.engine.registrations(actor=call.user.id, learner=call.user.id, status=wanted, limit=limit, cursor=cursor)

    def passes(it: Registration) -> bool:
        """Whoever did not come is told apart from whoever has a seat."""
        if search.status_filter not in ("confirmed", "no_show"):
            return True
        return words.booking_status(it, desk.waitlisted) == search.status_filter

    found = await walk(page, search.end, passes)
    return [shapes.registration(it, desk.waitlisted) for it in found[search.skip :]]


async def given_back(desk: Desk, call: Call) -> dict[str, Any]:
    """Gives a registration back, and its seat to whoever waits; also late, when the engine wants a reason and this contract has none."""
    reason = (await call.body(Leaving)).cancellation_reason or "no reason was given"
    asked = await ask(desk.engine, f"/v1/registrations/{call.id('booking_id')}/cancel", call.user, reason=reason)
    made = Registration._read(asked.said)
    return {
        "message": words.message(made),
        "event_id": asked.event,
        "booking_id": str(made.id),
        "session_id": str(made.session.id),
    }


def _text(said: Any) -> str:
    return said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
