"""Dealers' own rules, written in Python: what all of them share. Begin with `ilt_plugin.scoring` or `ilt_plugin.noticing`.

A plugin that cannot answer raises an error with the reason, which its owner reads. There is no clock, no chance and no network.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from componentize_py_types import Err
from wit_world.exports.about import Description, Problem
from wit_world.imports import journal

from .settings import Schema, Settings, check, read, understood

Problems = Callable[[Settings], list[Problem]]


def log(line: str) -> None:
    """A line in the plugin's own log, which its owner reads."""
    journal.log(journal.Level.INFO, line)


def schema_in(file: str) -> Schema:
    """What a file beside the rules says of their settings; it becomes part of the component."""
    with open(file, encoding="utf-8") as text:
        return json.load(text)


@dataclass(frozen=True)
class Plugin:
    """What a plugin is, and which settings it takes."""

    # Small letters, digits and hyphens.
    name: str
    # Such as 1.2.0.
    version: str
    # What it does, in a sentence for whoever switches it on.
    summary: str
    settings: Schema
    # What is wrong with settings in which the schema finds nothing.
    problems: Problems = lambda settings: []

    def about(self) -> type:
        """What a component exports as `About`."""
        schema = understood(self.settings)
        described = Description(self.name, self.version, self.summary, json.dumps(schema, ensure_ascii=False))

        class About:
            def describe(_) -> Description:
                return described

            def check_config(_, text: str) -> list[Problem]:
                found = [Problem(pointer, detail) for pointer, detail in check(schema, text)]
                return found or self.problems(read(schema, text))

        return About

    def answer(self, rule: Callable[[Any, Settings], Any], question: Any, text: str) -> Any:
        """What a rule says; an error of it is told to its owner."""
        try:
            return rule(question, read(self.settings, text))
        except Exception as error:
            raise Err(str(error) or type(error).__name__) from error
