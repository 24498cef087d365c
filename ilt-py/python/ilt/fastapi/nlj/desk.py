"""What every use case has at hand."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request

from ilt import Engine, Role
from ilt.fastapi.nlj.courses import Courses
from ilt.fastapi.nlj.people import People
from ilt.fastapi.nlj.platform import Platform, User
from ilt.fastapi.nlj.tokens import SignIn


@dataclass(frozen=True, slots=True)
class Desk:
    """The engine, the platform, and what keeps them in step."""

    engine: Engine
    platform: Platform
    sign_in: SignIn
    people: People
    courses: Courses
    prefix: str
    waitlisted: str

    async def signed_in(self, request: Request) -> User:
        """Who asks, known to the engine as they are now."""
        user = await self.sign_in.user(request.headers.get("authorization"))
        await self.people.known([user])
        return user

    async def is_admin(self, user: User) -> bool:
        """Whether the engine has them as an admin."""
        me = await self.engine.me(actor=user.id)
        return any(it.role is Role.ADMIN for it in me.roles)
