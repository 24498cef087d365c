"""What admins do with sessions, courses, locations and rules.

Not here: people (`moves_leading.py`).
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from .client import Client
from .moves import chance, move
from .town import Meeting


def _plan(c: Client, starts: datetime, minutes: int, capacity: int, course: str, kind: str, instructor: str = "") -> Meeting | None:
    place = c.rng.choice(c.town.places)
    body = {
        "course": c.town.courses[course], "location": place, "capacity": capacity, "minimum": 0, "waitlist": True,
        "parts": [{"starts": c.town.wall(place, starts), "length": f"PT{minutes}M"}], "instructors": [instructor] if instructor else [],
        "override_reason": "so it is planned",
    }
    answer = c.call("add_session", c.admin(), body=body)
    if not answer.ok:
        return None
    return Meeting(answer.body["id"], body["course"], place, starts, minutes, capacity, kind, instructor)


@move("add_session", 3)
def add_session(c: Client) -> None:
    """A session that is published at once, as a draft it would be of no use to others."""
    now = datetime.now(timezone.utc)
    if chance(c.rng, 0.4):
        # One that is about to begin, for those who attend.
        starts = (now + timedelta(minutes=c.rng.randint(1, 8))).replace(second=0, microsecond=0)
        made = _plan(c, starts, c.rng.randint(1, 3), c.rng.randint(2, 4), "notice", "running", c.rng.choice(c.town.instructors))
    else:
        starts = (now + timedelta(days=c.rng.randint(15, 40))).replace(hour=c.rng.randint(7, 18), minute=0, second=0, microsecond=0)
        made = _plan(c, starts, 120, c.rng.randint(2, 4), c.rng.choice(["basics", "advanced"]), "far")
    if made and c.call("publish_session", c.admin(), path={"id": made.id}, body={}).ok:
        c.shared.meetings.append(made)


@move("publish_session", 1)
def publish(c: Client) -> None:
    """Once more, which is refused or changes nothing."""
    c.call("publish_session", c.admin(), path={"id": c.meeting().id}, body={})


@move("edit_session", 3)
def edit_session(c: Client) -> None:
    """A session moves, mostly a little; sometimes onto another seat of those who come."""
    meeting = c.meeting("far", "near")
    who = c.admin()
    now = c.call("session", who, path={"id": meeting.id})
    if not now.ok or now.body["status"] != "published":
        return
    if chance(c.rng, 0.3):
        body: dict = {"minimum": 1}
    else:
        meeting.starts += timedelta(hours=c.rng.choice([-2, -1, 1, 2, 24]))
        place = now.body["location"]["id"]
        body = {"parts": [{"starts": c.town.wall(place, meeting.starts), "length": f"PT{meeting.minutes}M"}], "override_reason": "so it is planned"}
    c.call("edit_session", who, path={"id": meeting.id}, body=body, headers=(("If-Match", now.headers.get("etag", "")),))


@move("cancel_session", 0.7)
def cancel_session(c: Client) -> None:
    """A session is called off, and another one takes its place in the town."""
    gone = c.meeting("far", "near", "blocks")
    if c.call("cancel_session", c.admin(), path={"id": gone.id}, body={"reason": "the trainer is ill"}).ok:
        try:
            c.shared.meetings.remove(gone)
        except ValueError:
            pass
        add_session(c)


@move("resize_session", 6)
def resize(c: Client) -> None:
    """More or fewer seats; who goes is said, sometimes."""
    meeting = c.meeting("far", "near", "days", "soon", "asked", "blocks")
    body: dict = {"capacity": c.rng.randint(1, 7), "reason": "another room"}
    if chance(c.rng, 0.4):
        known = c.board.any(c.rng, "confirmed", where=lambda one: one.session == meeting.id)
        if known:
            body["displaced"] = [{"registration": known.id, "to": c.meeting("roomy").id if chance(c.rng, 0.6) else None}]
    c.call("resize_session", c.admin(), path={"id": meeting.id}, body=body)


@move("add_course", 0.7)
def add_course(c: Client) -> None:
    """A new course."""
    body = {"title": f"New #{c.rng.getrandbits(48):x}", "programme_type": "onboarding", "length": "PT2H"}
    c.call("add_course", c.admin(), body=body)


@move("edit_course", 0.7)
def edit_course(c: Client) -> None:
    """Another summary."""
    _edit(c, "course", c.rng.choice(list(c.town.courses.values())), {"summary": f"seen {c.rng.getrandbits(16)}"})


@move("add_location", 0.7)
def add_location(c: Client) -> None:
    """A new centre."""
    body = {"name": f"New #{c.rng.getrandbits(48):x}", "city": "Trier", "lat": 49.75, "lon": 6.64, "zone": "Europe/Berlin", "rooms": ["1"]}
    c.call("add_location", c.admin(), body=body)


@move("edit_location", 0.7)
def edit_location(c: Client) -> None:
    """Another address."""
    _edit(c, "location", c.rng.choice(c.town.places), {"address": f"street {c.rng.getrandbits(16)}"})


def _edit(c: Client, what: str, id: str, body: dict) -> None:
    who = c.admin()
    now = c.call(what, who, path={"id": id})
    if now.ok:
        c.call(f"edit_{what}", who, path={"id": id}, body=body, headers=(("If-Match", now.headers.get("etag", "")),))


@move("rules", 1)
def rules(c: Client) -> None:
    """What is set."""
    c.call("rules", c.admin(), query={"course": c.town.courses["notice"]})


# Rules that may change while others register without making any seat wrong; as (rule, least, most).
MAY_CHANGE = (("offer-far", 24, 72), ("late-local", 12, 48), ("reminder-last", 1, 2), ("waitlist-pause", 1, 3), ("walk-in-until", 30, 45))


@move("set_rule", 1.5)
def set_rule(c: Client) -> None:
    """Another setting, for everybody, a group or a course."""
    rule, least, most = c.rng.choice(MAY_CHANGE)
    body: dict = {"rule": rule, "value": c.rng.randint(least, most)}
    if chance(c.rng, 0.5):
        body["course"] = c.town.courses["basics"]
    if chance(c.rng, 0.2):
        body = {"rule": "dealer-cap", "value": c.rng.randint(1, 3), "course": c.town.courses["capped"]}
    c.call("set_rule", c.admin(), body=body)


@move("clear_rule", 1)
def clear_rule(c: Client) -> None:
    """Back to the default."""
    c.call("clear_rule", c.admin(), query={"rule": c.rng.choice(MAY_CHANGE)[0], "course": c.town.courses["basics"]})
