"""The mapping file: what it says is what becomes of a row, and what it cannot say is refused by line and key."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from firsthand.capture import Candidates
from firsthand.errors import MappingError
from firsthand.jobs.home import Home
from firsthand.sources import mapping
from firsthand.sources.mapping import InteractionMapping
from firsthand.sources.rows import Rows
from importing import imported

ORDERS = """\
source: shop
interactions:
  - id: {columns: [order, status]}
    occurred_at: {column: placed, format: "%Y-%m-%d %H:%M:%S", timezone: Europe/Berlin}
    identifiers: {email: {column: mail}, customer_number: {column: kd_nr}}
    event: {constant: Order Completed}
    channel: {column: how, values: {tel: phone, mail: email}}
    subjects: {order: {column: order}}
    amount: {column: total, decimal_comma: true}
    when: {column: total, is_not: ""}
  - id: {columns: [order, status]}
    occurred_at: {column: placed, format: "%Y-%m-%d %H:%M:%S", timezone: Europe/Berlin}
    event: {constant: Delivery Promised}
    promise_id: {column: order}
    promised_for: {column: due, format: "%d.%m.%Y", timezone: Europe/Berlin}
    promise_state: {constant: made}
    when: {column: due, is_not: ""}
"""
ORDER = {
    "order": "7", "status": "new", "placed": "2026-07-01 10:00:00", "mail": "ada@example.org", "kd_nr": "",
    "how": "tel", "total": "1.234,50", "due": "28.03.2026", "note": "gift",
}  # fmt: skip


def load(tmp_path: Path, text: str) -> InteractionMapping:
    path = tmp_path / "map.yaml"
    path.write_text(text, "utf-8")
    return mapping.load(path)


def settled(rules: InteractionMapping, *rows: dict[str, str]) -> Any:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    table = pa.table({name: pa.array([row.get(name, "") for row in rows], pa.string()) for name in columns})
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        candidates = Candidates(connection, "Europe/Berlin")
        candidates.begin_file()
        candidates.take(Rows(table, pa.array(range(2, len(rows) + 2))), rules)
        return candidates.settle(
            received_at=datetime(2026, 6, 1, tzinfo=UTC), file="rows.csv", format_name="csv", source=rules.source
        )


def interactions(tmp_path: Path, text: str, *rows: dict[str, str]) -> list[dict[str, Any]]:
    outcome = settled(load(tmp_path, text), *rows)
    assert not outcome.rejected.num_rows, outcome.rejected.column("message").to_pylist()
    return outcome.accepted.to_pylist()


def one(tmp_path: Path, fields: str, **row: str) -> dict[str, Any]:
    rule = f"source: s\ninteractions:\n  - occurred_at: {{constant: '2026-01-01T00:00:00Z'}}\n    event: {{constant: e}}\n    {fields}\n"
    [found] = interactions(tmp_path, rule, row)
    return found


@pytest.mark.parametrize(
    ("said", "comma", "amount", "kept"),
    [
        ("12.3456", "false", "12.3456", None),
        ("12.34560", "false", "12.3456", None),
        ("12.34567", "false", "12.3457", "12.34567"),
        ("1.234,00001", "true", "1234", "1.234,00001"),
        ("1e-7", "false", "0", "1e-7"),
    ],
)
def test_of_an_amount_that_is_rounded_what_was_told_is_kept(tmp_path, said, comma, amount, kept):
    found = one(tmp_path, f"amount: {{column: total, decimal_comma: {comma}}}", total=said, note="x")
    assert found["amount"] == Decimal(amount)
    assert json.loads(found["properties"]) == {"note": "x"} | ({"total": kept} if kept else {})


@pytest.mark.parametrize("word", ["yes", "no", "on", "off", "Yes", "NO", "y", "true"])
def test_a_word_of_the_file_is_that_word_and_no_truth_value(tmp_path, word):
    assert one(tmp_path, f"answer: {{column: a, values: {{{word}: {word}}}, else: other}}", a=word)["answer"] == word


def test_a_row_yields_an_interaction_per_rule(tmp_path):
    completed, promised = interactions(tmp_path, ORDERS, ORDER)
    assert (completed["event"], promised["event"]) == ("Order Completed", "Delivery Promised")
    assert completed["interaction_id"] != promised["interaction_id"]
    assert completed["identifiers"] == [{"kind": "email", "value": "ada@example.org"}]
    assert completed["subjects"] == [{"kind": "order", "value": "7"}]
    assert completed["channel"] == "phone"


def test_a_local_time_is_read_by_the_clock_of_its_season(tmp_path):
    summer, winter = ORDER | {"due": ""}, ORDER | {"due": "", "order": "8", "placed": "2026-01-01 10:00:00"}
    assert [found["occurred_at"].hour for found in interactions(tmp_path, ORDERS, summer, winter)] == [8, 9]


def test_a_decimal_comma_is_read_as_one(tmp_path):
    assert interactions(tmp_path, ORDERS, ORDER)[0]["amount"] == Decimal("1234.5000")


def test_a_promise_with_a_date_lasts_to_the_end_of_the_local_day_even_when_the_clock_changes(tmp_path):
    before, change = ORDER | {"total": ""}, ORDER | {"total": "", "order": "8", "due": "29.03.2026"}
    ends = [found["promised_for"] for found in interactions(tmp_path, ORDERS, before, change)]
    assert ends == [
        datetime(2026, 3, 28, 22, 59, 59, 999999, tzinfo=UTC),
        datetime(2026, 3, 29, 21, 59, 59, 999999, tzinfo=UTC),
    ]


def test_date_only_makes_a_time_of_day_mean_nothing(tmp_path):
    fields = "promised_for: {column: due, date_only: true}\n    promise_id: {constant: p}"
    found = one(tmp_path, fields, due="2026-01-10 08:00:00")
    assert found["promised_for"] == datetime(2026, 1, 10, 22, 59, 59, 999999, tzinfo=UTC)


def test_when_leaves_out_rows_that_do_not_hold_it_and_they_are_counted(tmp_path):
    outcome = settled(load(tmp_path, ORDERS), ORDER | {"due": ""}, ORDER | {"order": "8", "total": "", "due": ""})
    assert (outcome.tally.accepted, outcome.tally.not_mapped, outcome.tally.read) == (1, 1, 2)


def test_values_leave_others_as_they_are_unless_else_is_given(tmp_path):
    assert one(tmp_path, "channel: {column: how, values: {tel: phone}}", how="fax")["channel"] == "fax"
    assert one(tmp_path, "channel: {column: how, values: {tel: phone}, else: null}", how="fax")["channel"] is None


def test_first_takes_the_first_that_is_not_empty(tmp_path):
    assert one(tmp_path, "team: {first: [{column: a}, {column: b}]}", a=" ", b="x")["team"] == "x"


def test_each_makes_a_subject_of_each_element_and_nothing_of_what_is_no_array(tmp_path):
    fields = "subjects: {product: {each: items}, order: {column: o}}"
    assert one(tmp_path, fields, items='["p1", null, "p2"]', o="7")["subjects"] == [
        {"kind": "order", "value": "7"}, {"kind": "product", "value": "p1"}, {"kind": "product", "value": "p2"},
    ]  # fmt: skip
    found = one(tmp_path, fields, items="p1, p2", o="")
    assert found["subjects"] == []
    assert json.loads(found["properties"])["items"] == "p1, p2"


def test_joined_columns_of_a_text_are_those_that_are_there(tmp_path):
    fields = 'text: {columns: [title, body], join: " - "}'
    assert one(tmp_path, fields, title="Late", body="Very")["text"] == "Late - Very"
    assert one(tmp_path, fields, title="", body="Very")["text"] == "Very"


def test_a_joined_subject_lacking_a_part_is_none_and_the_other_part_is_kept(tmp_path):
    found = one(tmp_path, "subjects: {order: {columns: [a, b], join: '/'}}", a="7", b="")
    assert found["subjects"] == []
    assert json.loads(found["properties"])["a"] == "7"


def test_two_circumstances_of_one_kind_are_both_kept(tmp_path):
    found = one(tmp_path, "circumstances: {why: [{column: a}, {column: b}]}", a="gift", b="urgent")
    assert dict(found["circumstances"]) == {"why": "gift, urgent"}


def test_a_number_in_epoch_seconds_too_large_is_rejected_as_no_date(tmp_path):
    text = "source: s\ninteractions:\n  - occurred_at: {column: t, format: epoch_seconds}\n    event: {constant: e}\n"
    outcome = settled(load(tmp_path, text), {"t": "99999999999999999"}, {"t": "1700000000.5"})
    assert outcome.tally.rejected == {"not_a_date": 1}
    assert outcome.accepted.column("occurred_at").to_pylist() == [datetime(2023, 11, 14, 22, 13, 20, 500000, UTC)]


def test_columns_whose_names_differ_only_in_case_are_told_apart(tmp_path):
    found = one(tmp_path, "team: {column: name}", Name="A", name="B", NAME="C", __row="D", raw="E")
    assert found["team"] == "B"
    assert json.loads(found["properties"]) == {"Name": "A", "NAME": "C", "__row": "D", "raw": "E"}


@pytest.mark.parametrize(
    ("wrong", "line", "said"),
    [
        ("    chanel: {constant: web}", 5, "chanel"),
        ("    channel: {colum: web}", 5, "channel"),
        ("    promised_for: {column: due, timezone: Europe/Berln}", 5, "Europe/Berln"),
        ("    promised_for: {column: due, format: '%Q'}", 5, "%Q"),
        ("    channel: {each: a}", 5, "each"),
        ("read: {encoding: latin-99}", 5, "latin-99"),
        ("read: {encoding: utf-16}", 5, "utf-16"),
        ("read: {delimiter: '\"'}", 5, "delimiter"),
        ("  - event: {constant: x}", 5, "occurred_at"),
        ("  - [", 6, "not YAML"),
        ("source: other", 5, "source: stands twice, on line 1 already"),
        ("    event: {constant: f}", 5, "interactions.0.event: stands twice, on line 4 already"),
        ("    channel: {constant: a, column: b}", 5, "constant, column stand together where one of them is expected"),
        ("    channel: [web]", 5, "expected keys with values, found a list"),
        ("properties: 7", 5, "expected true or false, found a number (7)"),
        ("    channel: {constant: 2026-01-01}", 5, "found a date"),
        ("read: &itself [*itself]", 5, "expected keys with values, found a list"),
    ],
)
def test_an_error_names_file_line_and_key(tmp_path, wrong, line, said):
    text = f"source: s\ninteractions:\n  - occurred_at: {{column: t}}\n    event: {{constant: e}}\n{wrong}\n"
    with pytest.raises(MappingError) as error:
        load(tmp_path, text)
    assert said in str(error.value)
    expected = f"map.yaml, line {line}"
    assert expected in str(error.value) or f"map.yaml, line {line - 2}" in str(error.value)


def test_two_rules_of_the_same_id_and_event_are_refused_at_the_line_of_the_second(tmp_path):
    rule = "  - id: {column: a}\n    occurred_at: {column: t}\n    event: {constant: e}\n"
    with pytest.raises(MappingError, match=r"map\.yaml, line 6: interactions\.1: .*same id and event"):
        load(tmp_path, "source: s\ninteractions:\n" + rule + rule)


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
SPECS = st.sampled_from(
    [
        {"channel": {"column": "a", "values": {"x": "y"}, "else": None}},
        {"team": {"first": [{"column": "a"}, {"column": "b"}]}},
        {"text": {"columns": ["a", "b"], "join": " "}},
        {"subjects": {"order": {"columns": ["a", "b"]}, "case": {"column": "c"}}},
        {"identifiers": {"email": [{"column": "a"}, {"column": "b"}]}},
        {"circumstances": {"why": {"column": "c"}, "how": [{"column": "a"}, {"column": "b"}]}},
        {"subjects": {"product": {"each": "c"}}},
        {"employee": {"column": "b"}, "when": {"column": "a", "is_not": ""}},
        {"identifiers": {}},
    ]
)


@settings(deadline=None, max_examples=60)
@given(
    row=st.fixed_dictionaries(dict.fromkeys(["a", "b", "c", "d"], WORDS)), specs=st.lists(SPECS, min_size=1, max_size=2)
)
def test_nothing_a_sender_said_is_dropped(row, specs):
    """Each cell is found in a column or in properties of the row's interactions, or the row was not mapped."""
    always = {"occurred_at": {"constant": "2026-01-01T00:00:00Z"}, "event": {"constant": "e"}}
    rules = InteractionMapping("s", tuple(always | spec for spec in specs), {})
    found = settled(rules, row).accepted.to_pylist()
    said = " ".join(str(value) for interaction in found for value in texts_of(interaction))
    if found:
        assert [cell for cell in row.values() if cell.strip(" ") not in said] == []


