"""What is set from outside."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

_FOLDER = Path(os.environ.get("ACADEMY_FOLDER", "academy-data"))


@dataclass(frozen=True)
class Settings:
    """With nothing set, everything is in two files of a folder."""

    database_url: str = os.environ.get("DATABASE_URL", f"sqlite+aiosqlite:///{_FOLDER / 'academy.db'}")
    training_url: str = os.environ.get("TRAINING_URL") or os.environ.get("DATABASE_URL", f"sqlite:{_FOLDER / 'training.db'}")
    # Whoever starts it without one has everybody sign in again.
    secret: str = field(default=os.environ.get("SECRET_KEY") or secrets.token_urlsafe(48), repr=False)


settings = Settings()


def make_folder() -> None:
    """The files lie somewhere."""
    _FOLDER.mkdir(parents=True, exist_ok=True)
