"""Formats: small examples of each, and public data sets with the counts that are known of them."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from firsthand.jobs.figures import figures
from firsthand.jobs.home import Home
from firsthand.jobs.import_files import import_files
from firsthand.jobs.promise_figures import promise_figures
from firsthand.jobs.rejections import open_rejections
from firsthand.jobs.world import world
from firsthand.lake import files
from firsthand.measures import OUTCOMES
from firsthand.sources import format_named
from firsthand.tables import Interactions

Row = dict[str, Any]


def imported(home: Home, path: Path, name: str, mapping: str | None = None, **options: Any) -> Any:
    if mapping is not None:
        options["mapping_file"] = home.folder / "mapping.yaml"
        options["mapping_file"].write_text(mapping, "utf-8")
    return import_files(home, [path], format_named(name), **options)


def asked(home: Home, question: str) -> list[tuple[Any, ...]]:
    record = f"read_parquet({files(home.lake, Interactions.table_name)})"
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        return connection.execute(question.replace("record", record)).fetchall()


def rows_of(home: Home) -> dict[str, Row]:
    """What is in the record, by event."""
    names = ", ".join(Interactions.columns)
    rows = [dict(zip(Interactions.columns, row, strict=True)) for row in asked(home, f"SELECT {names} FROM record")]
    return {row["event"]: row for row in rows}


def pairs(row: Row, field: str) -> dict[str, str]:
    return {entry["kind"]: entry["value"] for entry in row[field]}


def lines(tmp_path: Path, *records: Row) -> Path:
    path = tmp_path / "lines.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def test_each_call_of_the_segment_spec_is_read_by_the_names_of_its_fields(home, tmp_path):
    common = {"timestamp": "2026-01-01T10:00:00.250Z", "anonymousId": "a1"}
    records = [
        {"type": "track", "event": "Order Completed", "userId": "u1", "messageId": "1", "channel": "browser",
         "properties": {"order_id": "o7", "total": 12.5, "currency": "USD", "coupon": "x"}},
        {"type": "identify", "userId": "u1", "messageId": "2", "traits": {"email": "ada@example.org", "plan": "pro"}},
        {"type": "page", "name": "Home", "messageId": "3", "context": {"page": {"url": "/"}}},
        {"type": "screen", "name": "Cart", "messageId": "4", "context": {"device": {"type": "ios"}}},
        {"type": "group", "groupId": "g1", "userId": "u1", "messageId": "5"},
        {"type": "alias", "previousId": "old", "userId": "u1", "messageId": "6"},
    ]  # fmt: skip
    tally = imported(home, lines(tmp_path, *[common | record for record in records]), "segment")
    found = rows_of(home)
    assert (tally.accepted, len(found)) == (6, 6)
    order = found["Order Completed"]
    assert (order["amount"], order["currency"], order["channel"]) == (Decimal("12.5"), "USD", "web")
    assert order["occurred_at"] == datetime(2026, 1, 1, 10, 0, 0, 250_000, UTC)
    assert pairs(order, "subjects") == {"order": "o7"}
    assert json.loads(order["properties"])["properties"]["coupon"] == "x"
    assert pairs(found["identify"], "identifiers") == {
        "user_id": "u1",
        "anonymous_id": "a1",
        "email": "ada@example.org",
    }
    assert json.loads(found["identify"]["properties"])["traits"]["plan"] == "pro"
    assert (found["page"]["channel"], found["screen"]["channel"]) == ("web", "app")
    assert pairs(found["group"], "subjects") == {"group": "g1"}
    ids = [entry["value"] for entry in found["alias"]["identifiers"] if entry["kind"] == "anonymous_id"]
    assert ids == ["a1", "old"]


METRICS = {
    "ticket_id": 7,
    "solved_at": "2026-01-02T10:00:00Z",
    "reply_time_in_minutes": {"calendar": 30, "business": 10},
    "full_resolution_time_in_minutes": {"calendar": 1440, "business": 480},
    "requester_wait_time_in_minutes": {"calendar": 60, "business": 20},
    "on_hold_time_in_minutes": {"calendar": 5},
    "reopens": 2,
    "assignee_stations": 3,
}
TICKET = {
    "id": 7, "created_at": "2026-01-01T10:00:00Z", "updated_at": "2026-01-03T10:00:00Z", "requester_id": 1,
    "assignee_id": 9, "group_id": 4, "via": {"channel": "voice"}, "description": "It broke",
    "satisfaction_rating": {"score": "bad", "comment": "slow"},
}  # fmt: skip


@pytest.mark.parametrize("shape", ["document", "one line", "json lines"])
def test_a_ticket_is_the_same_beside_its_metrics_or_with_them_inside(home, tmp_path, shape):
    user = {"id": 1, "email": "ada@example.org"}
    page = {"tickets": [TICKET], "metric_sets": [METRICS], "users": [user]}
    whole = TICKET | {"metric_set": METRICS, "requester": user}
    path = lines(tmp_path, page if shape == "one line" else whole)
    if shape == "document":
        path.write_text(json.dumps(page, indent=2))
    tally = imported(home, path, "zendesk")
    found = rows_of(home)
    assert (tally.accepted, tally.rejected.total()) == (4, 0)
    assert set(found) == {"Ticket Created", "Ticket First Reply", "Ticket Solved", "Ticket Rated"}
    created, replied, solved, rated = (
        found[f"Ticket {what}"] for what in ("Created", "First Reply", "Solved", "Rated")
    )
    assert (created["channel"], created["text"]) == ("phone", "It broke")
    assert pairs(created, "identifiers") == {"zendesk_user": "1", "email": "ada@example.org"}
    assert (replied["wait_seconds"], replied["occurred_at"]) == (1800, datetime(2026, 1, 1, 10, 30, tzinfo=UTC))
    assert (solved["duration_seconds"], solved["wait_seconds"], solved["team"]) == (86_400, 3600, "4")
    assert (rated["score"], rated["text"]) == (0, "slow")
    inside = json.loads(solved["properties"])["metric_set"]
    assert (inside["reopens"], inside["assignee_stations"], inside["on_hold_time_in_minutes"]["calendar"]) == (2, 3, 5)


def test_a_ticket_updated_later_is_a_correction(home, tmp_path):
    imported(home, lines(tmp_path, TICKET), "zendesk")
    tally = imported(home, lines(tmp_path, TICKET | {"updated_at": "2026-01-09T10:00:00Z", "group_id": 5}), "zendesk")
    assert tally.accepted == 0
    assert tally.corrected > 0


def test_typed_columns_of_parquet_are_read_as_what_they_are(home, tmp_path):
    path = tmp_path / "typed.parquet"
    moment = datetime(2026, 1, 1, 10, 0, 0, 123_456)
    table = pa.table(
        {
            "id": pa.array([1, 2**53 + 1], pa.int64()),
            "local": pa.array([moment, None], pa.timestamp("us")),
            "zoned": pa.array([moment, moment], pa.timestamp("ns", "America/New_York")),
            "total": pa.array([Decimal("12.50"), None], pa.decimal128(9, 2)),
            "done": [True, False],
            "parts": pa.array([["a", "b"], None]),
            "Done": ["x", "y"],
            "what": pa.array(["seen", "sold"]).dictionary_encode(),
        }
    )
    pq.write_table(table, path)
    tally = imported(home, path, "parquet", """
        source: typed
        interactions:
          - {id: {column: id}, occurred_at: {first: [{column: local}, {column: zoned}]}, event: {column: what}, amount: {column: total}, subjects: {part: {each: parts}}}
        """)  # fmt: skip
    found = rows_of(home)
    assert tally.accepted == 2
    seen, sold = found["seen"], found["sold"]
    assert (seen["amount"], sold["amount"]) == (Decimal("12.5"), None)
    assert seen["occurred_at"] == datetime(2026, 1, 1, 9, 0, 0, 123_456, UTC), "a clock of the home, in Berlin"
    assert sold["occurred_at"] == datetime(2026, 1, 1, 10, 0, 0, 123_456, UTC)
    assert sold["interaction_id"] == "typed:9007199254740993"
    assert [entry["value"] for entry in seen["subjects"]] == ["a", "b"]
    said = json.loads(seen["properties"])
    assert (said["done"], said["Done"]) == ("true", "x")


XES = """<?xml version="1.0"?>
<log><global scope="event"><string key="concept:name" value="nothing"/></global>
<trace><string key="concept:name" value="case 1"/><string key="customer" value="ada"/>
<event><string key="concept:name" value="called"/><date key="time:timestamp" value="2026-01-01T10:00:00.000+02:00"/>
<string key="org:resource" value="Sue"/><list key="items"><string key="item" value="lamp"/></list></event>
<event><string key="concept:name" value="left"/></event></trace></log>"""


def test_an_event_of_a_log_is_an_interaction_of_its_case_or_of_the_customer_named(home, tmp_path):
    path = tmp_path / "calls.xes"
    path.write_text(XES)
    tally = imported(home, path, "xes", customer="case:customer")
    called = rows_of(home)["called"]
    assert (tally.accepted, dict(tally.rejected)) == (1, {"missing_time": 1})
    assert open_rejections(home)[1][0]["line"] == 6
    assert (called["source"], called["employee"]) == ("calls", "Sue")
    assert called["occurred_at"] == datetime(2026, 1, 1, 8, tzinfo=UTC)
    assert pairs(called, "identifiers") == {"case:customer": "ada"}
    assert pairs(called, "subjects") == {"case": "case 1"}
    assert json.loads(called["properties"])["items/item"] == "lamp"


def test_objects_of_an_event_are_its_subjects_and_the_type_named_its_customer(home, tmp_path):
    path = tmp_path / "log.jsonocel"
    related = [{"objectId": "ada", "qualifier": "buyer"}, {"objectId": "o1"}, {"objectId": "o2", "qualifier": ""}]
    event = {"id": "e1", "type": "buy", "time": "2026-01-01T10:00:00Z", "relationships": related}
    objects = [{"id": "ada", "type": "person"}, {"id": "o1", "type": "order"}, {"id": "o2", "type": "order"}]
    path.write_text(
        json.dumps({"events": [event | {"attributes": [{"name": "till", "value": 3}]}], "objects": objects})
    )
    assert imported(home, path, "ocel2", customer="person").accepted == 1
    buy = rows_of(home)["buy"]
    assert pairs(buy, "identifiers") == {"person of log": "ada"}
    assert sorted((entry["kind"], entry["value"]) for entry in buy["subjects"]) == [
        ("order", "o1"), ("order", "o2"), ("person", "ada"),
    ]  # fmt: skip
    said = json.loads(buy["properties"])
    assert (said["till"], said["qualifiers"]) == (3, {"ada": "buyer"})


@pytest.mark.parametrize(
    ("file", "name", "cases", "events"),
    [
        ("helpdesk.xes.gz", "xes", 4580, 21_348),
        ("06_bpic2013_closed.xes.gz", "xes", 1487, 6660),
        ("07_bpic2013_incidents.xes.gz", "xes", 7554, 65_533),
        ("03_repairExample.xes.gz", "xes", 1104, 11_855),
        ("running-example.xes", "xes", 6, 42),
        ("ocel20_example.jsonocel", "ocel2", None, 13),
    ],
)
def test_a_public_log_has_all_its_cases_and_events_and_a_second_import_adds_none(
    home, real_data, file, name, cases, events
):
    path = real_data / "pm4py_logs" / file
    tally = imported(home, path, name)
    assert (tally.accepted, tally.read, tally.rejected.total()) == (events, events, 0)
    if cases:
        [(found,)] = asked(
            home, "SELECT count(DISTINCT list_filter(subjects, lambda s: s.kind = 'case')[1].value) FROM record"
        )
        assert found == cases
    again = imported(home, path, name)
    assert (again.accepted, again.corrected, again.duplicate) == (0, 0, events)


def test_events_identical_in_every_attribute_all_count(home, real_data):
    imported(home, real_data / "pm4py_logs" / "helpdesk.xes.gz", "xes")
    said = "occurred_at, event, subjects, employee, properties"
    [(extra,)] = asked(home, f"SELECT sum(n - 1) FROM (SELECT count(*) AS n FROM record GROUP BY {said})")
    assert extra == 127


def test_a_log_as_parquet_has_all_its_events(home, real_data):
    tally = imported(home, real_data / "pm4py_logs" / "receipt.parquet", "parquet", """
        source: receipt
        interactions:
          - {occurred_at: {column: "time:timestamp"}, event: {column: "concept:name"}, subjects: {case: {column: "case:concept:name"}}}
        """)  # fmt: skip
    assert (tally.accepted, tally.rejected.total()) == (8577, 0)
    assert asked(home, "SELECT count(DISTINCT subjects[1].value) FROM record") == [(1434,)]


OLIST_MAP = """
stages: [buying, receiving]
touchpoints:
  - {name: ordered, stage: buying, kind: purchase, rules: [{event: Order Placed}]}
  - {name: promised, stage: buying, kind: promise, rules: [{event: Delivery Promised}]}
  - {name: delivered, stage: receiving, kind: delivery, rules: [{event: Order Delivered}]}
  - {name: reviewed, stage: receiving, kind: answer, rules: [{event: Order Reviewed}]}
