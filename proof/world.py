"""What the journal says there is: built up entry by entry, by rules written down here a second time.

The replay shares nothing with the product but the words of the journal. It keeps of each session its capacity, plan, blocks and the people
who claim it, of each registration where it stands and where it stood, and of people and courses what a seat may depend on.

Not here: judging. `replay.py` goes through the journal and looks at this world between two orders.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .database import Row, instant

LIVE = ("confirmed", "held", "offered", "waitlisted")
SEATED = ("confirmed", "held", "offered")

# What an entry makes of its registration; what is missing here changes no registration's standing.
BECOMES = {
    "registration.confirmed": "confirmed",
    "registration.admitted-beyond-capacity": "confirmed",
    "registration.walked-in": "confirmed",
    "registration.took-over": "confirmed",
    "registration.approved": "confirmed",
    "registration.offer-taken": "confirmed",
    "registration.promoted": "confirmed",
    "registration.requested": "held",
    "registration.waitlisted": "waitlisted",
    "registration.offer-declined": "waitlisted",
    "registration.offer-lapsed": "waitlisted",
    "registration.offered": "offered",
    "registration.declined": "declined",
    "registration.request-lapsed": "request-lapsed",
    "registration.not-placed": "not-placed",
    "registration.transferred": "transferred",
    "registration.substituted": "substituted",
    "registration.session-cancelled": "session-cancelled",
}
# After these somebody who waits is not asked for the seats that are open just now; `registration.skipped` only as long as its reason holds.
ASKED = ("registration.offer-declined", "registration.offer-lapsed", "registration.seat-announced", "registration.skipped")


@dataclass
class Claim:
    """One registration, as the journal tells it."""

    id: str
    session: str
    learner: str
    status: str = ""
    gives_back: str | None = None
    group: str | None = None
    paused: bool = False
    asked: Row | None = None
    # sequence, instant, status: everywhere it stood
    stood: list[tuple[int, float, str]] = field(default_factory=list)


@dataclass
class Plan:
    """One session, as the journal tells it."""

    id: str
    course: str
    location: str
    capacity: int
    status: str
    parts: list[tuple[float, float]]
    instructors: list[str]
    blocks: dict[str, tuple[int, int]] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    # how many more than fit have been let in, each by an entry that says so, and are still too many
    allowed_beyond: int = 0

    def count(self, status: str) -> int:
        """How many people stand there."""
        return sum(1 for claim in self.claims.values() if claim.status == status)

    @property
    def reserved(self) -> int:
        """Seats that are set aside and not taken."""
        return sum(max(0, seats - used) for seats, used in self.blocks.values())

    @property
    def excess(self) -> int:
        """People with a claim to a seat beyond the capacity."""
        return self.count("confirmed") + self.count("held") + self.count("offered") - self.capacity

    @property
    def open(self) -> int:
        """Seats that nobody has a claim to."""
        return max(0, -self.excess - self.reserved)


class World:
    """All that the journal told so far."""

    def __init__(self) -> None:
        self.plans: dict[str, Plan] = {}
        self.claims: dict[str, Claim] = {}
        self.people: dict[str, Row] = {}
        self.courses: dict[str, Row] = {}
        self.places: dict[str, tuple[float, float]] = {}
        self.completions: dict[str, list[tuple[str, float]]] = {}
        self.of_learner: dict[str, list[Claim]] = {}
        # rules that were ever set, by name: for which courses; "" for everybody or a group
        self.rules: dict[str, set[str]] = {}

    def apply(self, entry: Row) -> None:
        """Takes in one entry."""
        kind, event = entry["kind"], entry["event"]
        data = next(iter(event.values())) if isinstance(event, dict) and event else event
        if kind.startswith("registration."):
            self._registration(kind, data, entry)
        elif kind in ("session.scheduled", "session.changed"):
            self._session(data)
        elif kind == "session.published":
            self.plans[entry["session_id"]].status = "published"
        elif kind == "session.cancelled":
            self.plans[entry["session_id"]].status = "cancelled"
        elif kind == "session.completed":
            self.plans[entry["session_id"]].status = "completed"
        elif kind.startswith("block."):
            self._block(kind, data, self.plans[entry["session_id"]])
        elif kind == "people.saved":
            self.people.update((one["id"], one) for one in data)
        elif kind == "courses.saved":
            self.courses.update((one["id"], one) for one in data)
        elif kind == "locations.saved":
            self.places.update((one["id"], (one["place"]["lat"], one["place"]["lon"])) for one in data)
        elif kind in ("completions.recorded", "completions.withdrawn"):
            self._completions(kind, data)
        elif kind == "rule.set":
            self.rules.setdefault(data["rule"], set()).add(data["scope"].get("of", "") if data["scope"]["scope"] == "course" else "")

    def _registration(self, kind: str, data: Any, entry: Row) -> None:
        claim = self.claims.get(entry["registration_id"])
        if claim is None:
            claim = Claim(entry["registration_id"], entry["session_id"], entry["learner_id"])
            self.claims[claim.id] = claim
            self.of_learner.setdefault(claim.learner, []).append(claim)
            if claim.session in self.plans:
                self.plans[claim.session].claims[claim.id] = claim
        status = BECOMES.get(kind)
        if kind == "registration.cancelled":
            status = "late-cancelled" if data["late"] else "cancelled"
        elif kind == "registration.displaced":
            status = "transferred" if data["to"] else "cancelled"
        if kind in ("registration.waitlisted", "registration.requested"):
            claim.gives_back = data.get("gives_back")
            claim.group = data.get("group")
            claim.asked = None
        if kind == "registration.wait-paused":
            claim.paused = True
        elif kind == "registration.wait-resumed":
            claim.paused, claim.asked = False, None
        elif kind == "registration.offer-taken":
            claim.paused = False
        if kind in ASKED:
            claim.asked = entry
        if status is not None:
            claim.status = status
            claim.stood.append((entry["sequence"], entry["at"], status))
            if status not in LIVE:
                # What is over stays in `claims`; the lists that are walked again and again are kept short.
                plan = self.plans.get(claim.session)
                if plan is not None:
                    plan.claims.pop(claim.id, None)
                self.of_learner[claim.learner] = [one for one in self.of_learner[claim.learner] if one is not claim]

    def _session(self, data: Row) -> None:
        known = self.plans.get(data["id"])
        parts = [(start, start + seconds(part["length"])) for part in data["parts"] for start in [instant(part["starts_at"])] if start]
        plan = Plan(
            data["id"], data["course"], data["location"], data["seats"]["capacity"], data["status"]["status"], parts, data["instructors"]
        )
        if known is not None:
            plan.blocks, plan.claims, plan.allowed_beyond = known.blocks, known.claims, known.allowed_beyond
        if "blocks" in data:
            plan.blocks = {one["dealer"]: (one["seats"], one["used"]) for one in data["blocks"]}
        self.plans[plan.id] = plan

    def _block(self, kind: str, data: Any, plan: Plan) -> None:
        if kind == "block.saved":
            plan.blocks[data["dealer"]] = (data["seats"], data["used"])
        elif kind in ("block.used", "block.refilled"):
            seats, used = plan.blocks.get(data, (0, 0))
            plan.blocks[data] = (seats, used + (1 if kind == "block.used" else -1))
        elif kind == "block.released":
            plan.blocks.pop(data, None)

    def _completions(self, kind: str, data: list[Row]) -> None:
        for one in data:
            known = self.completions.setdefault(one["person"], [])
            what = (one["course"], instant(one["completed_at"]) or 0.0)
            if kind == "completions.recorded":
                known.append(what)
            elif what in known:
                known.remove(what)


def seconds(length: str) -> float:
    """`PT6H30M` in seconds."""
    total, number = 0.0, ""
    for letter in length.removeprefix("PT"):
        if letter.isdigit() or letter == ".":
            number += letter
        else:
            total += float(number) * {"H": 3600, "M": 60, "S": 1}[letter]
            number = ""
    return total
