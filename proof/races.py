"""Races that are made on purpose: many clients for few seats at the same moment, through two hosts.

Each race has a session, or sessions, of its own, and ends with a look at the tables and at what the clients were told.

Not here: what makes a host stand still (`standstill.py`), and trouble (`mix.py`).
"""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from typing import Callable

from .check_tables import quick
from .client import Client, Shared
from .database import Database
from .findings import Finding
from .wire import Answer


class Ring:
    """Where races take place: a town, hosts, and as many clients as there are threads."""

    def __init__(self, shared: Shared, database: Database, clients: int, seed: int) -> None:
        self.shared = shared
        self.database = database
        self.clients = [Client(shared, seed * 10_000 + number, repeats=False) for number in range(clients)]
        self.one = Client(shared, seed, repeats=False)
        self.pool = ThreadPoolExecutor(clients)
        self.rounds: Counter[str] = Counter()

    def session(
        self, capacity: int, starts: datetime | None = None, course: str = "basics-again", minutes: int = 120, place: int = 0
    ) -> str:
        """A session for one race."""
        town, starts = self.shared.town, starts or self.far()
        body = {
            "course": town.courses[course], "location": town.places[place], "capacity": capacity, "minimum": 0, "waitlist": True,
            "parts": [{"starts": town.wall(town.places[place], starts), "length": f"PT{minutes}M"}],
        }
        made = self.one.call("add_session", town.admins[0], body=body)
        if not made.ok or not self.one.call("publish_session", town.admins[0], path={"id": made.body["id"]}, body={}).ok:
            raise ConnectionError(f"no session can be planned: {made.outcome} {made.status} {made.code}")
        return made.body["id"]

    def far(self) -> datetime:
        """A day of its own for each race, so that nothing clashes with another one."""
        self.rounds["days"] += 1
        return (datetime.now(timezone.utc) + timedelta(days=30 + self.rounds["days"])).replace(hour=9, minute=0, second=0, microsecond=0)

    def together(self, does: list[Callable[[Client], Answer | None]]) -> list[Answer | None]:
        """All at the same moment, each by a client of its own; what each heard."""
        gate = threading.Barrier(min(len(does), len(self.clients)))

        def one(number: int) -> Answer | None:
            if number < gate.parties:
                gate.wait(30)
            return does[number](self.clients[number % len(self.clients)])

        return list(self.pool.map(one, range(len(does))))

    def register(self, client: Client, learner: str, session: str, host: int | None = None, **more: object) -> Answer:
        """A learner wants a seat."""
        return client.call("register", learner, path={"id": session}, body={"on_full": "waitlist", **more}, host=host, once=True)

    def forget(self) -> None:
        """Connections to hosts that are gone."""
        for client in (self.one, *self.clients):
            client.wire.close()

    def set(self, answer: Answer) -> Answer:
        """What the scene of a race needs; without it there is no race."""
        if not answer.ok:
            raise ConnectionError(f"the scene cannot be set: {answer.outcome} {answer.status} {answer.code}")
        return answer


def few_seats(ring: Ring, learners: int, seats: int = 5, looks: int = 3) -> list[Finding]:
    """So many want five seats, while those who have one look for alternatives through the other host."""
    session = ring.session(seats)
    first, *others = ring.one.rng.sample(ring.shared.town.everybody, learners)
    ring.register(ring.one, first, session, host=0)

    def look(client: Client) -> Answer:
        for _ in range(4):
            answer = client.call("alternatives", first, path={"id": session}, host=len(ring.shared.ports) - 1)
        return answer

    heard = ring.together([look] * looks + [lambda client, who=who: ring.register(client, who, session) for who in others])
    confirmed = sum(1 for one in heard if one and one.status == 201 and one.body["status"] == "confirmed") + 1
    return _told("oversold", session, confirmed, seats) + _now(ring, session) + _hung(heard)


def looks_beside(ring: Ring, seats: int = 5, others: int = 12) -> list[Finding]:
    """One who has a seat looks for alternatives again and again through the last host; others register one after the other through the first."""
    session = ring.session(seats)
    first, *more = ring.one.rng.sample(ring.shared.town.everybody, others + 1)
    ring.set(ring.register(ring.one, first, session, host=0))
    over = threading.Event()

    def look(client: Client) -> None:
        while not over.is_set():
            client.call("alternatives", first, path={"id": session}, host=len(ring.shared.ports) - 1)

    def come(client: Client) -> int:
        try:
            heard = [ring.register(client, who, session, host=0) for who in more]
        finally:
            over.set()
        return sum(1 for one in heard if one.ok and one.body["status"] == "confirmed")

    confirmed = ring.pool.submit(come, ring.clients[1])
    ring.pool.submit(look, ring.clients[0]).result(120)
    return _told("oversold", session, confirmed.result(120) + 1, seats) + _now(ring, session)


