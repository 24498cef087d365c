"""The contract, read: what each schema is in Python, and which operations there are."""

import json
import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Schema = dict[str, Any]

# Those that are no calls: a stream, what somebody else sends to the router, and what gives a browser a cookie or takes it back.
NO_CALLS = {"live", "receive_webhook", "sign_in", "sign_out", "ways_in"}


@dataclass(frozen=True)
class Field:
    """A member of an object, or a parameter."""

    wire: str
    schema: Schema
    is_required: bool

    @property
    def name(self) -> str:
        """Its name in Python."""
        name = re.sub(r"(?<!^)(?=[A-Z])", "_", self.wire).lower().replace("-", "_")
        return f"{name}_" if keyword.iskeyword(name) else name

    @property
    def said(self) -> str:
        """What the contract says of it."""
        told = self.schema.get("description")
        for one in self.schema.get("oneOf", []):
            told = told or one.get("description")
        return " ".join((told or "").split())


@dataclass(frozen=True)
class Operation:
    """Something that can be asked."""

    name: str
    method: str
    path: str
    said: str
    in_path: list[Field]
    in_query: list[Field]
    has_key: bool
    has_if_match: bool
    is_public: bool
    body: Schema | None
    takes_bytes: bool
    answers: dict[str, Schema | None]
    is_refused: bool

    @property
    def is_patch(self) -> bool:
        """Whether what is not said stays as it is."""
        return self.method == "PATCH"


@dataclass(frozen=True)
class Contract:
    """All of it."""

    schemas: dict[str, Schema]
    operations: list[Operation]

    def resolved(self, schema: Schema) -> Schema:
        """The schema that a reference leads to."""
        return self.schemas[reference(schema)] if "$ref" in schema else schema

    def class_name(self, schema_name: str) -> str:
        """What a schema is called in Python: without `View`, where that names nothing else."""
        page = re.fullmatch(r"Page_(\w+)View", schema_name)
        if page:
            short = f"{page[1]}Page"
            return short if short not in self.schemas else f"{page[1]}ListPage"
        short = schema_name.removesuffix("View")
        if short == schema_name and f"{schema_name.removesuffix('Body')}View" not in self.schemas:
            short = schema_name.removesuffix("Body")
        return short if short == schema_name or short not in self.schemas else schema_name

    def members(self, schema: Schema) -> list[Field]:
        """The members of an object, those that must be there first."""
        required = schema.get("required", [])
        fields = [Field(name, it, name in required) for name, it in schema.get("properties", {}).items()]
        return sorted(fields, key=lambda field: not field.is_required)

    def used(self) -> list[str]:
        """The names of the schemas that become types: all that answers consist of, and what bodies consist of."""
        found: dict[str, None] = {}

        def walk(schema: Schema, is_named: bool) -> None:
            if "$ref" in schema:
                name = reference(schema)
                if not is_named or name not in found:
                    if is_named:
                        found[name] = None
                    walk(self.schemas[name], True)
                return
            for part in parts(schema):
                walk(part, True)

        for operation in self.operations:
            for field in operation.in_path + operation.in_query:
                walk(field.schema, True)
            if operation.body is not None:
                walk(operation.body, False)
            for answer in operation.answers.values():
                if answer is not None:
                    walk(answer, True)
        # What a refusal and a stream carry.
        for name in ("AlternativeView", "SeatsView"):
            walk({"$ref": f"/{name}"}, True)
        return sorted(name for name in found if is_class(self.schemas[name]))


def is_class(schema: Schema) -> bool:
    """Whether a schema becomes a class: an object with members, or a list of words."""
    return bool(schema.get("properties")) or "enum" in schema


def reference(schema: Schema) -> str:
    """The name of the schema that is referred to."""
    return str(schema["$ref"]).rsplit("/", 1)[1]


def parts(schema: Schema) -> Iterator[Schema]:
    """The schemas that this one is made of."""
    yield from schema.get("properties", {}).values()
    yield from schema.get("oneOf", [])
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield schema[key]


def without_null(schema: Schema) -> tuple[Schema, bool]:
    """What a schema is when it is not null, and whether it can be."""
    if "oneOf" in schema:
        [other] = [one for one in schema["oneOf"] if one.get("type") != "null"]
        return other, True
    kind = schema.get("type")
    if isinstance(kind, list):
        [other] = [one for one in kind if one != "null"]
        return {**schema, "type": other}, True
    return schema, False


def read(file: Path) -> Contract:
    """Reads the document."""
    document = json.loads(file.read_text())
    operations = [operation(method.upper(), path, said) for path, item in document["paths"].items() for method, said in item.items()]
    asked = sorted((one for one in operations if one.name not in NO_CALLS), key=lambda one: one.name)
    return Contract(document["components"]["schemas"], asked)


def operation(method: str, path: str, said: dict[str, Any]) -> Operation:
    """One operation, as the document says it."""

    def parameters(place: str) -> list[Field]:
        there = [one for one in said.get("parameters", []) if one["in"] == place]
        return [Field(one["name"], described(one), bool(one.get("required"))) for one in there]

    headers = {field.wire for field in parameters("header")}
    content = said.get("requestBody", {}).get("content", {})
    body = content.get("application/json", {}).get("schema")
    answers = {
        kind: it.get("schema")
        for status, answer in said["responses"].items()
        if status.startswith("2")
        for kind, it in answer.get("content", {}).items()
    }
    return Operation(
        name=said["operationId"],
        method=method,
        path=path,
        said="\n\n".join(said[part] for part in ("summary", "description") if said.get(part)),
        in_path=parameters("path"),
        in_query=parameters("query"),
        has_key="Idempotency-Key" in headers,
        has_if_match="If-Match" in headers,
        is_public=said.get("security") == [{}],
        body=body,
        takes_bytes="application/octet-stream" in content,
        answers=answers,
        is_refused="409" in said["responses"],
    )


def described(parameter: dict[str, Any]) -> Schema:
    """A parameter's schema, with what is said of the parameter."""
    schema: Schema = parameter["schema"]
    return {**schema, "description": parameter["description"]} if "description" in parameter else schema
