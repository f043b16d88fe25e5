"""Paths of a log that lies in a file, without a home: the file becomes a little timeline."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
from ibis import _

from firsthand.capture import Candidates
from firsthand.errors import SourceError, UserError
from firsthand.jobs.import_files import missing_columns
from firsthand.jobs.world import rows_of
from firsthand.journeys import ExperienceMap
from firsthand.journeys.paths import edges, ends
from firsthand.journeys.timeline import steps
from firsthand.journeys.variants import cases
from firsthand.lake import connect
from firsthand.lake.read import prepare
from firsthand.sources import Format
from firsthand.sources.mapping import InteractionMapping, faults_of

Row = dict[str, Any]
COLUMNS = {
    "case": ("case:concept:name", "case", "case_id", "case id"),
    "activity": ("concept:name", "activity", "event"),
    "time": ("time:timestamp", "time", "timestamp"),
}
"""What the three are called where nothing else is said: as in XES, else plainly, whatever the case."""
LIFECYCLE = "lifecycle:transition"
EMPTY_FILE = "empty_file"


def log_paths(
    path: Path, chosen: Format, *, lifecycle: bool = False, time_format: str | None = None, **columns: str | None
) -> Row:
    """The document of `firsthand paths`: directly-follows edges, starts, ends and the number of variants of a log.

    columns: what case, activity and time are called, where not as in `COLUMNS`.  lifecycle: an activity's start and its
    completion are two (XES's lifecycle:transition).  time_format: how times are written (`%d.%m.%Y %H:%M`,
    `epoch_seconds`); ISO 8601 where None.
    Raises SourceError where nothing of the file can be read. Records that cannot are counted by reason.
    """
    _check(time_format)

    def mapped(there: Sequence[str]) -> InteractionMapping:
        return _mapping({key: columns.get(key) or _called(key, there) for key in COLUMNS}, lifecycle, time_format)

    accepted, rejected, examples = _events(path, chosen, mapped)
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


def _check(time_format: str | None) -> None:
    rule = {"event": "log", "occurred_at": {"format": time_format or []}}
    for _where, fault in faults_of({"interactions": [rule]}):
        raise UserError(f"--time-format: {fault}.")


def _called(key: str, there: Sequence[str]) -> str:
    """What a column is called in a file, as far as its header tells; else as in XES."""
    plain = {name.casefold(): name for name in reversed(there)}
    return next((plain[name] for name in COLUMNS[key] if name in plain), COLUMNS[key][0])


def _mapping(named: dict[str, str], lifecycle: bool, time_format: str | None) -> InteractionMapping:
    activity: Row = {"column": named["activity"]}
    if lifecycle:
        activity = {"columns": [named["activity"], LIFECYCLE], "join": "+"}
    rule: Row = {
        "occurred_at": {"column": named["time"]} | ({"format": time_format} if time_format else {}),
        "event": activity,
        "subjects": {"case": {"column": named["case"]}},
    }
    return InteractionMapping("log", (rule,), {}, False)


def _events(
    path: Path, chosen: Format, mapped: Callable[[Sequence[str]], InteractionMapping]
) -> tuple[pa.Table, Row, list[str]]:
    """The events of a file that have case, activity and time; the rest counted by reason, with up to five messages.

    mapped: the mapping of a file with these columns.
    """
    if not path.is_file():
        there = "this is a folder" if path.is_dir() else "there is no such file"
        raise SourceError(f"{path}: {there}. Name a log: firsthand paths FILE --as {chosen.name}")
    connection = connect()
    candidates = Candidates(connection, "UTC")
    candidates.begin_file()
    mapping, fits = mapped(()), False
    for rows in chosen.read(path, advance=lambda _: None):
        if not fits:
            mapping, fits = mapped(rows.table.column_names), bool(rows.table.num_rows)
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
    lost = outcome.accepted.filter(pc.invert(told))["position"].to_pylist() if homeless else []
    examples += [f"{path.name}: event {number + 1} of the file has no case (expected the value that tells which events belong together)" for number in lost[:5]]  # fmt: skip
    if not accepted.num_rows and examples:
        advice = " Say how times are written with --time-format." if set(rejected) == {"not_a_date"} else ""
        raise SourceError(f"{path}: nothing in it can be read as {chosen.name}. {examples[0]}{advice}")
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
            "recognised": pa.repeat(True, len(case)), "subjects": accepted["subjects"], "circumstances": accepted["circumstances"],
        }
    )  # fmt: skip
    connection = ibis.duckdb.connect()
    prepare(connection.con, None)
    try:
        lives = connection.create_table("events", events, temp=True)
        yield connection.create_table("timeline", steps(lives, ONE_JOURNEY), temp=True)
    finally:
        connection.disconnect()
