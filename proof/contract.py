"""The contract as the product publishes it: which operations there are.

The harness takes the list from `docs/openapi.json`, so that an operation that is added there and never sent here makes a run fail.
Plugins are left out where the host that is tried was built without them, and so is what calendars tell.

Not here: schemas of bodies. What a client sends is written down beside each move, as a client's author would.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Operation:
    """One operation of the REST contract."""

    name: str
    method: str
    path: str
    repeatable: bool

    def fill(self, values: dict[str, str]) -> str:
        """The path with its parameters filled in; a missing one is a mistake of the harness."""
        return re.sub(r"\{(\w+)\}", lambda found: values[found.group(1)], self.path)


class Contract:
    """All operations, by name."""

    def __init__(self, file: Path, has_plugins: bool, has_calendars: bool = False) -> None:
        document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        self.operations: dict[str, Operation] = {}
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                if method not in METHODS:
                    continue
                name = operation["operationId"]
                is_there = has_plugins or "plugins" not in operation.get("tags", [])
                # Who signs in needs a demo.
                if is_there and name != "sign_in" and (has_calendars or name != "receive_webhook"):
                    headers = {p["name"].lower() for p in operation.get("parameters", []) if p["in"] == "header"}
                    self.operations[name] = Operation(name, method.upper(), path, "idempotency-key" in headers)

    def __getitem__(self, name: str) -> Operation:
        return self.operations[name]

    def names(self) -> set[str]:
        """Every operation's name."""
        return set(self.operations)
