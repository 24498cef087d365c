"""Settings as a program says them, as the tree that the engine reads."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta
from typing import Any


def tree(config: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """The same in what JSON can say. What is `None` is not said; a path is its text, a length of time so many milliseconds."""
    said: dict[str, Any] = {}
    for key, value in config.items():
        if not isinstance(key, str):
            raise TypeError(f"the names of settings are texts, not {type(key).__name__}")
        if value is not None:
            said[key] = _value(value, f"{above}{key}")
    return said


def _value(value: Any, key: str) -> Any:
    match value:
        case Mapping():
            return tree(value, f"{key}.")
        case timedelta():
            return f"{value // timedelta(milliseconds=1)}ms"
        case os.PathLike():
            return os.fspath(value)
        case list() | tuple():
            return [_value(one, key) for one in value]
        case str() | bool() | int() | float():
            return value
    raise TypeError(f"{key} cannot be a {type(value).__name__}")
