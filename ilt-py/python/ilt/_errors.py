"""What can be refused, and what can go wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from ilt._types import Alternative

# What every problem document says; the rest are facts of the case.
_ALWAYS = {"type", "title", "status", "detail", "code", "trace_id", "instance"}


class IltError(Exception):
    """Something was refused, or went wrong.

    Each kind is also the built-in exception that it is nearest to, so that whoever does not know this package can catch it all the same.
    """

    code: str
    """Stable; switch on this. `/problems` of a host lists them all."""
    status: int
    """The HTTP status that a host answers with."""
    problem: dict[str, Any]
    """The whole problem document (RFC 9457)."""
    retry_after: int | None
    """After how many seconds it is worth asking again, where that helps."""

    def __init__(self, problem: Mapping[str, Any], retry_after: int | None = None) -> None:
        self.problem = dict(problem)
        self.code = str(problem.get("code", "broken"))
        self.status = int(problem.get("status", 500))
        self.retry_after = retry_after
        super().__init__(self.detail)

    @classmethod
    def _of(cls, code: str, status: int, detail: str, **facts: Any) -> Self:
        return cls({"type": f"/problems/{code}", "title": detail, "status": status, "code": code, "detail": detail, **facts})

    @property
    def detail(self) -> str:
        """What happened in this case."""
        return str(self.problem.get("detail") or self.problem.get("title") or self.code)

    @property
    def facts(self) -> dict[str, Any]:
        """What is known of the case, by name."""
        return {name: value for name, value in self.problem.items() if name not in _ALWAYS}

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.problem, self.retry_after))


class InvalidRequest(IltError, ValueError):
    """The request makes no sense: `facts["fields"]` names the arguments, and what is wrong with each (400, 413, 422)."""


class Unauthenticated(IltError, PermissionError):
    """The actor is not known here, or not active (401)."""


class Forbidden(IltError, PermissionError):
    """The actor may not do this; `detail` names the role that may (403)."""


class NotFound(IltError, LookupError):
    """It does not exist, or the actor may not know of it (404)."""


class Refused(IltError, RuntimeError):
    """A rule says no (409)."""

    @property
    def alternatives(self) -> tuple[Alternative, ...]:
        """What can be taken instead, best first."""
        from ilt._types import Alternative

        return tuple(Alternative._read(one) for one in self.problem.get("alternatives") or ())


class Stale(Refused):
    """Somebody else changed it first: read it again (409, or 412 with `if_match`)."""


class Busy(IltError, RuntimeError):
    """Try again after `retry_after` seconds, with the same key: the database is away, or too much is asked (429, 503)."""


class Broken(IltError, RuntimeError):
    """A fault of ours (500)."""


class ConfigurationError(IltError, ValueError):
    """A setting makes no sense; `detail` names it."""


class StartError(IltError, RuntimeError):
    """The engine cannot start: its database cannot be opened, or has another schema than this version needs."""


class Closed(IltError, RuntimeError):
    """The engine is not running: it was not started, or has been stopped."""


class Forked(IltError, RuntimeError):
    """This process was forked from one with an engine, whose threads did not come along."""


def invalid(argument: str, detail: str) -> InvalidRequest:
    """What is wrong with an argument."""
    fields = [{"pointer": argument, "detail": detail}]
    return InvalidRequest._of("invalid-request", 400, f"{argument} {detail}", fields=fields)


def of_problem(problem: Mapping[str, Any], retry_after: int | None = None) -> IltError:
    """The exception for a problem document."""
    status, code = int(problem.get("status", 500)), problem.get("code")
    kind: type[IltError]
    match status:
        case 401:
            kind = Unauthenticated
        case 403:
            kind = Forbidden
        case 404:
            kind = NotFound
        case 409 | 412:
            kind = Stale if code == "stale" else Refused
        case 429 | 503:
            kind = Busy
        case _ if status < 500:
            kind = InvalidRequest
        case _:
            kind = Broken
    return kind(problem, retry_after)


_FAILURES: dict[str, tuple[type[IltError], str, int]] = {
    "configuration": (ConfigurationError, "configuration", 500),
    "start": (StartError, "cannot-start", 503),
    "started": (Closed, "started-already", 500),
    "closed": (Closed, "closed", 503),
    "stop": (Broken, "cannot-stop", 500),
    "forked": (Forked, "forked", 500),
    "request": (InvalidRequest, "invalid-request", 400),
}


def of_failure(kind: str, why: str) -> IltError:
    """The exception for what went wrong around a request."""
    error, code, status = _FAILURES.get(kind, (Broken, "broken", 500))
    return error._of(code, status, why)
