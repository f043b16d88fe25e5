"""Who is who in lists of people: read, find out what the columns are, train, score, group."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from firsthand.errors import UserError
from firsthand.lake import connect
from firsthand.people.clusters import Pairs, cluster, strongest
from firsthand.people.columns import SAID, Column, find_columns, tells_who
from firsthand.people.fields import Field, fields_of, make_people
from firsthand.people.lists import read_lists
from firsthand.people.model import Model, predict, train
from firsthand.people.scored import filled, pairs_of
from firsthand.people.threshold import Threshold, choose
from firsthand.sources.sql import name as quoted

Document = dict[str, Any]


MISSED = "at most: what no rule brought, and records spoilt beyond likeness, is not counted"


def match_people(
    files: Sequence[Path],
    out: Path,
    *,
    id_column: str | None = None,
    threshold: float | None = None,
    said: Mapping[str, str] | None = None,
) -> Document:
    """Writes who is who in the files' records to `out`: id, customer_id, probability. Returns what was found and why.

    id_column: the column that names a record; else one is looked for, else records are numbered.
    threshold: from which probability on records are joined; else it is chosen.  said: kinds of columns, by name.
    """
    began = time.perf_counter()
    _check_out(files, out)
    with connect() as connection:
        names = read_lists(connection, files)
        found = find_columns(connection, "records", names, said=said, file="file#" if len(files) > 1 else None)
        columns = _with_id(connection, files, found, id_column)
        made = fields_of(columns)
        if not made or not any(map(tells_who, columns)):
            raise UserError(_no_fields(files, columns))
        make_people(connection, "records", made)
        size = connection.execute("SELECT count(*) FROM people").fetchall()[0][0]
        model, pairs, count = _scored(connection, [field for field, _ in made], size)
        chosen = choose(pairs.probability) if threshold is None else Threshold(threshold, SAID)
        pairs = filled(connection, model, pairs, size, chosen.value)
        people = cluster(pairs, size, chosen.value)
        _write(connection, files, columns, people, strongest(pairs, people), out)
    return _document(columns, model, chosen, pairs, people, count) | {"seconds": round(time.perf_counter() - began, 1)}


def _check_out(files: Sequence[Path], out: Path) -> None:
    """Raises where the answer could not be written, or only over what is read: before the work, not after it."""
    if out.is_dir():
        raise UserError(f"{out} is a folder. Name the file to write: --out {out / 'customers.csv'}")
    if not out.parent.is_dir():
        raise UserError(
            f"There is no folder {out.parent} to write {out.name} into. Make it, or name another with --out."
        )
    if out.exists() and any(file.exists() and file.samefile(out) for file in files):
        raise UserError(
            f"{out} is one of the lists that are read, and would be overwritten. Name another file with --out."
        )
    if not os.access(out if out.exists() else out.parent, os.W_OK):
        raise UserError(f"{out} cannot be written: you may not write there. Name another file with --out.")


def _scored(connection: duckdb.DuckDBPyConnection, fields: Sequence[Field], size: int) -> tuple[Model, Pairs, int]:
    """A model trained on the table `people`, the pairs that are not improbable, and how many were compared."""
    if size < 2:
        nothing = np.array([], dtype=np.int64)
        return {"rules": [], "unseen": [], "training": None}, Pairs(nothing, nothing, nothing.astype(float)), 0
    model, compared = train(connection, "people", fields)
    pairs = pairs_of(connection, predict(connection, "people", model, pairs=compared))
    return model, pairs, connection.execute(f"SELECT count(*) FROM {compared}").fetchall()[0][0]


def _with_id(
    connection: duckdb.DuckDBPyConnection, files: Sequence[Path], columns: list[Column], wanted: str | None
) -> list[Column]:
    """The columns, with one that names the records, or none: then they are numbered."""
    names = [column.name for column in columns]
    if wanted is not None and wanted not in names:
        raise UserError(f"There is no column {wanted!r} to be --id; there are {', '.join(names)}.")
    chosen = wanted or next(
        (column.name for column in columns if column.kind == "id" and _unique(connection, column.name) is None), None
    )
    if wanted is not None:
        _check_unique(connection, files, wanted)
    return [
        Column(column.name, "id", SAID if wanted else column.why, column.order)
        if column.name == chosen
        else Column(column.name, "ignore", "every record has its own value", column.order)
        if column.kind == "id"
        else column
        for column in columns
    ]


def _unique(connection: duckdb.DuckDBPyConnection, name: str) -> tuple[int, str, int] | None:
    """A file, a value and its number of rows, where a column does not name the records of that file; else None."""
    row = connection.execute(f"""
        SELECT "file#", {quoted(name)}, count(*) FROM records GROUP BY 1, 2
        HAVING count(*) > 1 OR coalesce({quoted(name)}, '') = '' ORDER BY min("record#") LIMIT 1
    """).fetchall()
    return row[0] if row else None


def _check_unique(connection: duckdb.DuckDBPyConnection, files: Sequence[Path], name: str) -> None:
    found = _unique(connection, name)
    if not found:
        return
    file, value, count = found
    fault = f"{value!r} stands in {count:,} rows" if value else f"{count:,} rows have none"
    raise UserError(f"{files[file]}, column {name!r}: {fault}, but an id names one record. Name another column with --id, or leave it out: records are numbered then.")  # fmt: skip


def _no_fields(files: Sequence[Path], columns: Sequence[Column]) -> str:
    told = "; ".join(f"{column.name}: {column.why}" for column in columns)
    return f"{', '.join(map(str, files))}: no column says who a record is ({told}). Say what a column is, for example --column COLUMN=surname."


def _write(
    connection: duckdb.DuckDBPyConnection, files: Sequence[Path], columns: Sequence[Column], people: np.ndarray,
    strength: np.ndarray, out: Path,
) -> None:  # fmt: skip
    """One row for each record, in the order of the files; with `file` in front where there are several."""
    name = next((column.name for column in columns if column.kind == "id"), None)
    ids = quoted(name) if name else '"record#" + 1'
    connection.register(
        "found", {"record": np.arange(len(people)), "customer": people, "strength": np.round(strength, 6)}
    )
    connection.register(
        "listed", {"file": np.arange(len(files)), "path": np.array([str(file) for file in files], dtype=object)}
    )
    path, file = str(out).replace("'", "''"), "path AS file, " if len(files) > 1 else ""
    connection.execute(f"""
        COPY (SELECT {file}{ids} AS id, 'c' || (customer + 1) AS customer_id, strength AS probability
              FROM records JOIN found ON found.record = "record#" JOIN listed ON listed.file = "file#" ORDER BY "record#") TO '{path}' (HEADER, DELIMITER ',')
    """)


def _document(
    columns: Sequence[Column], model: Model, chosen: Threshold, pairs: Pairs, people: np.ndarray, compared: int
) -> Document:
    together = people[pairs.one] == people[pairs.other]
    right = float(pairs.probability[together].sum())
    sizes = np.bincount(people)
    joined = int((sizes * (sizes - 1) // 2).sum())
    return {
        "columns": [{"name": column.name, "kind": column.kind, "why": column.why} for column in columns],
        "rules": [{"rule": rule["rule"], "pairs": rule["pairs"]} for rule in model["rules"]],
        "threshold": {"value": float(chosen.value), "why": chosen.why},
        "expected_precision": round(right / joined, 4) if joined else None,
        "expected_recall": round(right / float(pairs.probability.sum()), 4) if len(pairs.one) else None,
        "expected_recall_why": MISSED,
        "records": len(people),
        "customers": len(sizes),
        "largest": int(sizes.max()),
        "pairs_compared": compared,
        "unseen_levels": model["unseen"],
        "training": model["training"],
    }
