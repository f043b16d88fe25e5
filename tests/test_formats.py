"""Formats: small examples of each."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from firsthand.errors import SourceError
from firsthand.jobs.home import Home
from firsthand.jobs.rejections import open_rejections
from firsthand.lake import files
from firsthand.tables import Interactions
from importing import asked, imported

Row = dict[str, Any]


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


def test_a_track_that_says_nothing_is_rejected_and_a_type_that_is_none_is_not_mapped(home, tmp_path):
    common = {"timestamp": "2026-01-01T10:00:00Z", "userId": "u1"}
    records = [
        {"type": "track", "messageId": "1"},
        {"type": "nonsense", "event": "Seen", "messageId": "2"},
        {"event": "Seen", "messageId": "3"},
    ]
    tally = imported(home, lines(tmp_path, *[common | record for record in records]), "segment")
    assert (tally.accepted, tally.not_mapped, dict(tally.rejected)) == (0, 2, {"missing_event": 1})


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


def test_a_customer_whom_no_event_names_is_refused_with_the_attributes_there_are(home, tmp_path):
    path = tmp_path / "calls.xes"
    path.write_text(XES)
    with pytest.raises(SourceError, match=r"none of its first 2 events has the attribute 'client'.*case:customer"):
        imported(home, path, "xes", customer="client")
    assert files(home.lake, Interactions.table_name) == []


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
