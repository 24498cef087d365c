"""Rules that need no engine: the core's own, on small values.

Each function is pure: the same values give the same answer, and nothing is read, written or kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ParamSpec, TypeVar
from uuid import UUID

from ilt import _native
from ilt import _write as _to
from ilt._errors import Broken, InvalidRequest, NotFound
from ilt._types import Seats

_Said = ParamSpec("_Said")
_Found = TypeVar("_Found")


class Claim(StrEnum):
    """What somebody claims of a session."""

    CONFIRMED = "confirmed"
    HELD = "held"
    """A seat that waits for an approval."""
    OFFERED = "offered"
    """A seat that is kept until an offer expires."""
    WAITLISTED = "waitlisted"
    """A place in the queue, and no seat."""
    BEYOND = "beyond"
    """A seat that there is not: an admin let somebody in beyond the capacity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseFacts:
    """What the rules ask of a course."""

    id: UUID
    title: str
    topics: tuple[str, ...] = ()
    track: str | None = None
    """The certification track it counts towards."""
    validity_months: int | None = None
    """Months a completion stays valid; for ever when absent."""
    prerequisites: tuple[UUID, ...] = ()
    equivalents: tuple[UUID, ...] = ()
    """Courses whose completion counts as this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceFacts:
    """What the rules ask of a training centre."""

    id: UUID
    name: str
    lat: float
    """Degrees north."""
    lon: float
    """Degrees east."""
    zone: str = "UTC"
    """Its time zone, by its IANA name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFacts:
    """What ranking asks of a session that is published."""

    id: UUID
    course: UUID
    location: UUID
    starts: datetime
    length: timedelta
    capacity: int
    open: int
    waitlisted: int = 0
    waitlist: bool = True

    def __post_init__(self) -> None:
        _to.time("starts", self.starts)


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerFacts:
    """What ranking asks of a learner."""

    places: tuple[tuple[float, float], ...] = ()
    """Where they would rather be trained, in degrees north and east; the nearest counts."""
    interests: tuple[str, ...] = ()
    holds: tuple[UUID, ...] = ()
    """Courses they have completed and that are valid now: these are not offered, nor is what needs others."""
    deadline: datetime | None = None
    """By when they need it."""

    def __post_init__(self) -> None:
        if self.deadline is not None:
            _to.time("deadline", self.deadline)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch of time that keeps a person at a place."""

    starts: datetime
    ends: datetime
    location: UUID
    lat: float
    lon: float

    def __post_init__(self) -> None:
        _to.time("starts", self.starts)
        _to.time("ends", self.ends)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """How much each part of a score counts; in proportion to each other."""

    proximity: float = 0.40
    availability: float = 0.35
    relevance: float = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A session to take instead, from 0 to 1 in each part."""

    session: UUID
    score: float
    proximity: float
    availability: float
    relevance: float
    distance_km: float | None
    days_later: int
    """Days after the session that was wanted; before it when negative."""
    reason: str
    would_change: str | None
    """What would have to change for another order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """A prerequisite that somebody lacks."""

    course: UUID
    title: str
    expired_at: datetime | None
    """Until when it held; it was never completed when absent."""


class Sessions:
    """Sessions in the order in which they are looked for: made once, and asked as often as one likes, from any thread.

    Raises:
        InvalidRequest: a value makes no sense, or a session is at a place that is not among `places`.
    """

    def __init__(self, sessions: Iterable[SessionFacts], *, courses: Iterable[CourseFacts], places: Iterable[PlaceFacts]) -> None:
        self._native = _checked(_native.Sessions, list(courses), list(places), list(sessions))

    def __len__(self) -> int:
        return len(self._native)


_EVEN = Weights()


def rank(
    sessions: Sessions, wanted: UUID, *, learner: LearnerFacts | None = None, weights: Weights = _EVEN, now: datetime
) -> tuple[Ranked, ...]:
    """Up to three sessions to take instead of `wanted`, best first: those of its course before all others. Ties break by start, then id.

    Args:
        now: What is over by then is not offered.

    Raises:
        NotFound: `wanted` is none of these sessions.
    """
    _to.time("now", now)
    shares = (weights.proximity, weights.availability, weights.relevance)
    found = _checked(sessions._native.rank, wanted, learner or LearnerFacts(), shares, now)
    return tuple(
        Ranked(
            session=session,
            score=score,
            proximity=parts[0],
            availability=parts[1],
            relevance=parts[2],
            distance_km=distance,
            days_later=later,
            reason=reason,
            would_change=change,
        )
        for session, score, parts, distance, later, reason, change in found
    )


def check_prerequisites(
    course: UUID, *, courses: Iterable[CourseFacts], completed: Iterable[tuple[UUID, datetime]], at: datetime
) -> tuple[Lacking, ...]:
    """What somebody who completed these courses lacks for `course` on the day `at`, in the order in which it lists its prerequisites.

    Args:
        courses: `course`, and all that it needs, with what counts as these.
        completed: Courses, and when each was completed.
    """
    done = list(completed)
    for _, when in done:
        _to.time("completed", when)
    _to.time("at", at)
    found = _checked(_native.missing, course, list(courses), done, at)
    return tuple(Lacking(course=needed, title=title, expired_at=expired) for needed, title, expired in found)


def find_clashes(
    stretches: Iterable[Stretch], *, kilometres_per_hour: int | None = None, least_minutes: int | None = None
) -> tuple[tuple[Stretch, Stretch], ...]:
    """Which of these one person cannot be at both: they overlap, or the way between them takes longer than the gap.

    Args:
        kilometres_per_hour: How fast people get from place to place, over the great circle; 60 when absent.
        least_minutes: What even the shortest way takes; 30 when absent.
    """
    listed = list(stretches)
    found = _checked(_native.clashes, listed, kilometres_per_hour, least_minutes)
    return tuple((listed[one], listed[other]) for one, other in found)


def seat_ledger(capacity: int, claims: Iterable[Claim], *, reserved: int = 0) -> Seats:
    """The seats of a session with these claims: `capacity = confirmed + held + offered + reserved + open`.

    Args:
        reserved: Seats that are set aside and not taken.

    Raises:
        InvalidRequest: more seats are taken than there are.
    """
    counted = Counter(_to.word("claims", Claim, claim) for claim in claims)
    numbers = _checked(_native.seats, _to.whole("capacity", capacity), _to.whole("reserved", reserved), sorted(counted.items()))
    names = ("capacity", "confirmed", "held", "offered", "reserved", "open", "waitlisted", "over_capacity")
    return Seats(**dict(zip(names, numbers, strict=True)))


def _checked(ask: Callable[_Said, _Found], *said: _Said.args, **named: _Said.kwargs) -> _Found:
    """What it finds; what is wrong is told as this package tells it."""
    try:
        return ask(*said, **named)
    except (ValueError, OverflowError) as wrong:
        raise InvalidRequest._of("invalid-request", 400, str(wrong)) from None
    except AttributeError as wrong:
        raise TypeError(str(wrong)) from None
    except LookupError as missing:
        raise NotFound._of("not-found", 404, str(missing.args[0])) from None
    except RuntimeError as broken:
        raise Broken._of("broken", 500, str(broken)) from None
