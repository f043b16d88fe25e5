"""Paths of a log that lies in a file, without a home: the file becomes a little timeline."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
from ibis import _

from firsthand.capture import Candidates
from firsthand.errors import SourceError
from firsthand.jobs.import_files import missing_columns
from firsthand.jobs.world import rows_of
from firsthand.journeys import ExperienceMap
from firsthand.journeys.paths import edges, ends
from firsthand.journeys.timeline import steps
from firsthand.journeys.variants import cases
from firsthand.sources import Format
from firsthand.sources.mapping import InteractionMapping

Row = dict[str, Any]
COLUMNS = {"case": "case:concept:name", "activity": "concept:name", "time": "time:timestamp"}
"""What the three are called where nothing else is said: as in XES."""
LIFECYCLE = "lifecycle:transition"
EMPTY_FILE = "empty_file"


def log_paths(path: Path, chosen: Format, *, lifecycle: bool = False, **columns: str | None) -> Row:
    """The document of `firsthand paths`: directly-follows edges, starts, ends and the number of variants of a log.

    columns: what case, activity and time are called, where not as in XES.  lifecycle: an activity's start and its
    completion are two (XES's lifecycle:transition).
    Raises SourceError where nothing of the file can be read. Records that cannot are counted by reason.
    """
    accepted, rejected, examples = _events(path, chosen, _mapping(columns, lifecycle))
    with _timeline(accepted) as timeline:
        told = rows_of(edges(timeline), ["from", "to"])
        at = rows_of(ends(timeline), ["touchpoint"])
        variants = rows_of(cases(timeline).aggregate(n=_.path.nunique(), cases=_.count()))[0]
    return {
        "cases": variants["cases"],
        "events": accepted.num_rows,
        "edges": [
            {"from": row["from"], "to": row["to"], "count": row["interactions"], "cases": row["customers"]}
            | {"median_seconds": row["median_seconds"]}
            for row in sorted(told, key=lambda row: -row["interactions"])
        ],
        "starts": {row["touchpoint"]: row["starts"] for row in at if row["starts"]},
        "ends": {row["touchpoint"]: row["ends"] for row in at if row["ends"]},
        "variants": variants["n"],
        "rejected": rejected,
        "examples": examples,
    }


def _mapping(columns: dict[str, str | None], lifecycle: bool) -> InteractionMapping:
    named = {key: columns.get(key) or name for key, name in COLUMNS.items()}
    activity: Row = {"column": named["activity"]}
    if lifecycle:
        activity = {"columns": [named["activity"], LIFECYCLE], "join": "+"}
    rule: Row = {
        "occurred_at": {"column": named["time"]},
        "event": activity,
        "subjects": {"case": {"column": named["case"]}},
    }
    return InteractionMapping("log", (rule,), {}, False)


def _events(path: Path, chosen: Format, mapping: InteractionMapping) -> tuple[pa.Table, Row, list[str]]:
    """The events of a file that have case, activity and time; the rest counted by reason, with up to five messages."""
    if not path.is_file():
        raise SourceError(f"{path}: there is no such file. Name a log: firsthand paths FILE --as {chosen.name}")
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    candidates = Candidates(connection, "UTC")
    candidates.begin_file()
    for rows in chosen.read(path, advance=lambda _: None):
        if lacking := missing_columns(rows, mapping):
            there = ", ".join(rows.table.column_names[:40])
            named = lacking.unreadable[-1].column
            raise SourceError(
                f'{path}: there is no column "{named}". It has: {there}. Say which is which with --case, --activity and --time.'
            )
        candidates.take(rows, mapping, paths=chosen.paths)
    outcome = candidates.settle(received_at=datetime.now(UTC), file=path.name, format_name=chosen.name, source="log")
    connection.close()
    told = pc.greater(pc.list_value_length(outcome.accepted["subjects"]), 0)
    accepted = outcome.accepted.filter(told)
    rejected = dict(outcome.tally.rejected)
    homeless = outcome.accepted.num_rows - accepted.num_rows
    if homeless:
        rejected["missing_case"] = homeless
    examples = outcome.rejected["message"].to_pylist()
    if not accepted.num_rows and examples:
        raise SourceError(f"{path}: nothing in it can be read as {chosen.name}. {examples[0]}")
    if not accepted.num_rows:
        raise SourceError(f"{path}: no event in it has a case, an activity and a time.")
    return accepted, dict(sorted(rejected.items())), examples[:5]


ONE_JOURNEY = ExperienceMap((), (), {}, journey_pause_days=float("inf"), journey_subjects=())
"""A case is one journey, however long it pauses."""


@contextmanager
def _timeline(accepted: pa.Table) -> Iterator[ir.Table]:
    """The events as a timeline: a case is a life, its activities are touchpoints, equal times keep the file's order."""
    case = pc.struct_field(pc.list_flatten(accepted["subjects"]), "value").combine_chunks().dictionary_encode()
    events = pa.table(
        {
            "row": accepted["position"], "position": accepted["position"], "occurred_at": accepted["occurred_at"],
            "interaction_id": pa.nulls(len(case), pa.string()), "customer_id": case.cast(pa.string()),
            "life": pc.add(case.indices.cast(pa.int64()), 1), "touchpoint": accepted["event"],
            "recognised": pa.repeat(True, len(case)), "subjects": accepted["subjects"],
        }
    )  # fmt: skip
    connection = ibis.duckdb.connect()
    try:
        lives = connection.create_table("events", events, temp=True)
        yield connection.create_table("timeline", steps(lives, ONE_JOURNEY), temp=True)
    finally:
        connection.disconnect()
