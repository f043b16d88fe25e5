"""YAML files that a JSON Schema describes: an error names file, line and key."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from firsthand.errors import UserError

MERGE = "tag:yaml.org,2002:merge"
TRUTH = "tag:yaml.org,2002:bool"


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Takes `yes`, `no`, `on` and `off` for the words they are: only `true` and `false` are truth values."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != TRUTH]
    for first, resolvers in Loader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver(TRUTH, re.compile("^(?:true|false)$"), list("tf"))


SORTS = {
    "object": "keys with values",
    "array": "a list",
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "nothing",
    "date": "a date",
}
"""What the types of JSON Schema are called, and the one that YAML knows beside them."""


@dataclass(frozen=True)
class Fault:
    """What is wrong in a YAML text. keys: what leads there; None where the text is not YAML at all."""

    line: int
    keys: tuple[Any, ...] | None
    message: str

    @property
    def key(self) -> str:
        return "" if self.keys is None else ".".join(map(str, self.keys)) or "the file"

    def __str__(self) -> str:
        return f"line {self.line}: {f'{self.key}: ' if self.key else ''}{self.message}."


def load(path: Path, schema_name: str, error: type[UserError]) -> dict[str, Any]:
    """The content of a YAML file that conforms to a published schema.

    schema_name: a file in `firsthand/schemas`.  Raises `error`, with all faults found, each by line and key.
    """
    content, _tree, faults = read(text_of(path, error), schema_name)
    if faults:
        raise error(told(path, faults))
    return dict(content)


def text_of(path: Path, error: type[UserError]) -> str:
    """The text of a file. Raises `error` where it cannot be read, or is not UTF-8."""
    try:
        return path.read_text("utf-8")
    except OSError as missing:
        raise error(f"{path}: cannot be read ({missing.strerror}).") from missing
    except UnicodeDecodeError as bad:
        raise error(f"{path}: not UTF-8 (byte {bad.start + 1}). Save it as UTF-8.") from bad


def read(text: str, schema_name: str) -> tuple[Any, yaml.Node | None, list[Fault]]:
    """The content of a YAML text, its tree, and how it fails to conform to a published schema."""
    try:
        tree = yaml.compose(text, Loader=Loader)
        content = yaml.load(text, Loader=Loader)  # noqa: S506 - a safe loader
        found = list(validator(schema_name).iter_errors(content))
    except yaml.MarkedYAMLError as bad:
        return (
            None,
            None,
            [Fault(bad.problem_mark.line + 1 if bad.problem_mark else 1, None, f"not YAML: {bad.problem}")],
        )
    except yaml.YAMLError as bad:
        return None, None, [Fault(1, None, f"not YAML: {bad}")]
    except RecursionError:
        return None, None, [Fault(1, None, "not readable: it is nested too deeply, or holds itself")]
    found.sort(key=lambda fault: list(map(str, fault.absolute_path)))
    return content, tree, [*_twice(tree, set()), *(_fault(tree, fault) for fault in found)]


def _twice(tree: yaml.Node | None, met: set[int], keys: tuple[Any, ...] = ()) -> Iterator[Fault]:
    """Keys that stand twice in one mapping: YAML would silently take the later one. met: nodes, which an alias may name again."""
    if id(tree) in met:
        return
    met.add(id(tree))
    if isinstance(tree, yaml.SequenceNode):
        for number, entry in enumerate(tree.value):
            yield from _twice(entry, met, (*keys, number))
    elif isinstance(tree, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in tree.value:
            line = key.start_mark.line + 1
            if key.value in seen and key.tag != MERGE:
                said = f"stands twice, on line {seen[key.value]} already; say it once"
                yield Fault(line, (*keys, key.value), said)
            seen[key.value] = line
            yield from _twice(value, met, (*keys, key.value))


def told(path: Path, faults: Sequence[Fault]) -> str:
    """Faults of a file, one a line."""
    return "\n".join(f"{path}, {fault}" for fault in faults[:20])


def place(path: Path, keys: Sequence[Any]) -> str:
    """File, line and name of a key, as a message begins with them."""
    tree = yaml.compose(path.read_text("utf-8"), Loader=Loader)
    return f"{path}, line {line_of(tree, keys)}: {'.'.join(map(str, keys)) or 'the file'}"


def line_of(tree: yaml.Node | None, keys: Sequence[Any]) -> int:
    """The line on which a key of a composed YAML tree stands, or as near to it as there is."""
    line = 1
    for key in keys:
        if isinstance(tree, yaml.MappingNode):
            pair = next((pair for pair in tree.value if pair[0].value == str(key)), None)
            if pair is None:
                break
            line, tree = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(tree, yaml.SequenceNode) and isinstance(key, int) and key < len(tree.value):
            tree = tree.value[key]
            line = tree.start_mark.line + 1
        else:
            break
    return line


@cache
def validator(schema_name: str) -> jsonschema.Draft202012Validator:
    """The validator of a published schema."""
    schema = json.loads(files("firsthand").joinpath("schemas", schema_name).read_text("utf-8"))
    return jsonschema.Draft202012Validator(schema)


def _fault(tree: yaml.Node | None, fault: jsonschema.ValidationError) -> Fault:
    fault = _deepest(fault)
    keys = tuple(fault.absolute_path)
    if (
        fault.validator == "additionalProperties"
        and isinstance(fault.schema, dict)
        and isinstance(fault.instance, dict)
    ):
        known = fault.schema.get("properties", {})
        keys = (*keys, next(key for key in fault.instance if key not in known))
    return Fault(line_of(tree, keys), keys, _said(fault))


def _said(fault: jsonschema.ValidationError) -> str:
    """What is wrong, in words of YAML rather than of JSON Schema and Python."""
    if fault.validator == "type":
        wanted: Any = fault.validator_value
        sorts = [wanted] if isinstance(wanted, str) else wanted
        expected, found = " or ".join(SORTS[sort] for sort in sorts), SORTS[_sort(fault.instance)]
        return f"expected {expected}, found {found}" + (
            f" ({fault.instance})" if found in ("a text", "a number") else ""
        )
    if fault.validator == "oneOf" and isinstance(fault.instance, dict):
        return f"{', '.join(map(str, fault.instance))} stand together where one of them is expected"
    return str(fault.message)


def _sort(value: Any) -> str:
    sorts = {
        type(None): "null", bool: "boolean", int: "number", float: "number", str: "string", list: "array", dict: "object",
    }  # fmt: skip
    return sorts.get(type(value), "date")


def _deepest(fault: jsonschema.ValidationError) -> jsonschema.ValidationError:
    while fault.context:
        fault = max(fault.context, key=lambda inner: len(inner.absolute_path))
    return fault
