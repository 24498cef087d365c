"""One request: who asks, what for, and how it is answered."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ValidationError

from ilt import Alternative, Engine, IltError, InvalidRequest
from ilt._engine import body_of
from ilt.fastapi._body import gathered
from ilt.fastapi.nlj import shapes
from ilt.fastapi.nlj.platform import User

_LARGEST = 1 << 20
_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Call:
    """A request of somebody who is signed in."""

    request: Request
    user: User

    def id(self, name: str) -> UUID:
        """An id in the address."""
        try:
            return UUID(self.request.path_params[name])
        except ValueError:
            raise _invalid([(name, "must be a UUID")]) from None

    def query(self, model: type[_Model]) -> _Model:
        """What stands behind the address. What is empty counts as absent."""
        return _read(model, {name: value for name, value in self.request.query_params.items() if value})

    async def body(self, model: type[_Model]) -> _Model:
        """What was sent. Members that nobody asks for are let pass; nothing at all counts as none."""
        sent = await gathered(self.request, _LARGEST)
        if len(sent) > _LARGEST:
            raise InvalidRequest._of("too-large", 413, f"The body may have {_LARGEST} bytes at most.")
        try:
            said = json.loads(sent) if sent.strip() else {}
            # Halves of characters are no text.
            json.dumps(said, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict):
            raise _invalid([("body", "must be a JSON object")])
        return _read(model, said)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the engine answered to something that changes it."""

    is_new: bool
    event: str
    """By what the engine's log knows it."""
    said: dict[str, Any]


async def ask(engine: Engine, path: str, user: User, **body: Any) -> Asked:
    """Asks the engine to do something, in the name of a person; what is `None` is not said."""
    sent = json.dumps({name: value for name, value in body.items() if value is not None}).encode()
    headers = [(b"content-type", b"application/json"), (b"accept", b"application/json")]
    answer = await engine.ask("POST", path, actor=user.id, headers=headers, body=sent)
    said = json.loads(body_of(answer))
    status, named, _ = answer
    return Asked(status == 201, dict(named).get(b"x-request-id", b"").decode(), said)


def answering(signed_in: Callable[[Request], Awaitable[User]], use: Callable[[Call], Awaitable[Any]], status: int) -> Any:
    """The endpoint of a use case: `detail` is one sentence, whatever goes wrong."""

    async def endpoint(request: Request) -> Response:
        try:
            return JSONResponse(await use(Call(request, await signed_in(request))), status)
        except IltError as error:
            return _refused(error)

    return endpoint


def _refused(error: IltError) -> Response:
    status = 422 if error.status == 400 else error.status
    said = {**error.problem, "status": status, "detail": error.detail}
    if said.get("alternatives"):
        said["alternatives"] = shapes.alternatives(Alternative._read(one) for one in said["alternatives"])
    headers = {} if error.retry_after is None else {"retry-after": str(error.retry_after)}
    if status == 401:
        headers["www-authenticate"] = "Bearer"
    return JSONResponse(said, status, headers)


def _read(model: type[_Model], said: dict[str, Any]) -> _Model:
    try:
        return model.model_validate(said)
    except ValidationError as wrong:
        told = [(".".join(str(it) for it in one["loc"]), one["msg"].removeprefix("Value error, ")) for one in wrong.errors()]
        raise _invalid(told) from None


def _invalid(told: list[tuple[str, str]]) -> InvalidRequest:
    fields = [{"pointer": name, "detail": detail} for name, detail in told]
    return InvalidRequest._of("invalid-request", 422, "; ".join(f"{name}: {detail}" for name, detail in told), fields=fields)
