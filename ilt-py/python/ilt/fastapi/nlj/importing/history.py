"""Sessions that are over: who completed what, and how much there is that the engine does not keep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from ilt import APPLICATION, Engine, NotFound
from ilt.fastapi.nlj.importing.claims import CANCELLED
from ilt.fastapi.nlj.importing.files import brought, patient, side_by_side
from ilt.fastapi.nlj.importing.reading import Presence, Run, Stray, Training
from ilt.fastapi.nlj.importing.report import Came, Kind, Line, Report
from ilt.fastapi.nlj.importing.sessions import Stage

_COLUMNS = ("person", "course", "completed_on")
_TABLE = "attendance_records"
_Done = tuple[UUID, UUID, date]


class History:
    """Brings in completions, and counts the rest.

    Args:
        engine: Where they come in.
        known: Where it is asked what is there already; another one in a dry run, and none when there is nothing yet.
        zone: In whose calendar somebody completed something on a day.
        courses: Programmes that are courses.
    """

    def __init__(
        self, engine: Engine, known: Engine | None, training: Training, zone: str, courses: Collection[UUID], report: Report
    ) -> None:
        self._engine = engine
        self._known = known
        self._training = training
        self._zone = ZoneInfo(zone)
        self._courses = courses
        self._report = report
        self.cancelled = 0
        """Bookings that somebody has cancelled."""
        self.without_instructor = 0
        """Sessions whose instructor is nobody any more."""
        self._called_off = 0
        self._over = 0
        self._stays = 0
        self._absent = 0
        self._not_completed = 0

    async def sessions(self, runs: list[Run], stages: dict[UUID, Stage]) -> None:
        """Takes over who completed these, of those that are over."""
        for is_now in (Stage.OVER, Stage.CALLED_OFF):
            booked = await self._training.booked([it.id for it in runs if stages[it.id] is is_now])
            gone = _cancelled(booked)
            self.cancelled += gone
            if is_now is Stage.OVER:
                self._over += booked.total() - gone
            else:
                self._called_off += booked.total() - gone
        over = {it.id: it for it in runs if stages[it.id] is Stage.OVER}
        async for page in self._training.presences(over):
            await self._completed(page, over)

    async def unfit(self, left_out: list[UUID], there: list[UUID]) -> None:
        """Counts what is booked in sessions that cannot come in as they are: those that stay out, and those that are here already."""
        for sessions in (left_out, there):
            booked = await self._training.booked(sessions)
            gone = _cancelled(booked)
            self.cancelled += gone
            if sessions is there:
                self._stays += booked.total() - gone
            else:
                self._report.count("training_bookings", Came.LEFT_OUT, booked.total() - gone)

    async def _completed(self, page: list[Presence], over: dict[UUID, Run]) -> None:
        done: dict[_Done, Presence] = {}
        for it in page:
            run = over[it.session_id]
            if not it.attended:
                self._absent += 1
            elif not it.completed:
                self._not_completed += 1
            elif it.learner_id is None:
                self._left_out(it, "it names no learner: put that right there")
            elif run.program_id not in self._courses:
                self._left_out(it, f"its programme {run.program_id} is no course here: put that right first")
            else:
                done.setdefault((it.learner_id, run.program_id, run.end_time.astimezone(self._zone).date()), it)
        there = await self._there(list(done))
        new = [it for it in done if it not in there]
        rows = [{"person": person, "course": course, "completed_on": day} for person, course, day in new]
        added, _, wrong = await brought(self._engine, "completions", _COLUMNS, rows)
        for at, why in wrong.items():
            self._left_out(done[new[at]], f"the engine refuses the completion: {why}. Put that right, and import again")
        self._report.count(_TABLE, Came.NEW, added)
        self._report.count(_TABLE, Came.THERE, len(done) - added - len(wrong))

    async def _there(self, wanted: list[_Done]) -> set[_Done]:
        """What is known of already, in a dry run; else the engine finds that out by itself."""
        known = self._known
        if known is None or known is self._engine:
            return set()

        async def asked(person: UUID) -> list[_Done]:
            try:
                page = await known.completions(person, actor=APPLICATION, limit=200)
            except NotFound:
                return []
            return [(person, it.course, it.completed_at.date()) for it in page.items]

        answers = await side_by_side(patient(asked), {person for person, _, _ in wanted})
        return {it for answer in answers for it in answer}

    async def close(self) -> None:
        """Tells how much there is that is not kept, and what belongs to no session."""
        counted = sum(self._report.rows[_TABLE].values()) + self._absent + self._not_completed
        rest = await self._training.count_presences() - counted
        await self._strays()
        self._not_kept("training_bookings", self.cancelled, "were cancelled: they are not brought in")
        self._not_kept("training_bookings", self._called_off, "are of sessions that were called off: those come in without them")
        over = "are of sessions that are over: of those the engine keeps who completed them, and no registrations"
        self._not_kept("training_bookings", self._over, over)
        stays = "are of sessions that are here already and take place now, or say no status that fits: what is registered here stays"
        self._not_kept("training_bookings", self._stays, stays)
        self._not_kept(_TABLE, self._absent, "say that somebody was not there: of what is over the engine keeps completions alone")
        self._not_kept(_TABLE, self._not_completed, "say that somebody was there and did not complete it: that is no completion")
        self._not_kept(
            _TABLE, rest, "are of sessions that are not over or were called off, or say what another one says: they are not brought in"
        )
        if self.without_instructor:
            said = f"{self.without_instructor} that are over had an instructor who is no active user any more, and come in without"
            self._report.tell(Line(kind=Kind.NOT_KEPT, table="training_sessions", id=None, say=said, count=self.without_instructor))

    async def _strays(self) -> None:
        timeless = await self._training.timeless()
        self._stray("training_sessions", [timeless], "do not say when they begin or end, such as this one: put that right there")
        live = []
        for it in await self._training.stray_bookings():
            if (it.status or "").strip().lower() in CANCELLED:
                self.cancelled += it.rows
            else:
                live.append(it)
        no_session = "are of no session that there is, or of one without a time, such as this one: name one there, or delete them"
        self._stray("training_bookings", live, no_session)
        no_booking = "are of no booking, or of no session that there is or has a time, such as that of this booking: put that right there"
        self._stray(_TABLE, [await self._training.stray_presences()], no_booking)

    def _stray(self, table: str, found: list[Stray], said: str) -> None:
        rows = sum(it.rows for it in found)
        if rows:
            self._report.count(table, Came.LEFT_OUT, rows)
            example = min((it.example for it in found if it.example), default=None)
            self._report.tell(Line(kind=Kind.LEFT_OUT, table=table, id=example, say=f"{rows} {said}", count=rows))

    def _not_kept(self, table: str, rows: int, said: str) -> None:
        if rows > 0:
            self._report.count(table, Came.NOT_KEPT, rows)
            self._report.tell(Line(kind=Kind.NOT_KEPT, table=table, id=None, say=f"{rows} {said}", count=rows))

    def _left_out(self, it: Presence, why: str) -> None:
        self._report.count(_TABLE, Came.LEFT_OUT)
        self._report.tell(Line(kind=Kind.LEFT_OUT, table=_TABLE, id=it.booking_id, say=why))


def _cancelled(booked: Counter[str]) -> int:
    return sum(rows for word, rows in booked.items() if (word or "").strip().lower() in CANCELLED)
