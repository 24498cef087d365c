"""An older contract, in the place where its clients look for it, decided by the engine.

    platform = Platform(create_async_engine(settings.DATABASE_URL))
    training = router(engine, platform, Tokens(settings.SECRET_KEY), dealer=Dealer(…))
    app = FastAPI(lifespan=lifespan(engine))
    app.include_router(training)

Needs the extra `nlj`. People sign in as they do on the platform, and have the ids that they have there; so do programmes, which are
courses of the engine. Sessions, registrations and attendance are the engine's own, and nothing of the platform's is written.

What this contract has and the engine does not: `registration_method` is always `online`, `confirmation_sent` false, `created_at` of a
session is when it was published and `updated_at` when it last moved, and of a registration in a list both are when it was made. Notes of
a session are not kept, nor is what admins note when they register themselves. Sessions that have ended are not listed, and not counted;
they are found by their id. `requires_approval` of a programme is shown as the platform has it, while the engine's own rule `approval` is
what holds.
"""

from ilt.fastapi.nlj._router import router, synchronise
from ilt.fastapi.nlj.people import ROLES, Dealer
from ilt.fastapi.nlj.platform import COLUMNS, IMPORTED, Platform, PlatformError, Programme, User, grants
from ilt.fastapi.nlj.tokens import Tokens

__all__ = [
    "COLUMNS",
    "IMPORTED",
    "ROLES",
    "Dealer",
    "Platform",
    "PlatformError",
    "Programme",
    "Tokens",
    "User",
    "grants",
    "router",
    "synchronise",
]
