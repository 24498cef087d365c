"""Writes `ilt/_operations.py`: a method for every operation."""

from generator.contract import Contract, Field, Operation, Schema, without_null
from generator.python import Shape, shape

HEAD = '''"""Every use case. Written by ilt-py/generate from docs/openapi.json; not by hand."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from ilt import _write as _to
from ilt._actor import UNSET, Actor, Unset
'''

# What every method has names for already.
OWN = ("self", "actor", "key", "if_match", "query", "body", "said")

BASE = '''class Operations(ABC):
    """Every use case of the engine: the operations of its REST contract, by their names.

    `actor` is who asks: the id of a person, whose rights are looked up, or `APPLICATION` for this program itself. `key` makes a repetition
    answer what was answered first. `if_match` is the version that you change. Points in time have a zone.

    Whatever is refused raises an `IltError` of its kind; its `code` is stable, and its `facts` are what is known of the case.
    """

    @abstractmethod
    async def _json(
        self,
        method: str,
        path: str,
        *,
        actor: Actor | None,
        query: dict[str, Any] | None = None,
        body: dict[str, Any] | None = None,
        key: str | None = None,
        if_match: int | None = None,
    ) -> Any: ...

    @abstractmethod
    async def _text(
        self, method: str, path: str, kind: str, *, actor: Actor | None, query: dict[str, Any] | None = None
    ) -> str: ...

    @abstractmethod
    async def _upload(self, path: str, body: bytes, *, actor: Actor | None) -> Any: ...
'''


def module(contract: Contract) -> str:
    """The text of the module."""
    methods = [method for one in contract.operations for method in methods_of(contract, one)]
    text = "\n".join([BASE, *methods])
    used = sorted(name for name in map(contract.class_name, contract.used()) if name in names_in(code_of(text)))
    imports = "from ilt._types import (\n" + "".join(f"    {name},\n" for name in used) + ")\n"
    return f"{HEAD}{imports}\n\n{text}"


def code_of(text: str) -> str:
    """A text without its docstrings."""
    return "".join(text.split('"""')[::2])


def names_in(text: str) -> set[str]:
    """Every word of a text."""
    return set("".join(letter if letter.isalnum() or letter == "_" else " " for letter in text).split())


def methods_of(contract: Contract, one: Operation) -> list[str]:
    """One method; a second one where the same can be had as text."""
    kinds = list(one.answers)
    if one.takes_bytes:
        return [upload(contract, one)]
    if kinds and kinds[0] != "application/json":
        return [text_method(contract, one, kinds[0], one.name)]
    found = [json_method(contract, one)]
    return found + [text_method(contract, one, kind, f"{one.name}_{kind.split('/')[1]}") for kind in kinds[1:]]


def taken(one: Field, it: Shape, is_null: bool, is_patch: bool) -> str:
    """A keyword argument."""
    kind = it.type
    if kind.startswith("tuple[") and kind.endswith(", ...]"):
        kind = f"Iterable[{kind.removeprefix('tuple[').removesuffix(', ...]')}]"
    if is_patch:
        return f"{one.name}: {kind} | Unset{' | None' if is_null else ''} = UNSET"
    return f"{one.name}: {kind}" if one.is_required else f"{one.name}: {kind} | None = None"


def said(one: Field, it: Shape, is_null: bool, is_patch: bool, place: str) -> str:
    """The lines that put an argument into the request."""
    write = it.writes.format(one.name, f'"{one.name}"')
    line = f'{place}["{one.wire}"] = '
    if is_patch:
        value = f"None if {one.name} is None else {write}" if is_null else write
        return f"        if {one.name} is not UNSET:\n            {line}{value}\n"
    if one.is_required:
        return f"        {line}{write}\n"
    return f"        if {one.name} is not None:\n            {line}{write}\n"


