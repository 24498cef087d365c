"""Files of CSV, as the engine reads them, and what they would change."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any


class Difference(StrEnum):
    """What a line would change."""

    NEW = "new"
    CHANGED = "changed"
    NONE = "none"


def table(columns: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """A file with these lines; what a line does not say is empty."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(columns), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def several(values: Iterable[object]) -> str:
    """A list inside a cell."""
    return ";".join(str(it) for it in values)
