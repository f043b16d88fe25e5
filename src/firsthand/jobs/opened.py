"""Files of the lake opened as a table, on either engine."""

from __future__ import annotations

from typing import Any

import ibis.expr.types as ir

from firsthand.tables import Table


def opened(connection: Any, parts: list[str], table: type[Table], name: str) -> ir.Table:
    """Parquet files of a table of the lake, as a view of that name; an empty table where there are none."""
    if not parts:
        return connection.create_table(name, table.schema().empty_table(), temp=True, overwrite=True)
    if connection.name == "duckdb":
        # not Ibis' read_parquet, which would download what reads object stores
        connection.con.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM read_parquet({parts})")
    else:
        connection.read_files(name, parts, table.schema())
    return connection.table(name)
