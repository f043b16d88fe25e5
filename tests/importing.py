"""Importing in tests: a file goes in, and the record is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from firsthand.capture import Tally
from firsthand.jobs.home import Home
from firsthand.jobs.import_files import import_files
from firsthand.jobs.rejections import open_rejections
from firsthand.lake import files
from firsthand.sources import format_named
from firsthand.tables import Interactions

Row = dict[str, Any]
COMMENTS = """
source: survey
interactions:
  - id: {column: id}
    occurred_at: {column: at}
    event: {constant: Answered}
    identifiers: {email: {column: mail}}
    text: {column: said}
"""
"""A mapping of what customers wrote, to which more may be added."""


def imported(home: Home, path: Path, name: str, mapping: str | None = None, **options: Any) -> Any:
    if mapping is not None:
        options["mapping_file"] = home.folder / "mapping.yaml"
        options["mapping_file"].write_text(mapping, "utf-8")
    return import_files(home, [path], format_named(name), **options)


def commented(home: Home, said: str, more: str) -> Home:
    """A home into which rows of comments went, with more lines of mapping than those of COMMENTS."""
    (home.folder / "said.csv").write_text(said, "utf-8")
    imported(home, home.folder / "said.csv", "csv", COMMENTS + more)
    return home


def taken(home: Home, path: Path, name: str, mapping: Path | None = None) -> tuple[Tally, list[dict[str, Any]]]:
    """Imports a file and holds the sum; returns the counts and what is listed."""
    tally = import_files(home, [path], format_named(name), mapping_file=mapping)
    parts = tally.accepted + tally.duplicate + tally.corrected + tally.not_mapped + tally.rejected.total()
    assert tally.read == parts
    return tally, open_rejections(home)[1]


def asked(home: Home, question: str) -> list[tuple[Any, ...]]:
    record = f"read_parquet({files(home.lake, Interactions.table_name)})"
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        return connection.execute(question.replace("record", record)).fetchall()