"""


def test_the_marketplace_is_in_and_its_figures_are_those_of_pandas(home, real_data):
    folder = real_data / "olist_subset"
    home.map_file.write_text(OLIST_MAP)
    tally = imported(home, folder, "olist")
    orders = pd.read_csv(folder / "olist_orders_dataset.csv")
    reviews = pd.read_csv(folder / "olist_order_reviews_dataset.csv")
    people = pd.read_csv(folder / "olist_customers_dataset.csv")
    assert tally.rejected.total() == 0
    counts = dict(asked(home, "SELECT event, count(*) FROM record GROUP BY 1"))
    assert (counts["Order Placed"], counts["Order Reviewed"]) == (len(orders), len(reviews)) == (8135, 8225)
    assert counts["Order Delivered"] == orders["order_delivered_customer_date"].notna().sum()

    delivered = orders.dropna(subset=["order_delivered_customer_date"])
    day = delivered["order_delivered_customer_date"].str[:10]
    late = (day > delivered["order_estimated_delivery_date"].str[:10]).set_axis(delivered["order_id"])
    assert late.sum() == 343
    expected = reviews[reviews["order_id"].isin(late.index)]
    expected = expected.groupby(expected["order_id"].map(late))["review_score"].agg(["mean", "count"])

    placed = orders.merge(people, on="customer_id")[["customer_unique_id", "order_purchase_timestamp"]]
    placed["at"] = pd.to_datetime(placed["order_purchase_timestamp"])
    opening = placed.sort_values("at").groupby("customer_unique_id").head(1)
    first = opening.set_index("customer_unique_id")["at"]
    followed = first[first + pd.Timedelta(days=90) <= pd.Timestamp("2018-11-30 23:59:59")]
    later = placed.drop(opening.index)
    within = later[later["at"] <= later["customer_unique_id"].map(followed) + pd.Timedelta(days=90)]
    again = within["customer_unique_id"].nunique()
    assert again > 0

    with world(home, "2018-11-30") as seen:
        document = promise_figures(seen)
        made = seen.seen.promises.select("promise_id", "state").to_pandas().set_index("promise_id")["state"]
        scored = seen.seen.timeline.filter(seen.seen.timeline.score.notnull()).select("score", "subjects").to_pandas()
        [repeat] = [row for row in figures(seen, OUTCOMES) if row["measure"] == "bought_again_90"]
    assert document["late"] == 343
    assert document["made"] == 8135 == sum(
        document[state] for state in ("not_due", "kept", "late", "broken", "overdue", "withdrawn")
    )  # fmt: skip
    state = (
        scored["subjects"].map(lambda about: next(one["value"] for one in about if one["kind"] == "order")).map(made)
    )
    for name, was_late in (("late", True), ("kept", False)):
        scores = scored["score"][state == name]
        assert (scores.sum(), len(scores)) == (
            expected.loc[was_late, "mean"] * expected.loc[was_late, "count"], expected.loc[was_late, "count"]
        )  # fmt: skip
    assert (repeat["customers"], round(repeat["value"] * repeat["customers"])) == (len(followed), again)


LEADS = """
source: leads
interactions:
  - id: {column: mql_id}
    occurred_at: {column: first_contact_date, format: "%Y-%m-%d", timezone: America/Sao_Paulo}
    event: {constant: Lead Qualified}
    identifiers: {lead: {column: mql_id}}
    channel: {column: origin}
