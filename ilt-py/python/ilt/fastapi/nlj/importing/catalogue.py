"""What sessions refer to: people, courses and places."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from functools import partial
from uuid import UUID

from ilt import APPLICATION, Busy, Engine, NotFound, ProgrammeType, Role, Rule, RuleSource
from ilt.fastapi.nlj.courses import Courses
from ilt.fastapi.nlj.importing.files import brought, only, patient, patiently, side_by_side
from ilt.fastapi.nlj.importing.people import Accounts
from ilt.fastapi.nlj.importing.places import Centre, Places, entry, folded, row
from ilt.fastapi.nlj.importing.reading import Text, Training
from ilt.fastapi.nlj.importing.report import Came, Kind, Line, Report
from ilt.fastapi.nlj.platform import Programme
from ilt.fastapi.nlj.tables import Difference

_CENTRE = ("id", "name", "address", "city", "country", "lat", "lon", "zone", "rooms")
_FOLLOWS = 30
"""Seconds after which what was brought in must be known everywhere."""
_CAME = {Difference.NEW: Came.NEW, Difference.CHANGED: Came.CHANGED, Difference.NONE: Came.THERE}


class Catalogue:
    """Brings in people, courses and places, and knows of them afterwards.

    Args:
        engine: Where they come in.
        known: Where it is asked what is there already; another one in a dry run, and none when there is nothing yet.
    """

    def __init__(self, engine: Engine, known: Engine | None, training: Training, places: Places, report: Report) -> None:
        self._engine = engine
        self._known = known
        self._training = training
        self._places = places
        self._report = report
        self.instructors: set[UUID] = set()
        """Who may teach: active people with sessions of theirs."""
        self.taught: set[UUID] = set()
        """Programmes that are courses."""
        self.offered: set[UUID] = set()
        """Those that learners may see."""
        self.at: dict[UUID, Centre] = {}
        """Places, by their ids."""

    async def people(self, roles: Mapping[str, tuple[Role, ...]], progress: Callable[[str, int, int], None]) -> None:
        """Everybody who has an account."""
        accounts = Accounts(self._engine, self._known, self._training, self._places.dealer, roles, self._report)
        await accounts.take(progress)
        self.instructors = accounts.instructors

    async def courses(self, programme_type: ProgrammeType) -> None:
        """Every programme."""
        programmes = await self._training.programmes(only_published=False, skip=0, limit=None)
        courses = Courses(self._engine, programme_type)
        asked = None if self._known is None else Courses(self._known, programme_type)
        differences = [Difference.NEW for _ in programmes] if asked is None else await side_by_side(patient(asked.difference), programmes)
        refused = await patiently(partial(courses.known, programmes))
        for it, difference in zip(programmes, differences, strict=True):
            if it.id in refused:
                why = f"the engine cannot take it as a course: {only(refused[it.id])}. Put that right there"
                self._left_out("training_programs", it.id, why)
            else:
                self._report.count("training_programs", _CAME[difference])
        self.taught = {it.id for it in programmes} - set(refused)
        new = [it.id for it, difference in zip(programmes, differences, strict=True) if difference is Difference.NEW]
        await side_by_side(self._is_there, self.taught.intersection(new))
        self.offered = {it.id for it in programmes if it.is_published and it.is_active}
        if self._known is not None and self._known is not self._engine:
            await side_by_side(patient(self._same_rules), self.taught)
        await side_by_side(patient(self._asks_for_approval), [it for it in programmes if it.requires_approval and it.id in self.taught])
        contents = sum(bool(it.prerequisites) for it in programmes)
        if contents:
            why = f"{contents} programmes have contents as prerequisites, which the engine does not know: name courses there instead"
            self._tell(Kind.NOT_KEPT, "training_programs", None, why, contents)

    async def _is_there(self, course: UUID) -> None:
        """Waits until what the engine answers of sessions has this course in it: that follows a moment later."""
        for _ in range(_FOLLOWS * 20):
            with contextlib.suppress(NotFound):
                await patiently(partial(self._engine.course, course, actor=APPLICATION))
                return
            await asyncio.sleep(0.05)
        raise Busy._of("busy", 503, f"the engine does not follow what it was told: course {course} is not there yet")

    async def _same_rules(self, course: UUID) -> None:
        """Has a dry run go by the rules that hold."""
        assert self._known is not None
        rules = await self._known.rules(actor=APPLICATION, course=course, dealer_group=self._places.dealer.group or None)
        for it in rules.items:
            if it.source is not RuleSource.DEFAULT:
                await self._engine.set_rule(actor=APPLICATION, rule=it.rule, value=it.value, course=course)

    async def _asks_for_approval(self, programme: Programme) -> None:
        rules = await self._engine.rules(actor=APPLICATION, course=programme.id)
        if any(it.rule is Rule.APPROVAL and it.value == 0 for it in rules.items):
            why = "it requires approval on the platform; here its rule approval is off, and that is what holds: switch it on first"
            self._tell(Kind.CHANGED, "training_programs", programme.id, why)

    async def centres(self) -> None:
        """Every place that the file names; and which texts mean none."""
        found, there = await self._places.centres(self._known)
        self._report.count("places", Came.THERE, len(there))
        wanted = [it for it in found.values() if self._engine is not self._known or it.id not in there]
        _, _, wrong = await brought(self._engine, "locations", _CENTRE, [row(it) for it in wanted])
        for at, centre in enumerate(wanted):
            if at in wrong:
                del found[centre.id]
                self._left_out("places", centre.id, f"the engine cannot take it: {wrong[at]}. Put that right in the file of places")
            elif centre.id not in there:
                self._report.count("places", Came.NEW)
        self.at = found
        unknown: dict[str, list[Text]] = {}
        for text in await self._training.texts():
            if self._places.of(text.location) is None:
                unknown.setdefault(folded(text.location), []).append(text)
        for said in unknown.values():
            lacking = sum(it.sessions for it in said)
            where = "are at a place that the file of places does not name, such as this one: fill in and add"
            self._tell(Kind.LEFT_OUT, "training_sessions", said[0].example, f"{lacking} in all {where}\n    {entry(said)}", lacking)

    def centre(self, text: str | None) -> Centre | None:
        """Where a session is."""
        place = self._places.of(text)
        return None if place is None else self.at.get(place.id)

    def _left_out(self, table: str, id: UUID, why: str) -> None:
        self._report.count(table, Came.LEFT_OUT)
        self._tell(Kind.LEFT_OUT, table, id, why)

    def _tell(self, kind: Kind, table: str, id: UUID | None, why: str, count: int = 1) -> None:
        self._report.tell(Line(kind=kind, table=table, id=id, say=why, count=count))
