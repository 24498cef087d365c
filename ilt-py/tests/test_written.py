"""What is written from the contract, and what the types are like."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

import ilt
from ilt import _read, _write

GENERATE = Path(__file__).resolve().parent.parent / "generate"


def test_what_follows_from_the_contract_is_as_it_would_be_written_now() -> None:
    done = subprocess.run([sys.executable, GENERATE, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_types_are_frozen_equal_by_value_hashable_and_pickled() -> None:
    seats = ilt.Seats(capacity=5, confirmed=1, held=0, offered=0, reserved=0, open=4, waitlisted=0, over_capacity=0)
    again = pickle.loads(pickle.dumps(seats))
    assert again == seats
    assert hash(again) == hash(seats)
    assert copy.deepcopy(seats) == seats
    assert repr(seats).startswith("Seats(capacity=5, confirmed=1")
    with pytest.raises(AttributeError):
        seats.open = 3  # type: ignore[misc]


def test_what_holds_a_tree_is_hashable_all_the_same() -> None:
    step = ilt.History(what="registration.confirmed", at=datetime.now(UTC), by="you", facts={"seats": [1]})
    assert hash(step) == hash(pickle.loads(pickle.dumps(step)))


def test_enums_are_their_words() -> None:
    assert ilt.Role("dealer-admin") is ilt.Role.DEALER_ADMIN
    assert f"{ilt.OnFull.WAITLIST}" == "waitlist"
    assert pickle.loads(pickle.dumps(ilt.Role.ADMIN)) is ilt.Role.ADMIN


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(hours=6), "PT21600S"),
        (timedelta(milliseconds=1500), "PT1.500000S"),
        (timedelta(microseconds=-1), "-PT0.000001S"),
    ],
)
def test_lengths_of_time_come_back(length: timedelta, said: str) -> None:
    assert _write.length("length", length) == said
    assert _read.length(said) == length


def test_lengths_are_read_as_the_engine_writes_them() -> None:
    assert _read.length("PT6H30M1.5S") == timedelta(hours=6, minutes=30, seconds=1.5)
    with pytest.raises(ValueError, match="no length"):
        _read.length("6 hours")


def test_exceptions_are_of_their_kind_and_survive_pickling() -> None:
    problem = {"type": "/problems/stale", "title": "Changed", "status": 409, "code": "stale", "detail": "d", "trace_id": "t", "now": 4}
    error = ilt._errors.of_problem(problem)
    assert isinstance(error, ilt.Stale)
    assert isinstance(error, RuntimeError)
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.code, again.facts, str(again)) == (ilt.Stale, "stale", {"now": 4}, "stale: d")


@pytest.mark.parametrize(
    ("status", "kind", "also"),
    [
        (400, ilt.InvalidRequest, ValueError),
        (422, ilt.InvalidRequest, ValueError),
        (401, ilt.Unauthenticated, PermissionError),
        (403, ilt.Forbidden, PermissionError),
        (404, ilt.NotFound, LookupError),
        (409, ilt.Refused, RuntimeError),
        (429, ilt.Busy, RuntimeError),
        (503, ilt.Busy, RuntimeError),
        (500, ilt.Broken, RuntimeError),
    ],
)
def test_every_status_has_its_exception(status: int, kind: type[ilt.IltError], also: type[Exception]) -> None:
    error = ilt._errors.of_problem({"status": status, "code": "some", "detail": "why", "title": "t"}, 3)
    assert type(error) is kind
    assert isinstance(error, also)
    assert (error.status, error.code, error.retry_after, str(error)) == (status, "some", 3, "some: why")
    assert pickle.loads(pickle.dumps(error)).retry_after == 3


def test_ids_are_uuids() -> None:
    assert _write.segment(_write.uuid("id", UUID(int=1))) == "00000000-0000-0000-0000-000000000001"
    assert _write.segment("..") == "%2E%2E"
    assert _write.segment("a/b?c") == "a%2Fb%3Fc"