def texts_of(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for part in value.values() for text in texts_of(part)]
    if isinstance(value, list | tuple):
        return [text for part in value for text in texts_of(part)]
    if isinstance(value, str) and value.startswith("{"):
        try:
            return [value, *texts_of(json.loads(value))]
        except ValueError:
            return [value]
    return [str(value)]


def test_the_example_of_the_schema_loads_as_yaml_does(tmp_path):
    assert load(tmp_path, ORDERS).interactions == tuple(yaml.safe_load(ORDERS)["interactions"])


def test_a_rule_that_is_added_below_leaves_what_is_in_as_it_is(home: Home, tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("order,placed\n7,2026-07-01T10:00:00Z\n8,2026-07-02T10:00:00Z\n", "utf-8")
    rule = "  - {{id: {{column: order}}, occurred_at: {{column: placed}}, event: {{constant: {}}}}}\n"
    one = "source: shop\ninteractions:\n" + rule.format("Ordered")
    assert imported(home, tmp_path / "orders.csv", "csv", one).accepted == 2
    again = imported(home, tmp_path / "orders.csv", "csv", one + rule.format("Promised"))
    assert (again.duplicate, again.accepted) == (2, 2)


def test_a_key_that_is_misspelt_is_named_with_its_own_line(tmp_path: Path) -> None:
    wrong = (
        "source: shop\ninteractions:\n  - id: {column: id}\n    event: {constant: E}\n    ocurred_at: {column: at}\n"
    )
    with pytest.raises(MappingError, match=r"map\.yaml, line 5: interactions\.0\.ocurred_at: .*unexpected"):
        load(tmp_path, wrong)
