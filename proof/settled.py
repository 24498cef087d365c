"""After the last trouble: everything comes to rest, within a time, and every host still does its work.

Not here: whether what came to rest is right.
"""

from __future__ import annotations

import time

from .client import Client
from .database import Database
from .findings import Finding
from .hosts import Hosts


def come_to_rest(hosts: Hosts, database: Database, client: Client, patience: float = 45) -> list[Finding]:
    """Waits until hosts are ready, nothing is due and nothing is behind; what did not come to rest."""
    found = []
    for host in hosts.raise_the_dead():
        found.append(Finding("settled", f"host {host}", "had ended by itself"))
    for host in range(len(hosts.ports)):
        if not hosts.wait_ready(host, patience):
            found.append(Finding("settled", f"host {host}", f"/health/ready after {patience:.0f} s: {hosts.ready(host)}"))
        found += writes(client, host)
    until = time.monotonic() + patience
    while (waiting := _waiting(database)) and time.monotonic() < until:
        time.sleep(0.5)
    found += [Finding("settled", "timers", f"{waiting} are due and were not done after {patience:.0f} s")] if waiting else []
    return found


def writes(client: Client, host: int, tries: int = 3) -> list[Finding]:
    """Whether a host still writes: something that touches no session, and that nobody else is in the way of."""
    said = []
    for _ in range(tries):
        body = {"rule": "reminder-first", "value": client.rng.randint(5, 9)}
        answer = client.call("set_rule", client.town.admins[0], body=body, host=host, once=True)
        if answer.ok:
            return []
        said.append(f"{answer.status or answer.outcome} after {answer.ended - answer.began:.1f} s")
        time.sleep(1)
    return [Finding("hung", f"host {host}", f"writes no more: {', '.join(said)}")]


def _waiting(database: Database) -> int:
    now = time.time() - 3
    column = f"due < {int(now * 1_000_000)}" if database.file else f"due < to_timestamp({now})"
    return database.ask(f"SELECT count(*) AS n FROM timer WHERE {column}")[0][0]
