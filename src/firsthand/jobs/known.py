"""Who is known: the identifiers of a home and whose they are, in memory, as long as the home stays in this state."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import Any

import duckdb

from firsthand.jobs.home import Home
from firsthand.lake import connect, delta, files
from firsthand.tables import CustomerIds, Overlay, People

_LOCK = Lock()
_KNOWN: dict[Path, tuple[Any, duckdb.DuckDBPyConnection]] = {}
"""Of each home the newest state, and a database of it."""


def known(home: Home) -> duckdb.DuckDBPyConnection:
    """A cursor with the table `people` (tables.People), and `given` (tables.CustomerIds). To be closed by whoever asks."""
    with _LOCK:
        state = delta.made_from(home.lake, Overlay), files(home.lake, CustomerIds.table_name)
        if home.folder not in _KNOWN or _KNOWN[home.folder][0] != state:
            _KNOWN[home.folder] = state, _read(home, state[1])
        return _KNOWN[home.folder][1].cursor()


def _read(home: Home, given: list[str]) -> duckdb.DuckDBPyConnection:
    connection = connect(home.lake)
    found = {"people": files(home.lake, People.table_name), "given": given}
    for name, table in (("people", People), ("given", CustomerIds)):
        connection.register("nothing", table.schema().empty_table())
        source = f"read_parquet({found[name]})" if found[name] else "nothing"
        connection.execute(
            f"CREATE {'TABLE' if name == 'people' or not found[name] else 'VIEW'} {name} AS FROM {source}"
        )
    connection.execute("SET threads = 1")
    return connection
