"""What stands between a learner and a seat, looked at anew: the gate, written down a second time.

Not here: rules that an administrator may set to anything (a dealer's cap, approval). Where one was ever set for a course, whoever waits there
is not judged.
"""

from __future__ import annotations

import math
from typing import Iterator

from .world import SEATED, Claim, Plan, World

Span = tuple[float, float]


def in_person(world: World, learner: str) -> str | None:
    """Whether the person is here and a learner."""
    person = world.people.get(learner)
    if person is None:
        return "is not known"
    if not person["active"]:
        return "has left"
    if all(grant["role"] != "learner" for grant in person["roles"]):
        return "is no learner any more"
    return None


def missing(world: World, learner: str, course: str, start: float) -> str | None:
    """A prerequisite that is not completed, or not valid at the start."""
    for needed in world.courses.get(course, {}).get("prerequisites", ()):
        counted = {needed, *world.courses.get(needed, {}).get("equivalents", ())}
        counted |= {other for other, one in world.courses.items() if needed in one.get("equivalents", ())}
        if not any(done in counted and _valid(world, done, at, start) for done, at in world.completions.get(learner, ())):
            return f"lacks the prerequisite {needed}"
    return None


def _valid(world: World, course: str, completed_at: float, start: float) -> bool:
    months = world.courses.get(course, {}).get("validity_months")
    # A day short of the shortest month, so that calendars cannot make a false alarm.
    return months is None or completed_at + (months + 1) * 31 * 86400 > start


def seats_at_once(world: World, claim: Claim, margin: bool) -> Iterator[Claim]:
    """Other seats of the learner at the same time; with `margin` also those that cannot be reached in between."""
    plan = world.plans[claim.session]
    for other in world.of_learner.get(claim.learner, ()):
        if other.id in (claim.id, claim.gives_back) or other.session == claim.session or other.status not in SEATED:
            continue
        theirs = world.plans.get(other.session)
        if theirs is None or theirs.status == "cancelled" or other.gives_back == claim.id:
            continue
        if _meet(plan.parts, theirs.parts, _travel(world, plan, theirs) if margin else 0.0):
            yield other


def teaches_then(world: World, claim: Claim, margin: bool) -> Iterator[Plan]:
    """Sessions that the learner teaches at the same time."""
    plan = world.plans[claim.session]
    for other in world.plans.values():
        if claim.learner in other.instructors and other.status in ("published", "draft"):
            if other.id == plan.id or _meet(plan.parts, other.parts, _travel(world, plan, other) if margin else 0.0):
                yield other


def any_obstacle(world: World, claim: Claim) -> str | None:
    """Why somebody who waits cannot take an open seat just now, generously understood; nothing when they can."""
    plan = world.plans[claim.session]
    if claim.paused:
        return "is paused"
    why = in_person(world, claim.learner) or missing(world, claim.learner, plan.course, plan.parts[0][0])
    if why:
        return why
    if next(seats_at_once(world, claim, margin=True), None):
        return "has another seat then"
    if next(teaches_then(world, claim, margin=True), None):
        return "teaches then"
    return None


def _meet(ours: list[Span], theirs: list[Span], between: float) -> bool:
    return any(a[0] < b[1] + between and b[0] < a[1] + between for a in ours for b in theirs)


def _travel(world: World, one: Plan, other: Plan) -> float:
    """Seconds from place to place: 60 km an hour over the great circle, 30 minutes at least; none within a place."""
    a, b = world.places.get(one.location), world.places.get(other.location)
    if one.location == other.location or a is None or b is None:
        return 30 * 60.0
    lat, lat2 = math.radians(a[0]), math.radians(b[0])
    half = math.sin((lat2 - lat) / 2) ** 2 + math.cos(lat) * math.cos(lat2) * math.sin(math.radians(b[1] - a[1]) / 2) ** 2
    return max(30 * 60.0, 2 * 6371 * math.asin(math.sqrt(half)) * 60)
