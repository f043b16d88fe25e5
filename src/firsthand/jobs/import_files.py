"""Import: files in somebody's format become interactions of the record, or are put aside with a reason."""

from __future__ import annotations

import difflib
import gc
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pyarrow as pa

from firsthand.capture import Candidates, Tally
from firsthand.errors import LakeError
from firsthand.jobs.home import Home
from firsthand.jobs.mended import listed_of, settle
from firsthand.jobs.secret import keyed
from firsthand.lake import connect, delta, files
from firsthand.lake.read import files_of, open_table, read
from firsthand.sources import Format, Task, tasks
from firsthand.sources.mapping import InteractionMapping, required_columns
from firsthand.sources.rows import Advance, Rows, Unreadable
from firsthand.tables import Forgotten, Interactions, Rejected

BATCH = 120_000


def import_files(
    home: Home,
    paths: list[Path],
    chosen: Format,
    *,
    mapping_file: Path | None = None,
    source: str | None = None,
    customer: str | None = None,
    questions_file: Path | None = None,
    mended: bool = False,
    advance: Callable[[int], object] = lambda _: None,
) -> Tally:
    """Imports files and folders; returns what became of every record. Doing it again adds nothing.

    mended: these files were imported before; what was put aside of them and is not met any more leaves the list.

    Raises SourceError or MappingError, before anything is written, where paths or mapping are wrong.
    """
    gc.freeze()  # batches of small objects are made and dropped all the time: look at the young ones only
    gc.set_threshold(100_000, 50, 100)
    work = tasks(
        chosen, paths, mapping_file=mapping_file, source=source, customer=customer, questions_file=questions_file
    )
    with connect(home.lake) as connection:
        candidates = Candidates(connection, home.settings.timezone)
        total = Tally()
        for task in work:
            total.add(_import_file(home, candidates, task, chosen, mended, advance))
    return total


def _import_file(
    home: Home, candidates: Candidates, task: Task, chosen: Format, mended: bool, advance: Advance
) -> Tally:
    total = Tally()
    before = listed_of(home, task.path.name, task.mapping.source)
    received_at = datetime.now(UTC)

    def settle_batch() -> None:
        tally, rejected = write(
            home, candidates, task.path.name, chosen.name, task.mapping.source, received_at, task.customer
        )
        total.add(tally)
        before.difference_update(rejected.column("rejection_id").to_pylist() if before else [])

    candidates.begin_file()
    for rows in _ahead(task.read(advance)):
        lacking = missing_columns(rows, task.mapping)
        waiting = candidates.take(lacking or rows, task.mapping, paths=chosen.paths)
        if waiting >= BATCH:
            settle_batch()
        if lacking:
            break
    settle_batch()
    if mended:
        settle(home, before)
    total.not_met = len(before)
    return total


def _ahead(batches: Iterator[Rows]) -> Iterator[Rows]:
    """The same batches, each read while the one before is mapped."""
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(next, batches, None)
        while (rows := coming.result()) is not None:
            coming = reader.submit(next, batches, None)
            yield rows


def missing_columns(rows: Rows, mapping: InteractionMapping) -> Rows | None:
    """Where a file lacks columns that its mapping names: that one fault, in place of its rows."""
    if rows.nested or not rows.table.num_rows:
        return None
    there = rows.table.column_names
    lacking = [column for column in required_columns(mapping) if column not in there]
    if not lacking:
        return None
    said = []
    for column in lacking:
        near = difflib.get_close_matches(column, there, 1)
        said.append(f'"{column}"' + (f' (is it "{near[0]}"?)' if near else ""))
    message = (
        f"the mapping names {', '.join(said)}, which the header lacks. It has: {', '.join(there[:40])}"
        f"{' …' if len(there) > 40 else ''}. Mend the mapping and import the file again"
    )
    fault = Unreadable(1, "missing_column", message, ",".join(there)[:2000], lacking[0])
    return Rows(rows.table.slice(0, 0), rows.line.slice(0, 0), [*rows.unreadable, fault])


def write(
    home: Home,
    candidates: Candidates,
    file: str,
    format_name: str,
    source: str,
    received_at: datetime,
    customer: str | None = None,
) -> tuple[Tally, pa.Table]:
    """Appends what is new among the candidates; when another import was faster, looks again what is new.

    Returns the counts, and the rows that were put aside.
    """
    for _ in range(delta.TRIES):
        seen = read(home.lake, partial(_learn, home, candidates))
        outcome = candidates.settle(
            received_at=received_at, file=file, format_name=format_name, source=source, customer=customer
        )
        new = outcome.accepted
        if not new.num_rows or delta.append(home.lake, Interactions, new, seen=seen):
            put_aside(home, outcome.rejected)
            candidates.clear()
            return outcome.tally, outcome.rejected
    raise LakeError("Other imports were faster a hundred times in a row; nothing of this batch was written. Try again.")


def _learn(home: Home, candidates: Candidates) -> int:
    """Takes in what the record holds by now; returns the version that was read."""
    table = open_table(home.lake, Interactions.table_name)
    if table is None:
        raise LakeError(f"{home.lake.url} has no interactions: the lake was taken away.")
    candidates.learn(files_of(table))
    if forgotten := files(
        home.lake, Forgotten.table_name
    ):  # looked up later: hashes are written before rows are deleted
        candidates.learn_forgotten(forgotten, keyed(home))
    return int(table.version())


def put_aside(home: Home, rejected: pa.Table) -> None:
    """Appends rejections that are not in the list yet."""
    if rejected.num_rows:
        delta.append_new(home.lake, Rejected, lambda table: without_known(rejected, files_of(table), home))


def without_known(rejected: pa.Table, files: Iterable[str], home: Home) -> pa.Table:
    """Those rejections whose id is in none of the files, each once."""
    with connect(home.lake) as connection:
        connection.register("rejected", rejected)
        known = f"WHERE rejection_id NOT IN (SELECT rejection_id FROM read_parquet({list(files)}))" if files else ""
        once = f"SELECT * FROM rejected {known} QUALIFY row_number() OVER (PARTITION BY rejection_id) = 1 ORDER BY line"
        return connection.execute(once).to_arrow_table()
