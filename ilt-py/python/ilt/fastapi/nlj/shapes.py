"""What the old contract shows: its members, and nothing beside them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ilt import Alternative, Registration, Session, SessionStage
from ilt.fastapi.nlj.platform import Programme
from ilt.fastapi.nlj.words import SESSION, booking_status, message, progress


def session(it: Session) -> dict[str, Any]:
    """A session. When it was made is not told apart from when it was published, nor its changes from its moving."""
    seats, place, first, last = it.seats, it.location, it.parts[0], it.parts[-1]
    made = it.registration.opens_at
    return {
        "id": str(it.id),
        "program_id": str(it.course.id),
        "start_time": instant(first.starts_at),
        "end_time": instant(last.starts_at + last.length),
        "timezone": first.zone,
        "location": place.name,
        "location_details": {"id": str(place.id), "city": place.city, "lat": place.lat, "lon": place.lon, "room": first.room or None},
        "capacity": seats.capacity,
        "instructor_id": str(it.instructors[0].id) if it.instructors else None,
        "session_notes": None,
        "status": SESSION[it.status],
        "cancelled_at": None,
        "cancellation_reason": it.cancelled_because,
        "attendance_taken": it.status is SessionStage.COMPLETED,
        "attendance_taken_at": None,
        "created_at": instant(made),
        "updated_at": instant(it.moved_at or made),
        "available_spots": seats.open + (it.reserved_for_you or 0),
        "total_bookings": bookings(it),
        "confirmed_bookings": seats.confirmed + seats.over_capacity,
        "waitlist_count": seats.waitlisted,
    }


def bookings(it: Session) -> int:
    """How many have a seat, may get one, or wait."""
    seats = it.seats
    return seats.confirmed + seats.over_capacity + seats.held + seats.offered + seats.waitlisted


def programme(it: Programme, sessions: Iterable[Session]) -> dict[str, Any]:
    """A programme, with the numbers of its sessions that have not ended."""
    listed = list(sessions)
    return {
        "id": str(it.id),
        "title": it.title,
        "description": it.description,
        "duration_minutes": it.duration_minutes,
        "prerequisites": [str(one) for one in it.prerequisites],
        "content_items": [str(one) for one in it.content_items],
        "requires_approval": it.requires_approval,
        "auto_approve": it.auto_approve,
        "is_active": it.is_active,
        "is_published": it.is_published,
        "created_by_id": str(it.created_by_id) if it.created_by_id else None,
        "total_sessions": len(listed),
        "upcoming_sessions": sum(one.status is SessionStage.PUBLISHED for one in listed),
        "total_bookings": sum(bookings(one) for one in listed),
    }


def registration(it: Registration, waitlisted: str) -> dict[str, Any]:
    """A registration in a list, where the engine does not say when it last changed."""
    return {
        "id": str(it.id),
        "program_id": str(it.session.course.id),
        "session_id": str(it.session.id),
        "learner_id": str(it.learner.id),
        "booking_status": booking_status(it, waitlisted),
        "registration_method": "online",
        "special_requirements": None,
        "waitlist_position": it.position,
        "confirmation_sent": False,
        "registered_at": instant(it.created_at),
        "updated_at": instant(it.created_at),
    }


def status(it: Registration, waitlisted: str) -> dict[str, Any]:
    """How a registration stands, for whoever polls it."""
    position = {} if it.position is None else {"waitlist_position": it.position}
    return {"booking_id": str(it.id), "status": progress(it, waitlisted), "message": message(it), **position}


def alternatives(these: Iterable[Alternative]) -> list[dict[str, Any]]:
    """Sessions to take instead, best first."""
    return [{"session": session(one.session), "reason": one.reason} for one in these]


def instant(at: datetime | None) -> str | None:
    """A point in time."""
    return None if at is None else at.isoformat().replace("+00:00", "Z")
