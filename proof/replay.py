"""Goes through the journal, and looks after every order whether what must hold does hold.

An order is a run of entries with one correlation. Within it the numbers may be between two states; after it they may not.

Not here: what can only be seen in the tables or in clients' answers (`check_tables.py`, `check_answers.py`).
"""

from __future__ import annotations

from itertools import groupby
from typing import Iterable, Iterator

from . import obstacles
from .database import Row
from .findings import Finding
from .world import BECOMES, LIVE, Claim, Plan, World

BEYOND = ("registration.admitted-beyond-capacity", "registration.walked-in")
TO_A_SEAT = {kind for kind, status in BECOMES.items() if status == "confirmed"}
ANEW = ("registration.confirmed", "registration.requested")
OPENED = ("registration.offered", "registration.promoted")


class Replay:
    """One journal, from its first entry on. `findings` is what did not hold."""

    def __init__(self) -> None:
        self.world = World()
        self.findings: list[Finding] = []
        self.last = 0
        self._ids: set[str] = set()
        self._changed: dict[str, float] = {}

    def changed_after(self, person: str, at: float) -> bool:
        """Whether somebody was changed (left, came back, other roles) at that time or later."""
        return self._changed.get(person, 0.0) >= at - 2

    def take(self, journal: Iterable[Row]) -> None:
        """Goes on with further entries, which begin where the last ones ended."""
        for _, entries in groupby(journal, key=lambda entry: entry["correlation"]):
            self._order(list(entries))

    def _found(self, invariant: str, about: str | None, detail: str) -> None:
        self.findings.append(Finding(invariant, about or "", f"{detail} (entry {self.last})"))

    def _order(self, entries: list[Row]) -> None:
        overtaken: list[tuple[Row, Claim]] = []
        for entry in entries:
            self._number(entry)
            before = self.world.claims.get(entry["registration_id"] or "")
            anew = before is None or before.status not in LIVE
            if anew and entry["kind"] in ANEW and entry["session_id"] in self.world.plans:
                overtaken += [(entry, claim) for claim in self._passed_over(self.world.plans[entry["session_id"]], entry)]
            if anew and entry["kind"] in BECOMES and BECOMES[entry["kind"]] in LIVE:
                self._once(entry)
            if entry["kind"] == "people.saved":
                self._changed.update((one["id"], entry["at"]) for one in entry["event"]["people_saved"])
            try:
                self.world.apply(entry)
            except (KeyError, TypeError, AttributeError) as error:
                self._found("journal", entry["id"], f"{entry['kind']} cannot be replayed: {error!r}")
        block = any(entry["kind"] == "block.used" for entry in entries)
        for entry, claim in overtaken:
            if not block and not entry["reason"]:
                self._found(
                    "overtaken", entry["session_id"],
                    f"{entry['registration_id']} got a seat past {claim.id}, who waited for one and could have it",
                )
        for session in dict.fromkeys(entry["session_id"] for entry in entries if entry["session_id"]):
            if session in self.world.plans:
                self._numbers(self.world.plans[session], [entry for entry in entries if entry["session_id"] == session])
        for entry in entries:
            if entry["kind"] in TO_A_SEAT:
                self._gate(entry)
            if entry["kind"] in OPENED:
                self._whole(entry)
            if entry["kind"] == "registration.transferred":
                self._kept(entry)

    def _number(self, entry: Row) -> None:
        if entry["sequence"] != self.last + 1:
            self._found("journal", entry["id"], f"after {self.last} comes {entry['sequence']}")
        if entry["id"] in self._ids:
            self._found("doubled", entry["id"], "an entry is there twice")
        self._ids.add(entry["id"])
        self.last = entry["sequence"]

    def _once(self, entry: Row) -> None:
        for other in self.world.of_learner.get(entry["learner_id"], ()):
            if other.session == entry["session_id"] and other.id != entry["registration_id"] and other.status in LIVE:
                self._found("doubled", entry["learner_id"], f"{other.id} is live, and so is {entry['registration_id']} for the same session")

    def _numbers(self, plan: Plan, entries: list[Row]) -> None:
        """Never more people than seats, but for those let in beyond; and the entry says the numbers that come out here."""
        plan.allowed_beyond += sum(1 for entry in entries if entry["kind"] in BEYOND)
        if plan.excess > plan.allowed_beyond:
            self._found("oversold", plan.id, f"{plan.excess} beyond {plan.capacity} seats, {plan.allowed_beyond} of them let in by somebody")
            plan.allowed_beyond = plan.excess  # told once, not for every entry from here on
        # Seats that are set aside are taken as well: whoever was let in beside them goes on to be beyond when they are used.
        plan.allowed_beyond = max(0, min(plan.allowed_beyond, plan.excess + plan.reserved))
        said = next((entry["seats"] for entry in reversed(entries) if entry["seats"]), None)
        if said is None:
            return
        ours = {status: plan.count(status) for status in LIVE} | {"capacity": plan.capacity, "reserved": plan.reserved}
        theirs = {name: said.get(name, 0) for name in ours}
        theirs["confirmed"] += said.get("over_capacity", 0)
        if ours != theirs:
            differ = ", ".join(f"{name} {theirs[name]}, by its people {ours[name]}" for name in ours if ours[name] != theirs[name])
            self._found("ledger", plan.id, f"the journal's numbers are not its people: {differ}")

    def _gate(self, entry: Row) -> None:
        """Whoever got a seat could have it then, unless the entry says why all the same."""
        claim = self.world.claims[entry["registration_id"]]
        plan = self.world.plans.get(claim.session)
        if claim.status != "confirmed" or plan is None or self._overrides(entry):
            return
        for other in obstacles.seats_at_once(self.world, claim, margin=False):
            if other.status != "offered":
                self._found("two seats at once", claim.learner, f"{claim.id} was confirmed beside {other.id} at the same time, by {entry['kind']}")
        why = obstacles.in_person(self.world, claim.learner) or obstacles.missing(self.world, claim.learner, plan.course, plan.parts[0][0])
        if why is None and next(obstacles.teaches_then(self.world, claim, margin=False), None):
            why = "teaches then"
        if why is None and plan.status != "published":
            why = f"has a seat in a session that is {plan.status}"
        if why:
            self._found("gate", claim.learner, f"{claim.id} was confirmed by {entry['kind']}, and the learner {why}")
        if claim.gives_back and self.world.claims.get(claim.gives_back, claim).status in LIVE and claim.gives_back != claim.id:
            self._found("swap", claim.learner, f"{claim.id} was to replace {claim.gives_back}, which is still {self.world.claims[claim.gives_back].status}")

    def _overrides(self, entry: Row) -> bool:
        """Whether an administrator, or the system itself, has said why somebody has a seat all the same."""
        if not entry["reason"]:
            return False
        actor = self.world.people.get(entry["actor"])
        return actor is None or any(grant["role"] == "admin" for grant in actor["roles"])

    def _whole(self, entry: Row) -> None:
        claim = self.world.claims[entry["registration_id"]]
        if claim.group is None:
            return
        for other in self.world.plans[claim.session].claims.values():
            if other.group == claim.group and other.status == "waitlisted" and other.asked is None:
                self._found("groups", claim.group, f"{claim.id} was given a seat, and {other.id} of the same group waits on")

    def _kept(self, entry: Row) -> None:
        to = entry["event"]["transferred"]["to"]
        there = self.world.claims.get(to)
        if there is None or there.status not in LIVE:
            self._found("swap", entry["learner_id"], f"{entry['registration_id']} was given up for {to}, which is {there.status if there else 'nowhere'}")

    def _passed_over(self, plan: Plan, entry: Row) -> Iterator[Claim]:
        """Who waits for the seat that a newcomer is about to get, and could have it."""
        yield from could_have(self.world, plan, entry["at"], entry["learner_id"])


def could_have(world: World, plan: Plan, at: float, besides: str | None = None) -> Iterator[Claim]:
    """Who waits for a seat that is open, could have it, and was told nothing that explains why not."""
    if plan.open <= 0 or plan.status != "published" or plan.parts[0][0] - at < 2 * 3600:
        return
    if any(course in ("", plan.course) for rule in ("approval", "dealer-cap", "waitlist") for course in world.rules.get(rule, ())):
        return
    for claim in plan.claims.values():
        if claim.status != "waitlisted" or claim.learner == besides or obstacles.any_obstacle(world, claim):
            continue
        if claim.asked is None or (claim.asked["kind"] == "registration.skipped" and _over(world, plan, claim)):
            yield claim


def _over(world: World, plan: Plan, claim: Claim) -> bool:
    """Whether the reason for which somebody was passed over is gone."""
    why = claim.asked["event"]["skipped"]["why"] if claim.asked else {}
    if why.get("code") == "group-too-large":
        return why.get("needed", 0) <= plan.open
    return why.get("code") in ("clash", "prerequisites-missing", "not-found", "forbidden")
