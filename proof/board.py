"""What clients know of each other: registrations and alternatives that somebody was told of, so that others can act on them.

It may be out of date, as any client's screen may be.

Not here: what is true. Only the checker asks that.
"""

from __future__ import annotations

import random
import threading
from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import Any, Callable


@dataclass
class Known:
    """A registration as it was last heard of."""

    id: str
    session: str
    learner: str
    status: str


class Board:
    """Shared by all clients of one run."""

    def __init__(self, most: int = 4000) -> None:
        self._lock = threading.Lock()
        self._registrations: OrderedDict[str, Known] = OrderedDict()
        self._most = most
        self.alternatives: deque[tuple[str, str]] = deque(maxlen=300)
        self.feeds: deque[str] = deque(maxlen=50)
        self.versions: deque[int] = deque([0], maxlen=5)

    def note(self, body: Any, asker: str | None) -> None:
        """Takes whatever an answer tells of registrations and alternatives."""
        if not isinstance(body, dict):
            return
        if "learner" in body and "session" in body and "status" in body and isinstance(body["session"], dict):
            self._keep(Known(body["id"], body["session"]["id"], body["learner"]["id"], body["status"]))
            asker = body["learner"]["id"]
        for one in body.get("items") or ():
            if isinstance(one, dict) and "learner" in one:
                self.note(one, asker)
            elif isinstance(one, dict) and "would_change" in one and asker:
                self.alternatives.append((one["id"], asker))
        for one in body.get("alternatives") or ():
            if asker:
                self.alternatives.append((one["id"], asker))

    def _keep(self, known: Known) -> None:
        with self._lock:
            self._registrations.pop(known.id, None)
            self._registrations[known.id] = known
            while len(self._registrations) > self._most:
                self._registrations.popitem(last=False)

    def any(self, rng: random.Random, *statuses: str, where: Callable[[Known], bool] | None = None) -> Known | None:
        """One that stands so, as far as is known."""
        with self._lock:
            fit = [one for one in self._registrations.values() if (not statuses or one.status in statuses) and (not where or where(one))]
        return rng.choice(fit) if fit else None
