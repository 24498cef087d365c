"""Whether the platform's tables have what is read of them, as what it is read: else values come that nobody expects."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ARRAY, JSON, Boolean, Connection, Date, DateTime, Enum, Integer, Numeric, String, Table, Uuid, inspect
from sqlalchemy.exc import NoSuchTableError

_KINDS: tuple[tuple[type[Any], str], ...] = (
    (Uuid, "a uuid"),
    (Enum, "a text"),
    (String, "a text"),
    (Boolean, "true or false"),
    (Integer, "a whole number"),
    (Numeric, "a number"),
    (DateTime, "a time with its date"),
    (Date, "a day"),
    (ARRAY, "a list"),
    (JSON, "JSON"),
)
"""What columns hold, as people say it."""


def wrong(connection: Connection, tables: list[Table], schema: str | None) -> list[str]:
    """What is missing, and what holds something else than is read of it; a clause each."""
    lacking: list[str] = []
    other: list[str] = []
    for table in tables:
        try:
            there = {it["name"]: it["type"] for it in inspect(connection).get_columns(table.name, schema=schema)}
        except NoSuchTableError:
            lacking.append(f"the table {table.name}")
            continue
        for column in table.columns:
            if column.name not in there:
                lacking.append(f"the column {table.name}.{column.name}")
            elif connection.dialect.name == "postgresql":
                # SQLite keeps anything anywhere.
                wanted, has = _said(column.type.dialect_impl(connection.dialect)), _said(there[column.name])
                if wanted and has and wanted != has:
                    other.append(f"has {has} in {table.name}.{column.name}, where {wanted} is read")
    return ([f"lacks {', '.join(lacking)}"] if lacking else []) + other


def _said(kind: Any) -> str | None:
    """None for what is not known here, such as a type of the platform's own."""
    kind = getattr(kind, "data_type", kind)
    return next((said for one, said in _KINDS if isinstance(kind, one)), None)
