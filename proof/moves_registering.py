"""What learners do: registering, leaving, waiting, taking offers and alternatives, moving seats.

Not here: what others do for them (`moves_leading.py`).
"""

from __future__ import annotations

from .client import Client
from .moves import chance, move

REASON = {"reason": "a family matter"}


@move("register", 30)
def register(c: Client) -> None:
    """A seat, or a place in the queue."""
    learner = c.learner()
    body: dict = {}
    who = c.for_or_by(learner)
    if who != learner:
        body["learner"] = learner
    if chance(c.rng, 0.7):
        body["on_full"] = "waitlist"
        body["automatic"] = chance(c.rng, 0.3)
    if who in c.town.admins and chance(c.rng, 0.25):
        body |= {"on_full": "beyond-capacity", "reason": "the board wants it"}
    c.call("register", who, path={"id": c.meeting().id}, body=body)


@move("cancel_registration", 14)
def cancel(c: Client) -> None:
    """A seat or a place goes back."""
    known = c.board.any(c.rng, "confirmed", "confirmed", "waitlisted", "offered", "held")
    if known:
        c.call("cancel_registration", c.for_or_by(known.learner), path={"id": known.id}, body=REASON if chance(c.rng, 0.8) else {"reason": ""})


def _look(c: Client, status: str) -> None:
    """What others were offered meanwhile is not told to this client unless it looks."""
    c.call("registrations", c.admin(), query={"status": status, "limit": 100})


@move("accept_offer", 12)
def accept(c: Client) -> None:
    """The seat that was offered, or one that was announced to everybody who waits."""
    if chance(c.rng, 0.5):
        _look(c, "offered")
    known = c.board.any(c.rng, "offered") if chance(c.rng, 0.8) else c.board.any(c.rng, "waitlisted")
    if known:
        c.call("accept_offer", known.learner if chance(c.rng, 0.8) else c.leads(known.learner), path={"id": known.id})


@move("decline_offer", 4)
def decline(c: Client) -> None:
    """The next in line, please."""
    known = c.board.any(c.rng, "offered")
    if known:
        c.call("decline_offer", known.learner, path={"id": known.id})


@move("resume_wait", 2)
def resume(c: Client) -> None:
    """Still wants a seat."""
    known = c.board.any(c.rng, "waitlisted")
    if known:
        c.call("resume_wait", known.learner, path={"id": known.id})


@move("swap_registration", 7)
def swap(c: Client) -> None:
    """Waits for a better one and keeps the seat."""
    known = c.board.any(c.rng, "confirmed")
    if known:
        to = c.meeting("far", "near", "blocks", "roomy").id
        body = {"session": to, "automatic": chance(c.rng, 0.5), **REASON}
        c.call("swap_registration", c.for_or_by(known.learner), path={"id": known.id}, body=body)


@move("transfer_registration", 6)
def transfer(c: Client) -> None:
    """Moves a seat in one step."""
    known = c.board.any(c.rng, "confirmed")
    if known:
        body = {"session": c.meeting().id, **REASON}
        c.call("transfer_registration", c.for_or_by(known.learner), path={"id": known.id}, body=body)


@move("alternatives", 10)
def alternatives(c: Client) -> None:
    """Looks at what else there is; also by those who have a seat."""
    known = c.board.any(c.rng, "confirmed") if chance(c.rng, 0.6) else None
    learner = known.learner if known else c.learner()
    who = c.for_or_by(learner)
    session = known.session if known else c.meeting().id
    c.call("alternatives", who, path={"id": session}, query={"learner": learner if who != learner else None})


@move("take_alternative", 6)
def take(c: Client) -> None:
    """Takes one that was shown to somebody."""
    if c.board.alternatives:
        id, who = c.rng.choice(list(c.board.alternatives))
        c.call("take_alternative", who, path={"id": id})


@move("renew_calendar_feed", 1)
def feed(c: Client) -> None:
    """A new secret address."""
    answer = c.call("renew_calendar_feed", c.learner())
    if answer.ok:
        c.board.feeds.append(answer.body["url"])


@move("edit_own", 1)
def preferences(c: Client) -> None:
    """Other preferences."""
    who = c.learner()
    now = c.call("own", who)
    if now.ok:
        body = {"interests": c.rng.sample(["safety", "batteries", "sales"], 2), "preferred_locations": [c.rng.choice(c.town.places)]}
        c.call("edit_own", who, body=body, headers=(("If-Match", now.headers.get("etag", "")),))