class Parts:
    """What a method consists of."""

    def __init__(self, contract: Contract, one: Operation) -> None:
        self.one = one
        self.path = one.path
        self.positional: list[str] = []
        self.fields: list[tuple[Field, Shape, bool, str]] = []
        for field in one.in_path:
            it = shape(contract, field.schema)
            self.positional.append(f"{field.name}: {it.type}")
            self.path = self.path.replace(f"{{{field.wire}}}", f"{{_to.segment({it.writes.format(field.name, repr(field.name))})}}")
        self.add(contract, one.in_query, "query")
        if one.body is not None:
            members = contract.members(contract.resolved(one.body))
            # The version that is changed is said by `if_match`.
            self.add(contract, [it for it in members if not (one.has_if_match and it.wire == "version")], "body")
        names = [text.split(":")[0] for text in self.positional] + [field.name for field, *_ in self.fields]
        assert len({*names, *OWN}) == len(names) + len(OWN), (one.name, names)

    def add(self, contract: Contract, fields: list[Field], place: str) -> None:
        for field in fields:
            inner, is_null = without_null(field.schema)
            self.fields.append((field, shape(contract, inner), is_null, place))

    def is_patch(self, place: str) -> bool:
        return self.one.is_patch and place == "body"

    def arguments(self) -> str:
        keywords = [taken(field, it, is_null, self.is_patch(place)) for field, it, is_null, place in self.fields]
        keywords.sort(key=lambda text: "=" in text)
        actor = [] if self.one.is_public else ["actor: Actor"]
        extra = ["key: str | None = None"] * self.one.has_key + ["if_match: int | None = None"] * self.one.has_if_match
        named = actor + keywords + extra
        listed = ["self", *self.positional, *(["*"] if named else []), *named]
        in_line = ", ".join(listed)
        return in_line if len(in_line) <= 70 else "".join(f"\n        {one}," for one in listed) + "\n    "

    def puts(self, places: tuple[str, ...]) -> str:
        lines = ""
        for at in places:
            if (at == "body" and self.one.body is not None) or any(place == at for *_, place in self.fields):
                lines += f"        {at}: dict[str, Any] = {{}}\n"
            for field, it, is_null, place in self.fields:
                if place == at:
                    lines += said(field, it, is_null, self.is_patch(place), at)
        return lines

    def passes(self) -> str:
        actor = "None" if self.one.is_public else "actor"
        query = ", query=query" if any(place == "query" for *_, place in self.fields) else ""
        return f", actor={actor}{query}"

    def target(self) -> str:
        return f'{"f" if "{" in self.path else ""}"{self.path}"'

    def doc(self, more: str = "") -> str:
        text = self.one.said.replace("\\", "\\\\") + more
        lines = [line.rstrip() for line in text.split("\n")]
        told = [(field.name, field.said) for field, *_ in self.fields if field.said]
        if told:
            lines += ["", "Args:", *(f"    {name}: {words}" for name, words in told)]
        if self.one.is_refused:
            lines += ["", "Raises:", "    Refused: a rule says no; `code` says which, and `alternatives` what to take instead."]
        body = "\n".join(f"        {line}".rstrip() for line in lines).lstrip()
        return f'        """{body}{chr(10) + "        " if len(lines) > 1 else ""}"""\n'


def json_method(contract: Contract, one: Operation) -> str:
    """A method that answers a value."""
    parts = Parts(contract, one)
    schema: Schema | None = next(iter(one.answers.values()), None)
    it = shape(contract, schema) if schema else None
    call = f'await self._json("{one.method}", {parts.target()}{parts.passes()}'
    call += ", body=body" if one.body is not None else ""
    call += ", key=key" if one.has_key else ""
    call += ", if_match=if_match" if one.has_if_match else ""
    call += ")"
    end = f"        return {it.reads.format('said')}\n" if it else ""
    start = "said = " if it else ""
    return (
        f"    async def {one.name}({parts.arguments()}) -> {it.type if it else 'None'}:\n{parts.doc()}"
        f"{parts.puts(('query', 'body'))}        {start}{call}\n{end}"
    )


def text_method(contract: Contract, one: Operation, kind: str, name: str) -> str:
    """A method that answers text of some kind."""
    parts = Parts(contract, one)
    more = "" if name == one.name else f"\n\nAs `{kind}`."
    call = f'await self._text("{one.method}", {parts.target()}, "{kind}"{parts.passes()})'
    return f"    async def {name}({parts.arguments()}) -> str:\n{parts.doc(more)}{parts.puts(('query',))}        return {call}\n"


def upload(contract: Contract, one: Operation) -> str:
    """A method that takes bytes."""
    parts = Parts(contract, one)
    schema = next(iter(one.answers.values()))
    assert schema is not None
    it = shape(contract, schema)
    return (
        f"    async def {one.name}(self, body: bytes, *, actor: Actor) -> {it.type}:\n{parts.doc()}"
        f'        said = await self._upload({parts.target()}, _to.octets("body", body), actor=actor)\n'
        f"        return {it.reads.format('said')}\n"
    )
