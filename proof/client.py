"""One client: does one thing after the other as different people, through whichever host, and repeats some of it.

Every POST carries a key. A part of them is sent again under it: at once through another host, later, with another body, and always when the
answer was lost. What was heard goes into the history.

Not here: what there is to do (`moves_*.py`).
"""

from __future__ import annotations

import json
import random
import threading
import time
import urllib.parse
import uuid
from collections import deque
from dataclasses import replace
from pathlib import Path
from typing import Any, Callable

from . import facts
from .board import Board
from .contract import Contract
from .history import ANSWERED, Heard, History
from .town import Meeting, Town
from .wire import Answer, Request, Wire

Move = Callable[["Client"], None]


class Shared:
    """What the clients of one run share."""

    def __init__(self, town: Town, contract: Contract, history: History, ports: list[int], tokens: dict[str, str], patience: float,
                 components: Path | None = None) -> None:
        self.town = town
        # Where plugins lie that are compiled; nowhere when the hosts have none.
        self.components = components or Path()
        self.contract = contract
        self.history = history
        self.ports = ports
        self.tokens = tokens
        self.patience = patience
        self.board = Board()
        self.meetings: deque[Meeting] = deque(town.meetings, maxlen=400)
        self.later: deque[tuple[float, Request, int]] = deque(maxlen=2000)
        self.stop = threading.Event()
        self.sent = 0


class Client:
    """Used by one thread."""

    def __init__(self, shared: Shared, seed: int, repeats: bool = True, pace: float = 0.0) -> None:
        self.shared = shared
        self.town = shared.town
        self.board = shared.board
        self.rng = random.Random(seed)
        self.wire = Wire(shared.ports, shared.patience)
        self.repeats = repeats
        # seconds between two moves, on average
        self.pace = pace

    def call(
        self, operation: str, who: str | None, *, path: dict[str, str] | None = None, query: dict[str, Any] | None = None,
        body: Any = None, headers: tuple[tuple[str, str], ...] = (), host: int | None = None, once: bool = False, raw: bytes | None = None,
    ) -> Answer:
        """Sends something, and again for as long as its answer is lost and it can be repeated (`once`: never); the last answer.

        `raw` is sent as it is.
        """
        known = self.shared.contract[operation]
        target = known.fill(path or {})
        if query:
            target += "?" + urllib.parse.urlencode({name: value for name, value in query.items() if value is not None})
        request = Request(
            operation, known.method, target, who, self.shared.tokens.get(who or ""),
            raw if body is None else json.dumps(body).encode(),
            str(uuid.UUID(int=self.rng.getrandbits(128), version=4)) if known.repeatable and known.method == "POST" else None, headers,
        )
        if raw is not None:
            request = replace(request, headers=(*headers, ("Content-Type", "application/wasm")))
        host = self.any_host() if host is None else host
        answer = self.send(request, host, 0)
        if request.key is None or once:
            return answer
        turn = 0
        while turn < 4 and not self.shared.stop.is_set() and (answer.outcome != ANSWERED or answer.status == 503):
            time.sleep(self.rng.uniform(0.1, 0.8))
            turn += 1
            host = self.any_host(host)
            answer = self.send(request, host, turn)
        if self.repeats and answer.outcome == ANSWERED:
            self._again(request, host, turn)
        return answer

    def _again(self, request: Request, host: int, turn: int) -> None:
        chance = self.rng.random()
        if chance < 0.2:
            self.send(request, self.any_host(host), turn + 1)
        elif chance < 0.3:
            self.shared.later.append((time.time() + self.rng.uniform(1, 40), request, turn + 1))
        elif chance < 0.31 and request.body:
            other = json.loads(request.body)
            other["reason"] = "another body"
            changed = Request(**{**request.__dict__, "body": json.dumps(other).encode()})
            self.send(changed, self.any_host(host), turn + 1, same_body=False)

    def repeat_later(self) -> bool:
        """Sends something again whose time has come."""
        try:
            due, request, turn = self.shared.later.popleft()
        except IndexError:
            return False
        if due > time.time():
            self.shared.later.append((due, request, turn))
            return False
        self.send(request, self.any_host(), turn)
        return True

    def send(self, request: Request, host: int, turn: int, same_body: bool = True) -> Answer:
        """Sends once, and writes down what was heard."""
        answer = self.wire.send(request, host)
        yes = answer.ok
        heard = Heard(
            request.operation, host, request.person, round(answer.began, 4), round(answer.ended, 4), answer.outcome, answer.status,
            answer.code, request.key, same_body, turn=turn,
        )
        if yes and (request.key or request.operation == "registration"):
            heard.facts = facts.of_answer(request.operation, answer.body)
        if answer.outcome == ANSWERED:
            heard.wrong = facts.wrong_in(request.operation, answer.body, request.person in self.town.admins)
            if answer.status == 503 and "retry-after" not in answer.headers and not request.target.startswith("/health"):
                heard.wrong.append("503 without Retry-After")
            self.board.note(answer.body, request.person)
        self.shared.history.write(heard)
        self.shared.sent += 1
        return answer

    def any_host(self, but: int | None = None) -> int:
        """A host, another one where there is one."""
        hosts = [host for host in range(len(self.shared.ports)) if host != but]
        return self.rng.choice(hosts or [0])

    # Who and what is picked so often that it has a name.

    def learner(self) -> str:
        """Somebody who learns."""
        return self.rng.choice(self.town.everybody)

    def admin(self) -> str:
        """Somebody who may do everything."""
        return self.rng.choice(self.town.admins)

    def leads(self, learner: str) -> str:
        """Somebody who may act for a learner: a manager or dealer admin of theirs, or an admin."""
        dealer = self.town.dealer_of.get(learner)
        if dealer is None or self.rng.random() < 0.15:
            return self.admin()
        return self.rng.choice([*self.town.managers[dealer], self.town.dealer_admins[dealer]])

    def for_or_by(self, learner: str) -> str:
        """The learner, or somebody who may act for them."""
        return learner if self.rng.random() < 0.7 else self.leads(learner)

    def meeting(self, *kinds: str) -> Meeting:
        """A session, of these kinds where they are named."""
        every = [one for one in list(self.shared.meetings) if not kinds or one.kind in kinds]
        return self.rng.choice(every or self.town.meetings)