"""
DEALS = """
source: deals
interactions:
  - id: {column: mql_id}
    occurred_at: {column: won_date, format: "%Y-%m-%d %H:%M:%S", timezone: America/Sao_Paulo}
    event: {constant: Deal Won}
    identifiers: {lead: {column: mql_id}, seller: {column: seller_id}}
"""


def test_leads_who_never_bought_are_in_beside_those_who_did(home, real_data, tmp_path):
    with zipfile.ZipFile(real_data / "olist_marketing_funnel" / "dataset_marketing.zip") as funnel:
        funnel.extractall(tmp_path)
    assert imported(home, tmp_path / "olist_marketing_qualified_leads_dataset.csv", "csv", LEADS).accepted == 8000
    assert imported(home, tmp_path / "olist_closed_deals_dataset.csv", "csv", DEALS).accepted == 842
    [(leads, won)] = asked(home, """
        SELECT count(*), count(won) FROM (SELECT identifiers[1].value AS lead, count(*) FILTER (event = 'Deal Won') AS n,
        any_value(event) FILTER (event = 'Deal Won') AS won FROM record GROUP BY 1)
        """)  # fmt: skip
    assert (leads, won) == (8000, 842)


DIALOGUE = """
source: dialogue
read: {delimiter: "\\t"}
interactions:
  - occurred_at: {constant: "2026-01-01T00:00:00Z"}
    event: {constant: Said}
    subjects: {conversation: {column: conversationId}}
    text: {column: utterance}
