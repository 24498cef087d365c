"""What goes wrong while clients work: hosts die, PostgreSQL dies or stands still. One thread, from a seed.

Not here: what must hold all the same.
"""

from __future__ import annotations

import random
import threading
import time

from .history import ANSWERED, TROUBLE, Heard, History
from .hosts import Hosts
from .postgres import Postgres


class Trouble(threading.Thread):
    """Makes trouble from when it is started to when it is told to stop; all hosts run again after that."""

    def __init__(
        self, hosts: Hosts, postgres: Postgres | None, history: History, seed: int, kill_every: float, restarts: int, seconds: float,
        pause: float = 6,
    ) -> None:
        super().__init__(name="trouble")
        self.hosts = hosts
        self.postgres = postgres
        self.history = history
        self.rng = random.Random(seed)
        self.kill_every = kill_every
        self.pause = pause
        self.over = threading.Event()
        self.failed: list[str] = []
        # Restarts and pauses in turn, evenly over the time, the first not at once.
        times = [seconds * (number + 1) / (2 * restarts + 1) for number in range(2 * restarts)] if postgres and restarts else []
        self._plan = [(at, number % 2 == 0) for number, at in enumerate(times)]

    def run(self) -> None:
        """Until told to stop."""
        began = time.monotonic()
        next_kill = began + self.kill_every
        while not self.over.wait(0.2):
            try:
                now = time.monotonic()
                self.hosts.raise_the_dead()
                if self.kill_every and now >= next_kill:
                    self._kill()
                    next_kill = time.monotonic() + self.kill_every * self.rng.uniform(0.6, 1.4)
                if self.postgres and self._plan and now - began >= self._plan[0][0]:
                    _, restart = self._plan.pop(0)
                    away = time.time()
                    if restart:
                        self.postgres.restart()
                    else:
                        self.postgres.pause(self.pause)
                    self.history.write(Heard(TROUBLE, -1, None, away, time.time(), ANSWERED))
            except Exception as error:  # told at the end: a run whose trouble failed proves nothing
                self.failed.append(repr(error))
                return

    def _kill(self) -> None:
        host = self.rng.randrange(len(self.hosts.ports))
        self.hosts.kill(host)
        self.over.wait(self.rng.uniform(0, 1.5))
        self.hosts.start(host)

    def end(self) -> None:
        """No more trouble."""
        self.over.set()
        self.join(120)
