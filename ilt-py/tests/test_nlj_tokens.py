"""Tokens of the platform: which are taken, and how each of the others is refused."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from academy import SECRET, Academy, by, claims
from ilt import ConfigurationError
from ilt.fastapi.nlj import Tokens

SOMEBODY = uuid.uuid4()
PAST = datetime.now(UTC) - timedelta(seconds=1)


def signed(said: dict[str, Any], secret: str = SECRET, algorithm: str = "HS256") -> str:
    """An `Authorization` header."""
    return f"Bearer {jwt.encode(said, secret, algorithm=algorithm)}"


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (None, 403),
        ("", 403),
        ("Basic dXNlcjpwYXNz", 403),
        ("Bearer", 403),
        ("Bearer nonsense", 401),
        (signed(claims(SOMEBODY), "another secret of thirty-two letters"), 401),
        (signed(claims(SOMEBODY), "your-secret-key-change-in-production"), 401),
        (signed(claims(SOMEBODY), "", "none"), 401),
        (signed(claims(SOMEBODY), SECRET * 2, "HS512"), 401),
        (signed(claims(SOMEBODY, exp=PAST)), 401),
        (signed(claims(SOMEBODY, exp=None)), 401),
        (signed(claims(SOMEBODY, exp="later")), 401),
        (signed(claims(SOMEBODY, sub=None)), 401),
        (signed(claims(SOMEBODY, sub=7)), 401),
        (signed(claims(SOMEBODY, sub="somebody@academy.example")), 401),
        (signed(claims(SOMEBODY, type=None)), 401),
        (signed(claims(SOMEBODY, type="password_reset")), 401),
        (signed(claims(SOMEBODY)), 401),
    ],
)
async def test_what_is_no_token_of_somebody_is_refused(academy: Academy, header: str | None, status: int) -> None:
    async with academy.client() as client:
        answer = await client.get("/api/my-registrations", headers={} if header is None else {"authorization": header})
    assert answer.status_code == status, answer.text
    assert isinstance(answer.json()["detail"], str)
    assert answer.headers.get("www-authenticate") == ("Bearer" if status == 401 else None)


async def test_a_token_of_somebody_is_taken_while_they_are_active(academy: Academy) -> None:
    learner = await academy.person()
    async with academy.client() as client:
        for header in (by(learner), {"authorization": by(learner)["authorization"].replace("Bearer", "bearer")}):
            assert (await client.get("/api/my-registrations", headers=header)).status_code == 200
        await academy.change(learner, is_active=False)
        answer = await client.get("/api/my-registrations", headers=by(learner))
    assert (answer.status_code, answer.json()["detail"]) == (401, "User account is disabled")


async def test_the_owner_of_a_reset_token_is_not_let_in_by_an_id(academy: Academy) -> None:
    learner = await academy.person()
    async with academy.client() as client:
        answer = await client.get("/api/my-registrations", headers=by(learner, type="password_reset"))
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("secret", "remembered", "word"),
    [
        ("your-secret-key-change-in-production", 30.0, "everybody knows"),
        ("x" * 31, 30.0, "32 characters"),
        ("", 30.0, "32 characters"),
        (SECRET, 31.0, "30 seconds"),
        (SECRET, -1.0, "30 seconds"),
    ],
)
def test_secrets_that_protect_nothing_are_refused(secret: str, remembered: float, word: str) -> None:
    with pytest.raises(ConfigurationError, match=word) as refused:
        Tokens(secret, remembered)
    assert isinstance(refused.value, ValueError)


def test_the_secret_is_not_shown() -> None:
    assert SECRET not in repr(Tokens(SECRET))
