"""What an import would come to: the first rows of a file as interactions, without writing anything."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from firsthand.capture import Candidates
from firsthand.jobs.guess_mapping import first_rows
from firsthand.jobs.home import Home
from firsthand.jobs.import_files import missing_columns
from firsthand.lake import connect
from firsthand.sources import Format, mapping
from firsthand.sources.rows import Rows

Row = dict[str, Any]
ROWS = 100


def preview_import(home: Home, path: Path, chosen: Format, mapping_file: Path, *, rows: int = ROWS) -> Row:
    """The first rows of a file by a mapping: `records`, `interactions` (as accepted), `rejected`, `not_mapped`.

    Raises SourceError or MappingError where file or mapping are wrong.
    """
    used = mapping.load(mapping_file)
    _, every = first_rows(path, chosen, used.reading)
    some = _first(every, rows)
    with connect(home.lake) as connection:
        candidates = Candidates(connection, home.settings.timezone)
        candidates.begin_file()
        candidates.take(missing_columns(some, used) or some, used, paths=chosen.paths)
        found = candidates.settle(
            received_at=datetime.now(UTC), file=path.name, format_name=chosen.name, source=used.source
        )
    return {
        "records": some.table.num_rows + len(some.unreadable), "interactions": found.accepted.to_pylist(),
        "rejected": found.rejected.to_pylist(), "not_mapped": found.tally.not_mapped, "duplicate": found.tally.duplicate,
    }  # fmt: skip


def _first(rows: Rows, count: int) -> Rows:
    if rows.table.num_rows <= count:
        return rows
    end = rows.line[count - 1].as_py()
    faults = [fault for fault in rows.unreadable if fault.line <= end]
    return Rows(rows.table.slice(0, count), rows.line.slice(0, count), faults, rows.nested)
