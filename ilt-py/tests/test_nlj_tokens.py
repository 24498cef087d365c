"""Tokens of the platform: which are taken, and how each of the others is refused."""

from __future__ import annotations

import time
import uuid
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import jwt
import pytest

from ilt import ConfigurationError, Unauthenticated
from ilt.fastapi.nlj import Tokens, tokens
from ilt.fastapi.nlj.tokens import SignIn
from nlj_academy import SECRET, Academy, by, claims

SOMEBODY = uuid.UUID("0e0e0e0e-0000-4000-8000-0000000000b0")
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
        ("Bearer a.b.c", 401),
        ("Bearer ÿ.ÿ.ÿ", 401),
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
    sent = {} if header is None else {b"authorization": header.encode("latin-1")}
    async with academy.client() as client:
        answer = await client.get("/api/my-registrations", headers=sent)
    assert answer.status_code == status, answer.text
    assert isinstance(answer.json()["detail"], str)
    assert answer.headers.get("www-authenticate") == ("Bearer" if status == 401 else None)


@pytest.mark.parametrize(("hours", "is_taken"), [(24, True), (25, False), (24 * 365 * 70, False)])
def test_no_token_is_valid_for_longer_than_a_day(hours: int, is_taken: bool) -> None:
    token = signed(claims(SOMEBODY, exp=datetime.now(UTC) + timedelta(hours=hours))).split()[1]
    if is_taken:
        assert Tokens(SECRET).owner(token) == SOMEBODY
    else:
        with pytest.raises(Unauthenticated):
            Tokens(SECRET).owner(token)


async def test_a_token_of_somebody_is_taken_while_they_are_active(academy: Academy) -> None:
    learner = await academy.person()
    async with academy.client() as client:
        for header in (by(learner), {"authorization": by(learner)["authorization"].replace("Bearer", "bearer")}):
            assert (await client.get("/api/my-registrations", headers=header)).status_code == 200
        await academy.change(learner, is_active=False)
        answer = await client.get("/api/my-registrations", headers=by(learner))
    assert (answer.status_code, answer.json()["detail"]) == (401, "This account is disabled")


async def test_the_owner_of_a_reset_token_is_not_let_in_by_an_id(academy: Academy) -> None:
    learner = await academy.person()
    async with academy.client() as client:
        answer = await client.get("/api/my-registrations", headers=by(learner, type="password_reset"))
    assert answer.status_code == 401


async def test_people_are_read_again_once_they_are_not_remembered(academy: Academy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "_REMEMBERED", 2)
    people = await academy.people(3)
    door = SignIn(Tokens(SECRET), academy.platform)
    for it in people:
        assert (await door.user(by(it)["authorization"])).id == it
        await academy.change(it, is_active=False)
    for it in people[1:]:
        assert (await door.user(by(it)["authorization"])).is_active
    # Of three, two were remembered.
    with pytest.raises(Unauthenticated, match="disabled"):
        await door.user(by(people[0])["authorization"])
    now = time.monotonic()
    monkeypatch.setattr(tokens, "time", SimpleNamespace(monotonic=lambda: now + 31, time=time.time))
    with pytest.raises(Unauthenticated, match="disabled"):
        await door.user(by(people[2])["authorization"])


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
