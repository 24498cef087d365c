"""The mix: a town, hosts, clients that do everything the contract has, trouble beside them, and the checker over all of it.

`scripts/mix` builds, starts a PostgreSQL and calls this. The last lines are the verdict; the exit status is 0 when nothing was found.

Not here: races that are made on purpose (`races.py`).
"""

from __future__ import annotations

import argparse
import secrets
import signal
import sys
import threading
import time
from pathlib import Path

from . import check_tables, moves, moves_telling, verdict
from .check import Checked
from .client import Client, Shared
from .contract import Contract
from .database import Database
from .findings import Finding
from .history import History
from .hosts import Hosts, knows
from .postgres import Postgres
from .settle_in import settle_in, tokens
from .settled import come_to_rest
from .town import build, write
from .trouble import Trouble

PATIENCE = 13.0  # a host's own limit is 10 s


def options() -> argparse.Namespace:
    """What `scripts/mix` passes on."""
    parser = argparse.ArgumentParser(prog="python3 -m proof.mix")
    parser.add_argument("--bin", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--contract", type=Path, required=True)
    parser.add_argument("--components", type=Path)
    parser.add_argument("--postgres-folder", type=Path)
    parser.add_argument("--postgres-script", type=Path)
    parser.add_argument("--store", required=True)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--hosts", type=int, default=3)
    parser.add_argument("--clients", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kill-every", type=float, default=8)
    parser.add_argument("--postgres-restarts", type=int, default=1)
    parser.add_argument("--pace", type=float, default=0.15)
    parser.add_argument("--examples", type=int, default=3)
    return parser.parse_args()


class Mix:
    """One run."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.args = args
        self.town = build(args.seed)
        has_calendars = knows(args.bin.resolve(), "calcom")
        self.contract = Contract(args.contract, args.components is not None, has_calendars)
        self.database = Database(args.store)
        settings = {"ILT__ANALYTICS__FROM": "journal", "ILT__STATEMENTS__TELL": "true", "ILT__HTTP__GRACE": "10s",
                    "ILT__PLUGINS__CACHE": str(args.work / "compiled"), **(moves_telling.SETTINGS if has_calendars else {})}
        self.hosts = Hosts(args.bin.resolve(), args.work, args.store, secrets.token_hex(32), args.hosts, settings)
        self.postgres = Postgres(args.postgres_folder, args.postgres_script) if args.postgres_folder else None
        self.history = History(args.work / "history.jsonl")
        self.between: set[Finding] = set()
        self.looks = 0

    def run(self) -> int:
        """All of it; the exit status."""
        args = self.args
        write(self.town, args.work / "town")
        self.hosts.run("migrate")
        self.hosts.run("import", str(args.work / "town"))
        made = tokens(self.hosts, self.town, hours=int(args.seconds / 3600) + 4)
        self.hosts.start_all()
        shared = Shared(self.town, self.contract, self.history, self.hosts.ports, made, PATIENCE, args.components)
        settle_in(Client(shared, args.seed, repeats=False))
        say(f"{len(self.town.people)} people, {len(self.town.meetings)} sessions, {args.clients} clients, {args.hosts} hosts, seed {args.seed}")
        trouble = Trouble(self.hosts, self.postgres, self.history, args.seed, args.kill_every, args.postgres_restarts, args.seconds)
        clients = [threading.Thread(target=moves.run, args=(Client(shared, args.seed * 1000 + n, pace=args.pace),)) for n in range(args.clients)]
        for one in (*clients, trouble):
            one.start()
        try:
            self._watch(shared, trouble)
        finally:
            shared.stop.set()
            trouble.end()
            for one in clients:
                one.join(5 * PATIENCE)
        stuck = sum(one.is_alive() for one in clients)
        rest = come_to_rest(self.hosts, self.database, Client(shared, args.seed + 1, repeats=False))
        self.history.close()
        rest += [Finding("hung", "harness", f"{stuck} clients did not come back")] if stuck else []
        rest += [Finding("settled", "trouble", why) for why in trouble.failed]
        rest += [Finding("hung", f"host {host}", "did not end within 30 s of SIGTERM") for host in self.hosts.stop_all()]
        return self._verdict(rest)

    def _watch(self, shared: Shared, trouble: Trouble) -> None:
        began = time.monotonic()
        while (past := time.monotonic() - began) < self.args.seconds and not shared.stop.is_set():
            shared.stop.wait(5)
            try:
                self.between.update(check_tables.quick(self.database))
                self.looks += 1
            except Exception as error:  # PostgreSQL is away just now, as it is meant to be
                say(f"no look at the tables: {str(error).splitlines()[0][:80]}")
            restarts = self.postgres.restarts if self.postgres else 0
            pauses = self.postgres.pauses if self.postgres else 0
            say(
                f"{past:5.0f} s  {shared.sent} requests, {self.hosts.kills} kills, {restarts} restarts and {pauses} pauses of PostgreSQL, "
                f"{self.hosts.ended_by_themselves} hosts ended by themselves, {len(self.between)} findings so far"
            )

    def _verdict(self, rest: list[Finding]) -> int:
        say("checking")
        checked = Checked(self.database.read(), self.history.file, time.time())
        # What a look in between saw may have been mended by a later write: it was wrong all the same.
        checked.findings += [*rest, *self.between]
        answers = checked.answers
        never = sorted(self.contract.names() - set(answers.sent))
        no_yes = sorted(self.contract.names() - {name for name, times in answers.answered_yes.items() if times} - set(never))
        print(verdict.operations(answers.sent, answers.answered_yes))
        print()
        print(f"{sum(answers.sent.values())} requests ({answers.repeated} repetitions): " + ", ".join(f"{t} {n}" for n, t in sorted(answers.outcomes.items())))
        print(f"{checked.entries} journal entries, {checked.registrations} registrations, {self.looks} looks at the tables in between")
        print(f"{self.hosts.kills} kills, {self.hosts.ended_by_themselves} hosts ended by themselves", end="")
        if self.postgres:
            print(f", {self.postgres.restarts} restarts and {self.postgres.pauses} pauses of PostgreSQL, {self.postgres.deadlocks()} deadlocks", end="")
        print(f"\n{len(self.contract.names())} operations; never sent: {', '.join(never) or 'none'}; never answered with a yes: {', '.join(no_yes) or 'none'}\n")
        print(verdict.table(checked.by_invariant(), self.args.examples))
        failed = bool(checked.findings or never or no_yes)
        print("\nfailed" if failed else "\nnothing was found")
        return 1 if failed else 0


def say(line: str) -> None:
    """Progress, for whoever waits."""
    print(line, file=sys.stderr, flush=True)


def main() -> int:
    """Runs, and stops all that was started whatever happens."""
    mix = Mix(options())
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        return mix.run()
    finally:
        mix.hosts.stop_all(5)


if __name__ == "__main__":
    raise SystemExit(main())
