"""What is only looked at: searches, lists, rosters, calendars, live updates, health.

Reading is part of the proof: a look must neither change anything nor be answered with numbers that contradict each other.

Not here: alternatives, which are written down when they are shown (`moves_registering.py`).
"""

from __future__ import annotations

import http.client
import time
import urllib.parse

from .client import Client
from .history import ANSWERED, HUNG, LOST, Heard
from .moves import chance, move


def _anybody(c: Client) -> str:
    return c.rng.choice([c.learner(), c.learner(), c.leads(c.learner()), c.admin(), c.rng.choice(c.town.instructors)])


@move("sessions", 5)
def sessions(c: Client) -> None:
    """A search."""
    query = {
        "course": c.rng.choice([None, *c.town.courses.values()]), "open_seats": c.rng.choice([None, "true"]),
        "eligible": c.rng.choice([None, "true"]), "limit": c.rng.choice([None, 5, 50]),
    }
    if chance(c.rng, 0.3):
        query |= {"near": "50.94,6.96", "radius_km": 100, "sort": "distance"}
    c.call("sessions", _anybody(c), query=query)


@move("session", 5)
def session(c: Client) -> None:
    """One session."""
    c.call("session", _anybody(c), path={"id": c.meeting().id})


@move("roster", 4)
def roster(c: Client) -> None:
    """Who comes."""
    headers = (("Accept", "text/csv"),) if chance(c.rng, 0.2) else ()
    c.call("roster", c.admin() if chance(c.rng, 0.7) else c.leads(c.learner()), path={"id": c.meeting().id}, headers=headers)


@move("session_calendars", 1)
def session_calendars(c: Client) -> None:
    """How far calendars show one."""
    c.call("session_calendars", c.admin() if chance(c.rng, 0.5) else _anybody(c), path={"id": c.meeting().id})


@move("registrations", 4)
def registrations(c: Client) -> None:
    """Own ones, a team's, or everybody's."""
    c.call("registrations", _anybody(c), query={"limit": c.rng.choice([None, 20, 200]), "status": c.rng.choice([None, "offered", "held,waitlisted"])})


@move("registration", 5)
def registration(c: Client) -> None:
    """One with its history."""
    known = c.board.any(c.rng)
    if known:
        c.call("registration", c.for_or_by(known.learner), path={"id": known.id})


@move("registration_calendar", 1)
def registration_calendar(c: Client) -> None:
    """As a calendar file."""
    known = c.board.any(c.rng)
    if known:
        c.call("registration_calendar", known.learner, path={"id": known.id})


@move("calendar_feed", 1)
def calendar(c: Client) -> None:
    """What a calendar program fetches."""
    if c.board.feeds:
        url = urllib.parse.urlsplit(c.rng.choice(list(c.board.feeds)))
        c.call("calendar_feed", None, path={"secret": url.path.rsplit("/", 1)[-1]})


def _list(operation: str, **query: object) -> None:
    move(operation, 1)(lambda c: c.call(operation, _anybody(c), query=query) and None)


_list("courses", limit=20)
_list("locations", limit=20)
_list("people", limit=50)
_list("me")
_list("own")


@move("monthly_numbers", 1)
def monthly(c: Client) -> None:
    """In numbers."""
    c.call("monthly_numbers", c.admin(), headers=(("Accept", "text/csv"),) if chance(c.rng, 0.3) else ())


@move("course", 1)
def course(c: Client) -> None:
    """One course."""
    c.call("course", _anybody(c), path={"id": c.rng.choice(list(c.town.courses.values()))})


@move("location", 1)
def location(c: Client) -> None:
    """One centre."""
    c.call("location", _anybody(c), path={"id": c.rng.choice(c.town.places)})


@move("person", 1)
def person(c: Client) -> None:
    """One person."""
    learner = c.learner()
    c.call("person", c.for_or_by(learner), path={"id": learner})


@move("completions", 1)
def completions(c: Client) -> None:
    """What somebody completed."""
    learner = c.learner()
    c.call("completions", c.for_or_by(learner), path={"id": learner})


def _health(operation: str) -> None:
    move(operation, 0.5)(lambda c: c.call(operation, None) and None)


_health("health_live")
_health("health_ready")
_health("metrics")


@move("live", 1.5)
def live(c: Client) -> None:
    """Listens for a while, from now or from where somebody left off."""
    host, who, began = c.any_host(), c.learner(), time.time()
    connection = http.client.HTTPConnection("127.0.0.1", c.shared.ports[host], timeout=c.shared.patience)
    headers = {"Authorization": f"Bearer {c.shared.tokens[who]}"}
    if chance(c.rng, 0.5):
        headers["Last-Event-ID"] = str(c.board.versions[-1])
    heard = Heard("live", host, who, began, began, LOST)
    try:
        connection.request("GET", "/v1/live", headers=headers)
        socket = connection.sock
        response = connection.getresponse()
        heard.outcome, heard.status, heard.ended = ANSWERED, response.status, time.time()
        until, size = time.time() + c.rng.uniform(0.5, 3), 0
        if socket is not None:
            socket.settimeout(3)
        while response.status == 200 and time.time() < until and size < 200_000 and not c.shared.stop.is_set():
            line = response.readline()
            size += len(line)
            if line.startswith(b"id:"):
                c.board.versions.append(int(line[3:]))
            if not line:
                break
    except TimeoutError:
        if heard.status is None:
            heard.outcome = HUNG
    except (OSError, http.client.HTTPException, ValueError):
        pass
    finally:
        connection.close()
    heard.ended = max(heard.ended, began) if heard.status else time.time()
    c.shared.history.write(heard)
    c.shared.sent += 1
