"""A small network on a database of its own."""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from ilt import Engine
from nlj_academy import Academy, founded
from town import Town, found

POSTGRES = os.environ.get("ILT_TEST_POSTGRES", "")


def postgres() -> dict[str, Any]:
    """Settings of a schema that nobody else uses."""
    return {"store": {"url": POSTGRES, "schema": f"ilt_{uuid.uuid4().hex}"}}


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """What this machine sets for a host is none of the tests' business."""
    for name in [name for name in os.environ if name.startswith("ILT__")]:
        monkeypatch.delenv(name)


@pytest.fixture
def sqlite(tmp_path: Path) -> dict[str, Any]:
    """Settings of a file of its own."""
    return {"store": {"url": f"sqlite:{tmp_path / 'ilt.db'}"}}


@pytest.fixture(params=["sqlite", "postgres"])
def config(request: pytest.FixtureRequest, sqlite: dict[str, Any]) -> dict[str, Any]:
    """Settings of either database."""
    if request.param == "sqlite":
        return sqlite
    if not POSTGRES:
        pytest.skip("ILT_TEST_POSTGRES names no database")
    return postgres()


@pytest.fixture
async def engine(config: dict[str, Any]) -> AsyncIterator[Engine]:
    """An engine that runs."""
    async with Engine(config) as engine:
        yield engine


@pytest.fixture
async def town(engine: Engine) -> Town:
    """A dealer, an admin, learners, and sessions."""
    return await found(engine)


@pytest.fixture
async def academy(engine: Engine, config: dict[str, Any], tmp_path: Path) -> AsyncIterator[Academy]:
    """A platform of an older contract, on the same kind of database as the engine."""
    async with founded(engine, POSTGRES if "schema" in config["store"] else "", tmp_path) as academy:
        yield academy
