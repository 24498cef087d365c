"""An application for `uvicorn serving:app --workers 2`: who asks stands in a header, and the engine's settings in variables."""

from __future__ import annotations

import os
from typing import Annotated
from uuid import UUID

from fastapi import Depends, FastAPI, Header

from ilt import Engine
from ilt.fastapi import lifespan, router


async def user(x_user: Annotated[UUID, Header()]) -> UUID:
    """Who asks."""
    return x_user


engine = Engine({})
app = FastAPI(lifespan=lifespan(engine))
app.include_router(router(engine, actor=Depends(user)))


@app.get("/process")
async def process() -> int:
    """Which worker this is."""
    return os.getpid()