def one_learner(ring: Ring, times: int) -> list[Finding]:
    """One learner wants two sessions at one time, through two hosts at the same moment; so many learners one after the other."""
    day = ring.far()
    here, there = ring.session(1000, day, minutes=240), ring.session(1000, day + timedelta(hours=1), minutes=60, place=1)
    found = []
    for learner in ring.one.rng.choices(ring.shared.town.everybody, k=times):
        heard = ring.together([
            lambda client: ring.register(client, learner, here, host=0),
            lambda client: ring.register(client, learner, there, host=len(ring.shared.ports) - 1),
        ])
        got = [one.body["id"] for one in heard if one and one.ok and one.body["status"] == "confirmed"]
        if len(got) > 1:
            found.append(Finding("two seats at once", learner, f"{got[0]} and {got[1]} were both confirmed"))
        found += _hung(heard)
        for id in got:
            ring.set(ring.one.call("cancel_registration", learner, path={"id": id}, body={"reason": "the next turn"}))
    return found + _now(ring, here) + _now(ring, there)


def last_seats(ring: Ring, waiting: int, seats: int = 3, freed: int = 2) -> list[Finding]:
    """Under 24 hours everybody who waits is told, and all accept at the same moment."""
    starts = datetime.now(timezone.utc) + timedelta(hours=8, minutes=ring.rounds["last"] % 600)
    ring.rounds["last"] += 1
    session = ring.session(seats, starts, "notice", minutes=1, place=2)
    learners = ring.one.rng.sample(ring.shared.town.everybody, seats + waiting)
    claims = {}
    for learner in learners:
        claims[learner] = ring.set(ring.register(ring.one, learner, session)).body["id"]
    for learner in learners[:freed]:
        ring.set(ring.one.call("cancel_registration", learner, path={"id": claims[learner]}, body={"reason": "ill"}, once=True))
    heard = ring.together([
        lambda client, who=who: client.call("accept_offer", who, path={"id": claims[who]}, once=True) for who in learners[seats:]
    ])
    won = sum(1 for one in heard if one and one.ok and one.body["status"] == "confirmed")
    found = _told("oversold", session, won, freed) + _now(ring, session) + _hung(heard)
    if won < freed and not found:
        found.append(Finding("unserved", session, f"{won} of {len(heard)} who accepted got one of {freed} seats: {Counter(_word(one) for one in heard)}"))
    # The learners are needed again, at about this time of day.
    for id in claims.values():
        again = ring.one.call("cancel_registration", ring.shared.town.admins[0], path={"id": id}, body={"reason": "the next turn"}, once=True)
        if again.status is None or again.status == 503:
            break
    return found


def past_the_queue(ring: Ring) -> list[Finding]:
    """A seat that is given back by a swap belongs to the queue; a newcomer asks for it at once."""
    full, better = ring.session(1), ring.session(1)
    holder, waits, other, newcomer = ring.one.rng.sample(ring.shared.town.everybody, 4)
    seat = ring.set(ring.register(ring.one, holder, full))
    ring.set(ring.register(ring.one, waits, full))
    taken = ring.set(ring.register(ring.one, other, better))
    ring.set(ring.one.call("swap_registration", holder, path={"id": seat.body["id"]}, body={"session": better, "automatic": True}))
    ring.set(ring.one.call("cancel_registration", other, path={"id": taken.body["id"]}, body={"reason": "ill"}))
    answer = ring.register(ring.one, newcomer, full)
    if answer.ok and answer.body["status"] == "confirmed":
        return [Finding("overtaken", full, f"{answer.body['id']} got the seat that a swap had given back, past one who waited")]
    return _now(ring, full) + _hung([answer])


def _told(invariant: str, session: str, confirmed: int, seats: int) -> list[Finding]:
    if confirmed <= seats:
        return []
    return [Finding(invariant, session, f"{confirmed} clients were told that they have one of {seats} seats")]


def _now(ring: Ring, session: str) -> list[Finding]:
    return [one for one in quick(ring.database) if one.about == session]


def _hung(heard: list[Answer | None]) -> list[Finding]:
    words = Counter(_word(one) for one in heard if one and (one.outcome == "hung" or one.status in (500, 503)))
    return [Finding("answers 500" if word == "500" else "hung", "answers", f"{times} times {word}") for word, times in words.items()]


def _word(answer: Answer | None) -> str:
    if answer is None:
        return "nothing"
    return answer.code or str(answer.status or answer.outcome)
