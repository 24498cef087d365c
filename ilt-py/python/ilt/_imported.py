"""What an import did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A session that did not come in, since it would book an instructor or a room twice."""

    line: int
    """Counted from 1, with the header."""
    column: str
    """Empty for the line as a whole."""
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did."""

    rows: int
    """Lines of the file, without the header."""
    added: int
    """Records that were new."""
    changed: int
    """Records that were there before and have changed."""
    warnings: tuple[str, ...]
    """What is allowed and may be meant otherwise, by line."""
    left_out: tuple[LeftOut, ...]

    @classmethod
    def of(cls, said: dict[str, Any]) -> Self:
        """As the engine says it."""
        warnings, left_out = tuple(said.pop("warnings")), tuple(LeftOut(**one) for one in said.pop("left_out"))
        return cls(warnings=warnings, left_out=left_out, **said)
