"""What the tables must say by themselves, and beside what the journal says.

`quick` is one question in SQL, cheap enough to be asked again and again while clients run; the others read all rows.

Not here: what clients were told (`check_answers.py`).
"""

from __future__ import annotations

from collections import Counter
from typing import Iterator

from . import obstacles
from .database import Database, Tables
from .findings import Finding
from .replay import Replay, could_have
from .world import LIVE

PEOPLE = "(SELECT count(*) FROM registration AS r WHERE r.session_id = s.id AND r.status = '{}')"
NUMBERS = ("capacity", "confirmed", "held", "offered", "reserved", "open", "waitlisted", "over_capacity")
QUICK = f"""
SELECT * FROM (SELECT s.id AS id, {', '.join('s.' + name for name in NUMBERS)},
       {PEOPLE.format('confirmed')} AS has_seat, {PEOPLE.format('held')} AS has_request,
       {PEOPLE.format('offered')} AS has_offer, {PEOPLE.format('waitlisted')} AS waits FROM session AS s) AS n
 WHERE confirmed + over_capacity <> has_seat OR held <> has_request OR offered <> has_offer OR waitlisted <> waits
    OR has_seat + has_request + has_offer > capacity + over_capacity
    OR capacity <> confirmed + held + offered + reserved + open
"""


def quick(database: Database) -> list[Finding]:
    """Sessions whose numbers are not their people, now."""
    found = []
    for row in database.ask(QUICK):
        numbers = dict(zip(("id", *NUMBERS, "has_seat", "has_request", "has_offer", "waits"), row))
        found += list(_session(numbers))
    return found


def _session(row: dict) -> Iterator[Finding]:
    taken = row["has_seat"] + row["has_request"] + row["has_offer"]
    if taken > row["capacity"] + row["over_capacity"]:
        yield Finding("oversold", row["id"], f"{taken} people with a claim to {row['capacity']} seats, {row['over_capacity']} counted beyond")
    pairs = (("confirmed", row["confirmed"] + row["over_capacity"], row["has_seat"]), ("held", row["held"], row["has_request"]),
             ("offered", row["offered"], row["has_offer"]), ("waitlisted", row["waitlisted"], row["waits"]))
    for name, said, there in pairs:
        if said != there:
            yield Finding("ledger", row["id"], f"{name} says {said}, and {there} people are")
    if row["capacity"] != sum(row[name] for name in ("confirmed", "held", "offered", "reserved", "open")):
        yield Finding("ledger", row["id"], f"the five numbers do not add up: {row}")


def columns(tables: Tables) -> Iterator[Finding]:
    """Every session's numbers are its people, and its blocks what is reserved."""
    people = Counter((row["session_id"], row["status"]) for row in tables["registration"])
    for row in tables["session"]:
        id = row["id"]
        yield from _session({
            **{name: row[name] for name in ("id", *NUMBERS)}, "has_seat": people[id, "confirmed"], "has_request": people[id, "held"],
            "has_offer": people[id, "offered"], "waits": people[id, "waitlisted"],
        })
        if row["status"] in ("draft", "published") and row.get("blocks") is not None:
            reserved = sum(max(0, block["seats"] - block["used"]) for block in row["blocks"])
            if reserved != row["reserved"]:
                yield Finding("ledger", id, f"reserved says {row['reserved']}, and its blocks say {reserved}")


def live_once(tables: Tables) -> Iterator[Finding]:
    """One live registration per learner and session at most."""
    live = Counter((row["learner_id"], row["session_id"]) for row in tables["registration"] if row["status"] in LIVE)
    for (learner, session), times in live.items():
        if times > 1:
            yield Finding("doubled", learner, f"{times} live registrations for {session}")


def beside_the_journal(tables: Tables, replay: Replay) -> Iterator[Finding]:
    """The tables are what the journal comes to, row by row."""
    head = max((row["last"] for row in tables["journal_head"]), default=replay.last)
    if head != replay.last:
        yield Finding("journal", "", f"its head says {head}, its last entry is {replay.last}")
    rows = {row["id"]: row for row in tables["registration"]}
    for id, claim in replay.world.claims.items():
        row = rows.pop(id, None)
        if row is None:
            if claim.status:
                yield Finding("lost", id, f"is {claim.status} by the journal, and in no table")
        elif row["status"] != claim.status:
            yield Finding("lost", id, f"is {claim.status} by the journal, and {row['status']} in the table")
    for id, row in rows.items():
        yield Finding("lost", id, f"is {row['status']} in the table, and the journal knows nothing of it")
    for row in tables["session"]:
        plan = replay.world.plans.get(row["id"])
        if plan is None:
            yield Finding("lost", row["id"], "a session that the journal knows nothing of")
            continue
        for name, ours in (("capacity", plan.capacity), ("status", plan.status)):
            if row[name] != ours:
                yield Finding("lost", plan.id, f"its {name} is {ours} by the journal, and {row[name]} in the table")


def nobody_left(tables: Tables, replay: Replay) -> Iterator[Finding]:
    """Who left, or is no learner any more, has no claim to a session to come."""
    now = max((row["at"] for row in tables["journal"]), default=0.0)
    for claim in replay.world.claims.values():
        plan = replay.world.plans.get(claim.session)
        if claim.status in LIVE and plan and plan.status == "published" and plan.parts[0][0] > now:
            why = obstacles.in_person(replay.world, claim.learner)
            if why:
                yield Finding("left", claim.learner, f"{claim.id} is still {claim.status}, and the learner {why}")


def nobody_unserved(tables: Tables, replay: Replay, now: float) -> Iterator[Finding]:
    """No seat is open beside somebody who waits, could have it, and was told nothing."""
    for plan in replay.world.plans.values():
        for claim in could_have(replay.world, plan, now):
            told = claim.asked["kind"] if claim.asked else "nothing"
            yield Finding("unserved", plan.id, f"{plan.open} seats are open, and {claim.id} waits; the last it was told is {told}")


def timers(tables: Tables, now: float, patience: float = 15) -> Iterator[Finding]:
    """What is due has been done."""
    late = Counter(row["kind"] for row in tables["timer"] if row["due"] < now - patience)
    for kind, times in late.items():
        yield Finding("settled", kind, f"{times} timers are due and were not done")
