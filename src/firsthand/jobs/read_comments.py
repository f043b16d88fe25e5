"""Reading: every text that customers wrote is understood once, in portions, so that a run that is stopped goes on where it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pyarrow as pa
from deltalake import DeltaTable
from ibis import _

from firsthand.jobs.comments import comments_of
from firsthand.jobs.find_topics import find_topics
from firsthand.jobs.home import Home
from firsthand.jobs.opened import opened
from firsthand.jobs.refresh import backend, refresh
from firsthand.jobs.world import rows_of
from firsthand.lake import connect, delta, files
from firsthand.lake.read import files_of, read
from firsthand.tables import Readings
from firsthand.voice.read import Reader

Row = dict[str, Any]
PORTION = 1_000
"""So many texts are read and written at a time: what a stop can cost."""


def read_comments(home: Home, reader: Reader, advance: Callable[[int, int], object] = lambda done, of: None) -> Row:
    """Reads what was not read yet by this reader, and sorts it by the home's topics. Doing it again adds nothing.

    advance: told after each portion how many texts are read, of how many.
    Returns `comments` (interactions with words of a customer), `texts` (different ones), `read` (now), `not_understood`, and what
    `find_topics` returns.
    """
    refresh(home)
    read(home.lake, lambda: _drop_others(home, reader.id))
    new = read(home.lake, lambda: _unread(home, reader.id))
    done = 0
    for portion in _portions(new):
        delta.append_new(home.lake, Readings, partial(_new, read_texts(reader, portion), home))
        done += portion.num_rows
        advance(done, new.num_rows)
    sorted_by = find_topics(home, reader.encoder)
    return read(home.lake, lambda: _counts(home)) | {"read": new.num_rows} | sorted_by | {"reader": reader.id}


def read_texts(reader: Reader, texts: pa.Table) -> pa.Table:
    """What a reader understands of texts (columns text_hash, text), as in tables.Readings."""
    found = reader.read(texts.column("text").to_pylist())
    rows = [
        row | {"text_hash": text_hash, "reader": reader.id}
        for row, text_hash in zip(found, texts.column("text_hash").to_pylist(), strict=True)
    ]
    return pa.Table.from_pylist(rows, Readings.schema())


def _unread(home: Home, reader: str) -> pa.Table:
    connection = backend(home)
    known = opened(connection, files(home.lake, Readings.table_name), Readings, "readings").filter(_.reader == reader)
    texts = comments_of(home, connection).group_by("text_hash").aggregate(text=_.text.min())
    found = texts.anti_join(known, "text_hash").order_by("text_hash").to_pyarrow()
    connection.disconnect()
    return found


def _portions(texts: pa.Table) -> Iterator[pa.Table]:
    return (texts.slice(begin, PORTION) for begin in range(0, texts.num_rows, PORTION))


def _new(rows: pa.Table, home: Home, stands: DeltaTable) -> pa.Table:
    """Those rows that another run has not written meanwhile."""
    known = files_of(stands)
    if not known:
        return rows
    with connect(home.lake) as connection:
        connection.register("rows", rows)
        told = f"(SELECT text_hash, reader FROM read_parquet({known}))"
        return connection.execute(f"SELECT * FROM rows ANTI JOIN {told} USING (text_hash, reader)").to_arrow_table()


def _drop_others(home: Home, reader: str) -> None:
    """Drops readings of other readers, and of texts that are no longer in the record."""
    connection = backend(home)
    known = opened(connection, files(home.lake, Readings.table_name), Readings, "readings")
    kept = known.filter(_.reader == reader).semi_join(comments_of(home, connection), "text_hash")
    if rows_of(known.anti_join(kept, ["text_hash", "reader"]).aggregate(n=_.count()))[0]["n"]:
        delta.overwrite(home.lake, Readings, kept.to_pyarrow(), {})
    connection.disconnect()


def _counts(home: Home) -> Row:
    connection = backend(home)
    said = comments_of(home, connection)
    known = opened(connection, files(home.lake, Readings.table_name), Readings, "readings")
    (whole,) = rows_of(said.aggregate(comments=_.count(), texts=_.text_hash.nunique()))
    (rest,) = rows_of(said.semi_join(known.filter(~_.understood), "text_hash").aggregate(n=_.count()))
    connection.disconnect()
    return whole | {"not_understood": rest["n"]}
