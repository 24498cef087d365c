"""What a check found, and under which heading of the verdict it counts.

Not here: the checks.
"""

from __future__ import annotations

from dataclasses import dataclass

# Every invariant, in the order of the verdict, with what it says. A finding under another name is a mistake of the harness.
INVARIANTS = {
    "oversold": "more people than seats, and nobody let them in beyond",
    "ledger": "a session's numbers are not its people",
    "lost": "what a client was told, or the journal tells, is not there",
    "doubled": "something is there twice",
    "hung": "a request, or a host, did not answer in time",
    "answers 500": "a request was answered with a fault of the product",
    "two seats at once": "one learner was given two seats at one time",
    "gate": "somebody was given a seat in spite of an obstacle",
    "overtaken": "a newcomer got a seat past somebody in the queue",
    "unserved": "a seat stays open beside somebody who could have it",
    "groups": "part of a group was given seats",
    "swap": "a seat was moved, and lost or had twice",
    "left": "somebody who left still has a claim",
    "rules": "other rules of a dealer's counted than those that were switched on",
    "strangers": "somebody was told what is not theirs to know",
    "live": "a live stream left something out, or told it twice",
    "repeated": "a request was repeated and answered otherwise",
    "answers wrong": "an answer contradicts itself",
    "journal": "the journal cannot be followed",
    "settled": "not everything came to rest",
}


@dataclass(frozen=True)
class Finding:
    """One thing that does not hold."""

    invariant: str
    about: str
    detail: str

    def __post_init__(self) -> None:
        assert self.invariant in INVARIANTS, self.invariant
