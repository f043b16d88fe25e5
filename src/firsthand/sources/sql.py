"""Quoting, for the SQL that mappings compile to."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pyarrow as pa

from firsthand.tables import MONEY, TIMESTAMP

TYPES = {
    pa.string(): "VARCHAR", pa.int64(): "BIGINT", pa.float64(): "DOUBLE", pa.bool_(): "BOOLEAN",
    pa.date32(): "DATE", TIMESTAMP: "TIMESTAMPTZ", MONEY: "DECIMAL(18, 4)",
}  # fmt: skip


def sql_type(kind: pa.DataType) -> str:
    """DuckDB's name of a type of the declared tables."""
    if pa.types.is_map(kind):
        return "MAP(VARCHAR, VARCHAR)"
    if pa.types.is_list(kind):
        return "STRUCT(kind VARCHAR, value VARCHAR)[]"
    return TYPES[kind]


def literal(value: object) -> str:
    """A value as an SQL literal; None as NULL."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "'true'" if value else "'false'"
    return "'" + str(value).replace("'", "''") + "'"


def name(identifier: str) -> str:
    """A quoted column name."""
    return '"' + identifier.replace('"', '""') + '"'


def json_path(path: str, *, nested: bool) -> str:
    """The JSON path of a column: `a.b[0]` within nested records, the key as it stands in flat ones."""
    if not nested:
        return '$."' + path.replace('"', '\\"') + '"'
    steps = [re.fullmatch(r"(.*?)((?:\[\d+\])*)", step) for step in path.split(".")]
    return "$" + "".join(f'."{step[1]}"{step[2]}' for step in steps if step)


def without(paths: list[str]) -> str:
    """A JSON merge patch (RFC 7396) that takes the given nested paths out of a record."""
    tree: dict[str, object] = {}
    for path in paths:
        *parents, last = [re.sub(r"\[\d+\]$", "", step) for step in path.split(".")]
        node = tree
        for parent in parents:
            child = node.setdefault(parent, {})
            if not isinstance(child, dict):
                break
            node = child
        else:
            node[last] = None
    return _patch(tree)


def _patch(tree: Mapping[str, object]) -> str:
    import json

    return json.dumps(tree, ensure_ascii=False)
