"""Sessions that are further away than we travel come last."""

import os

from ilt_plugin.scoring import Adjustment, Plugin, Question, Settings, schema_in, scorer


def adjust(question: Question, settings: Settings) -> list[Adjustment]:
    """Changes of scores, each with a sentence that learners read."""
    adjustments = []
    for position, candidate in enumerate(question.candidates):
        km = question.places[candidate.place].distance_km
        if km is not None and km > settings["most_km"]:
            adjustments.append(Adjustment(position, -0.3, "Further than your dealer travels."))
    return adjustments


About, Scoring = scorer(
    Plugin(
        name="{{name}}",
        version="1.0.0",
        summary="Sessions that are further away than we travel come last.",
        settings=schema_in(os.path.join(os.path.dirname(__file__), "settings.json")),
    ),
    adjust,
)
