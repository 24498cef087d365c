"""An application for `uvicorn serving_nlj:app --workers 2`: the older contract, for a platform that stands in variables."""

from __future__ import annotations

import os

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import create_async_engine

from ilt import Engine
from ilt.fastapi import lifespan
from ilt.fastapi.nlj import Platform, Tokens, router
from nlj_academy import DEALER, SECRET

engine = Engine({})
platform = Platform(create_async_engine(os.environ["ACADEMY_URL"]), schema=os.environ["ACADEMY_SCHEMA"])
app = FastAPI(lifespan=lifespan(engine))
app.include_router(router(engine, platform, Tokens(SECRET), dealer=DEALER))


@app.get("/process")
async def process() -> int:
    """Which worker this is."""
    return os.getpid()
