"""Which sessions are offered first, and who waits in front.

    About, Scoring = scorer(Plugin(name="close-to-home", …), adjust)
"""

from collections.abc import Callable

from wit_world.exports.scoring import Adjustment, Candidate, Course, Joining, Learner, Place, Priority, Question, Weekday

from . import Plugin, Problem, log, schema_in
from .settings import Settings

__all__ = [
    "Adjustment", "Candidate", "Course", "Joining", "Learner", "Place", "Plugin", "Priority", "Problem", "Question", "Settings", "Weekday",
    "log", "schema_in", "scorer",
]  # fmt: skip

Adjust = Callable[[Question, Settings], list[Adjustment]]
Prioritise = Callable[[Joining, Settings], Priority | None]


def scorer(plugin: Plugin, adjust: Adjust, prioritise: Prioritise = lambda joining, settings: None) -> tuple[type, type]:
    """What a plugin with a say in alternatives and waitlists exports, as `About` and `Scoring`."""

    class Scoring:
        def adjust(_, question: Question, settings: str) -> list[Adjustment]:
            return plugin.answer(adjust, question, settings)

        def prioritise(_, joining: Joining, settings: str) -> Priority | None:
            return plugin.answer(prioritise, joining, settings)

    return plugin.about(), Scoring
