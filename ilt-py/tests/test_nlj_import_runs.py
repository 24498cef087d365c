"""Runs of `ilt import-nlj`: with few rights, cut off, two at once, and as people type it."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from conftest import POSTGRES
from ilt import Engine
from ilt.__main__ import main
from ilt.fastapi.nlj import IMPORTED, PlatformError, grants
from ilt.fastapi.nlj.importing import Training
from nlj_academy import Academy, asynchronous, founded
from nlj_past import PLACES, Past, kept, roster


@pytest.fixture
async def past(academy: Academy, tmp_path: Path) -> Past:
    """A platform with a past."""
    return await Past(academy, tmp_path).made()


def test_an_import_is_granted_more_than_the_router_and_no_password() -> None:
    more = set(grants("training", importing=True).splitlines()) - set(grants("training").splitlines())
    assert sorted(re.findall(r'"public"\.(\w+)', "".join(more))) == sorted(IMPORTED)
    assert "hashed_password" not in "".join(more)


async def test_a_role_with_these_grants_takes_over_and_reads_nothing_else(past: Past) -> None:
    academy = past.academy
    if academy.schema is None:
        pytest.skip("SQLite has no roles")
    session = await past.session(await academy.programme(), -9)
    await past.was_there(session, await academy.person())
    role = f"reader_{uuid.uuid4().hex}"
    async with academy.database.begin() as connection:
        await connection.execute(text(f"CREATE ROLE {role} LOGIN PASSWORD '{role}'"))
        for statement in grants(role, academy.schema, importing=True).splitlines():
            await connection.execute(text(statement))
    owner, least = academy.database, create_async_engine(f"postgresql+asyncpg://{role}:{role}@{asynchronous(POSTGRES).split('@', 1)[1]}")
    try:
        academy.database = least
        assert (await past.taken_over()).report.changes == 5
        academy.database = owner
        for refused in (
            f"SELECT hashed_password FROM {academy.schema}.users",
            f"SELECT session_notes FROM {academy.schema}.training_sessions",
            f"SELECT special_requirements FROM {academy.schema}.training_bookings",
            f"SELECT participation_score FROM {academy.schema}.attendance_records",
            f"DELETE FROM {academy.schema}.training_bookings",
        ):
            async with least.connect() as connection:
                with pytest.raises(DBAPIError, match="permission denied"):
                    await connection.execute(text(refused))
        async with owner.begin() as connection:
            await connection.execute(text(f"REVOKE SELECT (completed) ON {academy.schema}.attendance_records FROM {role}"))
        with pytest.raises(PlatformError, match=r"attendance_records cannot be read: it needs the columns session_id, .*completed"):
            await Training(least, schema=academy.schema).check()
    finally:
        academy.database = owner
        await least.dispose()
        async with owner.begin() as connection:
            await connection.execute(text(f"DROP OWNED BY {role}"))
            await connection.execute(text(f"DROP ROLE {role}"))


async def test_bookings_are_read_to_their_end_and_what_the_platform_lacks_is_named(past: Past) -> None:
    session = await past.session(uuid.uuid4())
    bookings = await past.booked(session, [uuid.uuid4() for _ in range(1001)])
    assert {it.id for it in await past.training.bookings([session])} == set(bookings)
    where = f"{past.academy.schema}." if past.academy.schema else ""
    async with past.academy.database.begin() as connection:
        await connection.execute(text(f"DROP TABLE {where}attendance_records"))
        await connection.execute(text(f"ALTER TABLE {where}training_sessions DROP COLUMN max_attendees"))
    with pytest.raises(PlatformError, match=r"lacks the column training_sessions\.max_attendees, the table attendance_records$"):
        await past.taken_over()


def command(past: Past, config: dict[str, Any], *more: str) -> tuple[list[str], dict[str, str]]:
    """How it is typed, and the variables around it."""
    schema, database = past.academy.schema, past.academy.database.url.render_as_string(hide_password=False)
    (past.folder / "places.toml").write_text(PLACES)
    arguments = ["import-nlj", "--places", str(past.folder / "places.toml"), *(("--schema", schema) if schema else ()), *more]
    said = {f"ILT__STORE__{name.upper()}": str(value) for name, value in config["store"].items()}
    return arguments, {"NLJ_DATABASE_URL": database, **said}


@pytest.fixture
async def alone(config: dict[str, Any], tmp_path: Path) -> AsyncIterator[Past]:
    """A platform with a past, and an engine that runs nowhere."""
    async with AsyncExitStack() as stack:
        async with Engine(config) as engine:
            url = POSTGRES if "schema" in config["store"] else ""
            academy = await stack.enter_async_context(founded(engine, url, tmp_path))
        yield await Past(academy, tmp_path).made()


async def test_what_was_cut_off_goes_on_where_it_was(alone: Past, config: dict[str, Any]) -> None:
    programme, people = await alone.academy.programme(), await alone.academy.people(20)
    sessions = [await alone.session(programme, 30 + it, capacity=12) for it in range(8)]
    for session in sessions:
        await alone.booked(session, people[:15])
        await alone.booked(session, people[15:], "waitlist", minute=30)
    arguments, variables = command(alone, config)

    cut_off = subprocess.Popen(
        [sys.executable, "-m", "ilt", *arguments], env={**os.environ, **variables}, stdout=subprocess.DEVNULL, cwd=alone.folder
    )
    async with counting(config) as registered:
        while await registered() < 10:
            assert cut_off.poll() is None, "it must be cut off in the middle"
            await asyncio.sleep(0.005)
        cut_off.send_signal(signal.SIGKILL)
        cut_off.wait()
        assert 10 <= (before := await registered()) < 20 * len(sessions)
    async with Engine(config) as engine:
        took = await alone.taken_over(engine=engine)
        assert took.rows("training_bookings") == {"new": 20 * len(sessions) - before, "there already": before}
        assert len(set(took.called.values())) == 20 * len(sessions)
        for session in sessions:
            found = await roster(engine, session)
            assert {who for who, status in found if status == "confirmed"} == set(people[:12])
            assert [who for who, status in found if status == "waitlisted"] == people[12:]


async def test_two_at_once_do_what_one_does(past: Past, config: dict[str, Any]) -> None:
    programme, people = await past.academy.programme(), await past.academy.people(12)
    sessions = [await past.session(programme, 30 + it, capacity=5) for it in range(3)]
    for session in sessions:
        await past.booked(session, people)
    async with AsyncExitStack() as stack:
        other = past.academy.engine
        if past.academy.schema is not None:
            other = await stack.enter_async_context(Engine(config))
        await asyncio.gather(past.taken_over(), past.taken_over(engine=other))
    for session in sessions:
        found = await roster(past.academy.engine, session)
        assert {who for who, status in found if status == "confirmed"} == set(people[:5])
        assert [who for who, status in found if status == "waitlisted"] == people[5:]
    assert (await past.taken_over()).report.changes == 0


async def test_as_it_is_typed(
    alone: Past, config: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    session = await alone.session(await alone.academy.programme(), capacity=1)
    bookings = await alone.booked(session, await alone.academy.people(2))
    arguments, variables = command(alone, config, "--json", str(alone.folder / "said.jsonl"))
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(alone.folder)

    async def typed(*more: str) -> tuple[int, str, str]:
        status = await asyncio.to_thread(main, [*arguments, *more])
        return (status, *capsys.readouterr())

    before = await kept(config)
    status, said, _ = await typed("--dry-run")
    assert (status, await kept(config)) == (0, before)
    assert f"changed: training_bookings {bookings[1]}: it was confirmed, and there are more of those than seats" in said
    assert said.endswith("\n7 rows would come in; nothing was changed.\n")
    status, said, told = await typed()
    assert (status, told) == (0, "")
    assert re.search(r"^training_bookings +2 +0 +0 +0 +0$", said, re.MULTILINE)
    lines = [json.loads(it) for it in (alone.folder / "said.jsonl").read_text().splitlines()]
    assert [UUID(it["booking"]) for it in lines if it["kind"] == "registration"] == bookings
    assert lines[-1]["rows"]["training_bookings"] == {"new": 2, "changed": 0, "there-already": 0, "left-out": 0, "not-kept": 0}
    assert (await typed())[1].endswith("\nNothing was changed.\n")
    await alone.session(uuid.uuid4())
    assert (await typed())[0] == 1
    assert '"Köln, Training Centre"' not in (await typed("--places-template"))[1]
    status, said, _ = await typed("--grants", "reader")
    assert (status, said.strip()) == (0, grants("reader", alone.academy.schema or "public", importing=True))
    status, _, told = await typed("--places", str(alone.folder / "none.toml"))
    assert (status, "none.toml cannot be read" in told) == (2, True)
    status, _, told = await typed("--schema", "nowhere")
    assert status == 1
    lacks = "lacks the table users, the table training_programs" if alone.academy.schema else "unknown database"
    assert lacks in told
    status, _, told = await typed("--platform", "postgresql://reader:secret@127.0.0.1:1/nlj")
    assert (status, "secret" in told, "cannot be reached" in told, "Traceback" in told) == (1, False, True, False)
    status, _, told = await typed("--platform", "nonsense")
    assert (status, "the platform's database" in told) == (2, True)


async def test_a_dry_run_needs_no_engine_yet(alone: Past, config: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    session = await alone.session(await alone.academy.programme(), 20)
    await alone.booked(session, await alone.academy.people(1))
    store = {**config["store"], "schema": "not_there"} if alone.academy.schema else {"url": f"sqlite:{tmp_path / 'not_there.db'}"}
    arguments, variables = command(alone, {"store": store}, "--dry-run", "--json", str(tmp_path / "said.jsonl"))
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert await asyncio.to_thread(main, arguments) == 0
    rows = json.loads((tmp_path / "said.jsonl").read_text().splitlines()[-1])["rows"]
    assert {table: it["new"] for table, it in rows.items()} == {
        "users": 1,
        "training_programs": 1,
        "places": 1,
        "training_sessions": 1,
        "training_bookings": 1,
        "attendance_records": 0,
    }
    assert not (tmp_path / "not_there.db").exists()
    async with alone.academy.database.connect() as connection:
        if alone.academy.schema:
            found = await connection.execute(text("SELECT to_regclass('not_there.journal') IS NOT NULL"))
            assert found.scalar_one() is False


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["--help"], 0, "import-nlj"),
        ([], 2, "usage: ilt COMMAND"),
        (["import-nlj"], 2, "which platform? Say its database in NLJ_DATABASE_URL"),
        (["import-nlj", "--programme-type", "fun"], 2, "invalid choice"),
        (["import-nlj", "--platform", "sqlite:///none.db"], 2, "--places is missing"),
        (["import-nlj", "--help"], 0, "ilt import-nlj --places places.toml --dry-run"),
    ],
)
def test_arguments(
    arguments: list[str], status: int, said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NLJ_DATABASE_URL", raising=False)
    try:
        found = main(arguments)
    except SystemExit as left:
        found = int(str(left.code))
    assert (found, said in "".join(capsys.readouterr())) == (status, True)


@asynccontextmanager
async def counting(config: dict[str, Any]) -> AsyncIterator[Callable[[], Awaitable[int]]]:
    """How many registrations an engine keeps that runs in no process, or in another one."""
    store = config["store"]
    where = f'"{store["schema"]}".' if "schema" in store else ""
    database = create_async_engine(asynchronous(store["url"]) if where else store["url"].replace("sqlite:", "sqlite+aiosqlite:///"))

    async def count() -> int:
        async with database.connect() as connection:
            return int((await connection.execute(text(f"SELECT count(*) FROM {where}registration"))).scalar_one())

    try:
        yield count
    finally:
        await database.dispose()
