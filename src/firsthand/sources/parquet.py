"""Reads Parquet: each row as columns of text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from firsthand.sources.rows import Advance, Rows, Unreadable

BATCH = 65_536


def read(path: Path, *, advance: Advance) -> Iterator[Rows]:
    """The rows of a Parquet file, every value as text (times as ISO 8601 in UTC, nested values as JSON)."""
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as bad:
        fault = Unreadable(0, "not_parquet", f"not a Parquet file: {bad}")
        yield Rows(pa.table({"none": pa.array([], pa.string())}), pa.array([], pa.int64()), [fault])
        return
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    texts = ", ".join(_as_text(field) for field in file.schema_arrow)
    total = max(file.metadata.num_rows, 1)
    size = path.stat().st_size
    first = 1
    for batch in file.iter_batches(BATCH):
        connection.register("batch", pa.Table.from_batches([batch]))
        table = connection.execute(f"SELECT {texts} FROM batch").to_arrow_table()
        yield Rows(table, pa.array(range(first, first + batch.num_rows), pa.int64()))
        first += batch.num_rows
        advance(size * batch.num_rows // total)


def _as_text(field: pa.Field) -> str:
    name = '"' + field.name.replace('"', '""') + '"'
    if pa.types.is_timestamp(field.type) and field.type.tz is not None:
        return f"strftime({name}, '%Y-%m-%dT%H:%M:%S.%fZ') AS {name}"
    if pa.types.is_nested(field.type):
        return f"to_json({name})::VARCHAR AS {name}"
    return f"coalesce({name}::VARCHAR, '') AS {name}"
