"""What was put aside: listed, and tried again after the mapping was mended."""

from __future__ import annotations

import shlex
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa

from firsthand.capture import Candidates, Tally
from firsthand.errors import UserError
from firsthand.jobs.home import Home
from firsthand.jobs.import_files import write
from firsthand.jobs.mended import settle
from firsthand.lake import connect, files
from firsthand.lake.read import read
from firsthand.sources import Format, built_in, format_named, mapping
from firsthand.sources.rows import Rows, json_rows
from firsthand.sources.sql import literal
from firsthand.tables import Rejected, Retried

Row = dict[str, Any]


def open_rejections(
    home: Home,
    *,
    source: str | None = None,
    reason: str | None = None,
    format_name: str | None = None,
    limit: int | None = None,
    offset: int = 0,
    retriable: bool = False,
) -> tuple[int, list[Row]]:
    """How many records are put aside and not yet settled, and `limit` of them after the first `offset`."""
    wanted = [
        f"{column} = {literal(value)}"
        for column, value in (("source", source), ("reason", reason), ("format", format_name))
        if value
    ]
    if retriable:
        wanted.append("retriable")

    def question() -> tuple[int, list[Row]]:
        rejected = files(home.lake, Rejected.table_name)
        if not rejected:
            return 0, []
        settled = files(home.lake, Retried.table_name)
        if settled:
            done = f"rejection_id NOT IN (SELECT rejection_id FROM read_parquet({settled}))"
        conditions = " AND ".join(wanted + ([done] if settled else [])) or "true"
        with connect(home.lake) as connection:
            table = f"FROM read_parquet({rejected}) WHERE {conditions}"
            (total,) = connection.execute(f"SELECT count(*) {table}").fetchone() or (0,)
            page = f"LIMIT {limit} OFFSET {offset}" if limit else ""
            order = f"ORDER BY rejected_at, source, file, line, rejection_id {page}"
            rows = connection.execute(f"SELECT * {table} {order}").to_arrow_table().to_pylist()
        return total, rows

    return read(home.lake, question)


def retry_rejections(
    home: Home, *, format_name: str | None = None, mapping_file: Path | None = None, source: str | None = None
) -> Tally:
    """Maps rejected records again; those that get in leave the list. Records that are not whole stay there.

    mapping_file: the mended mapping, for the formats that need one. Its source selects what is tried.
    """
    given = mapping.load(mapping_file) if mapping_file else None
    wanted = source or (given.source if given else None)
    _, rows = open_rejections(home, source=wanted, format_name=format_name, retriable=True)
    rows.sort(key=_origin)
    total = Tally()
    with connect(home.lake) as connection:
        candidates = Candidates(connection, home.settings.timezone)
        for (name, origin, file, customer), alike in groupby(rows, _origin):
            group = list(alike)
            chosen = format_named(name)
            if given is None and chosen.mapped:
                raise UserError(
                    f"{file} was read as {name}: say by which mapping. "
                    f"Next: firsthand retry --as {name} --map FILE --home {shlex.quote(str(home.folder))}"
                )
            raws = [row["raw"] for row in group]
            named = customer or None
            used = replace(given, source=origin) if given else built_in(chosen, Path(file), origin, named, raws)
            once = {(row["line"], row["raw"]): row for row in group}
            candidates.begin_file()
            candidates.take(_rows(list(once.values()), chosen), used, paths=chosen.paths)
            tally, again = write(home, candidates, file, name, used.source, datetime.now(UTC), named)
            total.add(tally)
            still = set(zip(again.column("line").to_pylist(), again.column("raw").to_pylist(), strict=True))
            settle(home, (row["rejection_id"] for row in group if (row["line"], row["raw"]) not in still))
    return total


def _origin(row: Row) -> tuple[str, str, str, str]:
    return row["format"], row["source"], row["file"], row["customer"] or ""


def _rows(rows: list[Row], chosen: Format) -> Rows:
    """Rejected records as their reader gave them, so that they get the same ids as in another import of the file."""
    lines = [row["line"] for row in rows]
    if chosen.nested:
        return json_rows([row["raw"] for row in rows], lines, [])
    records = [orjson.loads(row["raw"]) for row in rows]
    names = list(dict.fromkeys(name for record in records for name in record))
    columns = {name: pa.array([record.get(name) or "" for record in records], pa.string()) for name in names}
    return Rows(pa.table(columns), pa.array(lines, pa.int64()))


def count_by_reason(home: Home) -> dict[str, int]:
    """How many records are put aside and not settled, by reason, the most frequent first."""
    counts: dict[str, int] = {}
    for row in count_rejections(home):
        counts[row["reason"]] = counts.get(row["reason"], 0) + row["records"]
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def count_rejections(home: Home) -> list[Row]:
    """How many records are put aside and not settled: `records` by source, format and reason, and how many can be retried."""

    def question() -> list[Row]:
        rejected = files(home.lake, Rejected.table_name)
        if not rejected:
            return []
        settled = files(home.lake, Retried.table_name)
        done = f"WHERE rejection_id NOT IN (SELECT rejection_id FROM read_parquet({settled}))" if settled else ""
        with connect(home.lake) as connection:
            counts = "source, format, reason, count(*) AS records, sum(retriable::INT)::BIGINT AS retriable"
            table = f"FROM read_parquet({rejected}) {done} GROUP BY ALL ORDER BY records DESC, source, reason"
            return list(connection.execute(f"SELECT {counts} {table}").to_arrow_table().to_pylist())

    return read(home.lake, question)
