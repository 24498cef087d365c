"""Instructor-led training: registration and scheduling for dealer networks, inside a Python program.

    from ilt import APPLICATION, Engine

    async with Engine({"store": {"url": "postgresql+asyncpg://…"}}) as engine:
        registration = await engine.register(session, actor=learner, key="…")

`ilt.fastapi` adds the whole REST contract to a FastAPI application.
"""

from ilt import _types
from ilt._actor import APPLICATION, UNSET, Actor, Application, Unset
from ilt._engine import Engine
from ilt._errors import (
    Broken,
    Busy,
    Closed,
    ConfigurationError,
    Forbidden,
    Forked,
    IltError,
    InvalidRequest,
    NotFound,
    Refused,
    Stale,
    StartError,
    Unauthenticated,
)
from ilt._imported import Imported, LeftOut
from ilt._live import LiveEvent
from ilt._native import VERSION as __version__
from ilt._types import *

__all__ = [
    "APPLICATION",
    "UNSET",
    "Actor",
    "Application",
    "Broken",
    "Busy",
    "Closed",
    "ConfigurationError",
    "Engine",
    "Forbidden",
    "Forked",
    "IltError",
    "Imported",
    "InvalidRequest",
    "LeftOut",
    "LiveEvent",
    "NotFound",
    "Refused",
    "StartError",
    "Stale",
    "Unauthenticated",
    "Unset",
    "__version__",
]
__all__ += _types.__all__
