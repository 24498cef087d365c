"""Taking over bookings of whoever lacks a prerequisite here, with a place that may know more, and one that does not answer."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from elsewhere import Service, serving

from conftest import POSTGRES
from ilt import APPLICATION, Busy, Engine
from nlj_academy import founded, settled
from nlj_past import Past, roster


@pytest.fixture
async def elsewhere() -> AsyncIterator[Service]:
    """Nobody completed anything there."""
    async with serving(Service(completed=[])) as service:
        yield service


@asynccontextmanager
async def past_with(config: dict[str, Any], evidence: dict[str, Any], folder: Path) -> AsyncIterator[tuple[Past, UUID]]:
    """A platform with a past, and one of its programmes, which has a prerequisite here."""
    async with (
        Engine({**config, "evidence": evidence}) as engine,
        founded(engine, POSTGRES if "schema" in config["store"] else "", folder) as it,
    ):
        past = await Past(it, folder).made()
        basics, advanced = await it.programme("Basics"), await it.programme("Advanced")
        await past.taken_over()
        known = await settled(lambda: engine.course(advanced, actor=APPLICATION), lambda _: True)
        await engine.edit_course(advanced, actor=APPLICATION, prerequisites=[basics], if_match=known.version)
        yield past, advanced


async def test_a_place_that_keeps_silent_ends_it_and_it_goes_on_later(config: dict[str, Any], elsewhere: Service, tmp_path: Path) -> None:
    elsewhere.hangs = True
    async with past_with(config, {**elsewhere.evidence, "patience": "1s"}, tmp_path) as (past, advanced):
        session, people = await past.session(advanced), await past.academy.people(12)
        bookings = await past.booked(session, people)
        began = time.monotonic()
        with pytest.raises(Busy) as silent:
            await past.taken_over()
        assert time.monotonic() - began < 8
        assert len(elsewhere.asked) <= 5
        assert silent.value.code == "evidence-silent"
        assert "Start it, or set ILT__EVIDENCE__FROM=own" in silent.value.detail
        assert await roster(past.academy.engine, session) == []

        elsewhere.hangs = False
        took = await past.taken_over()
        assert list(took.lines("left-out", "training_bookings")) == bookings
        assert {it.split(":")[0] for it in took.lines("left-out", "training_bookings").values()} == {
            "the engine refuses it (prerequisites-missing)"
        }
        elsewhere.hangs = True
        with pytest.raises(Busy, match="evidence-silent"):
            await past.taken_over()


async def test_it_is_asked_once_for_a_booking(config: dict[str, Any], elsewhere: Service, tmp_path: Path) -> None:
    async with past_with(config, elsewhere.evidence, tmp_path) as (past, advanced):
        await past.booked(await past.session(advanced), await past.academy.people(4))
        assert (await past.taken_over()).rows("training_bookings") == {"left out": 4}
        assert len(elsewhere.asked) == 4
        # What was refused in an earlier run is asked anew.
        assert (await past.taken_over()).rows("training_bookings") == {"left out": 4}
        assert len(elsewhere.asked) > 4


async def test_a_place_that_is_not_there_keeps_out_only_those_it_was_asked_about(config: dict[str, Any], tmp_path: Path) -> None:
    evidence = {"from": "service", "service": "http://127.0.0.1:1/completed"}
    async with past_with(config, evidence, tmp_path) as (past, advanced):
        bookings = await past.booked(await past.session(advanced), await past.academy.people(6))
        told = (await past.taken_over()).lines("left-out", "training_bookings")
        assert list(told) == bookings
        assert {it.rpartition(". ")[2] for it in told.values()} == {"Import again once that can be asked"}
