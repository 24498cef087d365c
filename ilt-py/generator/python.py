"""How a schema looks in Python: its type, and the way from JSON and back."""

from dataclasses import dataclass

from generator.contract import Contract, Schema, is_class, reference, without_null

# Formats that have a type of their own, with the functions that read and write it.
FORMATS = {
    "uuid": ("UUID", "UUID({0})", "_to.uuid"),
    "date-time": ("datetime", "_from.time({0})", "_to.time"),
    "local-date-time": ("datetime", "_from.wall_clock({0})", "_to.wall_clock"),
    "duration": ("timedelta", "_from.length({0})", "_to.length"),
    "coordinates": ("tuple[float, float]", "", "_to.coordinates"),
}
PLAIN = {
    "string": ("str", "_to.text"),
    "integer": ("int", "_to.whole"),
    "number": ("float", "_to.number"),
    "boolean": ("bool", "_to.flag"),
}


@dataclass(frozen=True)
class Shape:
    """One schema in Python. `reads` and `writes` are expressions for `{0}`, and `{1}` is what it is called."""

    type: str
    reads: str
    writes: str
    is_mapping: bool = False

    @property
    def is_as_it_is(self) -> bool:
        """Whether JSON has it already as Python does."""
        return self.reads == "{0}"


def shape(contract: Contract, schema: Schema) -> Shape:
    """The shape of a schema that is not null."""
    if "$ref" in schema and is_class(contract.resolved(schema)):
        name = contract.class_name(reference(schema))
        if "enum" in contract.resolved(schema):
            return Shape(name, f"{name}({{0}})", f"_to.word({{1}}, {name}, {{0}})")
        return Shape(name, f"{name}._read({{0}})", f"_to.record({{1}}, {name}, {{0}})")
    schema, _ = without_null(contract.resolved(schema))
    named = enum_of(contract, schema)
    if named:
        return Shape(named, f"{named}({{0}})", f"_to.word({{1}}, {named}, {{0}})")
    if schema.get("format") in FORMATS:
        kind, reads, writes = FORMATS[schema["format"]]
        return Shape(kind, reads, f"{writes}({{1}}, {{0}})")
    match schema.get("type"):
        case "array":
            return listed(shape(contract, schema["items"]))
        case "object":
            values = schema.get("additionalProperties")
            inner = shape(contract, values).type if isinstance(values, dict) else "Any"
            return Shape(f"dict[str, {inner}]", "dict({0})", "_to.tree({1}, {0})", is_mapping=True)
        case str(kind):
            name, writes = PLAIN[kind]
            return Shape(name, "{0}", f"{writes}({{1}}, {{0}})")
    raise ValueError(f"no shape for {schema}")


def listed(inner: Shape) -> Shape:
    """Several of these."""
    reads = "tuple({0})" if inner.is_as_it_is else f"tuple({inner.reads.format('one')} for one in {{0}})"
    each = inner.writes.format("one", "name")
    write = each.removesuffix("(name, one)") if each.endswith("(name, one)") else f"lambda name, one: {each}"
    return Shape(f"tuple[{inner.type}, ...]", reads, f"_to.several({{1}}, {{0}}, {write})")


def enum_of(contract: Contract, schema: Schema) -> str | None:
    """The class of the words that a parameter lists without naming them."""
    if "enum" not in schema:
        return None
    named = [name for name, it in contract.schemas.items() if it.get("enum") == schema["enum"]]
    return contract.class_name(named[0]) if named else None
