"""Paths of logs in files: the same as a dozen lines of pandas, and an answer or a named fault for any input."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest
from click.testing import CliRunner

from firsthand.cli import command
from firsthand.errors import SourceError, UserError
from firsthand.jobs.log_paths import log_paths
from firsthand.sources import format_named

LOGS = (
    "03_repairExample.xes.gz",
    "06_bpic2013_closed.xes.gz",
    "07_bpic2013_incidents.xes.gz",
    "helpdesk.xes.gz",
    "running-example.xes",
)
HEADER = "case,activity,time\n"
NAMED = {"case": "case", "activity": "activity", "time": "time"}


def by_pandas(events: pd.DataFrame):
    """Independent of all that is tested: read, sorted within the case, shifted, grouped."""
    events = events.sort_values(["case", "time"], kind="stable")
    of_case = events.groupby("case")
    events["next"], events["after"] = of_case["activity"].shift(-1), of_case["time"].shift(-1)
    events["gap"] = (events["after"] - events["time"]).dt.total_seconds()
    ways = events.dropna(subset="next").groupby(["activity", "next"])
    edges = ways.agg(count=("case", "size"), cases=("case", "nunique"), median=("gap", "median"))
    starts, ends = of_case["activity"].first().value_counts(), of_case["activity"].last().value_counts()
    variants = of_case["activity"].agg(tuple).nunique()
    rows = {key: (row["count"], row["cases"], pytest.approx(row["median"])) for key, row in edges.iterrows()}
    return rows, starts.to_dict(), ends.to_dict(), variants, events["case"].nunique(), len(events)


def traces(path: Path) -> pd.DataFrame:
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    rows = []
    for trace in (part for part in ElementTree.fromstring(data) if part.tag.endswith("trace")):
        name = next(part.get("value") for part in trace if part.get("key") == "concept:name")
        for event in (part for part in trace if part.tag.endswith("event")):
            said = {part.get("key"): part.get("value") for part in event}
            rows.append((name, said["concept:name"].strip(), said["time:timestamp"]))
    events = pd.DataFrame(rows, columns=["case", "activity", "time"])
    return events.assign(time=pd.to_datetime(events["time"], utc=True, format="ISO8601"))


def told(found):
    edges = {(row["from"], row["to"]): (row["count"], row["cases"], row["median_seconds"]) for row in found["edges"]}
    return edges, found["starts"], found["ends"], found["variants"], found["cases"], found["events"]


@pytest.mark.parametrize("log", LOGS)
def test_paths_of_real_logs_equal_those_by_pandas(real_data: Path, log: str) -> None:
    path = real_data / "pm4py_logs" / log
    if not path.exists():
        pytest.skip(f"{log} is not here")
    assert told(log_paths(path, format_named("xes"))) == by_pandas(traces(path))


@pytest.mark.parametrize("log", ["running-example.csv", "receipt.parquet"])
def test_csv_and_parquet_too(real_data: Path, log: str) -> None:
    path = real_data / "pm4py_logs" / log
    events = pd.read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path)
    events = events[["case:concept:name", "concept:name", "time:timestamp"]].set_axis(
        ["case", "activity", "time"], axis=1
    )
    events["time"] = pd.to_datetime(events["time"], utc=True)
    events["case"] = events["case"].astype(str)
    assert told(log_paths(path, format_named(path.suffix[1:]))) == by_pandas(events)


def of_csv(folder: Path, rows: str):
    file = folder / "log.csv"
    file.write_text(HEADER + rows, "utf-8")
    return log_paths(file, format_named("csv"), **NAMED)


def test_events_of_equal_time_keep_the_order_of_the_file(tmp_path: Path) -> None:
    found = of_csv(tmp_path, "1,z,2026-03-01\n1,a,2026-03-01\n1,m,2026-03-01\n")
    assert [(row["from"], row["to"]) for row in found["edges"]] == [("a", "m"), ("z", "a")]
    assert (found["starts"], found["ends"]) == ({"z": 1}, {"m": 1})


def test_clocks_that_run_backwards_are_sorted(tmp_path: Path) -> None:
    found = of_csv(tmp_path, "1,paid,2026-03-02\n1,ordered,2026-03-01\n")
    assert found["edges"] == [{"from": "ordered", "to": "paid", "count": 1, "cases": 1, "median_seconds": 86400.0}]


def test_a_case_of_one_step_begins_and_ends_there_and_names_may_be_emoji(tmp_path: Path) -> None:
    found = of_csv(tmp_path, "🙂,📦,2026-03-01\n")
    assert (found["edges"], found["starts"], found["ends"], found["variants"]) == ([], {"📦": 1}, {"📦": 1}, 1)


def test_what_cannot_be_read_is_counted_by_reason(tmp_path: Path) -> None:
    found = of_csv(tmp_path, "1,a,2026-03-01\n1,b,soon\n1,,2026-03-01\n,d,2026-03-01\n1,e,\n")
    assert found["rejected"] == {"missing_case": 1, "missing_event": 1, "missing_time": 1, "not_a_date": 1}
    assert (found["events"], found["cases"]) == (1, 1)
    assert 'log.csv, line 3: "soon" is not a date' in found["examples"][0] or any(
        "soon" in said for said in found["examples"]
    )
    assert any("event" in said and "no case" in said for said in found["examples"])


def test_a_case_of_a_hundred_thousand_events(tmp_path: Path) -> None:
    rows = "".join(f"1,{'ab'[number % 2]},2026-03-01T00:00:00.{number:06}Z\n" for number in range(100_000))
    found = of_csv(tmp_path, rows)
    assert sum(row["count"] for row in found["edges"]) == 99_999


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        (HEADER, "no event in it"),
        ("kunde,activity,time\n1,a,2026-03-01\n", 'no column "case"'),
        (HEADER + "1,a,soon\n", '"soon" is not a date'),
    ],
)
def test_a_file_that_says_nothing_is_a_fault_that_is_named(tmp_path: Path, content: str, said: str) -> None:
    file = tmp_path / "log.csv"
    file.write_text(content, "utf-8")
    with pytest.raises(SourceError, match=said):
        log_paths(file, format_named("csv"), **NAMED)


@pytest.mark.parametrize(
    ("header", "times", "told"),
    [
        ("case,activity,time", ("31.12.2025 10:00", "31.12.2025 10:05"), "%d.%m.%Y %H:%M"),
        ("Case_ID,Event,Timestamp", ("1767175200", "1767175500"), "epoch_seconds"),
        ("case id,ACTIVITY,time", ("2025-12-31T10:00", "2025-12-31T10:05"), None),
        ("time,event,activity,case", ("2025-12-31T10:00,x", "2025-12-31T10:05,y"), None),
    ],
)
def test_columns_plainly_called_are_taken_and_times_as_somebody_writes_them(
    tmp_path: Path, header: str, times: tuple[str, str], told: str | None
) -> None:
    rows = [("1", what, at) for what, at in zip("ab", times, strict=True)]
    lines = [",".join(reversed(row) if header.startswith("time") else row) for row in rows]
    (tmp_path / "log.csv").write_text("\n".join([header, *lines]) + "\n")
    found = log_paths(tmp_path / "log.csv", format_named("csv"), time_format=told)
    assert found["edges"] == [{"from": "a", "to": "b", "count": 1, "cases": 1, "median_seconds": 300.0}]


def test_a_time_that_cannot_be_read_is_told_with_the_option_that_helps(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text(HEADER + "1,a,31.12.2025 10:00\n")
    with pytest.raises(SourceError, match="Say how times are written with --time-format"):
        log_paths(file, format_named("csv"))
    with pytest.raises(UserError, match='--time-format: "soon" is no time format'):
        log_paths(file, format_named("csv"), time_format="soon")


def test_what_is_no_log_or_no_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "log.xes"
    file.write_text("no log")
    for path, said in (
        (file, "nothing in it can be read as xes"),
        (tmp_path / "none.xes", "no such file"),
        (tmp_path, "this is a folder"),
    ):
        with pytest.raises(SourceError, match=said):
            log_paths(path, format_named("xes"))


def test_start_and_completion_are_told_apart_when_asked(tmp_path: Path) -> None:
    event = '<event><string key="concept:name" value="call"/><string key="lifecycle:transition" value="{}"/><date key="time:timestamp" value="2026-03-01T0{}:00:00Z"/></event>'
    file = tmp_path / "log.xes"
    file.write_text(f"<log><trace>{event.format('start', 1)}{event.format('complete', 2)}</trace></log>")
    assert log_paths(file, format_named("xes"))["edges"][0]["from"] == "call"
    (edge,) = log_paths(file, format_named("xes"), lifecycle=True)["edges"]
    assert (edge["from"], edge["to"]) == ("call+start", "call+complete")


def test_the_command_prints_one_document_or_a_table(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text(HEADER + "1,a,2026-03-01\n1,b,2026-03-02\n")
    asked = ["paths", str(file), "--as", "csv", "--case", "case", "--activity", "activity", "--time", "time"]
    document = json.loads(CliRunner().invoke(command, [*asked, "--json"]).output)
    assert list(document) == ["cases", "events", "edges", "starts", "ends", "variants", "rejected", "examples"]
    assert "2 events of 1 cases" in CliRunner().invoke(command, asked).output
