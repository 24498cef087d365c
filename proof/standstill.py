"""What once stopped every write of a host for ever: an offer is accepted while somebody in the queue cannot be served.

Each scene ends with a write that has nothing to do with it. A host that does not do it any more is killed and started again, so that the next
scene is tried on a host that works.

Not here: races (`races.py`).
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Callable

from .findings import Finding
from .hosts import Hosts
from .races import Ring
from .settled import writes


def soon(number: int) -> datetime:
    """Under 24 hours, when everybody who waits is told; so far apart that nobody has to be at two scenes at once."""
    return datetime.now(timezone.utc) + timedelta(hours=7 + 4 * number)


def block_for_others(ring: Ring, starts: datetime | None, course: str) -> list[Finding]:
    """Three seats, one of them set aside for another dealer; two registered, two waiting, one leaves, the first of the queue accepts."""
    town = ring.shared.town
    session = ring.session(3, starts, course)
    ours, theirs = town.dealers[0], town.dealers[1]
    body = {"seats": 1}
    if starts:
        body["release_at"] = (starts - timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
        body["name_by"] = (starts - timedelta(hours=4)).strftime("%Y-%m-%dT%H:%M:%SZ")
    ring.set(ring.one.call("save_block", town.admins[0], path={"id": session, "dealer": theirs}, body=body))
    return _leave_and_accept(ring, session, ring.one.rng.sample(town.learners[ours], 4), seats=2)


def group_too_large(ring: Ring, starts: datetime | None, course: str) -> list[Finding]:
    """Three seats; behind the first in the queue waits a group of three. Two seats come free, and the first accepts."""
    town = ring.shared.town
    session = ring.session(3, starts, course)
    three = ring.one.rng.sample(town.learners[town.dealers[1]], 3)

    def join() -> None:
        body = {"learners": three, "on_full": "waitlist"}
        ring.set(ring.one.call("register_group", town.admins[0], path={"id": session}, body=body, once=True))

    return _leave_and_accept(ring, session, ring.one.rng.sample(town.learners[town.dealers[0]], 4), seats=3, leave=2, before=join)


def two_free_three_wait(ring: Ring, starts: datetime | None, course: str) -> list[Finding]:
    """Three seats and three who wait; two seats come free, and the first accepts."""
    town = ring.shared.town
    session = ring.session(3, starts, course)
    return _leave_and_accept(ring, session, ring.one.rng.sample(town.learners[town.dealers[0]], 6), seats=3, leave=2)


def _leave_and_accept(
    ring: Ring, session: str, learners: list[str], seats: int, leave: int = 1, before: Callable[[], None] | None = None
) -> list[Finding]:
    claims = {}
    for learner in learners:
        answer = ring.one.call("register", learner, path={"id": session}, body={"on_full": "waitlist"}, host=0, once=True)
        if not answer.ok:
            return [Finding("settled", session, f"the scene cannot be set: {answer.status} {answer.code}")]
        claims[learner] = answer.body["id"]
    if before:
        before()
    for learner in learners[:leave]:
        ring.one.call("cancel_registration", learner, path={"id": claims[learner]}, body={"reason": "ill"}, host=0, once=True)
    first = learners[seats]
    # Once, through one host: a repetition elsewhere would stop the next one, too.
    answer = ring.one.call("accept_offer", first, path={"id": claims[first]}, host=0, once=True)
    if not answer.ok:
        return [Finding("hung" if answer.outcome == "hung" or answer.status == 503 else "unserved", session,
                        f"the first in the queue accepted and heard {answer.status or answer.outcome} {answer.code or ''} "
                        f"after {answer.ended - answer.began:.1f} s")]
    return []


SCENES = (block_for_others, group_too_large, two_free_three_wait)


def all_scenes(ring: Ring, hosts: Hosts, say: Callable[[str], None]) -> list[Finding]:
    """Every scene, far from the start and under 24 hours, each with a look whether the host still writes."""
    found = []
    for course, when in (("basics-again", "weeks before"), ("notice", "under 24 h")):
        for number, scene in enumerate(SCENES):
            try:
                now = scene(ring, soon(number) if course == "notice" else None, course)
            except ConnectionError as error:
                now = [Finding("settled", scene.__name__, str(error))]
            now += writes(ring.one, 0)
            say(f"{scene.__name__} {when}: {'; '.join(one.detail for one in now) or 'as it is to be'}")
            found += [Finding(one.invariant, f"{scene.__name__} {when}", one.detail) for one in now]
            if now:
                hosts.kill(0)
                hosts.start(0)
                hosts.wait_ready(0, 30)
                ring.forget()
    return found
