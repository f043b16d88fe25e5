"""Interactions on their way in: judged, told apart from what is there, and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from firsthand.capture.steps import REASONS, STEPS
from firsthand.sources.jsonl import fault_of
from firsthand.sources.mapping import InteractionMapping
from firsthand.sources.mapping_sql import Batch, compile_mapping
from firsthand.sources.rows import RAW_LIMIT, Rows, Unreadable
from firsthand.sources.sql import literal
from firsthand.tables import TIMESTAMP, Interactions, Rejected

UNTOLD = ("content_hash", "received_at")
MORSEL = 8_000  # DuckDB reads one Arrow batch per thread: smaller ones keep all cores busy

COLUMNS = ", ".join([*Interactions.columns, "__row", "__line", "raw", "raw_hash", "rejection"])
FAULT = pa.struct([(name, pa.string()) for name in ("reason", "field", "column", "value", "expected")])
EMPTY = pa.schema(
    [*Interactions.schema(), ("__row", pa.int64()), ("__line", pa.int64()), ("raw", pa.string()),
     ("raw_hash", pa.string()), ("rejection", FAULT)]
).empty_table()  # fmt: skip


@dataclass
class Tally:
    """What became of an import: read = accepted + duplicate + corrected + not_mapped + all rejected."""

    records: int = 0
    accepted: int = 0
    duplicate: int = 0
    corrected: int = 0
    not_mapped: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    not_met: int = 0
    """Rejections of an earlier import of files of these names that this import did not meet (not counted in `read`)."""

    @property
    def read(self) -> int:
        """Interactions yielded, unreadable records, and rows that no rule wanted."""
        return self.accepted + self.duplicate + self.corrected + self.not_mapped + self.rejected.total()

    def add(self, other: Tally) -> None:
        """Counts another tally in."""
        self.records += other.records
        self.accepted += other.accepted
        self.duplicate += other.duplicate
        self.corrected += other.corrected
        self.not_mapped += other.not_mapped
        self.rejected += other.rejected
        self.not_met += other.not_met

    def document(self) -> dict[str, Any]:
        """The stable form that `--json` prints."""
        return {
            "records": self.records, "read": self.read, "accepted": self.accepted, "duplicate": self.duplicate,
            "corrected": self.corrected, "not_mapped": self.not_mapped, "rejected": dict(sorted(self.rejected.items())),
        }  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What a batch of candidates came to: rows to append, rows put aside, and the counts."""

    accepted: pa.Table
    rejected: pa.Table
    tally: Tally


