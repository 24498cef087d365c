"""Training: all that the application needs for it."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from ilt import Engine
from ilt.fastapi import router

from academy.settings import settings
from academy.users import User, current_user

engine = Engine({"store": {"url": settings.training_url}})


async def learner(user: Annotated[User, Depends(current_user)]) -> UUID:
    """Who asks."""
    return user.id


training = router(engine, actor=Depends(learner))
