"""The history: every request and what was heard, one JSON line each, written while the clients run.

The checker reads nothing else of the clients. A line of a reading request has no facts, only whether and when it was answered.

Not here: bodies. They would make an hour's history too large, and hold names.
"""

from __future__ import annotations

import json
import threading
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Iterable, Iterator

# Not a request: PostgreSQL was away from `began` to `ended`, by the harness's own doing.
TROUBLE = "trouble"

# What became of a request.
ANSWERED = "answered"
LOST = "lost"  # the connection broke: it may have been done or not
HUNG = "hung"  # nothing was heard within the client's patience


@dataclass(slots=True)
class Heard:
    """One request, and what was heard."""

    operation: str
    host: int
    person: str | None
    began: float
    ended: float
    outcome: str
    status: int | None = None
    code: str | None = None
    key: str | None = None
    # the same request as before under its key, and not another one that is to be refused
    same_body: bool = True
    facts: dict[str, Any] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    # the number of this sending under its key: 0 the first time
    turn: int = 0

    @property
    def yes(self) -> bool:
        """Whether it was answered with a yes."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def decided(self) -> bool:
        """Whether it was answered, and with more than "not now" or "who are you?"."""
        return self.outcome == ANSWERED and self.status not in (401, 429, 503)


class History:
    """Where clients write what they heard; many threads may."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._lock = threading.Lock()
        self._out = file.open("a", encoding="utf-8", buffering=1 << 16)

    def write(self, heard: Heard) -> None:
        """Adds a line. What has its default is left out."""
        line = {name: value for name, value in asdict(heard).items() if value not in (None, {}, [])}
        if line.get("same_body"):
            del line["same_body"]
        text = json.dumps(line, separators=(",", ":")) + "\n"
        with self._lock:
            self._out.write(text)

    def close(self) -> None:
        """Nothing is written after this."""
        with self._lock:
            self._out.close()

    def flush(self) -> None:
        """What was heard so far is in the file after this."""
        with self._lock:
            self._out.flush()


def read(file: Path) -> Iterator[Heard]:
    """What is in a file, line by line."""
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            yield Heard(**{"person": None, **json.loads(line)})


def write_all(file: Path, every: Iterable[Heard]) -> None:
    """A whole history at once, as forged ones are made."""
    history = History(file)
    for heard in every:
        history.write(heard)
    history.close()
