"""What the package is written on: see the crate `ilt-py`."""

import os
from datetime import datetime
from typing import Any, Final, final
from uuid import UUID

from ilt._rules import CourseFacts, LearnerFacts, PlaceFacts, SessionFacts, Stretch

__all__ = [
    "CONTRACT",
    "Engine",
    "Inbox",
    "LARGEST_BODY",
    "Sessions",
    "Stream",
    "Task",
    "VERSION",
    "clashes",
    "close_log",
    "missing",
    "next_log",
    "open_log",
    "seats",
]

VERSION: Final[str]
LARGEST_BODY: Final[int]
CONTRACT: Final[str]

@final
class Inbox:
    def __new__(cls) -> Inbox: ...
    def fileno(self) -> int: ...
    def take(self) -> list[tuple[int, Any]]: ...

@final
class Task:
    def abandon(self) -> None: ...

@final
class Stream:
    def next(self, inbox: Inbox, number: int) -> Task: ...

@final
class Engine:
    def __new__(cls, said: str | None, file: str | os.PathLike[str] | None, with_environment: bool) -> Engine: ...
    def log_filter(self) -> str: ...
    def has_begun(self) -> bool: ...
    def start(self, inbox: Inbox, number: int) -> None: ...
    def stop(self, inbox: Inbox, number: int) -> None: ...
    def abandon(self) -> None: ...
    def ask(
        self,
        inbox: Inbox,
        number: int,
        method: str,
        target: str,
        headers: list[tuple[bytes, bytes]],
        body: bytes,
        who: str | None,
        is_paced: bool,
        peer: str | None,
    ) -> Task | None: ...
    def bring_in(self, inbox: Inbox, number: int, kind: str, file: bytes, rehearse: bool) -> Task | None: ...

@final
class Sessions:
    def __new__(cls, courses: list[CourseFacts], places: list[PlaceFacts], sessions: list[SessionFacts]) -> Sessions: ...
    def __len__(self) -> int: ...
    def rank(
        self, wanted: UUID, learner: LearnerFacts, weights: tuple[float, float, float], now: datetime
    ) -> list[tuple[UUID, float, tuple[float, float, float], float | None, int, str, str | None]]: ...

def missing(
    course: UUID, courses: list[CourseFacts], completions: list[tuple[UUID, datetime]], at: datetime
) -> list[tuple[UUID, str, datetime | None]]: ...
def clashes(stretches: list[Stretch], kilometres_per_hour: int | None, least_minutes: int | None) -> list[tuple[int, int]]: ...
def seats(capacity: int, reserved: int, claims: list[tuple[str, int]]) -> list[int]: ...
def open_log(filter: str) -> bool: ...
def next_log() -> tuple[list[tuple[int, str, str]], int] | None: ...
def close_log() -> None: ...
