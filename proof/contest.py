"""All races and scenes one after the other, with a verdict. `scripts/races` builds, starts a PostgreSQL and calls this.

Not here: the races (`races.py`) and scenes (`standstill.py`) themselves.
"""

from __future__ import annotations

import argparse
import secrets
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Callable

from . import asking, outsiders, races, standstill, switching, verdict
from .check import Checked
from .client import Client, Shared
from .contract import Contract
from .database import Database
from .findings import INVARIANTS, Finding
from .history import History
from .hosts import Hosts
from .mix import PATIENCE, say
from .postgres import Postgres
from .races import Ring
from .settle_in import rules, tokens
from .settled import come_to_rest, writes
from .town import build, write

RACES = ("seats", "looks", "overlap", "last", "swap", "strangers", "resumed", "switching", "asking", "standstill")


def options() -> argparse.Namespace:
    """What `scripts/races` passes on."""
    parser = argparse.ArgumentParser(prog="python3 -m proof.contest")
    parser.add_argument("--bin", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--contract", type=Path, required=True)
    parser.add_argument("--components", type=Path)
    parser.add_argument("--store", required=True)
    parser.add_argument("--postgres-folder", type=Path)
    parser.add_argument("--postgres-script", type=Path)
    parser.add_argument("--hosts", type=int, default=2)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=RACES)
    parser.add_argument("--examples", type=int, default=3)
    return parser.parse_args()


class Contest:
    """One run of all of them."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.args = args
        self.hosts = Hosts(args.bin.resolve(), args.work, args.store, secrets.token_hex(32), args.hosts, {"ILT__HTTP__GRACE": "5s", "ILT__PLUGINS__CACHE": str(args.work / "compiled")})
        self.town = build(args.seed, learners=max(25, args.clients // 4 + 2))
        self.history = History(args.work / "history.jsonl")
        self.database = Database(args.store)
        self.postgres = Postgres(args.postgres_folder, args.postgres_script) if args.postgres_folder else None
        self.found: list[Finding] = []
        self.lines: list[str] = []

    def run(self) -> int:
        """All of it; the exit status."""
        args, town = self.args, self.town
        write(town, args.work / "town")
        self.hosts.run("migrate")
        self.hosts.run("import", str(args.work / "town"))
        made = tokens(self.hosts, town, hours=6)
        self.hosts.start_all()
        shared = Shared(town, Contract(args.contract, args.components is not None), self.history, self.hosts.ports, made, PATIENCE, args.components)
        rules(Client(shared, args.seed, repeats=False))
        ring = Ring(shared, self.database, args.clients, args.seed)
        few = max(2, args.rounds)
        self._race(ring, "seats", few, f"{args.clients} learners want 5 seats", lambda: races.few_seats(ring, args.clients))
        self._race(ring, "looks", few, "12 register one by one, and one looks for alternatives all the while", lambda: races.looks_beside(ring))
        self._race(ring, "overlap", 1, f"one learner wants two sessions at one time, {args.times} times", lambda: races.one_learner(ring, args.times))
        self._race(ring, "last", few, "12 who wait accept the last 2 seats", lambda: races.last_seats(ring, 12))
        self._race(ring, "swap", few, "a swap gives a seat back, and a newcomer asks for it", lambda: races.past_the_queue(ring))
        self._race(ring, "strangers", 1, "people of another dealer name two who are registered", lambda: outsiders.strangers(ring))
        self._race(ring, "resumed", few, "a live stream is resumed again and again, through both hosts", lambda: outsiders.resumed(ring))
        if args.components:
            self._race(ring, "asking", 1, "those who wait are asked about anew on every host", lambda: asking.anew(ring, self.hosts))
            self._race(ring, "switching", 1, "two editions of a plugin take turns while hosts are killed", lambda: switching.activations(ring, self.hosts))
        self._race(ring, "standstill", 1, "an offer is accepted beside a queue that cannot be served", lambda: standstill.all_scenes(ring, self.hosts, say))
        ring.pool.shutdown()
        self.found += come_to_rest(self.hosts, self.database, ring.one)
        self.history.close()
        self.found += [Finding("hung", f"host {host}", "did not end within 30 s of SIGTERM") for host in self.hosts.stop_all()]
        return self._verdict()

    def _race(self, ring: Ring, name: str, rounds: int, what: str, race: Callable[[], list[Finding]]) -> None:
        if self.args.only not in (None, name):
            return
        wrong, words, began = 0, Counter[str](), time.monotonic()
        for number in range(rounds):
            try:
                found = race()
            except (ConnectionError, OSError) as error:
                found = [Finding("hung", name, str(error))]
            found += self._all_write(ring)
            self.found += found
            wrong += bool(found)
            words.update(one.invariant for one in found)
            say(f"{name} {number + 1} of {rounds}: {dict(words) or 'nothing'}, {time.monotonic() - began:.0f} s")
        self.lines.append(f"{wrong:4} of {rounds:3} rounds  {what}" + (f": {', '.join(f'{times} {word}' for word, times in words.items())}" if words else ""))

    def _all_write(self, ring: Ring) -> list[Finding]:
        """Whether every host still writes; one that does not is started anew, so that the next round is a fair one."""
        found = []
        self.hosts.raise_the_dead()
        for host in range(len(self.hosts.ports)):
            self.hosts.wait_ready(host, 20)
            still = writes(ring.one, host, tries=2)
            if still:
                found += still
                self.hosts.kill(host)
                self.hosts.start(host)
                self.hosts.wait_ready(host, 20)
                ring.forget()
        return found

    def _verdict(self) -> int:
        checked = Checked(self.database.read(), self.history.file, time.time())
        every = [*self.found, *checked.findings]
        print("rounds in which something was found, by what their own looks saw:")
        print("\n".join(self.lines))
        print(f"\nby the checker, over {checked.entries} journal entries and {sum(checked.answers.sent.values())} requests:")
        print(verdict.table({name: [one for one in every if one.invariant == name] for name in INVARIANTS}, self.args.examples))
        if self.postgres:
            print(f"{self.postgres.deadlocks():8}  deadlocks in PostgreSQL's log")
        print("\nfailed" if every else "\nnothing was found")
        return 1 if every else 0


def main() -> int:
    """Runs, and stops all that was started whatever happens."""
    import signal

    contest = Contest(options())
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        return contest.run()
    finally:
        contest.hosts.stop_all(5)


if __name__ == "__main__":
    raise SystemExit(main())
