"""One life after the other: a home stays open in the process, and what is asked of a life is compiled and planned once."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

import duckdb
import ibis
import ibis.expr.types as ir
from ibis import _
from ibis.backends.duckdb import Backend

from firsthand.errors import FirsthandError
from firsthand.jobs.home import Home
from firsthand.jobs.refresh import map_of
from firsthand.jobs.signal_files import signal_files, signals_of
from firsthand.jobs.timeline_files import layers, timeline_of
from firsthand.journeys.promises import promises
from firsthand.journeys.signals import ALL, Lives, Signal, found
from firsthand.lake import delta
from firsthand.lake.read import prepare
from firsthand.sources.sql import literal
from firsthand.tables import Overlay

Row = dict[str, Any]
PROMISE = ("promise_id", "touchpoint", "owner", "promised_for", "state", "late_seconds")
SOME_LIFE = 5_151_515_151_515_151_515
SOME_MOMENTS = (datetime(1903, 7, 11, 13, 17, 19, 232931, UTC), datetime(1907, 5, 29, 3, 41, 43, 474953, UTC))
"""Stand in the compiled questions for the life and the moment that will be asked for."""


def one_life(
    home: Home, life: int, as_of: datetime, columns: Sequence[str]
) -> tuple[list[Row], list[Row], list[Row]] | None:
    """The interactions of a life until `as_of` in order, what became of its promises, and its signals.

    columns: of tables.Timeline, what is told of an interaction.
    Of signals it returns what `in_their_order` does. None where a signal of the home cannot be compiled beforehand,
    or something is at fault: then work it out by itself.
    """
    newest = delta.made_from(home.lake, Overlay)
    with _LOCK:
        try:
            opened = _OPEN.get(home.folder)
            if opened is None or opened.planned_for != _planned_for(home, newest):
                _OPEN.pop(home.folder, None)
                opened = _OPEN[home.folder] = _Opened(home, newest)
            elif opened.newest != newest:
                opened.look_at(home, newest)
            return opened.ask(life, as_of, columns)
        except (duckdb.Error, _Asked):
            _OPEN.pop(home.folder, None)
            return None


def in_their_order(shown: Sequence[Row], signals: Sequence[Signal]) -> list[Row]:
    """Signals of one life (`signal`, `step`, `evidence`) with `title` and `good`, in the order of the list of signals."""
    place = {signal.name: at for at, signal in enumerate(signals)}
    rows = sorted(shown, key=lambda row: place[row["signal"]])
    told = [signals[place[row["signal"]]] for row in rows]
    return [row | {"title": signal.title, "good": signal.good} for row, signal in zip(rows, told, strict=True)]


_LOCK = Lock()
_OPEN: dict[Path, _Opened] = {}
"""Of each home the newest state that was asked."""


def _planned_for(home: Home, newest: Mapping[str, Any]) -> Any:
    """What the questions depend on; as long as it stays, they are not compiled again, whatever is told."""
    fixed = {name: newest.get(name) for name in ("map", "timezone", "firsthand")}
    return fixed, [(file, file.read_bytes()) for file in signal_files(home)]


class _Asked(FirsthandError):
    """Something wanted an answer while it was compiled."""


class _Compiler(Backend):
    """DuckDB that only compiles: what an expression wants to be kept for later stays a part of it."""

    def _cached_table(self, table: ir.Table) -> ir.Table:
        return table

    def execute(self, *_args: Any, **_more: Any) -> Any:
        raise _Asked

    to_pyarrow = to_pyarrow_batches = execute


class _Opened:
    """A home in one state: its timeline, and small tables that are filled for each life.

    `asked` says for which; `one_life` holds its interactions and what else was told of its promises, `promised` these, and
    `matters` what its contacts were about. The questions are of these alone and planned once. So they are planned without
    regard to what the tables hold then (`disabled_optimizers`): DuckDB does not plan anew when that changes. The timeline
    is read by another cursor.
    """

    def __init__(self, home: Home, newest: Mapping[str, Any]) -> None:
        self.planned_for = _planned_for(home, newest)
        self._compiler = compiler = _Compiler(temp_directory=tempfile.gettempdir())
        compiler.reconnect()
        prepare(compiler.con, home.lake)
        self._reader = compiler.con
        self._reader.execute("SET parquet_metadata_cache = true")
        self.look_at(home, newest)
        self._reader.execute("CREATE TABLE one_life AS SELECT * FROM timeline LIMIT 0")
        self._reader.execute("CREATE TABLE asked (life BIGINT, as_of TIMESTAMPTZ)")
        points = compiler.create_table("touchpoints", map_of(home).table())
        self._planned = self._reader.cursor()
        prepare(self._planned, None)
        self._planned.execute("SET disabled_optimizers = 'statistics_propagation,compressed_materialization'")
        self._signals = signals_of(home)
        self._plan(points, home.settings.timezone)

    def look_at(self, home: Home, newest: Mapping[str, Any]) -> None:
        """Turns to a state of the timeline. `elsewhere`: promises of which more than one life was told, with these."""
        self._reader.execute("RESET threads")
        base, overlay = layers(home, newest)
        self._compiler.create_view("timeline", timeline_of(self._compiler, base, overlay), overwrite=True)
        self._layers = [self._reaching(files) for files in (overlay, base) if files]
        self._reader.execute("""
            CREATE OR REPLACE TABLE elsewhere AS
            FROM (SELECT DISTINCT promise_id, life FROM timeline WHERE promise_id IS NOT NULL)
            QUALIFY count(*) OVER (PARTITION BY promise_id) > 1
        """)
        self._reader.execute("SET threads = 1")  # one life is little: it would cost more to share the work
        self.newest = newest

    def _reaching(self, files: list[str]) -> list[tuple[str, int, int]]:
        """Files of a layer with the first and the last life in each. To open one that lacks a life takes as long as to read it."""
        reach = "file_name, min(stats_min_value::BIGINT), max(stats_max_value::BIGINT)"
        return self._reader.execute(
            f"SELECT {reach} FROM parquet_metadata({files}) WHERE path_in_schema = 'life' GROUP BY ALL ORDER BY ALL"
        ).fetchall()

    def _read(self, life: int, until: str) -> None:
        """Fills `one_life`: what the overlay says of a life counts in place of what the base says, also that it is no more."""
        for layer in self._layers:
            files = [file for file, first, last in layer if first <= life <= last]
            read = f"INSERT INTO one_life BY NAME SELECT * FROM read_parquet({files}) WHERE life = {life}"
            if files and self._reader.execute(read).fetchall()[0][0]:
                break
        self._reader.execute(f"DELETE FROM one_life WHERE interaction_id IS NULL OR NOT ({until})")

    def _plan(self, points: ir.Table, timezone: str) -> None:
        compiler = self._compiler
        about = compiler.table("one_life")

        def promised(as_of: datetime) -> ir.Table:
            return promises(about, as_of, timezone)

        def lives(as_of: datetime) -> Lives:
            return Lives(about, lambda: compiler.table("promised"), points, as_of)

        def shown(as_of: datetime, signals: Sequence[Signal]) -> ir.Table:
            seen = lives(as_of)
            seen.matters = compiler.table("matters")
            return found(seen, signals).filter(_.life == ibis.literal(SOME_LIFE)).select("signal", "step", "evidence")

        first, other = SOME_MOMENTS
        for name, filling in (("promised", promised(first)), ("matters", lives(first).matters)):
            sql = _filled(compiler, filling, first)
            self._reader.execute(f"CREATE TABLE {name} AS SELECT * FROM ({sql}) LIMIT 0")
            self._planned.execute(f"PREPARE fill_{name} AS INSERT INTO {name} {sql}")
        own = [signal for signal in self._signals if signal not in ALL]
        if own and _filled(compiler, shown(first, own), first) != _filled(compiler, shown(other, own), other):
            raise _Asked  # a signal reckons with the moment beforehand
        self._planned.execute(f"PREPARE signals AS {_filled(compiler, shown(first, self._signals), first)}")

    def ask(self, life: int, as_of: datetime, columns: Sequence[str]) -> tuple[list[Row], list[Row], list[Row]]:
        moment = f"{literal(as_of.isoformat())}::TIMESTAMPTZ"
        until = f"occurred_at <= {moment}"
        self._reader.execute("DELETE FROM asked; DELETE FROM one_life; DELETE FROM promised; DELETE FROM matters")
        self._reader.execute(f"INSERT INTO asked VALUES ({life}, {moment})")
        self._read(life, until)
        lived = self._rows(f"SELECT {', '.join(columns)} FROM one_life ORDER BY step")
        made = {row["promise_id"] for row in self._rows("SELECT promise_id FROM one_life")} - {None}
        if made:
            self._add_others(life, until, made)
            self._planned.execute("EXECUTE fill_promised")
        self._planned.execute("EXECUTE fill_matters")
        promised = self._rows(f"SELECT {', '.join(PROMISE)} FROM promised ORDER BY promised_for, promise_id")
        return lived, promised, in_their_order(self._rows("EXECUTE signals"), self._signals)

    def _add_others(self, life: int, until: str, made: Iterable[str]) -> None:
        """Of promises, what was told by whomever: a carrier may not know the customer."""
        named = f"promise_id IN ({', '.join(map(literal, made))})"
        others = self._reader.execute(f"SELECT DISTINCT life FROM elsewhere WHERE {named} AND life <> {life}").fetchall()  # fmt: skip
        if others:
            whose = ", ".join(f"({other})" for (other,) in others)
            self._reader.execute(
                f"INSERT INTO one_life SELECT timeline.* FROM timeline SEMI JOIN (VALUES {whose}) AS others(life) USING (life) WHERE {until} AND {named}"
            )

    def _rows(self, sql: str) -> list[Row]:
        rows: list[Row] = self._planned.execute(sql).to_arrow_table().to_pylist()
        return rows


def _filled(compiler: _Compiler, question: ir.Table, as_of: datetime) -> str:
    """A compiled question with what the table `asked` holds in place of what stood for it."""
    moment = str(compiler.compile(ibis.literal(as_of, "timestamp('UTC')"))).removeprefix("SELECT").partition(" AS ")[0]
    sql = str(compiler.compile(question)).replace(moment.strip(), "(SELECT as_of FROM asked)")
    return sql.replace(str(SOME_LIFE), "(SELECT life FROM asked)")
