"""Server-Sent Events, read."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ilt._read import time
from ilt._types import Seats


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveEvent:
    """Something changed."""

    id: int
    """Its number in the journal: the `after` with which to go on."""
    name: str
    """`seats` or `session`; `reset` when the journal is not the one that `after` was of: read anew what you show."""
    session: UUID | None = None
    seats: Seats | None = None
    what: str | None = None
    """What happened, such as `registration.confirmed`."""
    at: datetime | None = None


async def events(pieces: AsyncIterator[bytes]) -> AsyncIterator[LiveEvent]:
    """The events of a stream. What only says that somebody is still there is left out."""
    kept = b""
    async for piece in pieces:
        *whole, kept = (kept + piece).split(b"\n\n")
        for event in whole:
            fields = dict(line.split(":", 1) for line in event.decode().splitlines() if ":" in line)
            if "id" in fields:
                yield _event(fields)


def _event(fields: dict[str, str]) -> LiveEvent:
    data = json.loads(fields.get("data", "{}"))
    return LiveEvent(
        id=int(fields["id"]),
        name=fields.get("event", "").strip(),
        session=UUID(data["session"]) if data.get("session") else None,
        seats=Seats._read(data["seats"]) if data.get("seats") else None,
        what=data.get("what"),
        at=time(data["at"]) if data.get("at") else None,
    )
