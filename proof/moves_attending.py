"""What happens around the day itself: walk-ins, check-in, attendance, the end of a session.

Not here: registering for it.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timezone

from .client import Client
from .moves import chance, move
from .town import Meeting


def _teacher(c: Client, meeting: Meeting) -> str:
    return meeting.instructor if meeting.instructor and chance(c.rng, 0.9) else c.admin()


@move("walk_in", 4)
def walk_in(c: Client) -> None:
    """Somebody comes without a registration."""
    meeting = c.meeting("running", "over")
    c.call("walk_in", _teacher(c, meeting), path={"id": meeting.id}, body={"learner": c.learner(), "reason": "was there"})


@move("mark_attendance", 4)
def mark(c: Client) -> None:
    """Who was there, as far as a device saw."""
    meeting = c.meeting("running", "over")
    who = _teacher(c, meeting)
    there = c.call("roster", who, path={"id": meeting.id})
    if not there.ok:
        return
    marks = [
        {
            "registration": one["registration"], "part": 1, "client": str(uuid.UUID(int=c.rng.getrandbits(128), version=4)),
            "minutes": c.rng.choice([None, 1, 5]), "at": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"), "reason": "as seen",
        }
        for one in there.body["items"] if one["status"] == "confirmed"
    ]
    if marks:
        c.call("mark_attendance", who, path={"id": meeting.id}, body={"marks": marks})


@move("complete_session", 2)
def complete(c: Client) -> None:
    """It took place."""
    meeting = c.meeting("over") if chance(c.rng, 0.5) else c.meeting("running")
    c.call("complete_session", _teacher(c, meeting), path={"id": meeting.id}, body={})


@move("session_check_in_key", 1.5)
def key_of_session(c: Client) -> None:
    """What an instructor's device shows codes with."""
    meeting = c.meeting("running", "over")
    c.call("session_check_in_key", _teacher(c, meeting), path={"id": meeting.id})


@move("registration_check_in_key", 1.5)
def key_of_registration(c: Client) -> None:
    """What a learner's device shows codes with."""
    known = c.board.any(c.rng, "confirmed")
    if known:
        c.call("registration_check_in_key", known.learner, path={"id": known.id})


@move("check_in", 3)
def check_in(c: Client) -> None:
    """By the code that the room shows, or the one that a learner shows."""
    running = {one.id: one for one in list(c.shared.meetings) if one.kind in ("running", "over")}
    known = c.board.any(c.rng, "confirmed", where=lambda one: one.session in running)
    if not known:
        return
    meeting = running[known.session]
    if chance(c.rng, 0.5):
        shown = c.call("session_check_in_key", _teacher(c, meeting), path={"id": meeting.id})
        by = known.learner
    else:
        shown = c.call("registration_check_in_key", known.learner, path={"id": known.id})
        by = _teacher(c, meeting)
    if shown.ok:
        c.call("check_in", by, path={"id": meeting.id}, body={"code": shown.body["code"]})
