"""YAML files that a JSON Schema describes: an error names file, line and key."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from firsthand.errors import UserError

TRUTH = "tag:yaml.org,2002:bool"


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Takes `yes`, `no`, `on` and `off` for the words they are: only `true` and `false` are truth values."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != TRUTH]
    for first, resolvers in Loader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver(TRUTH, re.compile("^(?:true|false)$"), list("tf"))


def load(path: Path, schema_name: str, error: type[UserError]) -> dict[str, Any]:
    """The content of a YAML file that conforms to a published schema.

    schema_name: a file in `firsthand/schemas`.  Raises `error`, with all faults found, each by line and key.
    """
    try:
        text = path.read_text("utf-8")
    except OSError as missing:
        raise error(f"{path}: cannot be read ({missing.strerror}).") from missing
    except UnicodeDecodeError as bad:
        raise error(f"{path}: not UTF-8 (byte {bad.start + 1}). Save it as UTF-8.") from bad
    try:
        tree = yaml.compose(text, Loader=Loader)
        content = yaml.load(text, Loader=Loader)  # noqa: S506 - a safe loader
    except yaml.MarkedYAMLError as bad:
        line = bad.problem_mark.line + 1 if bad.problem_mark else 1
        raise error(f"{path}, line {line}: not YAML: {bad.problem}.") from bad
    except yaml.YAMLError as bad:
        raise error(f"{path}: not YAML: {bad}") from bad
    faults = sorted(validator(schema_name).iter_errors(content), key=lambda fault: list(map(str, fault.absolute_path)))
    if faults:
        raise error("\n".join(_said(path, tree, fault) for fault in faults[:20]))
    return dict(content)


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


def _said(path: Path, tree: yaml.Node | None, fault: jsonschema.ValidationError) -> str:
    fault = _deepest(fault)
    keys = list(fault.absolute_path)
    key = ".".join(map(str, keys)) or "the file"
    return f"{path}, line {line_of(tree, keys)}: {key}: {fault.message}."


def _deepest(fault: jsonschema.ValidationError) -> jsonschema.ValidationError:
    while fault.context:
        fault = max(fault.context, key=lambda inner: len(inner.absolute_path))
    return fault
