"""Claims that become registrations: in order within a session, many sessions at once, and each of them once."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from ilt import (
    APPLICATION,
    Engine,
    Forbidden,
    IltError,
    InvalidRequest,
    NotFound,
    OnFull,
    Refused,
    Registration,
    RegistrationPage,
    RegistrationStatus,
    Rule,
    Session,
)
from ilt.fastapi.nlj.importing.claims import Claim, Claims, Wants
from ilt.fastapi.nlj.importing.files import patiently
from ilt.fastapi.nlj.importing.reading import Booking
from ilt.fastapi.nlj.importing.report import Came, Kind, Line, Report
from ilt.fastapi.nlj.importing.silence import UNKNOWN, Silence

_TABLE = "training_bookings"
_LONGEST = timedelta(days=14)
_REFUSALS = (Refused, Forbidden, NotFound, InvalidRequest)
_HAS_SEAT = (RegistrationStatus.CONFIRMED, RegistrationStatus.HELD)
_WAITS = (RegistrationStatus.WAITLISTED, RegistrationStatus.OFFERED)


@dataclass
class Told:
    """What became of the bookings of one session, until it is their turn to be told."""

    lines: list[Line] = field(default_factory=list)
    came: list[Came] = field(default_factory=list)
    called: list[tuple[UUID, UUID]] = field(default_factory=list)

    def left_out(self, booking: Booking, why: str) -> None:
        """It did not come in."""
        self.came.append(Came.LEFT_OUT)
        self.lines.append(Line(kind=Kind.LEFT_OUT, table=_TABLE, id=booking.id, say=why))

    def changed(self, booking: Booking, how: str) -> None:
        """It came in otherwise than it was."""
        self.lines.append(Line(kind=Kind.CHANGED, table=_TABLE, id=booking.id, say=how))

    def to(self, report: Report) -> None:
        """Tells all of it."""
        for came in self.came:
            report.count(_TABLE, came)
        for line in self.lines:
            report.tell(line)
        for booking, registration in self.called:
            report.registered(booking, registration)


class Registering:
    """Registers whoever has a claim.

    Args:
        engine: Where they are registered.
        known: Where it is asked who is registered already; another one in a dry run, and none when there is nothing yet.
        dealer_group: Whose rules say whether an approval is needed.
    """

    def __init__(self, engine: Engine, known: Engine | None, dealer_group: str) -> None:
        self._engine = engine
        self._known = known
        self._group = dealer_group or None
        self._run = uuid.uuid4().hex
        self._gated: dict[UUID, bool] = {}
        self._silence = Silence()

    async def session(self, id: UUID, course: UUID, has: Claims, known: Session | None) -> Told:
        """Registers whoever has a claim on a session, one after the other. Who has, or had, a registration there keeps it as it is."""
        told, before = Told(), await self._registrations(known)
        for booking, counts in has.repeated:
            told.came.append(Came.NOT_KEPT)
            told.changed(booking, f"the same learner has another booking of this session, {counts}, and that is the one that counts")
        for booking in has.unapproved:
            why = f"it waits for an approval, and course {course} asks for none: switch its rule approval on and import again, or decide"
            told.left_out(booking, why)
        for booking in has.unknown:
            told.left_out(booking, f"its status says nothing of a session to come: set it to confirmed or cancelled for session {id}")
        for booking in has.nobodys:
            told.left_out(booking, f"it names no learner: name one there, or cancel it, for session {id}")
        for claim in has.ordered:
            had = before.get(claim.learner, [])
            if not had:
                await self._one(id, course, claim, told, may_be_refused_again=known is not None)
                continue
            told.came.append(Came.THERE)
            latest = max(had, key=lambda it: (it.created_at, it.id))
            told.called.append((claim.booking.id, latest.id))
            if self._engine is not self._known:
                await self._one(id, course, claim, Told(), may_be_refused_again=False)
            elif claim.wants is Wants.SEAT and len(had) == 1 and latest.status is RegistrationStatus.HELD:
                # An earlier run was cut off between these two.
                try:
                    await self._approved(latest)
                except _REFUSALS as refused:
                    told.changed(claim.booking, f"it was confirmed, and its seat is held until somebody approves: {refused.detail}")
        return told

    async def _registrations(self, session: Session | None) -> dict[UUID, list[Registration]]:
        """Everybody who is, or was, registered for it, by learner."""
        found: dict[UUID, list[Registration]] = defaultdict(list)
        if session is None or self._known is None:
            return found
        engine, starts, cursor = self._known, session.parts[0].starts_at, None
        while True:
            page = await patiently(partial(_starting, engine, starts, cursor))
            for it in page.items:
                if it.session.id == session.id:
                    found[it.learner.id].append(it)
            cursor = page.next
            if cursor is None:
                return found

    async def _one(self, session: UUID, course: UUID, claim: Claim, told: Told, *, may_be_refused_again: bool) -> None:
        booking = claim.booking
        try:
            made = await self._registered(session, claim, may_be_refused_again=may_be_refused_again)
            if claim.wants is Wants.SEAT and (made.status is RegistrationStatus.HELD or await self._waits_unapproved(made, course)):
                made = await self._approved(made)
        except _REFUSALS as refused:
            detail = refused.detail.rstrip(".")
            return told.left_out(booking, f"the engine refuses it ({refused.code}): {detail}. {_what_to_do(refused)}")
        told.came.append(Came.NEW)
        told.called.append((booking.id, made.id))
        if (how := _otherwise(claim.wants, made)) is not None:
            told.changed(booking, how)
        if made.status in _HAS_SEAT and (others := await self._overlapping(made)):
            told.changed(booking, f"the learner has a seat at the same time in session {others[0]} too: one of them is to be given back")
        return None

    async def _registered(self, session: UUID, claim: Claim, *, may_be_refused_again: bool) -> Registration:
        async def ask(key: str) -> Registration:
            return await patiently(
                lambda: self._engine.register(
                    session,
                    actor=APPLICATION,
                    learner=claim.learner,
                    on_full=OnFull.WAITLIST,
                    automatic=True,
                    reason=f"taken over from the platform, booking {claim.booking.id}",
                    key=key,
                )
            )

        key = f"nlj:{claim.booking.id}"
        asked = partial(self._silence.heard, ask)
        try:
            return await asked(key, may_be_repeated=may_be_refused_again)
        except _REFUSALS as refused:
            if refused.code == UNKNOWN or not may_be_refused_again:
                raise
        # What was refused in an earlier run is refused again under its key, whatever has been put right since.
        return await asked(f"{key}:{self._run}")

    async def _approved(self, made: Registration) -> Registration:
        return await patiently(lambda: self._engine.approve_registration(made.id, actor=APPLICATION))

    async def _waits_unapproved(self, made: Registration, course: UUID) -> bool:
        return made.status in _WAITS and not made.approved and await self.asks_for_approval(course)

    async def asks_for_approval(self, course: UUID) -> bool:
        """Whether somebody who registers for a course has to be approved."""
        if course not in self._gated:
            rules = await patiently(lambda: self._engine.rules(actor=APPLICATION, course=course, dealer_group=self._group))
            self._gated[course] = any(it.rule is Rule.APPROVAL and it.value == 1 for it in rules.items)
        return self._gated[course]

    async def _overlapping(self, made: Registration) -> list[UUID]:
        """Other sessions in which the learner has a seat at the same time, ways between them not counted."""
        first, last = made.session.parts[0].starts_at, made.session.parts[-1]
        ends = last.starts_at + last.length
        words = ",".join(it.value for it in _HAS_SEAT)
        page = await patiently(
            lambda: self._engine.registrations(
                actor=APPLICATION, learner=made.learner.id, status=words, from_=first - _LONGEST, to=ends, limit=200
            )
        )
        mine = [(it.starts_at, it.starts_at + it.length) for it in made.session.parts]
        return [
            it.session.id
            for it in page.items
            if it.session.id != made.session.id
            and any(part.starts_at < end and start < part.starts_at + part.length for part in it.session.parts for start, end in mine)
        ]


def _what_to_do(refused: IltError) -> str:
    return "Import again once that can be asked" if refused.code == UNKNOWN else "Put that right, and import again"


def _otherwise(wants: Wants, made: Registration) -> str | None:
    """How a registration is otherwise than the booking was."""
    match wants, made.status:
        case (Wants.SEAT, RegistrationStatus.CONFIRMED) | (Wants.APPROVAL, RegistrationStatus.HELD):
            return None
        case (Wants.PLACE, status) if status in _WAITS:
            return None
        case Wants.SEAT, status if status in _WAITS:
            return "it was confirmed, and there are more of those than seats: it waits in line now, and gets the next seat"
        case Wants.APPROVAL, status if status in _WAITS:
            return "it was pending, and no seat is open: it waits in line, and is asked about once there is one"
        case Wants.PLACE, RegistrationStatus.CONFIRMED:
            return "it waited beside an open seat, and has that seat now: cancel it where the learner does not come"
        case Wants.PLACE, RegistrationStatus.HELD:
            return "it waited beside an open seat, which is held for it until somebody approves"
    return f"it is {made.status} now"


async def _starting(engine: Engine, at: datetime, cursor: str | None) -> RegistrationPage:
    return await engine.registrations(actor=APPLICATION, from_=at, to=at + timedelta(seconds=1), limit=200, cursor=cursor)
