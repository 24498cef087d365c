"""The checker: tables, journal and history in, findings out. Knows no host; runs as well on what was kept of a run.

    python3 -m proof.check --database URL --history FILE

Not here: each check. They are in `replay.py`, `check_tables.py` and `check_answers.py`.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from . import check_answers, check_tables
from .database import Database, Tables
from .findings import INVARIANTS, Finding
from .history import Heard, read
from .replay import Replay


class Checked:
    """What came out."""

    def __init__(self, tables: Tables, history: list[Heard] | Path, now: float, settled: bool = True) -> None:
        self.replay = Replay()
        self.replay.take(tables["journal"])
        self.answers = check_answers.Answers().take(read(history) if isinstance(history, Path) else history)
        self.entries = len(tables["journal"])
        self.registrations = len(tables["registration"])
        self.findings: list[Finding] = [
            *self.replay.findings,
            *check_tables.columns(tables),
            *check_tables.live_once(tables),
            *check_tables.beside_the_journal(tables, self.replay),
            *self.answers.findings,
            *self.answers.repetitions(self.replay),
            *self.answers.found_again(tables, self.replay),
            *check_answers.doubled(tables),
        ]
        if settled:
            self.findings += [
                *check_tables.nobody_left(tables, self.replay),
                *check_tables.nobody_unserved(tables, self.replay, now),
                *check_tables.timers(tables, now),
            ]

    def by_invariant(self) -> dict[str, list[Finding]]:
        """Findings under their headings, all headings in order."""
        return {name: [one for one in self.findings if one.invariant == name] for name in INVARIANTS}


def main() -> int:
    """Checks what was kept of a run."""
    from .verdict import table

    parser = argparse.ArgumentParser(prog="python3 -m proof.check", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--database", required=True, help="postgres://… or sqlite:FILE")
    parser.add_argument("--history", type=Path, required=True, help="the clients' history, JSON lines")
    parser.add_argument("--examples", type=int, default=3, help="findings told of each kind (3)")
    args = parser.parse_args()
    checked = Checked(Database(args.database).read(), args.history, time.time())
    print(table(checked.by_invariant(), args.examples))
    return 1 if checked.findings else 0


if __name__ == "__main__":
    raise SystemExit(main())
