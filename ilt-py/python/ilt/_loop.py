"""How an event loop waits for the engine.

Each loop has an inbox of its own: a socket that it watches, and answers by number. The engine's threads never run any Python.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

from ilt import _native
from ilt._errors import of_failure, of_problem

Answer: TypeAlias = tuple[int, list[tuple[bytes, bytes]], "bytes | _native.Stream"]


class Waiting:
    """What one event loop waits for."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.inbox = _native.Inbox()
        self._futures: dict[int, asyncio.Future[Any]] = {}
        self._number = 0
        loop.add_reader(self.inbox.fileno(), self._heard)

    async def for_(self, ask: Callable[[_native.Inbox, int], _native.Task | None]) -> Any:
        """Waits for what comes of something. Whoever is cancelled waits no longer: what the engine has accepted is decided all the same."""
        self._number += 1
        number, future = self._number, asyncio.get_running_loop().create_future()
        self._futures[number] = future
        task = None
        try:
            task = ask(self.inbox, number)
            outcome = await future
        except BaseException:
            if task is not None:
                task.abandon()
            raise
        finally:
            del self._futures[number]
        if isinstance(outcome, tuple) and len(outcome) == 2:
            kind, why = outcome
            raise of_problem(json.loads(why)) if kind == "problem" else of_failure(kind, why)
        return outcome

    def _heard(self) -> None:
        for number, outcome in self.inbox.take():
            future = self._futures.get(number)
            if future is not None and not future.done():
                future.set_result(outcome)


_LOOPS: WeakKeyDictionary[asyncio.AbstractEventLoop, Waiting] = WeakKeyDictionary()


def waiting() -> Waiting:
    """What the running event loop waits for."""
    loop = asyncio.get_running_loop()
    found = _LOOPS.get(loop)
    if found is None:
        found = _LOOPS[loop] = Waiting(loop)
    return found
