"""DuckDB and Spark give the same answers over the same files, cell by cell; and what is said where Spark cannot be had."""

from __future__ import annotations

import json
import math
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ibis
import pytest
from click.testing import CliRunner
from ibis import _

from firsthand import measures
from firsthand.cli import command
from firsthand.demo import build
from firsthand.errors import EngineError
from firsthand.jobs.designed_figures import designed_figures
from firsthand.jobs.engines import connect
from firsthand.jobs.figures import Period, changes, figures, refused, summary
from firsthand.jobs.funnel_figures import funnel_figures, retention_figures
from firsthand.jobs.groups import Comparison
from firsthand.jobs.home import Home, create_home
from firsthand.jobs.journey_map import journey_map
from firsthand.jobs.map_check import map_check
from firsthand.jobs.map_figures import map_figures
from firsthand.jobs.opened import opened
from firsthand.jobs.path_figures import around_figures, path_figures, variant_figures
from firsthand.jobs.promise_figures import promise_figures
from firsthand.jobs.refresh import map_of
from firsthand.jobs.signal_figures import signal_figures
from firsthand.jobs.spark_sql import json_path
from firsthand.jobs.survival import survival
from firsthand.jobs.world import World, rows_of, world
from firsthand.journeys import timeline
from firsthand.lake import files, read
from firsthand.tables import Interactions, Timeline
from importing import imported

