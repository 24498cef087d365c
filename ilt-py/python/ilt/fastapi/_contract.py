"""The contract, in the OpenAPI document of an application."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from fastapi import FastAPI

from ilt._native import CONTRACT

_REFERENCE = "#/components/schemas/"


@dataclass(frozen=True)
class Operation:
    """What a route is made of."""

    id: str
    method: str
    path: str
    summary: str
    tags: tuple[str, ...]
    is_public: bool


@cache
def contract() -> dict[str, Any]:
    """The contract of the host, as its `/openapi.json` has it."""
    read: dict[str, Any] = json.loads(CONTRACT)
    return read


def operations() -> Iterator[Operation]:
    """Every operation of it."""
    for path, item in contract()["paths"].items():
        for method, said in item.items():
            yield Operation(
                id=said["operationId"],
                method=method.upper(),
                path=path,
                summary=said.get("summary", ""),
                tags=tuple(said.get("tags", ())),
                is_public=said.get("security") == [{}],
            )


def describe(app: FastAPI) -> None:
    """Has the application's OpenAPI document say all that the contract says, wherever `router` was included.

    How somebody signs in is said as the application says it. Schemas whose names the application has for others are called `Ilt…`.
    """
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            _add(plain())
        assert app.openapi_schema is not None
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _add(document: dict[str, Any]) -> None:
    """Puts in the place of each operation of ours what the contract says of it."""
    components = document.setdefault("components", {}).setdefault("schemas", {})
    ours = contract()["components"]["schemas"]
    names = {name: f"Ilt{name}" if name in components and components[name] != ours[name] else name for name in ours}
    said = {one.id: contract()["paths"][one.path][one.method.lower()] for one in operations()}
    found = False
    for item in document.get("paths", {}).values():
        for method, operation in item.items():
            mine = said.get(operation.get("operationId", "")) if isinstance(operation, dict) else None
            if mine is not None:
                found = True
                security = {"security": operation["security"]} if "security" in operation else {}
                rest = {key: value for key, value in mine.items() if key != "security"}
                item[method] = {**_renamed(rest, names), **security}
    if found:
        components.update({names[name]: _renamed(schema, names) for name, schema in ours.items()})


def _renamed(part: Any, names: dict[str, str]) -> Any:
    """The same, with references to what schemas are called there."""
    if isinstance(part, dict):
        return {
            key: _REFERENCE + names[value.removeprefix(_REFERENCE)] if key == "$ref" else _renamed(value, names)
            for key, value in part.items()
        }
    if isinstance(part, list):
        return [_renamed(one, names) for one in part]
    return part
