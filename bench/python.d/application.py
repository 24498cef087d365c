"""An application that serves the contract, for `bench/python`: `uvicorn application:app`, with the store, schema and secret of a host."""

from __future__ import annotations

import os
from typing import Annotated
from uuid import UUID

import jwt
from fastapi import Depends, FastAPI
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from ilt import Engine
from ilt.fastapi import lifespan, router

SECRET = os.environ["ILT__AUTH__SECRET"]
engine = Engine({})


async def whoever_asks(sent: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]) -> UUID:
    """By a token such as the host takes."""
    return UUID(jwt.decode(sent.credentials, SECRET, algorithms=["HS256"])["sub"])


app = FastAPI(lifespan=lifespan(engine))
app.include_router(router(engine, actor=Depends(whoever_asks)))
