"""From a session of the platform to the engine's line of a file, or why it cannot come in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from ilt.fastapi.nlj.importing.places import Centre
from ilt.fastapi.nlj.importing.reading import Run

COLUMNS = ("id", "course", "location", "room", "starts", "length", "capacity", "minimum", "waitlist", "instructors", "status")


class Stage(StrEnum):
    """What a session is, by what the platform says and by the clock."""

    TO_COME = "to come"
    OVER = "over"
    CALLED_OFF = "called off"
    UNDER_WAY = "under way"
    ODD = "odd"


def stage(run: Run, now: datetime) -> Stage:
    """Where a session is in its life; over is what has ended, whatever its status says."""
    word = (run.status or "").strip().lower()
    if word in ("cancelled", "canceled"):
        return Stage.CALLED_OFF
    if run.end_time <= now:
        return Stage.OVER
    if word not in ("scheduled", "confirmed"):
        return Stage.ODD
    return Stage.TO_COME if run.start_time > now else Stage.UNDER_WAY


WHY_NOT = {
    Stage.UNDER_WAY: "it takes place at this moment: import again once it is over, and it comes in with who completed it",
    Stage.ODD: "its status does not fit a session that has not ended: set it to scheduled or cancelled, or put its time right",
}
"""Why a session in this stage does not come in."""


TWICE = (
    "clocks at its place are put back over its start, which happens twice there, and a file cannot tell the engine which of the two it is. "
    "Nothing is wrong with it: move it by an hour there and import again, or add it by hand here, its part in the zone UTC, and whoever "
    "booked it"
)
"""Why a session does not come in of which `begins_twice`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A session as the engine gets it."""

    row: dict[str, Any]
    changed: tuple[str, ...] = ()
    """What is otherwise than on the platform, a sentence each."""


def planned(run: Run, at: Centre, now: datetime, *, wall_clock: bool, is_offered: bool, instructors: Collection[UUID]) -> Planned:
    """The line of a session that comes in.

    Args:
        at: Where it is; clocks are those of its zone.
        wall_clock: Whether a start that says UTC is meant as what clocks on the wall show there.
        is_offered: Whether learners may see it: else it is a draft.
        instructors: Who may teach.
    """
    changed: list[str] = []
    starts = _starts(run, at, wall_clock=wall_clock)
    if not run.says_no_zone and run.timezone != at.zone and _offset(run) != _offset(run, at.zone):
        changed.append(f"its zone is {run.timezone}, that of its place {at.zone}: it begins at the same instant, {starts:%H:%M} there")
    teaches = run.instructor_id
    if teaches is not None and teaches not in instructors:
        changed.append(f"its instructor {teaches} is no active user of the platform: it comes without one, name another")
        teaches = None
    status = {Stage.CALLED_OFF: "cancelled", Stage.OVER: "completed"}.get(stage(run, now), "published" if is_offered else "draft")
    row = {
        "id": run.id,
        "course": run.program_id,
        "location": at.id,
        "starts": starts.isoformat(timespec="seconds"),
        "length": f"PT{int((run.end_time - run.start_time).total_seconds())}S",
        "capacity": run.seats,
        "minimum": 0,
        "waitlist": "true",
        "instructors": teaches or "",
        "status": status,
    }
    return Planned(row=row, changed=tuple(changed))


def begins_twice(run: Run, at: Centre, *, wall_clock: bool) -> bool:
    """Whether the clocks of its place show its start at another instant as well."""
    starts = _starts(run, at, wall_clock=wall_clock)
    zone = ZoneInfo(at.zone)
    first, second = (starts.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    # Where clocks are put forward over it, the first is the smaller one.
    return first is not None and second is not None and first > second


def _starts(run: Run, at: Centre, *, wall_clock: bool) -> datetime:
    is_said = wall_clock and run.says_no_zone
    return run.start_time.astimezone(UTC if is_said else ZoneInfo(at.zone)).replace(tzinfo=None, fold=0)


def _offset(run: Run, zone: str | None = None) -> object:
    try:
        return run.start_time.astimezone(ZoneInfo(zone or run.timezone or "UTC")).utcoffset()
    except (ValueError, OSError, KeyError):
        return None
