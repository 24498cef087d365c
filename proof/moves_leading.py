"""What managers, dealer admins and admins do for others: groups, approvals, priorities, substitutes, blocks; people who leave and come back.

Not here: planning sessions (`moves_planning.py`).
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from .client import Client
from .moves import chance, move


@move("register_group", 4)
def group(c: Client) -> None:
    """All of them or none."""
    dealer = c.rng.choice(c.town.dealers)
    learners = c.rng.sample(c.town.learners[dealer], c.rng.randint(2, 4))
    body = {"learners": learners, "on_full": c.rng.choice(["waitlist", "alternatives"]), "automatic": chance(c.rng, 0.5)}
    c.call("register_group", c.leads(learners[0]), path={"id": c.meeting("far", "near", "roomy", "blocks").id}, body=body)


@move("approve_registration", 5)
def approve(c: Client) -> None:
    """Yes to a request, or beforehand."""
    known = c.board.any(c.rng, "held") if chance(c.rng, 0.8) else c.board.any(c.rng, "waitlisted")
    if known:
        c.call("approve_registration", c.leads(known.learner), path={"id": known.id}, body={})


@move("decline_request", 2)
def decline_request(c: Client) -> None:
    """No to a request."""
    known = c.board.any(c.rng, "held") if chance(c.rng, 0.8) else c.board.any(c.rng, "waitlisted")
    if known:
        c.call("decline_request", c.leads(known.learner), path={"id": known.id}, body={"reason": "not this year"})


@move("prioritise", 3)
def prioritise(c: Client) -> None:
    """Before those who joined earlier."""
    known = c.board.any(c.rng, "waitlisted")
    if known:
        body = {"level": c.rng.randint(0, 3), "reason": "a deadline"}
        c.call("prioritise", c.leads(known.learner) if chance(c.rng, 0.5) else c.admin(), path={"id": known.id}, body=body)


@move("substitute_learner", 5)
def substitute(c: Client) -> None:
    """Somebody else comes instead."""
    known = c.board.any(c.rng, "confirmed", where=lambda one: one.learner in c.town.dealer_of)
    if known:
        other = c.rng.choice(c.town.learners[c.town.dealer_of[known.learner]])
        c.call("substitute_learner", c.leads(known.learner), path={"id": known.id}, body={"learner": other, "reason": "ill"})


@move("save_block", 4)
def block(c: Client) -> None:
    """Seats set aside for a dealer."""
    dealer = c.rng.choice(c.town.dealers)
    who = c.admin() if chance(c.rng, 0.6) else c.town.dealer_admins[dealer]
    meeting = c.meeting("blocks") if chance(c.rng, 0.7) else c.meeting("far")
    c.call("save_block", who, path={"id": meeting.id, "dealer": dealer}, body={"seats": c.rng.randint(1, 2)})


@move("release_block", 2)
def release(c: Client) -> None:
    """What is set aside is everybody's."""
    dealer = c.rng.choice(c.town.dealers)
    c.call("release_block", c.admin(), path={"id": c.meeting("blocks").id, "dealer": dealer})


@move("blocks", 2)
def blocks(c: Client) -> None:
    """What is set aside."""
    c.call("blocks", c.admin() if chance(c.rng, 0.5) else c.rng.choice(list(c.town.dealer_admins.values())), path={"id": c.meeting("blocks").id})


@move("edit_person", 4)
def edit_person(c: Client) -> None:
    """Somebody leaves, loses the role, or comes back."""
    person = c.rng.choice(c.town.drifters)
    who = c.admin()
    now = c.call("person", who, path={"id": person})
    if not now.ok:
        return
    here = now.body["active"] and now.body["roles"]
    if not here:
        body: dict = {"active": True, "roles": [{"role": "learner", "dealer": c.town.dealer_of[person]}]}
    else:
        body = {"active": False} if chance(c.rng, 0.6) else {"roles": []}
    c.call("edit_person", who, path={"id": person}, body=body, headers=(("If-Match", now.headers.get("etag", "")),))


@move("add_person", 1)
def add_person(c: Client) -> None:
    """Somebody is new."""
    dealer = c.rng.choice(c.town.dealers)
    mark = f"{c.rng.getrandbits(48):x}"
    body = {
        "name": f"New #{mark}", "email": f"n{mark}@dealer.example", "dealer": dealer, "zone": "Europe/Berlin",
        "roles": [{"role": "learner", "dealer": dealer}], "manager": c.town.managers[dealer][0],
    }
    c.call("add_person", c.admin() if chance(c.rng, 0.6) else c.town.dealer_admins[dealer], body=body)


@move("record_completion", 3)
def completion(c: Client) -> None:
    """A course was completed elsewhere."""
    learner = c.learner()
    at = datetime.now(timezone.utc) - timedelta(days=c.rng.randint(1, 900), seconds=c.rng.randint(0, 9999))
    body = {"course": c.town.courses[c.rng.choice(["basics", "advanced"])], "completed_at": at.strftime("%Y-%m-%dT%H:%M:%SZ")}
    c.call("record_completion", c.admin(), path={"id": learner}, body=body)
