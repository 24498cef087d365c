"""What an answer says that must stay true: taken out of it by its shape.

An answer under an idempotency key must say the same facts as the first time; and what a client was told must be found in the tables.
Also here: what can be seen to be wrong in an answer by itself, such as five numbers that do not add up.

Not here: what is told beside the decision and may differ between two looks (versions, histories, alternatives, odds).
"""

from __future__ import annotations

from typing import Any, Iterator

Facts = dict[str, Any]

# What an operation on a session decides; the rest of its answer is the session as it is at the moment.
OF_SESSION = {
    "add_session": ("id",),
    "publish_session": ("id", "status"),
    "cancel_session": ("id", "status"),
    "complete_session": ("id", "status"),
    "resize_session": ("id", "capacity"),
}


def of_answer(operation: str, body: Any) -> Facts:
    """The facts that an answer with a yes decides."""
    if not isinstance(body, dict):
        return {}
    if "learner" in body and "session" in body and "status" in body:
        return of_registration(body)
    if "seats" in body and "parts" in body:
        wanted = OF_SESSION.get(operation, ())
        every = {"id": body["id"], "status": body["status"], "capacity": body["seats"]["capacity"]}
        return {name: every[name] for name in wanted}
    if operation == "register_group":
        return {"items": sorted((of_registration(one) for one in body["items"]), key=lambda one: one["registration"])}
    if operation == "mark_attendance":
        return {"items": [[one["registration"], one["part"], one["result"], one.get("code")] for one in body["items"]]}
    if operation == "renew_calendar_feed":
        return {"url": body["url"]}
    if operation == "record_completion":
        return {"course": body["course"], "completed_at": body["completed_at"]}
    if "id" in body and operation.startswith("add_"):
        return {"id": body["id"]}
    return {}


def of_registration(body: dict[str, Any]) -> Facts:
    """Whose registration, for what, and where it stands."""
    return {
        "registration": body["id"],
        "status": body["status"],
        "session": body["session"]["id"],
        "learner": body["learner"]["id"],
    }


def wrong_in(operation: str, body: Any, whole_roster: bool = False) -> list[str]:
    """What is wrong in an answer by itself; `whole_roster` when the asker sees everybody."""
    wrong = []
    for seats in _every_seats(body):
        taken = seats["confirmed"] + seats["held"] + seats["offered"] + seats["reserved"] + seats["open"]
        if taken != seats["capacity"] or min(seats.values()) < 0:
            wrong.append(f"five numbers do not add up: {seats}")
    if operation == "roster" and whole_roster and isinstance(body, dict) and "items" in body:
        wrong += _roster_differs(body)
    return wrong


def _roster_differs(body: dict[str, Any]) -> Iterator[str]:
    seats = body["seats"]
    there = {status: 0 for status in ("confirmed", "held", "offered", "waitlisted")}
    for one in body["items"]:
        if one["status"] in there:
            there[one["status"]] += 1
    said = {status: seats[status] for status in there}
    said["confirmed"] += seats["over_capacity"]
    if said != there:
        yield f"a roster's people {there} are not its numbers {said}"


def _every_seats(value: Any) -> Iterator[dict[str, int]]:
    if isinstance(value, dict):
        seats = value.get("seats")
        if isinstance(seats, dict) and "capacity" in seats and "open" in seats:
            yield seats
        for inner in value.values():
            yield from _every_seats(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _every_seats(inner)
