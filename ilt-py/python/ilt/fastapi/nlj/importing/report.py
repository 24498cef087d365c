"""What an import did: a line for each thing that was left out or changed in passing, and a table of numbers."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol, TextIO
from uuid import UUID

TABLES = ("users", "training_programs", "places", "training_sessions", "training_bookings", "attendance_records")
"""What comes in, in this order."""


class Kind(StrEnum):
    """What became of something."""

    LEFT_OUT = "left out"
    """It did not come in, and somebody has to decide."""
    CHANGED = "changed"
    """It came in otherwise than it was."""
    NOT_KEPT = "not kept"
    """The engine has no place for it; told once, with how many there are."""


class Came(StrEnum):
    """How a row came in."""

    NEW = "new"
    CHANGED = "changed"
    THERE = "there already"
    LEFT_OUT = "left out"
    NOT_KEPT = "not kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that somebody should know of. No name and no mail address is in it."""

    kind: Kind
    table: str
    id: UUID | None
    say: str
    """A sentence, with what to do about it."""
    count: int = 1

    def __str__(self) -> str:
        which = f" {self.id}" if self.id else ""
        return f"{self.kind}: {self.table}{which}: {self.say}"


class Hears(Protocol):
    """Who is told while an import goes on."""

    def line(self, line: Line) -> None:
        """Something was left out, or changed."""

    def registered(self, booking: UUID, registration: UUID) -> None:
        """What a booking is called from now on."""


@dataclass
class Report:
    """Counts what comes in, and passes on what is told. Keeps no line, however many there are."""

    hears: Hears
    rows: dict[str, Counter[Came]] = field(default_factory=lambda: {it: Counter(dict.fromkeys(Came, 0)) for it in TABLES})

    def count(self, table: str, came: Came, rows: int = 1) -> None:
        """So many rows of a table came in like this."""
        self.rows[table][came] += rows

    def tell(self, line: Line) -> None:
        """Passes a line on."""
        self.hears.line(line)

    def registered(self, booking: UUID, registration: UUID) -> None:
        """Passes on what a booking is called from now on."""
        self.hears.registered(booking, registration)

    @property
    def left_out(self) -> int:
        """How many rows did not come in: as many as the table says."""
        return sum(it[Came.LEFT_OUT] for it in self.rows.values())

    @property
    def changes(self) -> int:
        """How many rows are new, or changed what was there."""
        return sum(it[Came.NEW] + it[Came.CHANGED] for it in self.rows.values())

    def numbers(self) -> dict[str, dict[str, int]]:
        """How many rows of which table came in how, for machines."""
        return {table: {came.replace(" ", "-"): rows for came, rows in it.items()} for table, it in self.rows.items()}

    def summary(self, *, dry_run: bool) -> str:
        """The numbers as a table, and a sentence."""
        width = max([len(it) for it in self.rows] + [len("table")])
        head = "  ".join([f"{'table':<{width}}", *(f"{it:>13}" for it in Came)])
        body = ["  ".join([f"{name:<{width}}", *(f"{it[came]:>13}" for came in Came)]) for name, it in self.rows.items()]
        if self.changes == 0:
            said = "Nothing would change: all that can come in is there already." if dry_run else "Nothing was changed."
        else:
            said = f"{self.changes} rows would come in; nothing was changed." if dry_run else f"{self.changes} rows came in."
        left = f" {self.left_out} were left out: see above." if self.left_out else ""
        return "\n".join([head, *body, "", said + left])


class Written:
    """Writes lines for people, and the same for machines: one JSON object on each line."""

    def __init__(self, people: TextIO, machines: TextIO | None = None) -> None:
        self._people = people
        self._machines = machines

    def line(self, line: Line) -> None:
        """Something was left out, or changed."""
        print(line, file=self._people, flush=True)
        said = {"kind": line.kind.replace(" ", "-"), "table": line.table, "id": line.id and str(line.id)}
        self.machine({**said, "count": line.count, "detail": line.say})

    def registered(self, booking: UUID, registration: UUID) -> None:
        """What a booking is called from now on; for machines alone."""
        self.machine({"kind": "registration", "booking": str(booking), "registration": str(registration)})

    def machine(self, said: Mapping[str, Any]) -> None:
        """One object for machines."""
        if self._machines is not None:
            print(json.dumps(said), file=self._machines, flush=True)