MAP = """
  - {name: edge called, stage: get help, kind: contact, owner: care, standard: {wait_seconds: 60}, rules: [{source: edge, event: Called, properties: {queue: [a b, "1.5"]}}, {source: edge, event: Rang}]}
  - {name: edge searched, stage: get help, kind: help_search, owner: care, rules: [{source: edge, event: Searched}]}
  - {name: edge promised, stage: receive, kind: promise, standard: {promise: kept}, rules: [{source: edge, event: Promised}]}
  - {name: edge asked, stage: tell us, kind: answer, owner: insight, rules: [{source: edge, event: Answered}]}
  - {name: edge fee, stage: pay, kind: fee, owner: finance, rules: [{source: edge, event: Charged}]}
  - {name: edge bought, stage: buy, kind: purchase, owner: online, rules: [{source: edge, event: Bought}]}
  - {name: edge refund, stage: pay, kind: refund, owner: finance, rules: [{source: edge, event: Refunded}]}
  - {name: edge cart, stage: buy, kind: cart, owner: online, rules: [{source: edge, event: Put}]}
  - {name: edge paid, stage: pay, kind: payment, owner: finance, rules: [{source: edge, event: Paid}]}
  - {name: edge sent, stage: receive, kind: other, rules: [{source: edge, event: Sent}]}
  - {name: edge not sent, stage: receive, kind: other, contradicts: [edge sent], rules: [{source: edge, event: Not Sent}]}
"""
MAPPING = (
    "source: edge\ninteractions:\n  - id: {column: id}\n    occurred_at: {column: at}\n"
    "    version: {column: version, optional: true}\n    event: {column: event}\n"
    "    identifiers: {email: {column: mail, optional: true}}\n"
    "    subjects: {order: {column: order, optional: true}, case: {column: case, optional: true}}\n"
    + "".join(
        f"    {name}: {{column: {name}, optional: true}}\n"
        for name in (
            "channel", "direction", "employee", "team", "wait_seconds", "amount", "currency", "promise_id", "promised_for",
            "promise_state", "question", "question_kind", "score", "scale_low", "scale_high", "answer",
        )
    )
)  # fmt: skip
ADA, ZOE, UWE = {"mail": "ada@edge.example"}, {"mail": "zoë@edge.example"}, {"mail": "uwe@edge.example"}
NPS = {"question": "Would you?", "question_kind": "nps", "scale_low": 0, "scale_high": 10}
FIVE = {"scale_low": 1, "scale_high": 5}
EDGES: list[dict[str, Any]] = [
    # fractions of a second, and events at one time
    {"at": "2026-03-01T10:00:00.200Z", "event": "Called", "queue": "a b", "order": "7", "channel": "phone", "employee": "Åsa", "wait_seconds": 60.5} | ADA,
    {"at": "2026-03-01T10:00:00.900Z", "event": "Called", "queue": 1.50, "order": "7", "channel": "phone", "employee": "Zoë", "wait_seconds": 60} | ADA,
    {"at": "2026-03-01T10:00:00.900Z", "event": "Rang", "order": "7", "case": "7", "channel": "chat", "employee": "Zoë"} | ADA,
    {"at": "2026-03-01T10:00:00.900Z", "event": "Rang", "order": "7", "channel": "chat", "direction": "outbound"} | ADA,
    # nights on which clocks change, and the ends of a day, a week, a year at another place
    *({"at": at, "event": "Rang", "order": "8", "channel": "email", "ctx": {"locale": "de, AT", "n": None}} | ZOE
      for at in ("2025-10-26T00:30:00Z", "2025-10-26T01:30:00Z", "2025-12-31T23:30:00Z", "2026-03-29T00:59:59.999999Z", "2026-03-29T01:00:00Z")),
    # what belongs to nobody, what no rule knows, what has no channel
    {"at": "2026-01-31T23:30:00Z", "event": "Rang", "queue": True},
    {"at": "2026-01-31T23:30:00Z", "event": "Called", "queue": "none of these", "wait_seconds": 0} | UWE,
    {"at": "2026-02-01T09:00:00Z", "event": "Searched", "results": 0} | UWE,
    {"at": "2026-02-01T09:05:00Z", "event": "Searched", "results": "many"} | UWE,
    {"at": "2026-02-01T09:06:00Z", "event": "Rang", "case": "9"} | UWE,
    # promises: moved, kept on the dot, late by less than a second, contradicted, withdrawn, owed
    {"at": "2026-02-01T08:00:00Z", "event": "Promised", "promise_id": "p1", "promised_for": "2026-02-03T12:00:00Z", "promise_state": "made", "channel": "web"} | ADA,
    {"at": "2026-02-02T08:00:00Z", "event": "Promised", "promise_id": "p1", "promised_for": "2026-02-05T12:00:00Z", "promise_state": "moved", "channel": "web"} | ADA,
    {"at": "2026-02-03T12:00:00.250Z", "event": "Kept", "promise_id": "p1", "promise_state": "kept", "channel": "delivery"} | ADA,
    {"at": "2026-02-01T08:00:00Z", "event": "Promised", "promise_id": "p2", "promised_for": "2026-02-03T12:00:00Z", "promise_state": "made", "channel": "web"} | ZOE,
    {"at": "2026-02-01T08:30:00Z", "event": "Promised", "promise_id": "p2", "promised_for": "2026-02-04T12:00:00Z", "promise_state": "made", "channel": "phone"} | ZOE,
    {"at": "2026-02-03T12:00:00Z", "event": "Kept", "promise_id": "p2", "promise_state": "kept", "channel": "phone"} | ZOE,
    {"at": "2026-02-01T08:00:00Z", "event": "Promised", "tiny": 1e-7, "promise_id": "p3", "promised_for": "2026-02-02T12:00:00Z", "promise_state": "made"} | UWE,
    {"at": "2026-02-01T08:00:00Z", "event": "Promised", "promise_id": "p4", "promised_for": "2026-02-02T12:00:00Z", "promise_state": "made"},
    {"at": "2026-02-01T09:00:00Z", "event": "Off", "promise_id": "p4", "promise_state": "withdrawn_by_customer"},
    # answers: a scale without a length, one that a measure refuses, the lowest and the highest
    {"at": "2026-02-05T08:00:00Z", "event": "Answered", "score": 10} | NPS | ADA,
    {"at": "2026-02-05T08:00:00Z", "event": "Answered", "score": 0} | NPS | ZOE,
    {"at": "2026-02-05T08:00:00Z", "event": "Answered", "score": 3, "scale_low": 1, "scale_high": 5, "question": "Would you?", "question_kind": "nps"} | UWE,
    {"at": "2026-02-06T08:00:00Z", "event": "Answered", "score": 4, "scale_low": 4, "scale_high": 4, "question": "And so?", "question_kind": "csat"} | UWE,
    {"at": "2026-02-07T08:00:00Z", "event": "Answered", "answer": "„gut“ | ☂", "question": "Why?", "question_kind": "other"} | UWE,
    # pairs of what was expected and had, alone and of nobody; a comparison without a middle; words without a scale
    {"at": "2026-02-07T09:00:00Z", "event": "Answered", "score": 2, "question": "Easy, you think?", "question_kind": "expected"} | FIVE | ADA,
    {"at": "2026-02-07T09:00:00Z", "event": "Answered", "score": 2, "question": "Was it?", "question_kind": "expectation"} | FIVE | ADA,
    {"at": "2026-02-07T09:00:00Z", "event": "Answered", "score": 5, "question": "Easy, you think?", "question_kind": "expected"} | FIVE | ZOE,
    {"at": "2026-02-07T09:00:00Z", "event": "Answered", "score": 4, "question": "Was it?", "question_kind": "expectation"} | FIVE | ZOE,
    {"at": "2026-02-07T09:00:00Z", "event": "Answered", "score": 4, "question": "Was it?", "question_kind": "expectation"} | FIVE,
    {"at": "2026-02-07T09:00:00Z", "event": "Answered", "score": 2, "question": "Better?", "question_kind": "expectation", "scale_low": 1, "scale_high": 3} | UWE,
    {"at": "2026-02-07T09:00:00Z", "event": "Answered", "answer": "so so", "question": "Sure?", "question_kind": "confidence"} | UWE,
    *({"at": "2026-02-07T09:00:00Z", "event": "Answered", "score": score, "question": kind, "question_kind": kind} | FIVE | who
      for kind in ("effective", "ease", "emotion", "confidence") for score, who in ((4, ADA), (3, ZOE))),
    # money: a charge that rises, four decimals, a refund told as a negative amount, another currency
    {"at": "2026-02-08T08:00:00Z", "event": "Charged", "amount": "0.1", "currency": "EUR"} | ADA,
    {"at": "2026-02-09T08:00:00Z", "event": "Charged", "amount": "0.2", "currency": "EUR"} | ADA,
    {"at": "2026-02-10T08:00:00Z", "event": "Bought", "amount": "19.9999", "order": "7"} | ADA,
    {"at": "2026-02-11T08:00:00Z", "event": "Bought", "amount": "1000000.0001", "currency": "JPY", "order": "8"} | ZOE,
    {"at": "2026-02-12T08:00:00Z", "event": "Refunded", "amount": "-5", "currency": "EUR", "order": "7"} | ADA,
    {"at": "2026-02-12T08:00:00Z", "event": "Put", "order": "7"} | ADA,
    {"at": "2026-02-12T09:00:00Z", "event": "Paid", "amount": "19.9999", "order": "7"} | ADA,
    {"at": "2026-02-13T09:00:00Z", "event": "Paid", "amount": "0.01", "order": "7"} | ADA,
    # two states of one order, on two channels
    {"at": "2026-02-14T08:00:00Z", "event": "Sent", "order": "8", "channel": "email", "direction": "outbound"} | ZOE,
    {"at": "2026-02-14T09:00:00Z", "event": "Not Sent", "order": "8", "channel": "phone"} | ZOE,
]  # fmt: skip
CORRECTION = EDGES[0] | {"id": "e0", "wait_seconds": 45, "version": "2099-01-01T00:00:00Z"}
FIRST, SECOND = Period.of("2025-07-01", "2025-12-31"), Period.of("2026-01-01", "2026-06-30")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A small sample company, with lives at the edges of everything in it; a lake of several files.

    Nobody reads its comments: no engine is asked for them here.
    """
    folder = tmp_path_factory.mktemp("engines")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.modules["firsthand.demo.build"], "installed", lambda: False)
        made = build(folder / "home", customers=200, seed=4, say=lambda _: None)
    points, journeys = made.map_file.read_text("utf-8").split("journeys:")
    made.map_file.write_text(points + MAP.lstrip("\n") + "journeys:" + journeys, "utf-8")
    rows = [{"id": f"e{number}"} | row for number, row in enumerate(EDGES)]
    for name, told in (("edges", rows), ("correction", [CORRECTION])):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in told), "utf-8")
        tally = imported(made, folder / f"{name}.jsonl", "jsonl", MAPPING)
        assert not tally.rejected
    return made


@pytest.fixture(scope="module")
def spark(home: Home) -> Iterator[World]:
    """The home as Spark sees it, in worker processes of their own."""
    pytest.importorskip("pyspark", reason="pyspark is not installed (the extra `spark`)")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java, which is not here")
    with world(home, engine="spark") as seen:
        yield seen


@pytest.fixture(scope="module")
def duckdb(home: Home) -> Iterator[World]:
    with world(home) as seen:
        yield seen


def measured(*names: str) -> Callable[[World], Any]:
    """All measures by some keys."""
    return lambda seen: figures(seen, measures.ALL, by=names)


ANALYSES: dict[str, Callable[[World], Any]] = {
    "summary": summary,
    "measures by quarter and property": measured("quarter", "property:ctx.locale"),
    "answers by quarter and circumstance": lambda seen: figures(seen, measures.SAID, by=["quarter", "circumstance:occasion"]),
    "answers by day, in a period": lambda seen: figures(seen, measures.SAID, by=["day"], period=SECOND),
    "changes": lambda seen: changes(seen, measures.ALL, before=FIRST, after=SECOND),
    "refused answers": refused,
    "survival": survival,
    "promises": promise_figures,
    "promises by month and owner": lambda seen: promise_figures(seen, by=["month", "owner"], period=SECOND),
    "every promise": lambda seen: rows_of(seen.seen.promises, ["promise_id"]),
    "signals": lambda seen: rows_of(seen.signals, ["signal", "life", "step", "occurred_at", "evidence"]),
    "signals by owner": lambda seen: signal_figures(seen, by=["owner"]),
    "map": map_figures,
    "map check": map_check,
    "journey map": lambda seen: journey_map(seen, SECOND),
    "paths against a period": lambda seen: path_figures(seen, Comparison(period=SECOND, against=FIRST)),
    "designed": designed_figures,
    "variants": lambda seen: variant_figures(seen, most=5, without=["invitation"]),
    "variants of lives": lambda seen: variant_figures(seen, per="life", period=SECOND),
    "around": lambda seen: around_figures(seen, "edge called"),
    "funnel": lambda seen: funnel_figures(seen, ["kind:visit", "kind:cart", "kind:purchase"], within_days=30, by=["year"]),
    "strict funnel": lambda seen: funnel_figures(seen, ["kind:cart", "kind:purchase"], mode="strict"),
    "funnel in any order": lambda seen: funnel_figures(seen, ["kind:cart", "kind:contact"], mode="any"),
    "retention": lambda seen: retention_figures(seen, first="kind:purchase", back="kind:purchase"),
}  # fmt: skip


@pytest.mark.parametrize("name", ANALYSES)
def test_both_engines_find_the_same(name: str, duckdb: World, spark: World) -> None:
    expected = ANALYSES[name](duckdb)
    assert expected, "nothing to compare"
    assert differences(expected, ANALYSES[name](spark)) == []


def differences(one: Any, other: Any, at: str = "") -> list[str]:
    """Where two documents are not the same: kinds of value too, numbers to nine digits."""
    if type(one) is not type(other):
        return [f"{at}: {one!r} is {other!r}"]
    if isinstance(one, dict):
        if one.keys() != other.keys():
            return [f"{at}: keys {sorted(one)} are {sorted(other)}"]
        return [found for key in one for found in differences(one[key], other[key], f"{at}.{key}")]
    if isinstance(one, list | tuple):
        if len(one) != len(other):
            return [f"{at}: {len(one)} are {len(other)}"]
        pairs = enumerate(zip(one, other, strict=True))
        return [found for number, (a, b) in pairs for found in differences(a, b, f"{at}[{number}]")]
    same = math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12) if isinstance(one, float) else one == other
    return [] if same else [f"{at}: {one!r} is {other!r}"]


def test_a_difference_is_found() -> None:
    told = {"a": [1, 0.5, None, {"b": "x"}]}
    assert differences(told, {"a": [1, 0.5 + 1e-12, None, {"b": "x"}]}) == []
    assert len(differences(told, {"a": [1.0, 0.5 + 1e-6, "", {"c": "x"}]})) == 4
    assert differences(told, {"a": [1]}) == [".a: 4 are 1"]


def test_the_timeline_is_made_the_same(home: Home, duckdb: World, spark: World) -> None:
    def made(seen: World) -> list[dict[str, Any]]:
        told = opened(seen.connection, files(home.lake, Interactions.table_name), Interactions, "told_of_all")
        told = told.mutate(
            row=ibis.row_number().over(order_by=["interaction_id", "version", "received_at", "position"]),
            key=_.identifiers[0]["value"],
        )
        record = seen.connection.create_table("record_of_all", told, temp=True)
        holders = record.filter(_.key.notnull()).select("key").distinct()
        people = holders.mutate(life=ibis.row_number().over(order_by="key") + 1, customer_id="c-" + _.key)
        lives = timeline(record, people, map_of(home), home.settings.timezone)
        found = rows_of(lives.cast(dict(ibis.schema(Timeline.schema()).items())), ["interaction_id"])
        assert all((row["life"] < 0) == (row["customer_id"] is None) for row in found)
        assert len({row["life"] for row in found if row["life"] < 0}) == sum(row["life"] < 0 for row in found)
        return [row | {"life": max(row["life"], -1)} for row in found]  # numbers of nobody are each engine's own

    expected = made(duckdb)
    assert len(expected) > 5000
    (corrected,) = [row for row in expected if row["interaction_id"] == "edge:e0"]
    assert (corrected["touchpoint"], corrected["wait_seconds"]) == ("edge called", 45)
    assert differences(expected, made(spark)) == []


def test_a_number_that_spark_would_write_otherwise_is_an_error(duckdb: World, spark: World) -> None:
    told = {row["by"]["property:tiny"] for row in promise_figures(duckdb, by=["property:tiny"])["groups"]}
    assert told == {None, "1e-7"}
    with pytest.raises(EngineError, match=r"(?s)writes it otherwise .* --engine duckdb"):
        promise_figures(spark, by=["property:tiny"])


def test_a_file_that_is_gone_is_looked_for_once_more(home: Home, spark: World, tmp_path: Path) -> None:
    parts = [[str(tmp_path / "vacuumed.parquet")], files(home.lake, Timeline.table_name)]

    def question() -> int:
        spark.connection.read_files("told_again", parts.pop(0), Timeline.schema())
        count: int = spark.connection.table("told_again").count().execute()
        return count

    assert read(home.lake, question) > 5000


def test_spark_runs_in_processes_of_its_own(spark: World) -> None:
    context = spark.connection._session.sparkContext
    assert context.master.startswith("local-cluster[")
    assert context._jsc.sc().getExecutorMemoryStatus().size() >= 2  # the driver, and a worker or more


def test_the_command_asks_the_engine_that_is_named_and_keeps_its_answer_apart(home: Home, spark: World) -> None:
    def ask(*words: str, **environment: str) -> Any:
        done = CliRunner().invoke(
            command, ["show", "promises", "--json", "--home", str(home.folder), *words], env=environment
        )
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    plain = ask()
    kept = len(list((home.folder / "kept").rglob("*.json")))
    assert differences(plain, ask("--engine", "spark")) == []
    assert len(list((home.folder / "kept").rglob("*.json"))) == kept + 1
    assert differences(plain, ask(FIRSTHAND_ENGINE="spark")) == []
    assert len(list((home.folder / "kept").rglob("*.json"))) == kept + 1


def test_a_life_is_the_same_on_both(home: Home, spark: World) -> None:
    from firsthand.jobs.person import person

    assert (
        differences(person(home, "email=ada@edge.example"), person(home, "email=ada@edge.example", None, "spark")) == []
    )


def test_an_empty_home_is_as_empty_on_both(tmp_path: Path, spark: World) -> None:
    empty = create_home(tmp_path / "empty", as_of="2026-03-31")
    with world(empty) as one, world(empty, engine="spark") as other:
        assert differences(summary(one), summary(other)) == []
        assert promise_figures(other)["made"] == 0


def test_an_unknown_engine_is_named_with_those_there_are(home: Home) -> None:
    for name in ("flink", "spark=", "duckdb=x"):
        with pytest.raises(EngineError, match="There are: duckdb, spark"):
            connect(home, name)


def test_without_pyspark_the_next_step_is_told(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "firsthand.jobs.spark", raising=False)
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(EngineError, match=r"pip install 'firsthand\[spark\]'"):
        connect(home, "spark")


def test_without_java_the_next_step_is_told(home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("pyspark", reason="pyspark is not installed (the extra `spark`)")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(EngineError, match="needs Java 17"):
        connect(home, "spark=local[1]")


def test_an_address_that_is_none_of_sparks_is_named(home: Home) -> None:
    pytest.importorskip("pyspark", reason="pyspark is not installed (the extra `spark`)")
    with pytest.raises(EngineError, match=r'"foo://x" is no address of Spark \(expected local'):
        connect(home, "spark=foo://x")


@pytest.mark.parametrize("url", ["sc://127.0.0.1:1", "spark://127.0.0.1:1"])
def test_where_nobody_answers_the_address_is_named(home: Home, url: str) -> None:
    pytest.importorskip("pyspark", reason="pyspark is not installed (the extra `spark`)")
    with pytest.raises(EngineError, match=f"Nobody answers at {url}"):
        connect(home, f"spark={url}")


def test_paths_into_properties_are_written_as_spark_has_them() -> None:
    assert json_path('$."a b"."c.d"') == "$['a b']['c.d']"
    assert json_path("$.properties.results") == "$['properties']['results']"
    with pytest.raises(EngineError, match="--engine duckdb"):
        json_path('$."it\'s"')
