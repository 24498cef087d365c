"""Where each use case is found."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from fastapi import APIRouter, Security
from fastapi.security import HTTPBearer

from ilt import Engine, ProgrammeType, Role
from ilt.fastapi.nlj import attendance, programmes, registrations, sessions
from ilt.fastapi.nlj.calls import Call, answering
from ilt.fastapi.nlj.courses import Courses
from ilt.fastapi.nlj.desk import Desk
from ilt.fastapi.nlj.people import ROLES, Dealer, People
from ilt.fastapi.nlj.platform import Platform
from ilt.fastapi.nlj.tokens import SignIn, Tokens

_USES: list[tuple[str, str, Callable[[Desk, Call], Awaitable[Any]], int]] = [
    ("GET", "/training-sessions", sessions.listed, 200),
    ("POST", "/training-sessions", sessions.planned, 201),
    ("GET", "/training-sessions/{session_id}", sessions.one, 200),
    ("POST", "/training-sessions/{session_id}/cancel", sessions.called_off, 200),
    ("GET", "/training-sessions/{session_id}/attendance", attendance.listed, 200),
    ("POST", "/training-sessions/{session_id}/attendance", attendance.marked, 201),
    ("GET", "/training-programs", programmes.listed, 200),
    ("GET", "/training-programs/{program_id}", programmes.one, 200),
    ("GET", "/training-programs/{program_id}/sessions", sessions.of_programme, 200),
    ("POST", "/training-registrations/register", registrations.registered, 201),
    ("GET", "/training-registrations/my-registrations", registrations.mine, 200),
    ("GET", "/training-registrations/{booking_id}/status", registrations.status, 200),
    ("DELETE", "/training-registrations/{booking_id}", registrations.given_back, 200),
    ("DELETE", "/registrations/{booking_id}", registrations.given_back, 200),
    ("GET", "/my-registrations", registrations.mine, 200),
    ("DELETE", "/my-registrations/{booking_id}", registrations.given_back, 200),
]


def router(
    engine: Engine,
    platform: Platform,
    tokens: Tokens,
    *,
    dealer: Dealer,
    roles: Mapping[str, tuple[Role, ...]] = ROLES,
    programme_type: ProgrammeType = ProgrammeType.EMPLOYEE_DEVELOPMENT,
    prefix: str = "/api",
    waitlisted: str = "waitlisted",
) -> APIRouter:
    """Everything that the platform's browser client asks for, with and without a slash at the end.

    Args:
        tokens: What verifies the platform's tokens.
        dealer: Where people work whom the engine does not know yet.
        roles: What the platform's roles come to; every other is a learner. Where anybody can give themselves a role when they sign up, pass
            `{}` and have the engine's admins named there.
        programme_type: What new courses are for.
        prefix: What stands before each address.
        waitlisted: The word for whoever waits; `waitlist` for clients that know that one.
    """
    desk = Desk(
        engine,
        platform,
        SignIn(tokens, platform),
        People(engine, dealer, roles),
        Courses(engine, programme_type),
        prefix,
        waitlisted,
    )
    found = APIRouter(prefix=prefix, tags=["training"], dependencies=[Security(HTTPBearer(auto_error=False))])
    for method, path, use, status in _USES:
        endpoint = answering(desk.signed_in, partial(use, desk), status)
        summary = (use.__doc__ or "").strip().splitlines()[0]
        for address in (path, f"{path}/"):
            found.add_api_route(
                address,
                endpoint,
                methods=[method],
                status_code=status,
                summary=summary,
                name=f"{use.__module__.rsplit('.', 1)[-1]}.{use.__name__}",
                include_in_schema=address is path,
                response_model=None,
            )
    return found


async def synchronise(
    engine: Engine,
    platform: Platform,
    *,
    dealer: Dealer,
    roles: Mapping[str, tuple[Role, ...]] = ROLES,
    programme_type: ProgrammeType = ProgrammeType.EMPLOYEE_DEVELOPMENT,
) -> None:
    """Has the engine know everybody and every programme of the platform as they are now: who has left gives their seats back.

    The router does this for whoever asks and for what is asked for; this is for the rest, such as every night. Costs one call of the
    engine for every person and programme.
    """
    people, courses = People(engine, dealer, roles), Courses(engine, programme_type)
    async for page in platform.users():
        await people.known(page)
    await courses.known(await platform.programmes(only_published=False, skip=0, limit=None))
