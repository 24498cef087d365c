"""What the old contract calls the states that the engine knows."""

from __future__ import annotations

from ilt import Attendance, Registration, RegistrationStatus, SessionStage

_OVER = tuple(
    it
    for it in RegistrationStatus
    if it not in (RegistrationStatus.CONFIRMED, RegistrationStatus.HELD, RegistrationStatus.WAITLISTED, RegistrationStatus.OFFERED)
)
_WAITS = (RegistrationStatus.WAITLISTED, RegistrationStatus.OFFERED)

_ASKED_FOR: dict[str, tuple[RegistrationStatus, ...]] = {
    "confirmed": (RegistrationStatus.CONFIRMED,),
    "no_show": (RegistrationStatus.CONFIRMED,),
    "pending": (RegistrationStatus.HELD,),
    "waitlist": _WAITS,
    "waitlisted": _WAITS,
    "cancelled": _OVER,
}
FILTERS = frozenset(_ASKED_FOR)
"""What registrations can be filtered by."""

SESSION: dict[SessionStage, str] = {
    SessionStage.DRAFT: "scheduled",
    SessionStage.PUBLISHED: "scheduled",
    SessionStage.RUNNING: "scheduled",
    SessionStage.COMPLETED: "completed",
    SessionStage.CANCELLED: "cancelled",
}
"""What a session's state is called."""

_ENDED: dict[RegistrationStatus, str] = {
    RegistrationStatus.DECLINED: "The request was declined.",
    RegistrationStatus.REQUEST_LAPSED: "Nobody decided on the request in time.",
    RegistrationStatus.NOT_PLACED: "No seat came free before the session began.",
    RegistrationStatus.CANCELLED: "The registration was cancelled.",
    RegistrationStatus.LATE_CANCELLED: "The registration was cancelled late.",
    RegistrationStatus.TRANSFERRED: "The seat was moved to another session.",
    RegistrationStatus.SUBSTITUTED: "Somebody else comes instead.",
    RegistrationStatus.SESSION_CANCELLED: "The session was cancelled.",
}


def statuses(filter: str | None) -> str | None:
    """What the engine is asked for."""
    return None if filter is None else ",".join(_ASKED_FOR[filter])


def booking_status(it: Registration, waitlisted: str) -> str:
    """What a registration's state is called in lists."""
    if it.status in _WAITS:
        return waitlisted
    if it.status is RegistrationStatus.HELD:
        return "pending"
    if it.status is RegistrationStatus.CONFIRMED:
        return "no_show" if it.attendance is Attendance.NO_SHOW else "confirmed"
    return "cancelled"


def progress(it: Registration, waitlisted: str) -> str:
    """What a registration's state is called by whoever polls it."""
    if it.status in _WAITS:
        return waitlisted
    if it.status is RegistrationStatus.HELD:
        return "processing"
    return "confirmed" if it.status is RegistrationStatus.CONFIRMED else "failed"


def message(it: Registration) -> str:
    """A sentence on how a registration stands."""
    match it.status:
        case RegistrationStatus.CONFIRMED:
            return "Your seat is confirmed."
        case RegistrationStatus.WAITLISTED:
            return f"The session is full: you are number {it.position} on the waitlist." if it.position else "You are on the waitlist."
        case RegistrationStatus.OFFERED:
            return f"A seat is offered to you until {it.offer_until:%Y-%m-%d %H:%M} UTC: register again to take it."
        case RegistrationStatus.HELD:
            return "A seat is held for you until your request is approved."
        case _:
            return _ENDED[it.status]
