"""Files that come in as far as they can: what is wrong with a line keeps only that line out."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import Any, TypeVar

from ilt import Busy, Engine, InvalidRequest
from ilt.fastapi.nlj.tables import table

_LINE = re.compile(r"line (\d+)")
_TRIES = 30
_AT_ONCE = 32
_Said = TypeVar("_Said")
_Of = TypeVar("_Of")


async def brought(
    engine: Engine, kind: str, columns: Sequence[str], rows: Sequence[dict[str, Any]], *, rehearse: bool = False
) -> tuple[int, int, dict[int, str]]:
    """Brings in what can be, or only says what would become of it.

    Returns:
        How many lines were new, how many changed what was there, and what is wrong with the others, by their place in `rows`.
    """
    left, wrong = list(enumerate(rows)), dict[int, str]()
    while left:
        file = table(columns, [row for _, row in left])
        try:
            done = await patiently(partial(engine.import_csv, kind, file, rehearse=rehearse))
        except InvalidRequest as refused:
            told = _told(refused)
            bad = {left[line - 2][0]: why for line, why in told.items() if 0 <= line - 2 < len(left)}
            if not bad and len(left) == 1:
                bad = {left[0][0]: refused.detail}
            if not bad:
                return await _one_by_one(engine, kind, columns, rows, left, wrong, rehearse=rehearse)
            wrong |= bad
            left = [it for it in left if it[0] not in bad]
        else:
            wrong |= {left[it.line - 2][0]: it.detail for it in done.left_out}
            return done.added, done.changed, wrong
    return 0, 0, wrong


async def _one_by_one(
    engine: Engine,
    kind: str,
    columns: Sequence[str],
    rows: Sequence[dict[str, Any]],
    left: list[tuple[int, dict[str, Any]]],
    wrong: dict[int, str],
    *,
    rehearse: bool,
) -> tuple[int, int, dict[int, str]]:
    added = changed = 0
    for at, _ in left:
        one, other, bad = await brought(engine, kind, columns, [rows[at]], rehearse=rehearse)
        added, changed = added + one, changed + other
        wrong |= dict.fromkeys((at for _ in bad), next(iter(bad.values()), ""))
    return added, changed, wrong


def _told(refused: InvalidRequest) -> dict[int, str]:
    found: dict[int, str] = {}
    for it in refused.facts.get("fields", ()):
        if (match := _LINE.match(str(it["pointer"]))) is not None:
            found.setdefault(int(match[1]), f"{str(it['pointer']).partition(', ')[2].partition(':')[0]} {it['detail']}".strip())
    return found


def only(detail: str) -> str:
    """What is wrong with a file of one line, without the line."""
    return _LINE.sub("", detail.strip().rpartition("\n")[2].strip()).removeprefix(", ")


async def patiently(ask: Callable[[], Awaitable[_Said]]) -> _Said:
    """Asks again while the engine is too busy, or its database away; for half a minute about.

    Raises:
        Busy: it still was.
    """
    for _ in range(_TRIES):
        try:
            return await ask()
        except Busy as busy:
            await asyncio.sleep(min(busy.retry_after or 1, 5))
    return await ask()


def patient(ask: Callable[[_Of], Awaitable[_Said]]) -> Callable[[_Of], Awaitable[_Said]]:
    """The same, asked `patiently`."""

    async def asked(of: _Of) -> _Said:
        return await patiently(partial(ask, of))

    return asked


async def side_by_side(ask: Callable[[_Of], Awaitable[_Said]], of: Iterable[_Of]) -> list[_Said]:
    """Asks for each of them, 32 at once; the answers are in their order. The first that fails fails all."""
    turns = asyncio.Semaphore(_AT_ONCE)

    async def one(it: _Of) -> _Said:
        async with turns:
            return await ask(it)

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(it)) for it in of]
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return [it.result() for it in tasks]