class Candidates:
    """The interactions of one import that are not settled yet, in a DuckDB of its own.

    `known` holds the ids and hashes of the record as far as `learn` was told of its files, so that no file of
    the lake is read twice by one import.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, timezone: str) -> None:
        self.connection = connection
        self.timezone = timezone
        self.rejections: list[Unreadable] = []
        self.records = 0
        self._parts: list[pa.Table] = []
        self._learned: set[str] = set()
        connection.execute("CREATE TABLE seen (raw_hash VARCHAR, n BIGINT)")
        self._keyed: Callable[..., str] | None = None
        connection.execute("CREATE TABLE known (id UHUGEINT, content UHUGEINT)")
        connection.execute("CREATE TABLE forgotten (hash UHUGEINT)")

    def begin_file(self) -> None:
        """Ordinals among identical records are counted anew in each file."""
        self.connection.execute("DELETE FROM seen")
        self._next_row = 0

    def take(self, rows: Rows, mapping: InteractionMapping, *, paths: bool = True) -> int:
        """Maps a batch of rows; returns how many candidates now wait to be settled."""
        self.rejections += rows.unreadable
        self.records += len(rows.unreadable) + rows.table.num_rows
        count = rows.table.num_rows
        if count:
            numbers = pa.array(np.arange(self._next_row, self._next_row + count))
            batch = Batch(tuple(rows.table.column_names), rows.nested, paths)
            table = rows.table if rows.nested else rows.table.rename_columns(batch.places())
            table = table.append_column("__row", numbers).append_column("__line", rows.line)
            self._register("batch", self._only_json(table) if rows.nested else table)
            said, interactions = compile_mapping(mapping, batch, self.timezone, STEPS, DIGEST)
            self._register("said", self.connection.sql(said).to_arrow_table())
            found = self.connection.sql(f"SELECT {COLUMNS} FROM ({interactions})").to_arrow_table()
            self._parts.append(found)
            self.connection.register("found", found.select(["raw_hash", "__row"]))
            self.connection.execute(
                "INSERT INTO seen SELECT raw_hash, count(DISTINCT __row) FROM found WHERE raw_hash IS NOT NULL GROUP BY 1"
            )
            self._next_row += count
        return self.waiting()

    def _register(self, name: str, table: pa.Table) -> None:
        self.connection.register(name, pa.Table.from_batches(table.to_batches(MORSEL), table.schema))

    def waiting(self) -> int:
        """How many candidates wait to be settled; unreadable records count by the KiB, so that memory is bounded."""
        return sum(part.num_rows for part in self._parts) + sum(1 + len(fault.raw) // 1024 for fault in self.rejections)

    def _only_json(self, arrived: pa.Table) -> pa.Table:
        """The rows that are JSON objects; what the others are is noted as a rejection."""
        valid = "SELECT json_valid(raw) AND starts_with(ltrim(raw), '{') AS whole FROM arrived"
        self.connection.register("arrived", arrived)
        whole = self.connection.execute(valid).to_arrow_table().column("whole").combine_chunks()
        if pc.all(whole).as_py():
            return arrived
        for row in arrived.filter(pc.invert(whole)).to_pylist():
            reason, message = fault_of(row["raw"].encode()) or ("not_json", "not JSON")
            self.rejections.append(Unreadable(row["__line"], reason, message, row["raw"][:RAW_LIMIT]))
        return arrived.filter(whole)

    def learn(self, files: Iterable[str]) -> None:
        """Takes in the ids of the record's files that were not learned before."""
        new = [file for file in files if file not in self._learned]
        if new:
            listed = ", ".join(map(literal, new))
            self.connection.execute(
                "INSERT INTO known SELECT md5_number(interaction_id), md5_number(content_hash) "
                f"FROM read_parquet([{listed}])"
            )
            self._learned.update(new)

    def learn_forgotten(self, files: Iterable[str], keyed: Callable[..., str]) -> None:
        """Takes in what must not come in again. keyed: the keyed hash of a sort of value and its parts."""
        new = [file for file in files if file not in self._learned]
        if new:
            listed = ", ".join(map(literal, new))
            self.connection.execute(
                f"INSERT INTO forgotten SELECT md5_number(hash) FROM read_parquet([{listed}]) WHERE what <> 'customer'"
            )
            self._learned.update(new)
            self._keyed = keyed

    def settle(
        self, *, received_at: datetime, file: str, format_name: str, source: str, customer: str | None = None
    ) -> Outcome:
        """Decides what becomes of each candidate, given what is known. Changes nothing: call it again after `learn`."""
        candidates = pa.concat_tables(self._parts) if self._parts else EMPTY
        candidates, unreadable, forgotten = self._without_forgotten(candidates)
        outcomes = self._judge(candidates)
        counts = Counter(outcomes.to_pylist()) if candidates.num_rows else Counter()
        new = pc.is_in(outcomes, pa.array(["accepted", "corrected"]))
        accepted = candidates if counts["accepted"] == candidates.num_rows else candidates.filter(new)
        faulty = candidates.filter(pc.is_valid(candidates.column("rejection")))
        rejected = self._rejected(faulty, unreadable, received_at, file, format_name, source, customer)
        reasons = Counter(rejected.column("reason").to_pylist())
        if forgotten:
            reasons["forgotten"] = forgotten
        tally = Tally(
            self.records, counts["accepted"], counts["duplicate"], counts["corrected"], counts["not_mapped"], reasons
        )
        return Outcome(_stamped(accepted, received_at), rejected, tally)

    def _without_forgotten(self, candidates: pa.Table) -> tuple[pa.Table, list[Unreadable], int]:
        """Candidates and unreadable records less those that were forgotten, and how many these are."""
        if self._keyed is None:
            return candidates, self.rejections, 0
        hashes: list[tuple[int, str]] = []
        told = ("interaction_id", "content_hash", "raw")
        for place, (name, content, raw) in enumerate(
            zip(*(candidates.column(each).to_pylist() for each in told), strict=True)
        ):
            if name is not None:
                hashes += [(place, self._keyed("interaction", name)), (place, self._keyed("version", name, content))]
            if raw is not None:
                hashes.append((place, self._keyed("record", raw[:RAW_LIMIT])))
        count = candidates.num_rows
        hashes += [(count + at, self._keyed("record", fault.raw)) for at, fault in enumerate(self.rejections)]
        self._register(
            "hashes", pa.table({"place": [place for place, _ in hashes], "hash": [each for _, each in hashes]})
        )
        gone = "SELECT DISTINCT place FROM hashes WHERE md5_number(hash) IN (SELECT hash FROM forgotten)"
        places = {place for (place,) in self.connection.execute(gone).fetchall()} if hashes else set()
        kept = pa.array([place not in places for place in range(count)], pa.bool_())
        unreadable = [fault for at, fault in enumerate(self.rejections, count) if at not in places]
        return candidates.filter(kept), unreadable, len(places)

    def clear(self) -> None:
        """Forgets the candidates, once they are settled and written."""
        self._parts, self.rejections, self.records = [], [], 0

    def _judge(self, candidates: pa.Table) -> pa.Array:
        """What becomes of each candidate, in their order."""
        place = pa.array(np.arange(candidates.num_rows))
        faulty = pc.is_valid(candidates.column("rejection"))
        keys = candidates.select(["interaction_id", "content_hash", "event"])
        self._register("candidates", keys.append_column("faulty", faulty).append_column("place", place))
        return self.connection.execute("""
            WITH keyed AS MATERIALIZED (
                SELECT place, md5_number(interaction_id) AS id, md5_number(content_hash) AS content,
                       CASE WHEN faulty THEN 'rejected' WHEN event IS NULL THEN 'not_mapped' END AS settled
                FROM candidates
            ), told_before AS (
                SELECT DISTINCT known.id, known.content FROM known SEMI JOIN keyed ON known.id = keyed.id
            ), numbered AS (
                SELECT *, row_number() OVER (PARTITION BY settled IS NULL, id, content ORDER BY place) AS same,
                       row_number() OVER (PARTITION BY settled IS NULL, id ORDER BY place) AS version_here
                FROM keyed
            )
            SELECT CASE WHEN settled IS NOT NULL THEN settled
                     WHEN same > 1 OR (id, content) IN (SELECT (t.id, t.content) FROM told_before t) THEN 'duplicate'
                     WHEN version_here > 1 OR id IN (SELECT t.id FROM told_before t) THEN 'corrected'
                     ELSE 'accepted' END AS outcome
            FROM numbered ORDER BY place
        """).to_arrow_table().column("outcome")  # fmt: skip

    def _rejected(
        self, faulty: pa.Table, faults: list[Unreadable], received_at: datetime, file: str, format_name: str, source: str,
        customer: str | None,
    ) -> pa.Table:  # fmt: skip
        """Rows for the table of what was put aside, those that could not be read among them."""
        unreadable = pa.table(
            {
                "__line": pa.array([fault.line for fault in faults], pa.int64()),
                "column": pa.array([fault.column for fault in faults], pa.string()),
                "reason": pa.array([fault.reason for fault in faults], pa.string()),
                "found": pa.array([fault.message for fault in faults], pa.string()),
                "raw": pa.array([fault.raw for fault in faults], pa.string()),
            }
        )
        self.connection.register("unreadable", unreadable)
        self.connection.register("faulty", faulty.select(["__line", "rejection", "raw"]))
        phrases = " ".join(f"WHEN {literal(reason)} THEN {literal(said)}" for reason, said in REASONS.items())
        place = f"{literal(file)} || CASE WHEN __line > 0 THEN ', line ' || __line ELSE '' END || ': '"
        value = (
            "CASE WHEN rejection.value IS NULL THEN 'the record' ELSE '\"' || left(rejection.value, 200) || '\"' END"
        )
        named = "CASE WHEN coalesce(rejection.\"column\", '') = '' THEN rejection.field ELSE 'column \"' || rejection.\"column\" || '\"' END"
        found = f"{value} || ' ' || CASE rejection.reason {phrases} END || ' (' || {named} || ', expected ' || rejection.expected || ').'"
        return self.connection.execute(f"""
            WITH faults AS (
                SELECT __line, coalesce(nullif(rejection."column", ''), rejection.field) AS "column", rejection.reason AS reason,
                       {place} || {found} AS message, left(raw, {RAW_LIMIT}) AS raw, length(raw) <= {RAW_LIMIT} AS retriable
                FROM faulty
                UNION ALL BY NAME
                SELECT __line, "column", reason, {place} || found || '.' AS message, raw, false AS retriable FROM unreadable
            )
            SELECT md5(concat_ws(chr(31), {literal(source)}, {literal(file)}, {literal(customer)}, __line, reason, "column", raw)) AS rejection_id,
                   {_moment(received_at)} AS rejected_at, {literal(source)} AS source, {literal(format_name)} AS format,
                   {literal(file)} AS file, {literal(customer)} AS customer, __line AS line, "column", reason, message, raw, retriable
            FROM faults
        """).to_arrow_table().cast(Rejected.schema())  # fmt: skip


