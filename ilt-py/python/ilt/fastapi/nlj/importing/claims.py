"""From bookings to claims on one session: who counts, as what, and in which order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from uuid import UUID

from ilt.fastapi.nlj.importing.reading import Booking


class Wants(IntEnum):
    """What a booking is on the platform, in the order in which they come in."""

    SEAT = 0
    """It is confirmed."""
    APPROVAL = 1
    """It is pending."""
    PLACE = 2
    """It waits."""


_WORDS = {
    "confirmed": Wants.SEAT,
    "pending": Wants.APPROVAL,
    "waitlist": Wants.PLACE,
    "waitlisted": Wants.PLACE,
}
CANCELLED = frozenset(("cancelled", "canceled"))
_AT_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Claim:
    """A booking that comes in."""

    booking: Booking
    wants: Wants


@dataclass(frozen=True, slots=True)
class Claims:
    """What there is of one session."""

    ordered: tuple[Claim, ...]
    """Confirmed ones first, then those that are pending, then those that wait; of each, whoever registered earlier."""
    repeated: tuple[tuple[Booking, UUID], ...]
    """Later ones of the same learner, with the booking that counts."""
    cancelled: int
    unknown: tuple[Booking, ...]
    """With a status that says nothing of a session to come."""

    @property
    def live(self) -> int:
        """How many there are that nobody has cancelled."""
        return len(self.ordered) + len(self.repeated) + len(self.unknown)


def claims(bookings: Iterable[Booking]) -> Claims:
    """Who has a claim on a session, from all that was booked in it. The position on the waitlist that the platform keeps is not asked."""
    counts: dict[UUID, Claim] = {}
    repeated, unknown, cancelled = [], [], 0
    for it in sorted(bookings, key=_joined):
        status = (it.booking_status or "").strip().lower()
        if status in CANCELLED:
            cancelled += 1
        elif status not in _WORDS:
            unknown.append(it)
        elif it.learner_id in counts:
            repeated.append((it, counts[it.learner_id].booking.id))
        else:
            counts[it.learner_id] = Claim(it, _WORDS[status])
    ordered = sorted(counts.values(), key=lambda it: (it.wants, *_joined(it.booking)))
    return Claims(tuple(ordered), tuple(repeated), cancelled, tuple(unknown))


def _joined(it: Booking) -> tuple[datetime, UUID]:
    return it.registered_at or _AT_LAST, it.id
