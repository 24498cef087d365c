"""Who asks, and what is not said."""

from __future__ import annotations

from enum import Enum
from typing import Final, TypeAlias
from uuid import UUID


class Application(Enum):
    """The program itself."""

    APPLICATION = "application"

    def __repr__(self) -> str:
        return "APPLICATION"


APPLICATION: Final = Application.APPLICATION
"""Asks in the name of nobody: this program itself, which may do what an admin may. The journal calls it `system:application`."""

Actor: TypeAlias = UUID | Application
"""Who asks: the id of a person, or `APPLICATION`."""


class Unset(Enum):
    """What is not said."""

    UNSET = "unset"

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = Unset.UNSET
"""Leaves a field as it is; `None` sets it back."""
