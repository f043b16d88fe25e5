"""Reading: any number of processes, each on one consistent version, never blocked by a writer.

DuckDB reads the Parquet files that one version of the Delta log names.
"""

from __future__ import annotations

import importlib.util
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote

import duckdb
import pyarrow as pa
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

from firsthand.errors import FileGone, LakeError, UserError
from firsthand.lake.location import Location
from firsthand.tables import Table

T = TypeVar("T")
STYLED = re.compile(r"\x1b\[[0-9;]*m")
"""Colours of a terminal."""


def open_table(location: Location, name: str) -> DeltaTable | None:
    """The newest version of a table, or None where it was never written."""
    address, options = location.table(name), dict(location.options)
    with reached(location):
        return DeltaTable(address, storage_options=options) if DeltaTable.is_deltatable(address, options) else None


@contextmanager
def reached(location: Location) -> Iterator[None]:
    """What keeps an object store from being reached becomes an error that says what it takes."""
    try:
        yield
    except (DeltaError, OSError) as failed:
        if not location.remote:
            raise
        why = STYLED.sub("", str(failed)).strip().split("\n")[-1].strip(" .↳")
        raise LakeError(
            f"The lake {location.url} could not be reached: {why}. Say who you are with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION "
            "in the environment, and where a store that is not Amazon's is with AWS_ENDPOINT_URL. See docs/how-to/keep-the-lake-in-an-object-store.md."
        ) from failed


def look(location: Location, name: str, question: Callable[[DeltaTable], T]) -> T | None:
    """What the newest version of a table answers, None where it was never written; in a folder asked once for each commit.

    question: a function of a module, which is known by its name; its answer must not be changed.
    """
    last = None if location.remote else _last_commit(Path(location.table(name)) / "_delta_log")
    if last:
        return _answered(location.table(name), last, question)
    table = open_table(location, name)
    return None if table is None else question(table)


@lru_cache(maxsize=1024)
def _answered(address: str, _last: tuple[str, int, int], question: Callable[[DeltaTable], T]) -> T:
    return question(DeltaTable(address))


def _last_commit(log: Path) -> tuple[str, int, int] | None:
    """What tells the last commit of a log from every other, also from one of a log that lay there before."""
    try:
        last = max(name for name in os.listdir(log) if name.endswith(".json"))
        found = (log / last).stat()
    except (OSError, ValueError):
        return None
    return last, found.st_ino, found.st_mtime_ns


def version(location: Location, name: str) -> int | None:
    """Number of the newest version of a table; None where it was never written."""
    return look(location, name, DeltaTable.version)


def files(location: Location, name: str, at: int | None = None) -> list[str]:
    """The Parquet files of a version of a table; of the newest, if none is named."""
    if at is None or at == version(location, name):
        return list(look(location, name, files_of) or [])
    return files_of(DeltaTable(location.table(name), version=at, storage_options=dict(location.options)))


def files_of(table: DeltaTable) -> list[str]:
    """The Parquet files of an opened table. (Of local ones delta-rs gives the escaped address where a name has blanks.)"""
    return [uri if "://" in uri else unquote(uri) for uri in table.file_uris()]


def rows(location: Location, table: type[Table], at: int | None = None) -> pa.Table:
    """All rows of a version of a table (the newest), as it is declared; none where it was never written."""
    found = files(location, table.table_name, at)
    if not found:
        return table.schema().empty_table()
    with connect(location) as connection:
        return connection.execute(f"SELECT * FROM read_parquet({found})").to_arrow_table().cast(table.schema())


def view(connection: duckdb.DuckDBPyConnection, location: Location, table: type[Table], name: str) -> None:
    """Makes a view of the newest version of a table."""
    found = files(location, table.table_name)
    if found:
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS FROM read_parquet({found})")
    else:
        connection.register(f"no_{name}", table.schema().empty_table())
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS FROM no_{name}")


def as_declared(location: Location, table: type[Table]) -> bool:
    """Whether the newest version has the columns that are declared: an older release may have written others."""
    return look(location, table.table_name, _columns) in (None, table.schema().names)


def _columns(table: DeltaTable) -> list[str]:
    return [field.name for field in table.schema().fields]


def connect(location: Location | None = None) -> duckdb.DuckDBPyConnection:
    """A DuckDB in memory, in UTC, that can read the lake's files."""
    connection = duckdb.connect()
    prepare(connection, location)
    return connection


def prepare(connection: duckdb.DuckDBPyConnection, location: Location | None) -> None:
    """Sets a DuckDB connection to UTC and, for an object store, loads what reads it."""
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")
    if location is not None and location.remote:
        _load_httpfs(connection, location)


def extension_file() -> Path | None:
    """DuckDB's httpfs extension as its package brings it, for this version of DuckDB; nothing is downloaded."""
    package = importlib.util.find_spec("duckdb_extension_httpfs")
    if package is None or package.origin is None:
        return None
    file = Path(package.origin).parent / "extensions" / f"v{duckdb.__version__}" / "httpfs.duckdb_extension"
    return file if file.is_file() else None


def _load_httpfs(connection: duckdb.DuckDBPyConnection, location: Location) -> None:
    extension = extension_file()
    if extension is None:
        raise UserError(
            f"The lake {location.url} is in an object store, which needs the extra `s3`. "
            "Install it with: pip install 'firsthand[s3]'"
        )
    connection.execute(f"LOAD '{extension}'")
    options = location.options
    parts = {
        "KEY_ID": options.get("AWS_ACCESS_KEY_ID"),
        "SECRET": options.get("AWS_SECRET_ACCESS_KEY"),
        "SESSION_TOKEN": options.get("AWS_SESSION_TOKEN"),
        "REGION": options.get("AWS_REGION"),
    }
    endpoint = options.get("AWS_ENDPOINT_URL")
    if endpoint:
        scheme, _, host = endpoint.partition("://")
        parts |= {
            "ENDPOINT": host.rstrip("/"),
            "URL_STYLE": "path",
            "USE_SSL": str(scheme == "https").lower(),
        }
    said = ", ".join(f"{key} '{value}'" for key, value in parts.items() if value is not None)
    connection.execute(f"CREATE OR REPLACE SECRET lake (TYPE s3, {said})")


def read(location: Location, question: Callable[[], T]) -> T:
    """Runs `question`; if a file it names has been vacuumed meanwhile, once more on the newest version.

    question: must look the files up itself, so that the second try sees the newer list.
    """
    try:
        return question()
    except FileGone:
        pass
    except (duckdb.IOException, duckdb.HTTPException) as gone:
        if not _names_a_lost_file(gone):
            raise LakeError(f"The lake at {location.url} could not be read: {gone}") from gone
    try:
        return question()
    except (duckdb.IOException, duckdb.HTTPException) as gone:
        raise LakeError(f"The lake at {location.url} lacks a file that it names: {gone}") from gone


def _names_a_lost_file(error: Any) -> bool:
    said = str(error)
    return "No files found" in said or "No such file" in said or "404" in said or "does not exist" in said
