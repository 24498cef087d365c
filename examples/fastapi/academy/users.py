"""People of the application: a table of its own, passwords, and tokens that it signs itself."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

import jwt
from fastapi import APIRouter, Depends, HTTPException
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm
from pydantic import BaseModel
from sqlalchemy import String, Uuid, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from academy.settings import settings

database = create_async_engine(settings.database_url)
sessions = async_sessionmaker(database, expire_on_commit=False)
bearer = OAuth2PasswordBearer(tokenUrl="auth/token")
auth = APIRouter(prefix="/auth", tags=["auth"])


class Base(DeclarativeBase):
    """The application's tables."""


class User(Base):
    """Somebody who can sign in."""

    __tablename__ = "users"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid.uuid4)
    email: Mapped[str] = mapped_column(String(200), unique=True)
    full_name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20), default="learner")
    password: Mapped[str] = mapped_column(String(200))


class Token(BaseModel):
    """What a client sends from now on."""

    access_token: str
    token_type: str = "bearer"


async def session() -> AsyncIterator[AsyncSession]:
    """One unit of work of the application."""
    async with sessions() as session:
        yield session


Session = Annotated[AsyncSession, Depends(session)]


def hashed(password: str, salt: bytes | None = None) -> str:
    """A password, as it is kept."""
    salt = salt or secrets.token_bytes(16)
    return f"{salt.hex()}:{hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1).hex()}"


def is_password(password: str, kept: str) -> bool:
    """Whether it is the one that was kept."""
    return hmac.compare_digest(hashed(password, bytes.fromhex(kept.split(":")[0])), kept)


@auth.post("/token")
async def sign_in(form: Annotated[OAuth2PasswordRequestForm, Depends()], session: Session) -> Token:
    """A token for an hour."""
    user = await session.scalar(select(User).where(User.email == form.username.lower()))
    if user is None or not is_password(form.password, user.password):
        raise HTTPException(401, "wrong mail address or password")
    claims = {"sub": str(user.id), "exp": datetime.now(UTC) + timedelta(hours=1)}
    return Token(access_token=jwt.encode(claims, settings.secret, algorithm="HS256"))


async def current_user(token: Annotated[str, Depends(bearer)], session: Session) -> User:
    """Whose token it is."""
    try:
        claims = jwt.decode(token, settings.secret, algorithms=["HS256"], options={"require": ["exp", "sub"]})
        user = await session.get(User, UUID(claims["sub"]))
    except (jwt.InvalidTokenError, ValueError):
        user = None
    if user is None:
        raise HTTPException(401, "sign in first")
    return user