def _stamped(accepted: pa.Table, received_at: datetime) -> pa.Table:
    """The columns of the record, with the moment they reached us."""
    moment = pa.scalar(received_at, TIMESTAMP)
    whole = accepted.select(list(Interactions.columns))
    for name, values in (
        ("version", pc.fill_null(whole.column("version").cast(TIMESTAMP), moment)),
        ("received_at", pa.repeat(moment, whole.num_rows)),
    ):
        whole = whole.set_column(whole.column_names.index(name), name, values)
    return whole


def _moment(time: datetime) -> str:
    return f"TIMESTAMPTZ {literal(time.isoformat())}"


def _as_text(name: str) -> str:
    """A column as text that stays the same over versions of the engine, for the hash of content."""
    kind = Interactions.columns[name].type
    if pa.types.is_timestamp(kind):
        text = f"epoch_us({name})::VARCHAR"
    elif pa.types.is_list(kind):
        text = f"array_to_string(list_transform({name}, lambda e: e.kind || '=' || e.value), chr(30))"
    elif pa.types.is_map(kind):
        text = f"array_to_string(list_transform(map_entries({name}), lambda e: e.key || '=' || e.value), chr(30))"
    else:
        text = f"{name}::VARCHAR"
    return f"coalesce({text}, chr(0))"


_SAID = [name for name in Interactions.columns if name not in (*UNTOLD, "interaction_id", "position")]
DIGEST = f"md5(concat_ws(chr(31), {', '.join(map(_as_text, _SAID))}))"
"""SQL of the hash of all that was said in an interaction."""
