"""What people completed elsewhere is asked for a booking; a place that answers nothing at all would have every one of them wait for it."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from ilt import Busy, Refused

UNKNOWN = "prerequisites-unknown"
"""The code of what is refused since that could not be found out."""
_IS_SILENT = 0.8
"""After how many seconds it is taken that nothing answered, rather than that the answer was that nobody knows."""
_TIMES = 3
"""How often it may keep silent before it is asked once more, and for the last time. That somebody is registered in between proves nothing:
of who lacks no prerequisite nothing is asked."""
_SAYS = (
    "the place that [evidence] names does not answer: it was asked again and again what people completed elsewhere. Start it, or set "
    "ILT__EVIDENCE__FROM=own, so that only what is recorded here counts; and import again, which goes on where this was"
)
_Said = TypeVar("_Said")


class _NoAnswer(Exception):
    def __init__(self, refused: Refused) -> None:
        super().__init__()
        self.refused = refused


class Silence:
    """Listens to what is asked, of all sessions at once."""

    def __init__(self) -> None:
        self._times = 0

    async def heard(self, ask: Callable[[str], Awaitable[_Said]], key: str, *, may_be_repeated: bool = False) -> _Said:
        """Asks for a registration under a key. What may be the repeated answer of an earlier run proves nothing about the place.

        Raises:
            Busy: whatever is asked elsewhere is not answered any more.
        """
        try:
            return await self._asked(ask, key, may_be_repeated)
        except _NoAnswer as silent:
            self._times += 1
            if self._times < _TIMES:
                raise silent.refused from None
        try:
            said = await self._asked(ask, key, may_be_repeated)
        except _NoAnswer:
            raise Busy._of("evidence-silent", 503, _SAYS) from None
        self._times = 0
        return said

    async def _asked(self, ask: Callable[[str], Awaitable[_Said]], key: str, may_be_repeated: bool) -> _Said:
        began = time.monotonic()
        try:
            return await ask(key)
        except Refused as refused:
            is_silent = time.monotonic() - began >= _IS_SILENT
            if refused.code == UNKNOWN and is_silent:
                raise _NoAnswer(refused) from refused
            if refused.code in (UNKNOWN, "prerequisites-missing") and not is_silent and not may_be_repeated:
                self._times = 0
            raise
