"""At night nobody hears what can wait, and a manager hears at once of the no-show that is one too many."""

import os

from ilt_plugin.noticing import Advice, Notice, Pace, Plugin, Problem, Question, Role, Settings, add, at_minute, notifier, schema_in


def minutes(clock: str) -> int:
    """Minutes after midnight, of a time such as 07:30."""
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def is_quiet(minute: int, settings: Settings) -> bool:
    """Whether nobody should hear anything; the first minute is quiet, the last one is not."""
    begins, ends = minutes(settings["quiet_from"]), minutes(settings["quiet_until"])
    if begins < ends:
        return begins <= minute < ends
    return minute >= begins or minute < ends


def waits(position: int, notice: Notice, settings: Settings) -> Advice | None:
    """Until when a notice waits; nothing when it is heard as it is."""
    match notice.pace:
        case Pace.DIGEST:
            # It is heard with the digest, whenever it happened.
            return at_minute(position, minutes(settings["digest_at"]), f"The digest comes at {settings['digest_at']}.")
        case Pace.AT_ONCE if is_quiet(notice.minute, settings):
            return at_minute(position, minutes(settings["quiet_until"]), f"Quiet until {settings['quiet_until']}.")
    return None


def is_one_too_many(question: Question, settings: Settings) -> bool:
    """Whether this is the no-show of which the manager must hear, and does not hear at once anyhow."""
    happening = question.happening
    if happening.outcome != "no-show" or happening.no_shows != settings["no_shows"]:
        return False
    return not any(it.role is Role.MANAGER and it.pace is not Pace.DIGEST for it in question.notices)


def advise(question: Question, settings: Settings) -> list[Advice]:
    """What waits, and what the manager must hear now: that is not moved to the digest as well."""
    notices = list(enumerate(question.notices))
    urging = []
    if is_one_too_many(question, settings):
        notices = [(position, it) for position, it in notices if it.role is not Role.MANAGER]
        urging = [add(Role.MANAGER, Pace.AT_ONCE, f"No-show number {question.happening.no_shows} in 365 days.")]
    waiting = [waits(position, notice, settings) for position, notice in notices]
    return urging + [it for it in waiting if it]


def problems(settings: Settings) -> list[Problem]:
    if settings["quiet_from"] == settings["quiet_until"]:
        return [Problem("/quiet_until", "must be another time than quiet_from")]
    if is_quiet(minutes(settings["digest_at"]), settings):
        return [Problem("/digest_at", "must not be in the quiet hours")]
    return []


About, Noticing = notifier(
    Plugin(
        name="quiet-hours",
        version="1.0.0",
        summary="At night nobody hears what can wait; the manager hears at once of the third no-show.",
        settings=schema_in(os.path.join(os.path.dirname(__file__), "settings.json")),
        problems=problems,
    ),
    advise,
)
