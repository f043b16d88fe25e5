"""Who was found in the sample company is held against its truth, pair by pair."""

from __future__ import annotations

import pytest

from firsthand.demo.people_found import people_found
from firsthand.jobs.home import Home
from firsthand.jobs.import_files import import_files
from firsthand.jobs.refresh import refresh
from firsthand.sources import format_named

MAPPING = """
source: shop
interactions:
  - id: {column: id}
    occurred_at: {constant: "2026-01-01T00:00:00Z"}
    identifiers: {customer_number: {column: number}, email: {column: email}, phone: {column: phone}}
    event: {constant: Seen}
"""
TRUTH = """\
person,customer_number,email,phone,card,browser,phone_app
0,K1,A@x,,,,
1,K2,b@x,+49 30 0222,,,
2,K9,nobody@x,,,,
"""


def test_precision_and_recall_are_counted_over_pairs_of_identifiers_of_the_record(home: Home) -> None:
    exports = home.folder / "exports"
    exports.mkdir()
    (exports / "truth_people.csv").write_text(TRUTH)
    (exports / "m.yaml").write_text(MAPPING)
    (exports / "a.csv").write_text("id,number,email,phone\n1,K1,a@x,\n2,K1,B@x,\n3,,,+49300222\n4,K7,,\n")
    import_files(home, [exports / "a.csv"], format_named("csv"), mapping_file=exports / "m.yaml")
    refresh(home)
    found = people_found(home)
    assert found["identifiers"] == 5
    assert found["customers"] == 3
    assert found["precision"] == pytest.approx(1 / 3), "of K1, a@x and b@x one pair of three is one person's"
    assert found["recall"] == pytest.approx(1 / 2), "b@x and the phone were not found to be one person's"
    assert found["pairs"] == 2
