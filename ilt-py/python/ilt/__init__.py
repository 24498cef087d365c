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
from ilt._rules import (
    Claim,
    CourseFacts,
    Lacking,
    LearnerFacts,
    PlaceFacts,
    Ranked,
    SessionFacts,
    Sessions,
    Stretch,
    Weights,
    check_prerequisites,
    find_clashes,
    rank,
    seat_ledger,
)
from ilt._types import *

__all__ = [
    "APPLICATION",
    "UNSET",
    "Actor",
    "Application",
    "Broken",
    "Busy",
    "Claim",
    "Closed",
    "ConfigurationError",
    "CourseFacts",
    "Engine",
    "Forbidden",
    "Forked",
    "IltError",
    "Imported",
    "InvalidRequest",
    "Lacking",
    "LearnerFacts",
    "LeftOut",
    "LiveEvent",
    "NotFound",
    "PlaceFacts",
    "Ranked",
    "Refused",
    "SessionFacts",
    "Sessions",
    "StartError",
    "Stale",
    "Stretch",
    "Unauthenticated",
    "Unset",
    "Weights",
    "__version__",
    "check_prerequisites",
    "find_clashes",
    "rank",
    "seat_ledger",
]
__all__ += _types.__all__
