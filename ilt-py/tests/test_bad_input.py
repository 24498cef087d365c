"""What is wrong is told at once, by its name, as the exception that it is."""

from __future__ import annotations

import asyncio
import time
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ilt import APPLICATION, Busy, Engine, InvalidRequest, PartBody
from town import Town, found


async def test_a_naive_datetime_is_no_point_in_time(engine: Engine, town: Town) -> None:
    with pytest.raises(ValueError, match=r"from_ must have a time zone") as wrong:
        await engine.sessions(actor=APPLICATION, from_=datetime(2027, 1, 1))
    assert isinstance(wrong.value, InvalidRequest)
    assert wrong.value.facts["fields"][0]["pointer"] == "from_"


async def test_an_offset_does_not_stand_beside_a_zone(engine: Engine, town: Town) -> None:
    part = PartBody(starts=datetime(2027, 1, 1, 9, tzinfo=UTC), length=timedelta(hours=1), zone="Europe/Berlin")
    with pytest.raises(ValueError, match=r"parts\[0\]\.starts is what clocks on the wall show"):
        await engine.add_session(actor=APPLICATION, course=town.course, location=town.location, parts=[part], capacity=1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"learner": "me"}, "learner must be a UUID, not str"),
        ({"automatic": 1}, "automatic must be a bool, not int"),
        ({"reason": b"why"}, "reason must be a str, not bytes"),
        ({"on_full": 3}, "on_full must be a OnFull, not int"),
        ({"key": 7}, "key must be a str, not int"),
        ({"actor": "ada"}, "actor must be a UUID, not str"),
    ],
)
async def test_a_wrong_type_names_its_argument(engine: Engine, arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(TypeError) as wrong:
        await engine.register(uuid.uuid4(), **{"actor": APPLICATION, **arguments})
    assert str(wrong.value) == said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"on_full": "perhaps"}, "on_full must be one of"),
        ({"key": "with\nlines"}, "key must be of letters"),
        ({"reason": "\ud800"}, "reason has half of a character"),
    ],
)
async def test_a_wrong_value_names_its_argument(engine: Engine, arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidRequest, match=said):
        await engine.register(uuid.uuid4(), actor=APPLICATION, **arguments)


async def test_a_list_of_a_million_is_refused_at_once(engine: Engine) -> None:
    begun = time.monotonic()
    with pytest.raises(ValueError, match="learners has more than 100,000 entries"):
        await engine.register_group(uuid.uuid4(), actor=APPLICATION, learners=[uuid.uuid4()] * 1_000_000)
    assert time.monotonic() - begun < 5


async def test_a_body_that_is_too_large_is_an_invalid_request(engine: Engine, town: Town) -> None:
    with pytest.raises(InvalidRequest) as wrong:
        await engine.edit_course(town.course, actor=APPLICATION, summary="x" * (2 << 20))
    assert (wrong.value.code, wrong.value.status) == ("too-large", 413)


async def test_the_engine_says_what_it_finds_wrong(engine: Engine, town: Town) -> None:
    with pytest.raises(InvalidRequest) as wrong:
        await engine.add_location(actor=APPLICATION, name="", city="Köln", lat=500.0, lon=7.0, zone="Nowhere/Never")
    assert wrong.value.status in (400, 422)
    assert wrong.value.facts["fields"]


async def test_whoever_is_cancelled_can_ask_again_by_key(engine: Engine, town: Town) -> None:
    session = await town.session(50)
    for at in range(20):
        learner = (await town.people(1))[0]
        task = asyncio.ensure_future(engine.register(session.id, actor=learner, key=f"key-{at}"))
        await asyncio.sleep(0.001 * at)
        task.cancel()
        outcome = (await asyncio.gather(task, return_exceptions=True))[0]
        again = await engine.register(session.id, actor=learner, key=f"key-{at}")
        assert again.learner.id == learner
        assert isinstance(outcome, asyncio.CancelledError) or outcome == again
    assert (await engine.session(session.id, actor=APPLICATION)).seats.confirmed == 20


async def test_a_time_limit_of_the_caller_is_kept(engine: Engine, town: Town) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await engine.people(actor=APPLICATION)
    assert (await engine.people(actor=APPLICATION, limit=1)).items


async def test_a_desk_that_is_overrun_says_so(sqlite: dict[str, Any]) -> None:
    async with Engine({**sqlite, "desk": {"queue": 1, "batch": 1}}) as engine:
        town = await found(engine)
        session, learners = await town.session(50), await town.people(200)
        tries = (engine.register(session.id, actor=learner) for learner in learners)
        outcomes = await asyncio.gather(*tries, return_exceptions=True)
        busy = [one for one in outcomes if isinstance(one, Busy)]
        assert busy
        assert all(one.retry_after for one in busy)
