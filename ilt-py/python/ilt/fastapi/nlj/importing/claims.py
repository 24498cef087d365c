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
    learner: UUID
    wants: Wants


@dataclass(frozen=True, slots=True)
class Claims:
    """What there is of one session."""

    ordered: tuple[Claim, ...]
    """Confirmed ones first, then those that are pending, then those that wait; of each, whoever registered earlier."""
    repeated: tuple[tuple[Booking, UUID], ...]
    """Others of the same learner, with the booking that counts."""
    cancelled: int
    unapproved: tuple[Booking, ...]
    """Pending ones that nobody is asked about, of learners who have no other."""
    unknown: tuple[Booking, ...]
    """With a status that says nothing of a session to come."""
    nobodys: tuple[Booking, ...]
    """Without a learner."""

    @property
    def live(self) -> int:
        """How many there are that nobody has cancelled."""
        return sum(map(len, (self.ordered, self.repeated, self.unapproved, self.unknown, self.nobodys)))


def claims(bookings: Iterable[Booking], *, asks_for_approval: bool) -> Claims:
    """Who has a claim on a session, from all that was booked in it. The position on the waitlist that the platform keeps is not asked.

    Of several that a learner has, what they have got counts before what they wait for: a confirmed one, then a pending one where the course
    asks for approval, then one on the waitlist; and of those that are alike, the earlier.
    """
    of_learner: dict[UUID, list[Claim]] = {}
    unknown, nobodys, cancelled = [], [], 0
    for it in sorted(bookings, key=_joined):
        status = (it.booking_status or "").strip().lower()
        if status in CANCELLED:
            cancelled += 1
        elif it.learner_id is None:
            nobodys.append(it)
        elif status not in _WORDS:
            unknown.append(it)
        else:
            of_learner.setdefault(it.learner_id, []).append(Claim(it, it.learner_id, _WORDS[status]))
    counts, repeated, unapproved = [], [], []
    for had in of_learner.values():
        can = [it for it in had if asks_for_approval or it.wants is not Wants.APPROVAL]
        if not can:
            unapproved += [it.booking for it in had]
            continue
        best = min(can, key=_turn)
        counts.append(best)
        repeated += [(it.booking, best.booking.id) for it in had if it is not best]
    return Claims(
        ordered=tuple(sorted(counts, key=_turn)),
        repeated=tuple(repeated),
        cancelled=cancelled,
        unapproved=tuple(unapproved),
        unknown=tuple(unknown),
        nobodys=tuple(nobodys),
    )


def is_pending(booking: Booking) -> bool:
    """Whether somebody has yet to approve it."""
    return _WORDS.get((booking.booking_status or "").strip().lower()) is Wants.APPROVAL


def _turn(it: Claim) -> tuple[Wants, datetime, UUID]:
    return (it.wants, *_joined(it.booking))


def _joined(it: Booking) -> tuple[datetime, UUID]:
    return it.registered_at or _AT_LAST, it.id
