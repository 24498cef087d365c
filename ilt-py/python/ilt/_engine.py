"""The engine, inside this process.

What is asked goes through the router of the host (`ilt-host`), which runs in this process on threads of its own: an answer here is an
answer there. So there is one contract, and nothing of it is written a second time in Python.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncGenerator, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode
from uuid import UUID

from ilt import _logging, _native
from ilt import _write as _to
from ilt._actor import Actor, Application
from ilt._config import tree
from ilt._errors import ConfigurationError, of_problem
from ilt._imported import Imported
from ilt._live import LiveEvent, events
from ilt._loop import Answer, waiting
from ilt._operations import Operations

_JSON = (b"content-type", b"application/json")


class Engine(Operations):
    """Everything that a host keeps running, in this process: it decides, follows its journal, keeps timers, and sends what is configured.

    Any number of processes share one PostgreSQL; an SQLite file is one process's. An engine may be used from several event loops.

    Args:
        config: Settings as a dict of their sections (`{"store": {"url": "…"}}`), or the TOML file they are in. Without it `ilt.toml` is
            read, where there is one. Every setting is in the host's `config.default.toml`.
        environment: Whether variables such as `ILT__STORE__URL` change what is set, as they do for a host.

    Raises:
        ConfigurationError: a setting makes no sense.
    """

    def __init__(self, config: Mapping[str, Any] | str | os.PathLike[str] | None = None, *, environment: bool = True) -> None:
        said, file = (json.dumps(tree(config)), None) if isinstance(config, Mapping) else (None, config)
        if file is not None and not isinstance(file, str | os.PathLike):
            raise TypeError(f"config must be a dict or a path, not {type(file).__name__}")
        try:
            self._native = _native.Engine(said, None if file is None else Path(file), environment)
        except ValueError as wrong:
            raise ConfigurationError._of("configuration", 500, str(wrong)) from None

    async def start(self) -> None:
        """Opens the database, brings its schema up to date where that is configured, and starts what is configured.

        Raises:
            ConfigurationError: a setting makes no sense.
            StartError: the database cannot be opened, or has another schema than this version needs.
            Forked: this process was forked from one with an engine.
            Closed: it has been started before.
        """
        _logging.begin(self._native.log_filter())
        is_new = not self._native.has_begun()
        try:
            await waiting().for_(self._native.start)
        except BaseException:
            if is_new:
                self._native.abandon()
            raise

    async def stop(self) -> None:
        """Stops: what was asked is answered, what was accepted is decided. Afterwards everything raises `Closed`; stopping twice is fine.

        Raises:
            Broken: something did not come to an end within `http.grace`, and was left as it was.
        """
        await waiting().for_(self._native.stop)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.stop()

    async def live(
        self, *, actor: Actor, sessions: Iterable[UUID] | None = None, after: int | None = None
    ) -> AsyncGenerator[LiveEvent, None]:
        """Seats and plans as they change, until the engine stops or whoever listens has left.

        Args:
            sessions: Which; all that are published when absent. 200 at most.
            after: The id of the event after which to go on, without a gap.
        """
        named = None if sessions is None else ",".join(_to.several("sessions", sessions, _to.uuid))
        headers = [] if after is None else [(b"last-event-id", str(_to.whole("after", after)).encode())]
        target = "/v1/live" + _query({"sessions": named} if named is not None else {})
        answer = await self.ask("GET", target, actor=actor, headers=headers)
        _raise(answer)
        stream = answer[2]
        assert isinstance(stream, _native.Stream)
        async for event in events(pieces(stream)):
            yield event

    async def import_csv(self, kind: str, file: bytes | str | os.PathLike[str], *, rehearse: bool = False) -> Imported:
        """Brings in a file of CSV, wholly or not at all, in the name of this program; docs/import.md has the columns.

        Args:
            kind: `dealers`, `locations`, `courses`, `people`, `sessions` or `completions`; what refers to others comes after them.
            file: Its bytes, or where it is.
            rehearse: Only says what would happen.

        Raises:
            InvalidRequest: `facts["fields"]` says what is wrong, by line and column; nothing was imported.
        """
        read = file if isinstance(file, bytes) else await asyncio.to_thread(Path(file).read_bytes)
        kind = _to.text("kind", kind)
        done = await waiting().for_(lambda inbox, number: self._native.bring_in(inbox, number, kind, read, rehearse))
        return Imported.of(json.loads(done))

    async def ask(
        self,
        method: str,
        target: str,
        *,
        actor: Actor | None,
        headers: Iterable[tuple[bytes, bytes]] = (),
        body: bytes = b"",
        is_paced: bool = False,
        peer: str | None = None,
    ) -> Answer:
        """Asks the router as a client of the host would, and answers status, headers and body as it does.

        Args:
            target: The path, percent-encoded, and the query behind it.
            actor: Who asks; nobody when it is `None`, and then a token of the host's may stand in the headers.
            is_paced: Whether they may ask only so often (`http.requests_per_minute`), as somebody from outside.
            peer: The address of somebody from outside.
        """
        who = None if actor is None else _who(actor)
        return await waiting().for_(  # type: ignore[no-any-return]
            lambda inbox, number: self._native.ask(inbox, number, method, target, list(headers), body, who, is_paced, peer)
        )

    async def _json(
        self,
        method: str,
        path: str,
        *,
        actor: Actor | None,
        query: dict[str, Any] | None = None,
        body: dict[str, Any] | None = None,
        key: str | None = None,
        if_match: int | None = None,
    ) -> Any:
        headers = [(b"accept", b"application/json")]
        if body is not None:
            headers.append(_JSON)
        if key is not None:
            headers.append((b"idempotency-key", _to.header("key", key)))
        if if_match is not None:
            headers.append((b"if-match", f'"{_to.whole("if_match", if_match)}"'.encode()))
        written = b"" if body is None else json.dumps(body, allow_nan=False).encode()
        said = body_of(await self.ask(method, path + _query(query), actor=actor, headers=headers, body=written))
        return json.loads(said) if said else None

    async def _text(self, method: str, path: str, kind: str, *, actor: Actor | None, query: dict[str, Any] | None = None) -> str:
        accept = [(b"accept", kind.encode())]
        return body_of(await self.ask(method, path + _query(query), actor=actor, headers=accept)).decode()

    async def _upload(self, path: str, body: bytes, *, actor: Actor | None) -> Any:
        kind = [(b"content-type", b"application/octet-stream")]
        return json.loads(body_of(await self.ask("POST", path, actor=actor, headers=kind, body=body)))


async def pieces(stream: _native.Stream) -> AsyncGenerator[bytes, None]:
    """What a stream brings, piece by piece."""
    while (piece := await waiting().for_(stream.next)) is not None:
        yield piece


def _who(actor: Actor) -> str:
    if isinstance(actor, Application):
        return actor.value
    return _to.uuid("actor", actor)


def _query(query: dict[str, Any] | None) -> str:
    if not query:
        return ""
    said = {name: str(value).lower() if isinstance(value, bool) else value for name, value in query.items()}
    return "?" + urlencode(said)


def body_of(answer: Answer) -> bytes:
    """The body of an answer; raises the problem that it is."""
    _raise(answer)
    body = answer[2]
    assert isinstance(body, bytes)
    return body


def _raise(answer: Answer) -> None:
    _, pairs, body = answer
    headers = dict(pairs)
    if headers.get(b"content-type") == b"application/problem+json" and isinstance(body, bytes):
        wait = headers.get(b"retry-after", b"")
        raise of_problem(json.loads(body), int(wait) if wait.isdigit() else None)
