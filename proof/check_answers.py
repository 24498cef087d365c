"""What clients were told, held against itself and against what the journal and the tables say.

Not here: reading the wire. The history holds what was heard, and when.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Iterable, Iterator

from .database import Tables
from .findings import Finding
from .history import ANSWERED, HUNG, LOST, TROUBLE, Heard
from .replay import Replay

# Clocks of one machine, and a host that decides a moment before it answers.
SKEW = 2.0
# So long and so often a host answers writes with "not now" before it counts as standing still.
STILL_SECONDS, STILL_TIMES = 8.0, 5
# Answers that say only that the asker may no longer see, which may come in the place of an earlier one.
MAY_NOT_SEE = (401, 403, 404)


class Answers:
    """A history, taken in line by line."""

    def __init__(self) -> None:
        self.by_key: dict[tuple[str, str], list[Heard]] = defaultdict(list)
        self.told: list[tuple[Heard, dict]] = []
        self.findings: list[Finding] = []
        self.sent: dict[str, int] = defaultdict(int)
        self.answered_yes: dict[str, int] = defaultdict(int)
        self.outcomes: dict[str, int] = defaultdict(int)
        self.repeated = 0
        # when PostgreSQL was away, and a while after
        self.away: list[tuple[float, float]] = []
        # by host: since when it answers writes with "not now" only, until when, how often
        self._still: dict[int, tuple[float, float, int]] = {}

    def take(self, history: Iterable[Heard]) -> "Answers":
        """Takes in a history."""
        for heard in history:
            if heard.operation == TROUBLE:
                self.away.append((heard.began - 2, heard.ended + 8))
            else:
                self._one(heard)
                self._writes(heard)
        for host in list(self._still):
            self._moves_again(host)
        return self

    def _writes(self, heard: Heard) -> None:
        """Whether a host that lives does any write at all."""
        if heard.key is None:
            return
        if heard.outcome == LOST or (heard.outcome == ANSWERED and heard.status != 503):
            self._moves_again(heard.host)
        else:
            since, _, times = self._still.get(heard.host, (heard.began, 0, 0))
            self._still[heard.host] = (since, heard.ended, times + 1)

    def _moves_again(self, host: int) -> None:
        since, until, times = self._still.pop(host, (0.0, 0.0, 0))
        if until - since >= STILL_SECONDS and times >= STILL_TIMES and not any(a < until and since < b for a, b in self.away):
            self.findings.append(Finding("hung", f"host {host}", f"did no write for {until - since:.0f} s, and answered {times} with 503 or not at all"))

    def _one(self, heard: Heard) -> None:
        self.sent[heard.operation] += 1
        self.answered_yes[heard.operation] += heard.yes
        self.outcomes[str(heard.status or heard.outcome)] += 1
        self.repeated += heard.turn > 0
        where = f"{heard.operation} at host {heard.host}"
        if heard.outcome == HUNG:
            self.findings.append(Finding("hung", where, f"nothing was heard for {heard.ended - heard.began:.1f} s"))
        if heard.status is not None and heard.status >= 500 and heard.status != 503:
            self.findings.append(Finding("answers 500", where, f"{heard.status} {heard.code or ''}, key {heard.key}, turn {heard.turn}"))
        for wrong in heard.wrong:
            self.findings.append(Finding("answers wrong", where, wrong))
        if heard.key and heard.person:
            self.by_key[heard.person, heard.key].append(heard)
        elif heard.facts:
            self.told.append((heard, heard.facts))

    def repetitions(self, replay: Replay) -> Iterator[Finding]:
        """What was said under a key once is said again; leaves in `told` what was said, once for each key."""
        for (person, key), every in self.by_key.items():
            same = sorted((one for one in every if one.same_body and one.decided), key=lambda one: one.ended)
            began = min(one.began for one in every)
            for other in every:
                if not other.same_body and other.decided and same and same[0].ended < other.began and other.yes:
                    yield Finding("repeated", other.operation, f"another body under key {key} was answered {other.status}")
            if not same:
                continue
            first = same[0]
            if first.yes and first.facts:
                first.began = began
                self.told.append((first, first.facts))
            for other in same[1:]:
                if other.status == 500:
                    continue  # counted as such
                if other.status in MAY_NOT_SEE and other.status != first.status and _changed(replay, person, first):
                    continue
                if (first.status, first.code, first.facts) != (other.status, other.code, other.facts):
                    if _registrations(first) and _registrations(other) and _registrations(first) != _registrations(other):
                        yield Finding("doubled", other.operation, f"key {key} made {_registrations(first)} and {_registrations(other)}")
                    yield Finding("repeated", other.operation, f"{_said(first)}, then {_said(other)} at host {other.host}; key {key}")

    def found_again(self, tables: Tables, replay: Replay) -> Iterator[Finding]:
        """Every registration that a client was told of stood there then; every thing that was made is in its table."""
        ids = {name: {row["id"] for row in tables[name]} for name in ("session", "course", "location", "person")}
        for heard, facts in self.told:
            for one in facts.get("items", [facts]):
                if isinstance(one, dict) and "registration" in one:
                    yield from _stood(heard, one, replay)
            table = heard.operation.removeprefix("add_")
            if "id" in facts and table in ids and facts["id"] not in ids[table]:
                yield Finding("lost", facts["id"], f"{heard.operation} was answered {heard.status}, and it is not there")


def _stood(heard: Heard, said: dict, replay: Replay) -> Iterator[Finding]:
    claim = replay.world.claims.get(said["registration"])
    if claim is None:
        yield Finding("lost", said["registration"], f"{heard.operation} told a client that it is {said['status']}, and it is nowhere")
        return
    if (claim.session, claim.learner) != (said["session"], said["learner"]):
        yield Finding("lost", claim.id, f"{heard.operation} told of another session or learner than the journal")
    for index, (_, since, status) in enumerate(claim.stood):
        until = claim.stood[index + 1][1] if index + 1 < len(claim.stood) else float("inf")
        if status == said["status"] and since <= heard.ended + SKEW and until >= heard.began - SKEW:
            return
    yield Finding("lost", claim.id, f"{heard.operation} told a client that it is {said['status']}; by the journal it never was at that time")


def doubled(tables: Tables) -> Iterator[Finding]:
    """Everything that clients make bears a mark of its own in its name, and is there once."""
    for table, column in (("course", "title"), ("location", "name"), ("person", "name")):
        marked: dict[str, int] = defaultdict(int)
        for row in tables[table]:
            if "#" in (row.get(column) or ""):
                marked[row[column]] += 1
        for name, times in marked.items():
            if times > 1:
                yield Finding("doubled", table, f"{name} is there {times} times")


def _changed(replay: Replay, person: str, first: Heard) -> bool:
    """Whether who asked, or who it was about, was changed since, so that they may no longer see it."""
    about = {person, *(one.get("learner") for one in first.facts.get("items", [first.facts]) if isinstance(one, dict))}
    return any(replay.changed_after(one, first.began) for one in about if one)


def _registrations(heard: Heard) -> list[str]:
    return [one["registration"] for one in heard.facts.get("items", [heard.facts]) if isinstance(one, dict) and "registration" in one]


def _said(heard: Heard) -> str:
    facts = {name: value for name, value in heard.facts.items() if name not in ("session", "learner")}
    return f"{heard.status} {heard.code or ''} {facts if len(str(facts)) < 120 else ''}".strip()
