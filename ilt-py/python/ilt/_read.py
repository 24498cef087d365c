"""From JSON: what has a form of its own there."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

_LENGTH = re.compile(r"(-?)PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?")


def time(said: str) -> datetime:
    """A point in time, in UTC."""
    return datetime.fromisoformat(said)


def wall_clock(said: str) -> datetime:
    """What clocks on a wall show, without a zone."""
    return datetime.fromisoformat(said)


def length(said: str) -> timedelta:
    """A length of time."""
    match = _LENGTH.fullmatch(said)
    if match is None:
        raise ValueError(f"{said!r} is no length of time")
    sign, hours, minutes, seconds = match.groups()
    length = timedelta(hours=int(hours or 0), minutes=int(minutes or 0), seconds=float(seconds or 0))
    return -length if sign else length
