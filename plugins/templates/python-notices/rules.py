"""What happens at night is told in the morning; what is urgent is told all the same."""

import os

from ilt_plugin.noticing import Advice, Pace, Plugin, Question, Settings, at_minute, notifier, schema_in


def advise(question: Question, settings: Settings) -> list[Advice]:
    """Changes of who is told and when."""
    morning = settings["hour"] * 60
    return [
        at_minute(position, morning, "It waits until the morning.")
        for position, notice in enumerate(question.notices)
        if notice.pace is Pace.AT_ONCE and notice.minute < morning
    ]


About, Noticing = notifier(
    Plugin(
        name="{{name}}",
        version="1.0.0",
        summary="What happens at night is told in the morning.",
        settings=schema_in(os.path.join(os.path.dirname(__file__), "settings.json")),
    ),
    advise,
)
