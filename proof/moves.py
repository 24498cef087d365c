"""All moves there are: for each operation of the contract something that a client does, and how often.

Not here: the moves themselves, in `moves_*.py`; importing them fills the list.
"""

from __future__ import annotations

import random
from typing import Callable

from .client import Client, Move

MOVES: dict[str, tuple[Move, float]] = {}


def move(operation: str, weight: float) -> Callable[[Move], Move]:
    """Says that a function sends this operation, and how often beside others."""

    def keep(function: Move) -> Move:
        assert operation not in MOVES, operation
        MOVES[operation] = (function, weight)
        return function

    return keep


def run(client: Client) -> None:
    """Does one thing after the other until told to stop."""
    from . import moves_attending, moves_leading, moves_opening, moves_planning, moves_reading, moves_registering, moves_ruling, moves_telling  # noqa: F401

    names = [name for name in MOVES if name in client.shared.contract.names()]
    weights = [MOVES[name][1] for name in names]
    # So that nothing is left out of a short run, each client begins somewhere else on the list.
    first = names[:]
    client.rng.shuffle(first)
    while not client.shared.stop.is_set():
        if client.rng.random() < 0.1 and client.repeat_later():
            continue
        name = first.pop() if first and client.rng.random() < 0.3 else client.rng.choices(names, weights)[0]
        MOVES[name][0](client)
        client.shared.stop.wait(client.rng.expovariate(1 / client.pace) if client.pace else 0)


def chance(rng: random.Random, share: float) -> bool:
    """Yes in this share of the cases."""
    return rng.random() < share
