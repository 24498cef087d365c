"""Settings, checked by the JSON Schema from which a form is drawn: what the form says and what is taken cannot differ."""

import json
import re
from functools import cache
from typing import Any

Schema = dict[str, Any]
Settings = dict[str, Any]

# Other words of JSON Schema are refused when the plugin is built: they would promise what nobody checks.
WORDS = {"title", "description", "type", "default", "enum", "minimum", "maximum", "minLength", "pattern"}
TYPES = {"string": str, "number": (int, float), "integer": int, "boolean": bool}


def understood(schema: Schema) -> Schema:
    """The schema, when all that it says is checked here."""
    for name, setting in schema["properties"].items():
        if unknown := sorted(setting.keys() - WORDS):
            raise ValueError(f"the schema of the setting {name} says {unknown[0]}, which is not checked")
        # Compiled now, it is part of the component, and no question pays for it.
        pattern(setting.get("pattern", ""))
    if schema.get("additionalProperties") is not False:
        raise ValueError("the schema takes settings that nobody knows")
    return schema


@cache
def pattern(text: str) -> re.Pattern[str]:
    # In Python, but not in JSON Schema, a line may end after the $.
    return re.compile(re.sub(r"\$$", r"\\Z", text))


def wrong(setting: dict[str, Any], value: Any) -> str | None:
    kind, least, most = setting["type"], setting.get("minimum"), setting.get("maximum")
    # In Python, but not in JSON, true is a number.
    if not isinstance(value, TYPES[kind]) or (isinstance(value, bool) and kind != "boolean"):
        return f"must be of the type {kind}"
    if "enum" in setting and value not in setting["enum"]:
        return f"must be one of {', '.join(map(str, setting['enum']))}"
    if (least is not None and value < least) or (most is not None and value > most):
        if most is None:
            return f"must be {least} or more"
        return f"must be {most} or less" if least is None else f"must be from {least} to {most}"
    if isinstance(value, str):
        if len(value) < setting.get("minLength", 0):
            return f"must have {setting['minLength']} characters or more"
        if "pattern" in setting and not pattern(setting["pattern"]).search(value):
            return f"must be written like {setting.get('default', setting['pattern'])}"
    return None


def no_number(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def check(schema: Schema, text: str) -> list[tuple[str, str]]:
    """All that is wrong, as pointers and details in the order of the schema; what nobody knows comes last."""
    try:
        given = json.loads(text, parse_constant=no_number)
    except ValueError:
        return [("", "is no JSON")]
    if not isinstance(given, dict):
        return [("", "must be an object")]
    found: list[tuple[str, str | None]] = []
    for name, setting in schema["properties"].items():
        if name in given:
            found.append((name, wrong(setting, given[name])))
        elif name in schema.get("required", []):
            found.append((name, "is missing"))
    found += [(name, "is no setting of this plugin") for name in given if name not in schema["properties"]]
    return [("/" + name.replace("~", "~0").replace("/", "~1"), detail) for name, detail in found if detail]


def read(schema: Schema, text: str) -> Settings:
    """Settings with what is the default for those that were not given."""
    if problems := check(schema, text):
        said = "; ".join(f"{pointer} {detail}".strip() for pointer, detail in problems)
        raise ValueError(f"the settings cannot be used: {said}")
    defaults = {name: setting["default"] for name, setting in schema["properties"].items() if "default" in setting}
    return defaults | json.loads(text)
