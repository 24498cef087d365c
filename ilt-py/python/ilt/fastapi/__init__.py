"""The whole REST contract inside a FastAPI application.

    app = FastAPI(lifespan=lifespan(engine))
    app.include_router(router(engine, actor=Depends(my_users_id)), prefix="/api/ilt")
    describe(app)

Who asks is decided by the application: `actor` is a dependency of its own that answers the id of a person, or `None` for nobody. What is
answered, refused and streamed is what the host answers, since its router is what answers.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from ilt import Actor, Engine, IltError
from ilt._engine import pieces
from ilt._native import LARGEST_BODY
from ilt.fastapi._body import gathered
from ilt.fastapi._contract import Operation, describe, operations

__all__ = ["describe", "lifespan", "problem", "router"]

_METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


def lifespan(engine: Engine) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Starts the engine with the application, and stops it with it."""

    @asynccontextmanager
    async def run(_: FastAPI) -> AsyncIterator[None]:
        async with engine:
            yield

    return run


def router(engine: Engine, actor: Any) -> APIRouter:
    """Every operation of the contract, for an application to include under any prefix.

    Addresses in answers begin with `http.public_url`, when that is set; `Location` with the prefix, when it is not.

    Args:
        actor: `Depends(…)` on who asks: the id of a person as a `UUID`, `APPLICATION` for what the application does in the name of
            nobody, or `None` for nobody. What it raises is the application's to answer.
    """
    found = APIRouter()
    by_path: dict[str, list[Operation]] = {}
    for one in operations():
        by_path.setdefault(one.path, []).append(one)
        endpoint = _open(engine, one.path) if one.is_public else _of_somebody(engine, one.path, actor)
        endpoint.__doc__ = one.summary
        found.add_api_route(
            one.path,
            endpoint,
            methods=[one.method],
            operation_id=one.id,
            name=one.id,
            summary=one.summary,
            tags=list(one.tags),
            response_model=None,
        )
    for path, there in by_path.items():
        # What an address does not answer to is refused by the host's router, with its own document.
        others = _METHODS.difference(one.method for one in there) | {"HEAD"}
        found.add_api_route(
            path, _open(engine, path), methods=sorted(others), include_in_schema=False, response_model=None, name=f"not {path}"
        )
    return found


def problem(_: Request, error: Exception) -> Response:
    """Answers an `IltError` as the problem document that it is: `app.add_exception_handler(IltError, problem)`."""
    if not isinstance(error, IltError):
        raise error
    headers = {} if error.retry_after is None else {"retry-after": str(error.retry_after)}
    return JSONResponse(error.problem, error.status, headers, media_type="application/problem+json")


def _open(engine: Engine, path: str) -> Callable[..., Any]:
    async def ask(request: Request) -> Response:
        return await _answer(engine, path, request, None)

    return ask


def _of_somebody(engine: Engine, path: str, actor: Any) -> Callable[..., Any]:
    async def ask(request: Request, who: Any = actor) -> Response:
        return await _answer(engine, path, request, who)

    return ask


async def _answer(engine: Engine, path: str, request: Request, who: Actor | None) -> Response:
    """What the host's router answers to this request."""
    filled = path.format(**{name: quote(value, safe="") for name, value in request.path_params.items()})
    query = request.scope["query_string"].decode("latin-1")
    try:
        status, headers, said = await engine.ask(
            request.method,
            f"{filled}?{query}" if query else filled,
            actor=who,
            headers=request.headers.raw,
            body=await gathered(request, LARGEST_BODY),
            is_paced=True,
            peer=request.client.host if request.client else None,
        )
    except IltError as error:
        return problem(request, error)
    response = Response(said, status) if isinstance(said, bytes) else StreamingResponse(pieces(said), status)
    prefix = _prefix(path, request)
    response.raw_headers = [(name, prefix + value if name == b"location" and value.startswith(b"/") else value) for name, value in headers]
    if isinstance(said, bytes) and not any(name == b"content-length" for name, _ in headers):
        response.raw_headers.append((b"content-length", str(len(said)).encode()))
    return response


def _prefix(path: str, request: Request) -> bytes:
    """What the application has put before the addresses of the contract."""
    segments = path.count("/")
    before = request.url.path.rsplit("/", segments)[0]
    return quote(before, safe="/").encode()
