"""Starting, stopping, and what comes in between."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

import ilt
from ilt import APPLICATION, Broken, Closed, ConfigurationError, Engine, StartError, _native
from ilt._loop import waiting
from ilt._rules import _checked
from town import found


async def test_an_engine_that_does_not_run_says_so(sqlite: dict[str, Any]) -> None:
    engine = Engine(sqlite)
    with pytest.raises(Closed):
        await engine.health_live()
    async with engine:
        assert (await engine.health_ready()).store.ok
        with pytest.raises(Closed, match="started already"):
            await engine.start()
    with pytest.raises(Closed):
        await engine.health_live()
    await engine.stop()
    with pytest.raises(Closed, match="make a new one"):
        await engine.start()


async def test_what_was_saved_is_there_after_a_restart(sqlite: dict[str, Any]) -> None:
    async with Engine(sqlite) as engine:
        town = await found(engine)
        session = await town.session(5)
        registration = await engine.register(session.id, actor=town.learners[0], key="k")
    async with Engine(sqlite) as engine:
        assert await engine.register(session.id, actor=town.learners[0], key="k") == registration


async def test_a_stream_ends_with_the_engine(sqlite: dict[str, Any]) -> None:
    async with Engine(sqlite) as engine:
        town = await found(engine, learners=1)
        stream = engine.live(actor=town.learners[0])
        coming = asyncio.ensure_future(anext(stream, None))
        await asyncio.sleep(0.3)
    assert await asyncio.wait_for(coming, 5) is None


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"stoer": {}}, "stoer"),
        ({"store": {"pool": "many"}}, "store.pool"),
        ({"desk": {"desks": 0}}, "desk"),
        ({"auth": {"secret": "s" * 40, "jwks_url": "https://keys.example"}}, "auth"),
    ],
)
async def test_a_setting_that_makes_no_sense_is_named(config: dict[str, Any], said: str, sqlite: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match=said) as wrong:
        async with Engine({**sqlite, **config}):
            pass
    assert isinstance(wrong.value, ValueError)


def test_wrong_types_of_settings_are_named() -> None:
    with pytest.raises(TypeError, match=r"store\.url cannot be a object"):
        Engine({"store": {"url": object()}})
    with pytest.raises(TypeError, match="config must be a dict or a path"):
        Engine(3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "url",
    ["mysql://somewhere/db", "sqlite:/no/such/folder/ilt.db", "postgresql+asyncpg://nobody:nothing@127.0.0.1:1/none?ssl=disable"],
)
async def test_a_database_that_cannot_be_opened(url: str) -> None:
    begun = time.monotonic()
    engine = Engine({"store": {"url": url, "acquire_timeout": "1s"}})
    with pytest.raises(StartError, match=r"store\.url"):
        await engine.start()
    assert time.monotonic() - begun < 10


async def test_a_start_that_failed_can_be_tried_again(tmp_path: Path) -> None:
    folder = tmp_path / "later"
    engine = Engine({"store": {"url": f"sqlite:{folder / 'ilt.db'}"}})
    with pytest.raises(StartError):
        await engine.start()
    folder.mkdir()
    await engine.start()
    await engine.stop()


async def test_a_schema_that_is_behind_is_left_as_it_is(config: dict[str, Any]) -> None:
    with pytest.raises(StartError, match="migrations behind"):
        await Engine({"store": {**config["store"], "migrate": False}}).start()


async def test_a_start_that_is_cancelled_leaves_nothing_behind(sqlite: dict[str, Any]) -> None:
    engine = Engine(sqlite)
    task = asyncio.ensure_future(engine.start())
    await asyncio.sleep(0.005)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.sleep(0.1)
    await engine.start()
    assert (await engine.health_ready()).store.ok
    await engine.stop()


def test_settings_come_from_a_file_and_from_variables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "my.toml"
    file.write_text(f'[store]\nurl = "sqlite:{tmp_path / "file.db"}"\n')

    async def run(engine: Engine) -> None:
        async with engine:
            await engine.health_live()

    asyncio.run(run(Engine(file)))
    assert (tmp_path / "file.db").exists()
    monkeypatch.setenv("ILT__STORE__URL", f"sqlite:{tmp_path / 'variable.db'}")
    asyncio.run(run(Engine(file)))
    assert (tmp_path / "variable.db").exists()
    asyncio.run(run(Engine({"store": {"url": f"sqlite:{tmp_path / 'said.db'}"}}, environment=False)))
    assert (tmp_path / "said.db").exists()
    with pytest.raises(ConfigurationError, match="no file"):
        Engine(tmp_path / "none.toml")


def test_several_event_loops_ask_one_engine(sqlite: dict[str, Any]) -> None:
    engine, ready, done, asked = Engine(sqlite), threading.Event(), threading.Event(), []

    async def keep() -> None:
        async with engine:
            ready.set()
            while not done.is_set():
                await engine.health_live()
                await asyncio.sleep(0.01)

    async def ask() -> None:
        answers = await asyncio.gather(*(engine.health_live() for _ in range(20)))
        asked.extend(answers)

    keeper = threading.Thread(target=lambda: asyncio.run(keep()))
    keeper.start()
    assert ready.wait(30)
    others = [threading.Thread(target=lambda: asyncio.run(ask())) for _ in range(4)]
    for thread in others:
        thread.start()
    for thread in others:
        thread.join(30)
    asyncio.run(ask())
    done.set()
    keeper.join(30)
    assert len(asked) == 100


def _in_child(queue: Any, engine: Engine, config: dict[str, Any]) -> None:
    def said(work: Any) -> str:
        try:
            asyncio.run(work)
        except ilt.IltError as error:
            return error.code
        return "done"

    queue.put([said(engine.health_live()), said(Engine(config).start()), said(engine.stop())])


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
async def test_a_fork_is_told_that_it_has_no_engine(sqlite: dict[str, Any]) -> None:
    async with Engine(sqlite) as engine:
        fork = multiprocessing.get_context("fork")
        queue = fork.Queue()
        child = fork.Process(target=_in_child, args=(queue, engine, sqlite))
        child.start()
        told = await asyncio.to_thread(queue.get, True, 20)
        child.join(20)
        assert told == ["forked", "forked", "forked"]
        assert child.exitcode == 0
        assert (await engine.health_ready()).store.ok


async def test_what_the_engine_logs_comes_to_logging(sqlite: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="ilt")
    # A second engine on one file is warned of.
    async with Engine(sqlite), Engine(sqlite):
        for _ in range(50):
            if caplog.records:
                break
            await asyncio.sleep(0.1)
    [record, *_] = caplog.records
    assert record.name.startswith("ilt.")
    assert record.levelno == logging.WARNING
    assert "another host serves this file" in record.getMessage()


@pytest.mark.skipif(sys.platform != "linux", reason="counts open files")
async def test_nothing_is_left_open(tmp_path: Path) -> None:
    async def once(number: int) -> None:
        async with Engine({"store": {"url": f"sqlite:{tmp_path / f'{number}.db'}"}}) as engine:
            await engine.people(actor=APPLICATION)

    await once(0)
    before = (len(os.listdir("/proc/self/fd")), threading.active_count(), len(os.listdir("/proc/self/task")))
    for number in range(1, 5):
        await once(number)
    after = (len(os.listdir("/proc/self/fd")), threading.active_count(), len(os.listdir("/proc/self/task")))
    assert all(now <= then + 1 for now, then in zip(after, before, strict=True)), (before, after)


async def test_a_panic_is_an_exception_and_the_engine_goes_on(engine: Engine) -> None:
    native: Any = engine._native
    with pytest.raises(Broken, match="a fault of ours: on purpose") as broken:
        await asyncio.wait_for(waiting().for_(native._panic), 5)
    assert isinstance(broken.value, RuntimeError)
    assert (await engine.health_ready()).store.ok


def test_a_rule_that_panics_is_an_exception() -> None:
    native: Any = _native.Sessions
    with pytest.raises(Broken, match="a fault of ours"):
        _checked(native._panic)
