"""What the tables say: read from PostgreSQL through `psql`, or from an SQLite file, in one moment, into plain rows.

Both databases give the same rows: JSON as Python values, instants as seconds since 1970 (floats), ids as text.

Not here: any opinion about what is read.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Iterator

Row = dict[str, Any]

TABLES = ("session", "registration", "journal", "journal_head", "person", "course", "location", "completion", "timer")
# Tables whose rows others were to write once for each marker in their text.
IN_JSON = {
    "session": ("parts", "instructors", "blocks"),
    "registration": ("skipped", "attendance"),
    "journal": ("event", "seats"),
    "person": ("roles", "stands_in_for"),
    "course": ("prerequisites", "equivalents"),
}
INSTANTS = {
    "session": ("starts_at", "ends_at", "status_at", "freed_at", "moved_at", "rescheduled_at"),
    "registration": ("created_at", "status_at", "since", "passed_at", "told_at", "until", "warn_at", "starts_at"),
    "journal": ("at",),
    "completion": ("completed_at",),
    "timer": ("due", "free_at"),
}


@dataclass
class Tables:
    """The rows of one moment."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in TABLES})

    def __getitem__(self, name: str) -> list[Row]:
        return self.rows[name]


class Database:
    """A PostgreSQL (`postgres://…`) or an SQLite file (`sqlite:FILE`)."""

    def __init__(self, url: str, schema: str = "ilt") -> None:
        self.url = url
        self.schema = schema
        self.file = Path(url.removeprefix("sqlite:")) if url.startswith("sqlite:") else None

    def read(self) -> Tables:
        """All tables, as of one moment."""
        tables = Tables()
        if self.file is not None:
            with sqlite3.connect(f"file:{self.file}?mode=ro", uri=True, timeout=30) as connection:
                connection.row_factory = sqlite3.Row
                connection.execute("BEGIN")
                for name in TABLES:
                    order = " ORDER BY sequence" if name == "journal" else ""
                    for row in connection.execute(f"SELECT * FROM {name}{order}"):
                        tables[name].append(tidy(name, dict(row)))
            return tables
        questions = "".join(
            f"SELECT '{name} ' || row_to_json(t) FROM {self.schema}.{name} AS t{' ORDER BY sequence' if name == 'journal' else ''};\n"
            for name in TABLES
        )
        for line in self._psql(f"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;\n{questions}COMMIT;\n"):
            name, _, text = line.partition(" ")
            if name in tables.rows:
                tables[name].append(tidy(name, json.loads(text)))
        return tables

    def ask(self, question: str) -> list[list[Any]]:
        """A question in SQL that both databases understand; the answer in rows. Each question sees one moment."""
        if self.file is not None:
            with sqlite3.connect(f"file:{self.file}?mode=ro", uri=True, timeout=30) as connection:
                return [list(row) for row in connection.execute(question)]
        lines = self._psql(f"SET search_path = {self.schema};\nSELECT row_to_json(t) FROM ({question}) AS t;\n")
        return [list(json.loads(line).values()) for line in lines if line.startswith("{")]

    def _psql(self, script: str) -> Iterator[str]:
        done = subprocess.run(
            ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", self.url],
            input=script, capture_output=True, text=True, timeout=600,
        )
        if done.returncode != 0:
            raise ConnectionError(done.stderr.strip()[-500:])
        yield from done.stdout.split("\n")


def tidy(name: str, row: Row) -> Row:
    """A row as both databases are to give it."""
    for column in IN_JSON.get(name, ()):
        if isinstance(row.get(column), str):
            try:
                row[column] = json.loads(row[column])
            except ValueError:
                pass
    for column in INSTANTS.get(name, ()):
        row[column] = instant(row.get(column))
    for column in ("waitlist", "active", "automatic", "paused", "approved"):
        if isinstance(row.get(column), int):
            row[column] = bool(row[column])
    return row


def instant(value: Any) -> float | None:
    """Seconds since 1970: from text with an offset, or from microseconds as SQLite keeps them."""
    if value is None:
        return None
    if isinstance(value, (int, float)):
        return value / 1_000_000
    return datetime.fromisoformat(value.replace("Z", "+00:00")).timestamp()
