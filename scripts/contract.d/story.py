"""The story of the demo, told by a client in Python that is generated from the document: nothing here knows an address.

    sign in as a learner · find a session with filters, page by page · register · hear that it is full · take an alternative · cancel
"""

from __future__ import annotations

import json
import os
from uuid import UUID

from ilt_client import AuthenticatedClient
from ilt_client.api.alternatives import take_alternative
from ilt_client.api.people import me
from ilt_client.api.registrations import cancel_registration, register, registrations
from ilt_client.api.sessions import sessions
from ilt_client.models import CancelBody, Problem, RegisterBody, RegistrationStatus, RegistrationView, SessionView
from ilt_client.models.sessions_status import SessionsStatus
from ilt_client.types import UNSET


def found(client: AuthenticatedClient, course: UUID) -> list[SessionView]:
    """Every session of the course that can be booked, two at a time."""
    page, cursor, lines = 0, UNSET, []
    while True:
        answer = sessions.sync(client=client, course=course, status=SessionsStatus.PUBLISHED, limit=2, cursor=cursor)
        assert answer is not None and not isinstance(answer, Problem), answer
        assert len(answer.items) <= 2
        lines += answer.items
        page += 1
        if not answer.next_:
            assert page > 2, "there were several pages"
            return lines
        cursor = answer.next_


def main() -> None:
    town = json.loads(os.environ["TOWN"])
    client = AuthenticatedClient(base_url=os.environ["BASE"], token=os.environ["TOKEN"])

    who = me.sync(client=client)
    assert who is not None and not isinstance(who, Problem) and who.roles[0].role == "learner", who

    lines = found(client, UUID(town["course"]))
    assert len(lines) == len({line.id for line in lines}) == 7, lines
    full = next(line for line in lines if line.seats.open_ == 0)

    refused = register.sync(full.id, client=client, body=RegisterBody())
    assert isinstance(refused, Problem) and refused.code == "session-full", refused
    alternatives = refused.additional_properties["alternatives"]
    assert 1 <= len(alternatives) <= 3 and all(it["reason"] for it in alternatives), alternatives

    taken = take_alternative.sync(UUID(alternatives[0]["id"]), client=client)
    assert isinstance(taken, RegistrationView) and taken.status == RegistrationStatus.CONFIRMED, taken
    mine = registrations.sync(client=client, status="confirmed")
    assert mine is not None and not isinstance(mine, Problem) and [it.id for it in mine.items] == [taken.id], mine

    gone = cancel_registration.sync(taken.id, client=client, body=CancelBody(reason="a client that was generated"))
    assert isinstance(gone, RegistrationView) and gone.status == RegistrationStatus.CANCELLED, gone


main()