"""


@pytest.mark.parametrize("part", ["dev", "test", "train"])
def test_of_dialogues_with_broken_lines_every_line_is_in_or_listed(home, real_data, part):
    path = real_data / "multidogo" / f"airline_{part}.tsv"
    content = path.read_text("utf-8").split("\n")
    told = sum(bool(line.strip()) for line in content[1:])
    tally = imported(home, path, "csv", DIALOGUE)
    listed = open_rejections(home)[1]
    [(joined,)] = asked(home, "SELECT coalesce(sum(length(text) - length(replace(text, chr(10), ''))), 0) FROM record")
    assert tally.accepted + len(listed) + joined == told
    whole = [line.split("\t") for line in content[1:] if '"' not in line and line.count("\t") == 5]
    texts = Counter(text for (text,) in asked(home, "SELECT text FROM record"))
    assert not Counter(cells[3].strip(" ") for cells in whole if cells[3].strip(" ")) - texts
    assert all(row["message"].startswith(f"{path.name}, line {row['line']}: ") for row in listed)


SURVEY = """
source: survey
read: {encoding: latin-1}
interactions:
  - id: {column: id}
    occurred_at: {constant: "2026-01-01T00:00:00Z"}
    event: {constant: Answered}
    identifiers: {customer_number: {column: id}}
    question_kind: {constant: nps}
    score: {column: nps}
    text: {column: explication}
"""


def test_a_survey_of_mixed_encoding_is_in_and_nothing_of_it_is_lost(home, real_data):
    path = real_data / "nps_french_retail" / "nps_half_A.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode("latin-1"), newline="")))
    tally = imported(home, path, "csv", SURVEY)
    assert (tally.records, tally.read) == (len(rows), len(rows))
    assert tally.duplicate + tally.corrected == len(rows) - len({row["id"] for row in rows})
    assert not tally.rejected
    said = asked(home, "SELECT text, properties->>'CaTicket' FROM record")
    told = [(row["explication"].strip(" ") or None, row["CaTicket"] or None) for row in rows]
    assert Counter(said) == Counter(told)
    assert any(float(spent or 0) < 0 for _, spent in said)
