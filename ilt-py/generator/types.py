"""Writes `ilt/_types.py`: what answers and bodies consist of."""

import re

from generator.contract import Contract, Field, without_null
from generator.python import Shape, shape

HEAD = '''"""What is asked and answered. Written by ilt-py/generate from docs/openapi.json; not by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from ilt import _read as _from
from ilt import _write as _to
'''


def module(contract: Contract) -> str:
    """The text of the module."""
    used = contract.used()
    names = sorted(contract.class_name(name) for name in used)
    assert len(set(names)) == len(names), names
    exported = "".join(f'    "{name}",\n' for name in names)
    words = [enum(contract, name) for name in used if "enum" in contract.schemas[name]]
    records = [record(contract, name) for name in used if "enum" not in contract.schemas[name]]
    return "\n\n".join([f"{HEAD}\n__all__ = [\n{exported}]\n", *words, *records])


def doc(text: str | None, name: str) -> str:
    """A docstring."""
    said = " ".join((text or f"{name}.").split()).replace("\\", "\\\\").replace('"""', "'''")
    return f'    """{said}{" " if said.endswith(chr(34)) else ""}"""\n'


def enum(contract: Contract, name: str) -> str:
    """A list of words."""
    schema = contract.schemas[name]
    members = "".join(f'    {re.sub(r"[^a-z0-9]", "_", word).upper()} = "{word}"\n' for word in schema["enum"])
    return f"class {contract.class_name(name)}(StrEnum):\n{doc(schema.get('description'), name)}\n{members}"


def record(contract: Contract, schema_name: str) -> str:
    """A frozen class, read from JSON and, where it is part of a body, written to it."""
    schema, name = contract.schemas[schema_name], contract.class_name(schema_name)
    fields = [(one, *without_null(one.schema)) for one in contract.members(schema)]
    shapes = [(one, shape(contract, inner), is_null) for one, inner, is_null in fields]
    lines = "".join(member(one, it, is_null) for one, it, is_null in shapes)
    read = "".join(f"            {one.name}={reading(one, it, is_null)},\n" for one, it, is_null in shapes)
    body = (
        f"@dataclass(frozen=True, slots=True, kw_only=True)\nclass {name}:\n{doc(schema.get('description'), name)}\n{lines}\n"
        f"    @classmethod\n    def _read(cls, it: dict[str, Any]) -> Self:\n        return cls(\n{read}        )\n"
    )
    return body + (writing(shapes) if schema_name.endswith("Body") else "")


def may_be_empty(one: Field, it: Shape, is_null: bool) -> bool:
    """Whether a list that is not there is an empty one."""
    return it.type.startswith("tuple[") and not one.is_required and not is_null


def member(one: Field, it: Shape, is_null: bool) -> str:
    """A line, and what the contract says of it."""
    if may_be_empty(one, it, is_null):
        line = f"    {one.name}: {it.type} = ()\n"
    elif one.is_required and not is_null:
        line = f"    {one.name}: {it.type}{' = field(hash=False)' if it.is_mapping else ''}\n"
    else:
        line = f"    {one.name}: {it.type} | None = {'field(default=None, hash=False)' if it.is_mapping else 'None'}\n"
    return line + (doc(one.said, one.name) if one.said else "")


def reading(one: Field, it: Shape, is_null: bool) -> str:
    """How it is read."""
    if one.is_required and not is_null:
        return it.reads.format(f'it["{one.wire}"]')
    if may_be_empty(one, it, is_null):
        return it.reads.format(f'it.get("{one.wire}", ())')
    if it.is_as_it_is:
        return f'it.get("{one.wire}")'
    there = it.reads.format(f'it["{one.wire}"]')
    return f'None if it.get("{one.wire}") is None else {there}'


def writing(shapes: list[tuple[Field, Shape, bool]]) -> str:
    """The way back to JSON; what is not said is left out."""
    lines = "    def _write(self, name: str) -> dict[str, Any]:\n        said: dict[str, Any] = {}\n"
    for one, it, is_null in shapes:
        called = 'f"{name}.' + one.wire + '"'
        write = f'said["{one.wire}"] = {it.writes.format(f"self.{one.name}", called)}'
        if (one.is_required and not is_null) or may_be_empty(one, it, is_null):
            lines += f"        {write}\n"
        else:
            lines += f"        if self.{one.name} is not None:\n            {write}\n"
    return f"\n{lines}        return said\n"
