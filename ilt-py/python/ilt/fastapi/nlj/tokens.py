"""Tokens that the platform has signed, and whose they are."""

from __future__ import annotations

import time
from dataclasses import dataclass
from uuid import UUID

import jwt

from ilt._errors import ConfigurationError, Forbidden, Unauthenticated
from ilt.fastapi.nlj.platform import Platform, User

_LEAST = 32
_WELL_KNOWN = {"your-secret-key-change-in-production"}
_LASTS = 24 * 3_600 + 60
_LONGEST = 30.0
_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Tokens:
    """Verifies access tokens: HS256 and nothing else, with `sub`, an `exp` that comes within a day, and `type` that says
    `access_token`.

    Args:
        secret: The key that the platform signs with; 32 characters at least, and not one that everybody knows.
        remembered: For how many seconds a person is not read again from the platform; 30 at most. For so long somebody who was
            disabled there may still ask.

    Raises:
        ConfigurationError: the secret protects nothing, or people would be remembered for too long.
    """

    secret: str
    remembered: float = _LONGEST

    def __post_init__(self) -> None:
        if self.secret in _WELL_KNOWN:
            raise _unusable("the secret of the platform's tokens is the one that everybody knows: set one of its own")
        if len(self.secret) < _LEAST:
            raise _unusable(f"the secret of the platform's tokens must have {_LEAST} characters at least")
        if not 0 <= self.remembered <= _LONGEST:
            raise _unusable(f"people may be remembered for {_LONGEST:.0f} seconds at most")

    def __repr__(self) -> str:
        return "Tokens(…)"

    def owner(self, token: str) -> UUID:
        """Whose token it is.

        Raises:
            Unauthenticated: it is no access token, was not signed with the secret, or has expired.
        """
        try:
            claims = jwt.decode(token, self.secret, algorithms=["HS256"], leeway=0, options={"require": ["exp", "sub"]})
            owner = UUID(str(claims["sub"]))
        except (jwt.InvalidTokenError, ValueError):
            raise _unknown("Sign in again: this token is not valid") from None
        if claims.get("type") != "access_token" or claims["exp"] > time.time() + _LASTS:
            raise _unknown("Sign in again: this token is not valid")
        return owner


class SignIn:
    """Who asks: the owner of the token, as the platform knows them now or knew them a moment ago."""

    def __init__(self, tokens: Tokens, platform: Platform) -> None:
        self._tokens = tokens
        self._platform = platform
        self._known: dict[UUID, tuple[float, User]] = {}

    async def user(self, authorization: str | None) -> User:
        """The person behind an `Authorization` header.

        Raises:
            Forbidden: there is no bearer token in it.
            Unauthenticated: the token is not valid, or its owner is unknown or disabled.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Forbidden._of("not-signed-in", 403, "Sign in first")
        owner = self._tokens.owner(token.strip())
        now = time.monotonic()
        until, user = self._known.get(owner, (0.0, None))
        if user is None or until <= now:
            user = await self._platform.user(owner)
            if user is None:
                raise _unknown("Sign in again: this token is not valid")
            self._remember(user, now)
        if not user.is_active:
            raise _unknown("This account is disabled")
        return user

    def _remember(self, user: User, now: float) -> None:
        self._known.pop(user.id, None)
        if len(self._known) >= _REMEMBERED:
            # The one that was read longest ago.
            del self._known[next(iter(self._known))]
        self._known[user.id] = (now + self._tokens.remembered, user)


def _unusable(detail: str) -> ConfigurationError:
    return ConfigurationError._of("configuration", 500, detail)


def _unknown(detail: str) -> Unauthenticated:
    return Unauthenticated._of("unauthenticated", 401, detail)
