"""To JSON: each value checked first, so that what is wrong is told by the name of its argument.

A value of another type raises `TypeError`, one that cannot be right `InvalidRequest`, which is a `ValueError`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol, TypeVar
from urllib.parse import quote
from uuid import UUID

from ilt._errors import invalid

MOST: int = 100_000
"""Entries of one list at most."""


class _Record(Protocol):
    def _write(self, name: str) -> dict[str, Any]: ...


_Word = TypeVar("_Word", bound=StrEnum)
_One = TypeVar("_One")


def _wrong(name: str, wanted: str, value: object) -> TypeError:
    return TypeError(f"{name} must be {wanted}, not {type(value).__name__}")


def uuid(name: str, value: UUID) -> str:
    """An id."""
    if not isinstance(value, UUID):
        raise _wrong(name, "a UUID", value)
    return str(value)


def time(name: str, value: datetime) -> str:
    """A point in time: a `datetime` with a zone."""
    if not isinstance(value, datetime):
        raise _wrong(name, "a datetime", value)
    if value.utcoffset() is None:
        raise invalid(name, "must have a time zone: a naive datetime is no point in time")
    return value.isoformat()


def wall_clock(name: str, value: datetime) -> str:
    """What clocks on a wall show: a `datetime` without a zone, which is said beside it."""
    if not isinstance(value, datetime):
        raise _wrong(name, "a datetime", value)
    if value.tzinfo is not None:
        raise invalid(name, "is what clocks on the wall show and has no time zone: say the zone beside it")
    return value.isoformat()


def length(name: str, value: timedelta) -> str:
    """A length of time."""
    if not isinstance(value, timedelta):
        raise _wrong(name, "a timedelta", value)
    seconds, rest = divmod(abs(value), timedelta(seconds=1))
    fraction = f".{rest.microseconds:06}" if rest else ""
    return f"{'-' if value < timedelta() else ''}PT{seconds}{fraction}S"


def coordinates(name: str, value: tuple[float, float]) -> str:
    """Degrees north and degrees east."""
    if not isinstance(value, tuple) or len(value) != 2:
        raise _wrong(name, "a tuple of degrees north and degrees east", value)
    return ",".join(repr(number(name, one)) for one in value)


def text(name: str, value: str) -> str:
    """A text."""
    if not isinstance(value, str):
        raise _wrong(name, "a str", value)
    try:
        value.encode()
    except UnicodeEncodeError:
        raise invalid(name, "has half of a character in it, which cannot be written") from None
    return value


def whole(name: str, value: int) -> int:
    """A whole number."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong(name, "an int", value)
    if abs(value) >> 63:
        raise invalid(name, "is further from nought than any number here can be")
    return value


def number(name: str, value: float) -> float:
    """A number."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise _wrong(name, "a number", value)
    if value != value or value in (float("inf"), float("-inf")):
        raise invalid(name, "must be a number, and neither infinite nor none")
    return float(value)


def flag(name: str, value: bool) -> bool:
    """Yes or no."""
    if not isinstance(value, bool):
        raise _wrong(name, "a bool", value)
    return value


def word(name: str, words: type[_Word], value: _Word) -> str:
    """One of some words."""
    if not isinstance(value, str):
        raise _wrong(name, f"a {words.__name__}", value)
    try:
        return words(value).value
    except ValueError:
        raise invalid(name, f"must be one of {', '.join(words)}") from None


def record(name: str, kind: type[_Record], value: _Record) -> dict[str, Any]:
    """A value of several parts."""
    if not isinstance(value, kind):
        raise _wrong(name, f"a {kind.__name__}", value)
    return value._write(name)


def several(name: str, values: Iterable[_One], write: Callable[[str, _One], Any]) -> list[Any]:
    """A list."""
    if isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable):
        raise _wrong(name, "a list", values)
    written: list[Any] = []
    for at, value in enumerate(values):
        if at >= MOST:
            raise invalid(name, f"has more than {MOST:,} entries")
        written.append(write(f"{name}[{at}]", value))
    return written


def tree(name: str, value: dict[str, Any]) -> dict[str, Any]:
    """What JSON can say, by names."""
    if not isinstance(value, dict):
        raise _wrong(name, "a dict", value)
    return value


def octets(name: str, value: bytes) -> bytes:
    """Bytes."""
    if not isinstance(value, bytes):
        raise _wrong(name, "bytes", value)
    return value


def segment(value: str | int) -> str:
    """A part of a path. Dots alone would mean another address."""
    escaped = quote(str(value), safe="")
    return escaped.replace(".", "%2E") if not escaped.strip(".") else escaped


def header(name: str, value: str) -> bytes:
    """What can stand in a header."""
    if not isinstance(value, str):
        raise _wrong(name, "a str", value)
    if not value.isascii() or not value.isprintable():
        raise invalid(name, "must be of letters, digits and signs of ASCII")
    return value.encode()
