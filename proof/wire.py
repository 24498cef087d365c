"""One client's connections: a request out, and what was heard of it.

A client has patience: the host's own limit for a request and a little more. What is not answered by then counts as hung; a connection that
broke counts as lost, since the request may have been done or not.

Not here: trying again. Whoever sends decides that, so that nothing is repeated by accident.
"""

from __future__ import annotations

import http.client
import json
import time
from dataclasses import dataclass, field
from typing import Any

from .history import ANSWERED, HUNG, LOST


@dataclass(frozen=True)
class Request:
    """What is sent; the same object again is the same request again."""

    operation: str
    method: str
    target: str
    person: str | None = None
    token: str | None = None
    body: bytes | None = None
    key: str | None = None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass
class Answer:
    """What was heard."""

    outcome: str
    began: float
    ended: float
    status: int | None = None
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """A yes."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def code(self) -> str | None:
        """The problem's code, when it is one."""
        if self.status is not None and self.status >= 400 and isinstance(self.body, dict):
            return self.body.get("code")
        return None


class Wire:
    """Connections of one thread, one to each host, kept open between requests."""

    def __init__(self, ports: list[int], patience: float) -> None:
        self.ports = ports
        self.patience = patience
        self._open: dict[int, http.client.HTTPConnection] = {}

    def send(self, request: Request, host: int) -> Answer:
        """Sends it once."""
        began = time.time()
        connection = self._open.pop(host, None)
        fresh = connection is None
        if connection is None:
            connection = http.client.HTTPConnection("127.0.0.1", self.ports[host], timeout=self.patience)
        headers = dict(request.headers)
        if request.token:
            headers["Authorization"] = f"Bearer {request.token}"
        if request.key:
            headers["Idempotency-Key"] = request.key
        if request.body is not None:
            headers.setdefault("Content-Type", "application/json")
        try:
            connection.request(request.method, request.target, body=request.body, headers=headers)
            response = connection.getresponse()
            raw = response.read()
        except TimeoutError:
            connection.close()
            return Answer(HUNG, began, time.time())
        except (OSError, http.client.HTTPException):
            connection.close()
            # A connection that lay idle may have been closed by a host that lived no longer; a fresh one tells.
            if not fresh and request.method == "GET":
                return self.send(request, host)
            return Answer(LOST, began, time.time())
        said = {name.lower(): value for name, value in response.getheaders()}
        if response.will_close:
            connection.close()
        else:
            self._open[host] = connection
        return Answer(ANSWERED, began, time.time(), response.status, _read(raw, said), said)

    def close(self) -> None:
        """Leaves."""
        for connection in self._open.values():
            connection.close()
        self._open.clear()


def _read(raw: bytes, headers: dict[str, str]) -> Any:
    if "json" in headers.get("content-type", ""):
        try:
            return json.loads(raw)
        except ValueError:
            return None
    return raw.decode("utf-8", "replace")
