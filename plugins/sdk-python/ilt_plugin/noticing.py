"""Who is told of what, and when.

    About, Noticing = notifier(Plugin(name="quiet-hours", …), advise)
"""

from collections.abc import Callable

from wit_world.exports.noticing import (
    Advice, Change_Add, Change_AtMinute, Change_Mute, Change_ToDigest, Happening, Notice, Pace, Question, Role,
)  # fmt: skip

from . import Plugin, Problem, log, schema_in
from .settings import Settings

__all__ = [
    "Advice", "Happening", "Notice", "Pace", "Plugin", "Problem", "Question", "Role", "Settings",
    "add", "at_minute", "log", "mute", "notifier", "schema_in", "to_digest",
]  # fmt: skip

Advise = Callable[[Question, Settings], list[Advice]]


def mute(notice: int, reason: str) -> Advice:
    """Nobody is told: a position in the list of notices."""
    return Advice(Change_Mute(notice), reason)


def to_digest(notice: int, reason: str) -> Advice:
    """With everything else of the day."""
    return Advice(Change_ToDigest(notice), reason)


def at_minute(notice: int, minute: int, reason: str) -> Advice:
    """As soon as the clock of whoever is told shows so many minutes after midnight."""
    return Advice(Change_AtMinute((notice, minute)), reason)


def add(role: Role, pace: Pace, reason: str) -> Advice:
    """Somebody of the learner's dealer is told too."""
    return Advice(Change_Add((role, pace)), reason)


def notifier(plugin: Plugin, advise: Advise) -> tuple[type, type]:
    """What a plugin with a say in who is told of what, and when, exports, as `About` and `Noticing`."""

    class Noticing:
        def advise(_, question: Question, settings: str) -> list[Advice]:
            return plugin.answer(advise, question, settings)

    return plugin.about(), Noticing
