"""`skip` and `limit`, over an engine that has pages with a mark where they ended."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, Field

_PAGE = 200
_PAGES = 50
_Item = TypeVar("_Item")
_Out = TypeVar("_Out", covariant=True)

MOST_SKIPPED = _PAGE * (_PAGES - 1)
"""How many can be skipped: what lies further back is not walked to."""


class Window(BaseModel):
    """Which part of a list is wanted."""

    model_config = ConfigDict(extra="ignore")

    skip: int = Field(0, ge=0, le=MOST_SKIPPED)
    limit: int = Field(100, ge=1, le=_PAGE)

    @property
    def end(self) -> int:
        """How many there must be for the last of them."""
        return self.skip + self.limit


class Page(Protocol[_Out]):
    """A page of the engine's."""

    @property
    def items(self) -> tuple[_Out, ...]:
        """What is on it."""

    @property
    def next(self) -> str | None:
        """Where the next begins."""


async def walk(
    page: Callable[[int, str | None], Awaitable[Page[_Item]]], most: int, passes: Callable[[_Item], bool] = lambda _: True
) -> list[_Item]:
    """The first of them that pass.

    Costs one call of the engine for 200 entries on the way, and 50 at most: entries that do not pass count as well.
    """
    found: list[_Item] = []
    cursor: str | None = None
    for _ in range(_PAGES):
        answer = await page(_PAGE, cursor)
        found.extend(it for it in answer.items if passes(it))
        cursor = answer.next
        if cursor is None or len(found) >= most:
            break
    return found[:most]
