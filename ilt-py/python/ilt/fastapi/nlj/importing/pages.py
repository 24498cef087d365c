"""Sessions, page by page, each with its bookings and with who was there."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from ilt import APPLICATION, Engine, NotFound, Session, SessionStage
from ilt.fastapi.nlj.importing.catalogue import Catalogue
from ilt.fastapi.nlj.importing.claims import Claims, claims, is_pending
from ilt.fastapi.nlj.importing.files import brought, patient, side_by_side
from ilt.fastapi.nlj.importing.history import History
from ilt.fastapi.nlj.importing.places import Centre, Places, folded
from ilt.fastapi.nlj.importing.reading import Booking, Run, Training
from ilt.fastapi.nlj.importing.registering import Registering
from ilt.fastapi.nlj.importing.report import Came, Kind, Line, Report
from ilt.fastapi.nlj.importing.sessions import COLUMNS, TWICE, WHY_NOT, Stage, begins_twice, planned, stage

_TABLE = "training_sessions"
_GOES_ON = (SessionStage.DRAFT, SessionStage.PUBLISHED, SessionStage.RUNNING)


class Pages:
    """Takes over sessions as they are at an instant."""

    def __init__(
        self,
        engine: Engine,
        known: Engine | None,
        training: Training,
        places: Places,
        catalogue: Catalogue,
        registering: Registering,
        history: History,
        report: Report,
        now: datetime,
    ) -> None:
        self._engine = engine
        self._known = known
        self._training = training
        self._places = places
        self._catalogue = catalogue
        self._registering = registering
        self._history = history
        self._report = report
        self._now = now
        self._told_of_utc: set[str] = set()

    async def take(self, page: list[Run]) -> None:
        """Takes over these sessions, and what belongs to them."""
        stages = {it.id: stage(it, self._now) for it in page}
        there = await self._there(page)
        has = await self._claims([it for it in page if stages[it.id] is Stage.TO_COME])
        came_in = await self._sessions(page, stages, there, has)
        to_register = [it for it in page if it.id in has and it.id in came_in]

        async def registered(run: Run) -> None:
            told = await self._registering.session(run.id, run.program_id, has[run.id], there.get(run.id))
            results[run.id] = told

        results: dict[UUID, Any] = {}
        await side_by_side(registered, to_register)
        for run in to_register:
            results[run.id].to(self._report)
        for run in page:
            if run.id in has:
                self._history.cancelled += has[run.id].cancelled
                if run.id not in came_in:
                    self._report.count("training_bookings", Came.LEFT_OUT, has[run.id].live)
        unfit = [it.id for it in page if stages[it.id] in WHY_NOT]
        await self._history.unfit([it for it in unfit if it not in there], [it for it in unfit if it in there])
        await self._history.sessions([it for it in page if stages[it.id] in (Stage.OVER, Stage.CALLED_OFF)], stages)

    async def _there(self, page: list[Run]) -> dict[UUID, Session]:
        """Those that the engine has already."""
        known = self._known
        if known is None:
            return {}

        async def asked(run: Run) -> Session | None:
            try:
                return await known.session(run.id, actor=APPLICATION)
            except NotFound:
                return None

        return {it.id: it for it in await side_by_side(patient(asked), page) if it is not None}

    async def _claims(self, runs: list[Run]) -> dict[UUID, Claims]:
        booked: dict[UUID, list[Booking]] = defaultdict(list)
        if runs:
            for it in await self._training.bookings([run.id for run in runs]):
                booked[it.session_id].append(it)

        async def of(run: Run) -> Claims:
            asks = (
                run.program_id in self._catalogue.taught
                and any(map(is_pending, booked[run.id]))
                and await self._registering.asks_for_approval(run.program_id)
            )
            return claims(booked[run.id], asks_for_approval=asks)

        return dict(zip([run.id for run in runs], await side_by_side(of, runs), strict=True))

    async def _sessions(self, page: list[Run], stages: dict[UUID, Stage], there: dict[UUID, Session], has: dict[UUID, Claims]) -> set[UUID]:
        """Those that the engine has afterwards."""
        rows: list[dict[str, Any]] = []
        runs: list[Run] = []
        for run in page:
            at, is_there = self._catalogue.centre(run.location), run.id in there
            if is_there:
                goes_on = stages[run.id] is Stage.CALLED_OFF and there[run.id].status in _GOES_ON
                self._report.count(_TABLE, Came.LEFT_OUT if goes_on else Came.THERE)
                if goes_on:
                    self._left_out(run, "it was called off on the platform after it had come in: call it off here as well", has)
                if self._engine is self._known:
                    continue
            why = self._why_not(run, stages[run.id], at)
            if why is None and at is not None:
                runs.append(run)
                rows.append(self._row(run, at, stages[run.id], has.get(run.id), is_there))
            elif not is_there:
                self._report.count(_TABLE, Came.LEFT_OUT)
                if why is not None:
                    self._left_out(run, why, has)
        added, changed, wrong = await brought(self._engine, "sessions", COLUMNS, rows)
        news = [it for it in enumerate(runs) if it[1].id not in there]
        for at_row, run in news:
            if at_row in wrong:
                self._left_out(run, f"the engine refuses it: {wrong[at_row]}. Put that right there, and import again", has)
        came = sum(at_row not in wrong for at_row, _ in news)
        self._report.count(_TABLE, Came.LEFT_OUT, len(news) - came)
        if self._engine is self._known:
            # Another run may have been faster.
            self._report.count(_TABLE, Came.CHANGED, changed)
            self._report.count(_TABLE, Came.THERE, came - added - changed)
            came = added
        self._report.count(_TABLE, Came.NEW, came)
        now_there = {run.id for at_row, run in enumerate(runs) if at_row not in wrong}
        return now_there if self._engine is not self._known else now_there | set(there)

    def _why_not(self, run: Run, is_now: Stage, at: Centre | None) -> str | None:
        if is_now in WHY_NOT:
            return WHY_NOT[is_now]
        if run.end_time <= run.start_time:
            return "it ends before it begins: put its time right"
        if run.program_id not in self._catalogue.taught:
            return f"its programme {run.program_id} is no course here: put that right first"
        if at is None:
            # Of a text that means nothing it is told once.
            return None if self._places.of(run.location) is None else "its place could not be brought in"
        return TWICE if begins_twice(run, at, wall_clock=self._wall_clock(run)) else None

    def _wall_clock(self, run: Run) -> bool:
        place = self._places.of(run.location)
        return place is not None and place.utc_is_wall_clock

    def _row(self, run: Run, at: Centre, is_now: Stage, has: Claims | None, is_there: bool) -> dict[str, Any]:
        wall_clock = self._wall_clock(run)
        is_offered = run.program_id in self._catalogue.offered or (has is not None and bool(has.ordered))
        plan = partial(planned, run, at, self._now, wall_clock=wall_clock, is_offered=is_offered)
        made = plan(instructors=self._catalogue.instructors)
        if is_there:
            return made.row
        if is_now is not Stage.TO_COME:
            self._history.without_instructor += run.instructor_id is not None and not made.row["instructors"]
            return made.row
        for how in made.changed:
            self._report.tell(Line(kind=Kind.CHANGED, table=_TABLE, id=run.id, say=how))
        if run.says_no_zone and not wall_clock and at.zone != "UTC" and folded(run.location) not in self._told_of_utc:
            self._told_of_utc.add(folded(run.location))
            clock, here = f"{run.start_time.astimezone(UTC):%H:%M} UTC", made.row["starts"][11:16]
            how = f"it begins at {clock}, which is {here} there; where {clock[:5]} was meant, say utc_is_wall_clock = true of its place"
            self._report.tell(Line(kind=Kind.CHANGED, table=_TABLE, id=run.id, say=f"as all at its place that say UTC, {how}"))
        return made.row

    def _left_out(self, run: Run, why: str, has: dict[UUID, Claims]) -> None:
        waiting = has[run.id].live if run.id in has else 0
        more = f" ({waiting} bookings wait with it)" if waiting else ""
        self._report.tell(Line(kind=Kind.LEFT_OUT, table=_TABLE, id=run.id, say=why + more))
