"""Prerequisites that people completed elsewhere, told by another service."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from elsewhere import Service, serving

from ilt import APPLICATION, Engine, ProgrammeType, Refused, RegistrationStatus
from town import Town, found


@pytest.fixture
async def elsewhere() -> AsyncIterator[Service]:
    async with serving(Service()) as service:
        yield service


@pytest.fixture
async def town_beside(config: dict[str, Any], elsewhere: Service) -> AsyncIterator[Town]:
    """A town whose people complete courses at the academy, too."""
    async with Engine({**config, "evidence": elsewhere.evidence}) as engine:
        yield await found(engine)


async def test_what_was_completed_elsewhere_counts_and_what_is_unknown_is_no_no(town_beside: Town, elsewhere: Service) -> None:
    town, engine = town_beside, town_beside.engine
    advanced = await engine.add_course(
        actor=APPLICATION,
        title="Brakes under high voltage",
        programme_type=ProgrammeType.COMPLIANCE,
        length=timedelta(hours=6),
        prerequisites=[town.course],
    )
    basics, town.course = town.course, advanced.id
    session, learner = await town.session(2), town.learners[0]

    with pytest.raises(Refused) as unknown:
        await engine.register(session.id, actor=learner, key="a")
    assert unknown.value.code == "prerequisites-unknown"
    assert unknown.value.facts["missing"][0]["why"] == "could not be found out"

    elsewhere.completed = []
    with pytest.raises(Refused) as missing:
        await engine.register(session.id, actor=learner, key="b")
    assert missing.value.code == "prerequisites-missing"

    at = (datetime.now(UTC) - timedelta(days=30)).isoformat()
    elsewhere.completed = [{"person": str(learner), "course": str(basics), "completed_at": at}]
    registration = await engine.register(session.id, actor=learner, key="a")
    assert registration.status is RegistrationStatus.CONFIRMED
    assert elsewhere.asked[-1] == {"doubts": [{"person": str(learner), "course": str(basics)}]}
    with pytest.raises(Refused, match="complete"):
        await engine.register(session.id, actor=learner, key="b")
