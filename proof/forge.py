"""Makes small databases and histories by hand, clean or with one thing wrong, to try the checker with.

The story of every one: a town of a dealer, some learners, sessions of three seats; some register, one waits and is promoted.

Not here: what the checker must say to them (`forged.py`).
"""

from __future__ import annotations

import copy
import uuid
from typing import Any

from .check import Checked
from .database import Row, Tables
from .findings import INVARIANTS
from .history import ANSWERED, Heard
from .world import LIVE, World

START = 1_900_000_000.0
COURSE, NEEDED, PLACE, DEALER = "course", "needed", "place", "dealer"


class Forge:
    """One database and one history in the making."""

    def __init__(self) -> None:
        self.journal: list[Row] = []
        self.history: list[Heard] = []
        self.at = START
        self.save("courses.saved", {"courses_saved": [
            {"id": COURSE, "prerequisites": [NEEDED], "equivalents": [], "validity_months": None},
            {"id": NEEDED, "prerequisites": [], "equivalents": [], "validity_months": None},
        ]})
        self.save("locations.saved", {"locations_saved": [{"id": PLACE, "place": {"lat": 50.0, "lon": 7.0}}]})
        self.people(*"abcdefgh")
        done = [{"person": one, "course": NEEDED, "completed_at": "2026-01-01T00:00:00Z"} for one in "abcdefgh"]
        self.save("completions.recorded", {"completions_recorded": done})
        self.session("s1", 3, 30)
        self.session("s2", 3, 40)

    def save(self, kind: str, event: Any, order: str | None = None, **about: Any) -> Row:
        """One more entry of the journal, a second later; entries of one `order` belong together."""
        self.at += 1
        row = {
            "sequence": len(self.journal) + 1, "id": str(uuid.uuid4()), "at": self.at, "kind": kind, "actor": about.get("actor", "a"),
            "session_id": about.get("session"), "learner_id": about.get("learner"), "registration_id": about.get("registration"),
            "reason": about.get("reason"), "correlation": order or str(uuid.uuid4()), "event": event, "seats": None,
        }
        self.journal.append(row)
        return row

    def people(self, *ids: str, active: bool = True) -> None:
        """People are saved, as learners."""
        every = [{"id": id, "active": active, "roles": [{"role": "learner", "dealer": DEALER}]} for id in ids]
        self.save("people.saved", {"people_saved": every})

    def admin(self, id: str) -> None:
        """Somebody who may answer for what others may not."""
        self.save("people.saved", {"people_saved": [{"id": id, "active": True, "roles": [{"role": "admin"}]}]})

    def session(self, id: str, capacity: int, days: float, kind: str = "session_scheduled", instructors: tuple[str, ...] = ()) -> None:
        """A session so many days ahead, of six hours."""
        from datetime import datetime, timezone

        starts = datetime.fromtimestamp(START + days * 86400, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        self.save(kind.replace("_", "."), {kind: {
            "id": id, "course": COURSE, "location": PLACE, "parts": [{"starts_at": starts, "length": "PT6H"}],
            "instructors": list(instructors), "status": {"status": "published", "at": starts}, "waitlist": True, "minimum": 0,
            "seats": {"capacity": capacity},
        }}, session=id)

    def does(self, what: str, learner: str, session: str = "s1", data: Any = None, **about: Any) -> Row:
        """Something happens to the registration of a learner for a session, whose id is both."""
        words = {"registered": "confirmed", "offer_made": "offered", "wait_ended": "not-placed", "ended_with_session": "session-cancelled"}
        kind = "registration." + words.get(what, what.replace("_", "-"))
        if what == "admitted_beyond":
            kind = "registration.admitted-beyond-capacity"
        event = {what: data} if data is not None else what
        return self.save(kind, event, session=session, learner=learner, registration=f"{session}-{learner}", **about)

    def waits(self, learner: str, session: str = "s1", **data: Any) -> Row:
        """A learner joins the queue."""
        return self.does("waitlisted", learner, session, {"automatic": False, **data})

    def heard(self, operation: str, status: int, facts: dict | None = None, **more: Any) -> Heard:
        """A client heard an answer now."""
        values = {"host": 0, "person": "a", "began": self.at - 0.1, "ended": self.at + 0.1, "outcome": ANSWERED, "status": status}
        heard = Heard(operation=operation, facts=facts or {}, **{**values, **more})
        self.history.append(heard)
        return heard

    def said(self, learner: str, status: str, session: str = "s1") -> dict:
        """The facts of a registration's view."""
        return {"registration": f"{session}-{learner}", "status": status, "session": session, "learner": learner}

    def story(self) -> "Forge":
        """Three are registered, one waits, one leaves, the seat is offered and taken."""
        for learner in "abc":
            self.does("registered", learner)
            self.heard("register", 201, self.said(learner, "confirmed"), person=learner, key=f"key-{learner}")
        self.waits("d")
        self.heard("register", 201, self.said("d", "waitlisted"), person="d", key="key-d")
        self.does("cancelled", "a", data={"late": False}, order="leaves")
        self.does("offer_made", "d", data={"until": "", "warn_at": ""}, order="leaves")
        self.does("offer_taken", "d")
        self.heard("accept_offer", 200, self.said("d", "confirmed"), person="d", key="key-accept")
        return self

    def tables(self) -> Tables:
        """The tables that this journal comes to, entry by entry."""
        world, tables = World(), Tables()
        for entry in self.journal:
            world.apply(entry)
        for claim in world.claims.values():
            tables["registration"].append({"id": claim.id, "session_id": claim.session, "learner_id": claim.learner, "status": claim.status})
        for plan in world.plans.values():
            count = {status: sum(c.status == status for c in world.claims.values() if c.session == plan.id) for status in LIVE}
            over = max(0, count["confirmed"] + count["held"] + count["offered"] - plan.capacity)
            tables["session"].append({
                "id": plan.id, "status": plan.status, "capacity": plan.capacity, "confirmed": count["confirmed"] - over, "held": count["held"],
                "offered": count["offered"], "reserved": plan.reserved, "open": plan.open, "waitlisted": count["waitlisted"],
                "over_capacity": over, "blocks": [{"dealer": d, "seats": s, "used": u} for d, (s, u) in plan.blocks.items()],
            })
        tables["journal"].extend(copy.deepcopy(self.journal))
        tables["journal_head"].append({"single": 1, "last": len(self.journal)})
        return tables

    def found(self, tables: Tables | None = None) -> set[str]:
        """Which invariants the checker finds broken."""
        checked = Checked(tables or self.tables(), self.history, self.at)
        return {name for name, every in checked.by_invariant().items() if every} & set(INVARIANTS)
