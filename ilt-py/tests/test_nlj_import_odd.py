"""What a platform should not have, and has: rows that belong to nothing, columns that hold something else, tables that are locked."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from ilt import Busy
from ilt.__main__ import main
from ilt.fastapi.nlj import PlatformError
from ilt.fastapi.nlj.importing import reading
from nlj_academy import Academy
from nlj_past import NOW, PLACES, Past, roster


@pytest.fixture
async def past(academy: Academy, tmp_path: Path) -> Past:
    """A platform with a past."""
    return await Past(academy, tmp_path).made()


async def test_what_belongs_to_nothing_is_told(past: Past) -> None:
    programme, ada = await past.academy.programme(), await past.academy.person()
    session, over = await past.session(programme), await past.session(programme, -9)
    timeless = await past.session(programme, start_time=None)
    nowhere = await past.booked(None, [ada])
    nowhere += await past.booked(uuid.uuid4(), [ada])
    nowhere += await past.booked(timeless, [ada])
    await past.booked(uuid.uuid4(), [ada, ada], "Cancelled")
    (nobodys,) = await past.booked(session, [None])
    await past.booked(over, [None])
    await past.was_there(uuid.uuid4(), ada, booking=nowhere[0])
    await past.was_there(session, ada)

    took = await past.taken_over()

    assert took.lines("left-out", "training_sessions") == {
        timeless: "1 do not say when they begin or end, such as this one: put that right there"
    }
    told = took.lines("left-out", "training_bookings")
    assert told.pop(nobodys) == f"it names no learner: name one there, or cancel it, for session {session}"
    assert told == {
        min(nowhere): "3 are of no session that there is, or of one without a time, such as this one: name one there, or delete them"
    }
    assert list(took.lines("left-out", "attendance_records")) == [nowhere[0]]
    assert took.rows("training_bookings") == {"new": 1, "left out": 4, "not kept": 3}
    assert took.rows("attendance_records") == {"left out": 1, "not kept": 1}
    assert took.rows("training_sessions") == {"new": 2, "left out": 1}
    assert (await past.taken_over(dry_run=True)).report.left_out == took.report.left_out == 6


async def test_the_table_and_the_sentence_say_one_number(past: Past) -> None:
    programme, people = await past.academy.programme(), await past.academy.people(3)
    running = await past.session(programme, start_time=NOW - timedelta(hours=1), end_time=NOW + timedelta(hours=1))
    for session in (running, await past.session(programme, location="Ulm"), await past.session(uuid.uuid4())):
        await past.booked(session, people)
        await past.booked(session, people[:1], "cancelled")
    took = await past.taken_over()
    assert took.rows("training_bookings") == {"left out": 9, "not kept": 3}
    assert took.rows("training_sessions") == {"left out": 3}
    assert took.report.left_out == 12
    assert took.report.summary(dry_run=False).endswith(" 12 were left out: see above.")


async def test_a_learner_who_is_confirmed_there_is_so_here_whatever_else_they_have(past: Past) -> None:
    session, ada = await past.session(await past.academy.programme()), await past.academy.person()
    (pending,) = await past.booked(session, [ada], "pending", minute=1)
    (booking,) = await past.booked(session, [ada], minute=9)
    took = await past.taken_over()
    assert await roster(past.academy.engine, session) == [(ada, "confirmed")]
    assert list(took.called) == [booking]
    assert took.report.left_out == 0
    assert took.lines("changed", "training_bookings") == {
        pending: f"the same learner has another booking of this session, {booking}, and that is the one that counts"
    }


async def test_a_start_that_happens_twice_is_no_fault_of_the_platform_s(past: Past) -> None:
    programme, ada = await past.academy.programme(), await past.academy.person()
    year = NOW.year + 1
    sunday = max(datetime(year, 10, day, 0, 30, tzinfo=UTC) for day in range(25, 32) if datetime(year, 10, day, tzinfo=UTC).weekday() == 6)
    for hours in (0, 1):
        start = sunday + timedelta(hours=hours)
        await past.booked(await past.session(programme, start_time=start, end_time=start + timedelta(hours=1)), [ada])
    told = (await past.taken_over()).lines("left-out", "training_sessions")
    assert len(told) == 2
    for said in told.values():
        assert "Nothing is wrong with it: move it by an hour there and import again, or add it by hand here" in said
        assert said.endswith(" (1 bookings wait with it)")


@pytest.mark.parametrize(
    ("column", "becomes", "said"),
    [
        ("training_sessions.start_time", "text", "has a text in training_sessions.start_time, where a time with its date is read"),
        ("users.is_active", "integer", "has a whole number in users.is_active, where true or false is read"),
        ("training_bookings.learner_id", "text", "has a text in training_bookings.learner_id, where a uuid is read"),
    ],
)
async def test_a_column_that_holds_something_else_is_named(past: Past, column: str, becomes: str, said: str) -> None:
    if past.academy.schema is None:
        pytest.skip("SQLite keeps anything anywhere")
    table, _, name = column.partition(".")
    cast = f"{name}::int" if becomes == "integer" else f"{name}::text"
    async with past.academy.database.begin() as connection:
        await connection.execute(text(f"ALTER TABLE {past.academy.schema}.{table} ALTER {name} TYPE {becomes} USING {cast}"))
    with pytest.raises(PlatformError) as wrong:
        await past.taken_over()
    assert wrong.value.detail == f"the platform {said}"


async def test_what_no_time_is_read_from_is_a_sentence(past: Past) -> None:
    if past.academy.schema is not None:
        pytest.skip("PostgreSQL keeps times alone in columns of times")
    await past.session(await past.academy.programme())
    async with past.academy.database.begin() as connection:
        await connection.execute(text("UPDATE training_sessions SET start_time = 'next week'"))
    with pytest.raises(PlatformError, match="the platform's table training_sessions cannot be read: a column holds something else"):
        await past.taken_over()


async def test_a_table_that_is_locked_is_not_waited_for_without_end(past: Past, monkeypatch: pytest.MonkeyPatch) -> None:
    if past.academy.schema is None:
        pytest.skip("SQLite gives up by itself")
    monkeypatch.setattr(reading, "_PATIENCE", 1)
    other = create_async_engine(past.academy.database.url)
    async with other.connect() as connection:
        await connection.execute(text(f"LOCK TABLE {past.academy.schema}.users IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(Busy) as locked:
            await past.taken_over()
    await other.dispose()
    assert locked.value.detail == "the platform's table users was locked by somebody else for 1 s: import again once it is free"


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("postgresql://u:pass-word@127.0.0.1:54x/nlj", 2, "makes no sense"),
        ("postgresql://u:pass-word@127.0.0.1:99999/nlj", 2, "makes no sense in its host or port"),
        ("postgresql://u:pass-word@127.0.0.1:1/nlj?foo=bar", 2, "makes no sense in its host, port, or one of its options (foo)"),
        ("postgresql://u:pass-word@[::1/nlj", 2, "makes no sense"),
        ("postgresql://u:pass-word@a..b/nlj", 2, "makes no sense in its host or port"),
        ("postgresql://u:pass-word@127.0.0.1:1/nlj?ssl=pass-word", 1, "cannot be reached"),
        ("postgresql://u:pass/word@127.0.0.1:1/nlj", 1, "cannot be reached"),
        ("oracle://u:pass-word@127.0.0.1/nlj", 2, "pip install"),
        ("nothing://u:pass-word@127.0.0.1/nlj", 2, "makes no sense"),
    ],
)
@pytest.mark.parametrize("more", [["--places-template"], ["--places", "places.toml"]])
def test_an_address_that_makes_no_sense(
    address: str,
    status: int,
    said: str,
    more: list[str],
    past_file: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(past_file.parent)
    monkeypatch.setenv("NLJ_DATABASE_URL", address)
    assert main(["import-nlj", *more]) == status
    shown = capsys.readouterr()
    assert said in shown.err
    assert not [it for it in ("pass-word", "Traceback", "word@") if it in shown.err.replace("reader:secret@db", "")]
    assert shown.out == ""


@pytest.fixture
def past_file(tmp_path: Path) -> Path:
    """A file of places that somebody has filled in."""
    path = tmp_path / "places.toml"
    path.write_text(PLACES)
    return path
