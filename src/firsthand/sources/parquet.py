"""Reads Parquet: each row as columns of text."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from firsthand.lake import connect
from firsthand.sources.csv import MOST_COLUMNS
from firsthand.sources.lines import LONGEST_LINE
from firsthand.sources.rows import Advance, Rows, Unreadable

BATCH = 65_536


def read(path: Path, *, advance: Advance) -> Iterator[Rows]:
    """The rows of a Parquet file, every value as text (times as ISO 8601 in UTC, nested values as JSON)."""
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as bad:
        empty = Unreadable(0, "empty_file", "the file is empty; expected a Parquet file")
        yield _nothing(
            Unreadable(
                0,
                "not_parquet",
                f"not a Parquet file ({str(bad).strip(' .')}); say what it is with --as, or have it exported again",
            )
            if path.stat().st_size
            else empty
        )
        return
    if not file.metadata.num_columns:
        yield _nothing(Unreadable(0, "empty_file", "the file has no columns"))
        return
    if file.metadata.num_columns > MOST_COLUMNS:
        said = f"{file.metadata.num_columns:,} columns; at most {MOST_COLUMNS:,} are read. Write a file of those that the mapping names"
        yield _nothing(Unreadable(0, "too_many_columns", said))
        return
    connection = connect()
    names = file.schema_arrow.names
    places = [f"c{number}" for number in range(len(names))]
    texts = ", ".join(_as_text(place, field.type) for place, field in zip(places, file.schema_arrow, strict=True))
    total = max(file.metadata.num_rows, 1)
    size = path.stat().st_size
    first = 1
    for batch in _batches(file):
        if isinstance(batch, Unreadable):
            yield _nothing(batch)
            return
        connection.register("batch", pa.Table.from_batches([batch]).rename_columns(places))
        table = connection.execute(f"SELECT {texts} FROM batch").to_arrow_table().rename_columns(names)
        yield _without_long(table, pa.array(range(first, first + batch.num_rows), pa.int64()))
        first += batch.num_rows
        advance(size * batch.num_rows // total)


def _without_long(table: pa.Table, number: pa.Array) -> Rows:
    """Rows no longer than a line may be; each of the others is a fault."""
    sizes = reduce(pc.add, (pc.fill_null(pc.binary_length(column), 0).cast(pa.int64()) for column in table.columns))
    long = pc.greater(sizes, LONGEST_LINE).combine_chunks()
    if not pc.any(long).as_py():
        return Rows(table, number)
    told = zip(number.filter(long).to_pylist(), sizes.filter(long).to_pylist(), strict=True)
    faults = [
        Unreadable(at, "line_too_long", f"the row has {size:,} bytes; at most {LONGEST_LINE:,} are read")
        for at, size in told
    ]
    return Rows(table.filter(pc.invert(long)), number.filter(pc.invert(long)), faults)


def _nothing(fault: Unreadable) -> Rows:
    return Rows(pa.table({"none": pa.array([], pa.string())}), pa.array([], pa.int64()), [fault])


def _batches(file: pq.ParquetFile) -> Iterator[pa.RecordBatch | Unreadable]:
    """The batches of a file; where it is damaged, that, and then no more."""
    try:
        yield from file.iter_batches(BATCH)
    except (pa.ArrowException, OSError) as bad:
        yield Unreadable(0, "not_parquet", f"the file is damaged: {bad}; the rows before are in")


def _as_text(place: str, kind: pa.DataType) -> str:
    text = f"{place}::VARCHAR"
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        text = f"strftime({place}, '%Y-%m-%dT%H:%M:%S.%fZ')"
    elif pa.types.is_nested(kind):
        text = f"to_json({place})::VARCHAR"
    return f"coalesce({text}, '') AS {place}"
