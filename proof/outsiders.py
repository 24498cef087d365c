"""What somebody found who had read the documents only: answers to strangers, and live streams that were resumed.

Not here: races for seats (`races.py`).
"""

from __future__ import annotations

import http.client
import itertools
import time

from .client import Client
from .findings import Finding
from .races import Ring


def strangers(ring: Ring) -> list[Finding]:
    """Two of one dealer are registered; people of another, in every role, name them as a group."""
    town, session = ring.shared.town, ring.session(3)
    ours, theirs = town.dealers[0], town.dealers[1]
    two = ring.one.rng.sample(town.learners[ours], 2)
    for learner in two:
        ring.set(ring.register(ring.one, learner, session))
    asking = [town.learners[theirs][0], town.managers[theirs][0], town.dealer_admins[theirs], town.instructors[0]]
    body = {"learners": two, "on_full": "waitlist"}
    heard = {who: ring.one.call("register_group", who, path={"id": session}, body=body, once=True).status for who in asking}
    return answered(session, heard)


def answered(session: str, heard: dict[str, int | None]) -> list[Finding]:
    """Strangers who were told something."""
    told = {who: status for who, status in heard.items() if status and status < 300}
    return [Finding("strangers", session, f"{who} named two of another dealer, and was answered {status}") for who, status in told.items()]


def resumed(ring: Ring, seconds: float = 4.0) -> list[Finding]:
    """People come and go, through both hosts; one listener stays, another comes back again and again, now here, now there."""
    session, who = ring.session(3), ring.shared.town.admins[0]
    learners = ring.one.rng.sample(ring.shared.town.everybody, 6)
    over = time.monotonic() + seconds

    def come_and_go(client: Client, learner: str) -> None:
        while time.monotonic() < over:
            mine = ring.register(client, learner, session)
            if mine.ok:
                client.call("cancel_registration", learner, path={"id": mine.body["id"]}, body={"reason": "changed my mind"}, once=True)

    stays = ring.pool.submit(_listen, ring, who, session, 0, None, over + 2)
    busy = [ring.pool.submit(come_and_go, ring.clients[1 + number], learner) for number, learner in enumerate(learners)]
    time.sleep(0.3)
    heard: list[int] = []
    for host in itertools.cycle(range(len(ring.shared.ports))):
        if time.monotonic() > over:
            break
        heard += _listen(ring, who, session, host, heard[-1] if heard else None, time.monotonic() + ring.one.rng.choice((0.05, 0.1, 0.2)))
    for one in busy:
        one.result(60)
    heard += _listen(ring, who, session, 0, heard[-1] if heard else None, time.monotonic() + 2)
    return left_out(session, stays.result(60), heard)


def left_out(session: str, every: list[int], heard: list[int]) -> list[Finding]:
    """What one who came back again and again did not hear, of `every` event that there was since the first they heard."""
    if not heard or not every:
        return [Finding("live", session, "nothing was heard")]
    missed = sorted({id for id in every if id > heard[0]} - set(heard))
    found = [Finding("live", session, f"{len(missed)} of {len(every)} events were left out, first {missed[:3]}")] if missed else []
    if heard != sorted(set(heard)):
        found.append(Finding("live", session, "an event came twice, or out of order"))
    return found


def _listen(ring: Ring, who: str, session: str, host: int, last: int | None, until: float) -> list[int]:
    """The ids of what a live stream tells until then."""
    connection = http.client.HTTPConnection("127.0.0.1", ring.shared.ports[host], timeout=5)
    headers = {"Authorization": f"Bearer {ring.shared.tokens[who]}"} | ({"Last-Event-ID": str(last)} if last else {})
    heard, id = [], None
    try:
        connection.request("GET", f"/v1/live?sessions={session}", headers=headers)
        answer = connection.getresponse()
        while (left := until - time.monotonic()) > 0:
            connection.sock.settimeout(left)
            line = answer.readline().strip()
            if line.startswith(b"id:"):
                id = int(line[3:])
            elif not line and id is not None:
                heard.append(id)
                id = None
    except (TimeoutError, OSError, http.client.HTTPException):
        pass
    finally:
        connection.close()
    return heard
