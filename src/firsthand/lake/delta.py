"""Writing: appended once, overwritten whole (derived tables), deleted by id, compacted, vacuumed. Only `jobs` calls this."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, Transaction, WriterProperties, write_deltalake
from deltalake.exceptions import CommitFailedError, DeltaError

from firsthand.errors import LakeError, Overtaken
from firsthand.lake.location import Location
from firsthand.lake.read import look, open_table, reached
from firsthand.tables import ALL, Table

WRITER = WriterProperties(compression="ZSTD", compression_level=1, max_row_group_size=128 * 1024)
DERIVED = WriterProperties(compression="ZSTD", compression_level=1, max_row_group_size=32 * 1024)
"""Of derived tables: one life is read out of many, and what lies around it has to be unpacked with it."""
DERIVED_FILE = 32 * 1024 * 1024
"""Bytes of a file of these: to find one life in a file takes as long as the file has row groups."""
GRACE = timedelta(hours=24)


def create(location: Location) -> None:
    """Creates every declared table that is not there yet."""
    for table in ALL:
        _create(location, table)


def _create(location: Location, table: type[Table]) -> None:
    with reached(location):
        DeltaTable.create(
            location.table(table.table_name),
            table.schema(),
            mode="ignore",
            storage_options=dict(location.options),
            configuration={"delta.dataSkippingStatsColumns": ",".join(table.times())}
            if table.times()
            else {"delta.dataSkippingNumIndexedCols": "0"},
        )


def append(location: Location, table: type[Table], rows: pa.Table, *, seen: int) -> bool:
    """Appends `rows`, unless somebody else appended to the table after version `seen` was read.

    Returns False in that case and writes nothing: read again what is new, and try again. The commit
    carries an application transaction that all appends share, so of two appends that were made from the
    same version the later one fails instead of doubling what both bring.
    """
    name = table.table_name
    delta = DeltaTable(location.table(name), version=seen, storage_options=dict(location.options))
    try:
        with _writing(location):
            write_deltalake(
                delta,
                rows.cast(table.schema()),
                mode="append",
                writer_properties=WRITER,
                commit_properties=CommitProperties(
                    app_transactions=[Transaction("append", seen)], max_commit_retries=0
                ),
            )
    except CommitFailedError:
        return False
    return True


TRIES = 100


def add(location: Location, table: type[Table], records: Sequence[Mapping[str, Any]]) -> None:
    """Appends records, whatever others appended meanwhile; where the table is not there yet, it is made."""
    _create(location, table)
    rows = pa.Table.from_pylist(list(records), schema=table.schema())
    append_new(location, table, lambda _: rows)


def append_new(location: Location, table: type[Table], new: Callable[[DeltaTable], pa.Table]) -> None:
    """Appends what `new` makes of a table as it stands; anew from the newer table when somebody else was faster.

    Writes nothing where that is empty. Raises LakeError where the table is not there, or others were always faster.
    """
    for _ in range(TRIES):
        stands = open_table(location, table.table_name)
        if stands is None:
            raise LakeError(f"{location.url} has no table {table.table_name}: part of the lake was taken away.")
        rows = new(stands)
        if not rows.num_rows or append(location, table, rows, seen=stands.version()):
            return
    raise LakeError(
        f"Others were faster {TRIES} times in a row; nothing was added to {table.table_name}. Do the same again."
    )


@contextmanager
def _writing(location: Location) -> Iterator[None]:
    """What stops a write becomes an error that says so; that another one was faster is not for the user."""
    try:
        yield
    except CommitFailedError:
        raise
    except (DeltaError, OSError) as stopped:
        raise LakeError(
            f"The lake {location.url} could not be written: {stopped}. What was there stays as it was; "
            "do the same again once there is room, and it goes on where it stopped."
        ) from stopped


def delete(location: Location, table: type[Table], ids: pa.Table) -> int:
    """Deletes the rows that agree with one of `ids` in all its columns; returns how many those were.

    What was deleted stays in older files until `vacuum`. Raises LakeError where others were always faster.
    """
    return _merge(location, table, ids, ids.column_names, "num_target_rows_deleted")


def change(location: Location, table: type[Table], rows: pa.Table, on: Sequence[str]) -> int:
    """Sets columns of the rows that agree with one of `rows` in the columns `on` to what that says; returns how many."""
    return _merge(location, table, rows, on, "num_target_rows_updated")


def _merge(location: Location, table: type[Table], rows: pa.Table, on: Sequence[str], counted: str) -> int:
    """A MERGE against a table of ids: a predicate would be written into the log, and with it whom it was about.

    The ids are streamed. Were they read beforehand, delta-rs would write the smallest and the largest into the log.
    """
    delta = open_table(location, table.table_name)
    if delta is None or not rows.num_rows:
        return 0
    rows = rows.group_by(rows.column_names).aggregate([]) if rows.column_names == list(on) else rows  # each once
    agree = " AND ".join(f"stands.{name} = named.{name}" for name in on)
    for _ in range(TRIES):
        try:
            with _writing(location):
                merge = DeltaTable(location.table(table.table_name), storage_options=dict(location.options)).merge(
                    rows, predicate=agree, source_alias="named", target_alias="stands", writer_properties=WRITER, streamed_exec=True
                )  # fmt: skip
                others = {name: f"named.{name}" for name in rows.column_names if name not in on}
                done = merge.when_matched_update(others) if others else merge.when_matched_delete()
                return int(done.execute()[counted])
        except CommitFailedError:
            continue
    raise LakeError(
        f"Others were faster {TRIES} times in a row; nothing of {table.table_name} was changed. Do the same again."
    )


def overwrite(location: Location, table: type[Table], rows: Any, metadata: Mapping[str, str]) -> str:
    """Replaces a derived table as a whole, in one commit that says in `metadata` what it was made from.

    rows: anything that streams Arrow batches; the last of two writers at the same time wins.
    Returns the number of the version that was written. Raises Overtaken where the two cannot be put one after the other.
    """
    mark = uuid.uuid4().hex
    try:
        with _writing(location):
            _create(location, table)
            write_deltalake(
                location.table(table.table_name),
                rows,
                mode="overwrite",
                schema_mode="overwrite",
                storage_options=dict(location.options),
                writer_properties=DERIVED,
                target_file_size=DERIVED_FILE,
                commit_properties=CommitProperties(custom_metadata={**metadata, "mark": mark}),
            )
    except CommitFailedError as faster:
        raise Overtaken(f"Somebody else wrote {table.table_name} at the same time. Do the same again.") from faster
    history = DeltaTable(location.table(table.table_name), storage_options=dict(location.options)).history(20)
    return str(next(commit["version"] for commit in history if commit.get("mark") == mark))


def made_from(location: Location, table: type[Table]) -> dict[str, Any]:
    """What the newest version of a derived table says it was made from."""
    return dict(look(location, table.table_name, _last_write) or {})


def _last_write(delta: DeltaTable) -> dict[str, Any]:
    return next((commit for commit in delta.history(20) if commit.get("operation") == "WRITE"), {})


def compact(location: Location) -> dict[str, int]:
    """Merges small files of record and decisions; returns how many files each lost and gained, as a balance.

    What is derived is written whole, and names versions of what it belongs to.
    """
    removed = {}
    for table in (table for table in ALL if table.table_sort != "derived"):
        delta = open_table(location, table.table_name)
        if delta is not None:
            done = delta.optimize.compact(writer_properties=WRITER)
            removed[table.table_name] = done["numFilesRemoved"] - done["numFilesAdded"]
    return removed


def vacuum(location: Location, *, grace: timedelta = GRACE, whole: bool = False) -> int:
    """Deletes files that no version younger than `grace` needs; returns how many.

    With a grace of hours, or `whole`, also those that no version ever named: what a stopped write left behind. Without a
    grace these may belong to a write that is under way.
    """
    hours = int(grace.total_seconds() // 3600)
    deleted = 0
    for table in ALL:
        delta = open_table(location, table.table_name)
        if delta is not None:
            deleted += len(
                delta.vacuum(
                    retention_hours=hours, dry_run=False, enforce_retention_duration=False, full=whole or hours > 0
                )
            )
    return deleted
