"""Public data sets, with the counts that are known of them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter

import pandas as pd
import pytest

from firsthand.jobs.figures import figures
from firsthand.jobs.promise_figures import promise_figures
from firsthand.jobs.rejections import open_rejections
from firsthand.jobs.world import world
from firsthand.measures import OUTCOMES
from importing import asked, imported


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
