"""What goes with an identifier: which decisions it leaves, and which texts name it."""

from __future__ import annotations

import duckdb
import pytest

from firsthand.jobs.forget import spelled
from firsthand.people.verdicts import without_keys


def test_what_is_left_of_decisions_when_an_identifier_goes():
    def decided(name, verdict, keys, others, undoes=None, probability=None):
        return {"decision_id": name, "verdict": verdict, "keys": keys, "others": others, "undoes": undoes, "probability": probability}  # fmt: skip

    void, changed = without_keys(
        [
            decided("d1", "same", ["a"], ["b", "c"]),
            decided("d2", "same", ["a"], ["c"]),
            decided("d3", "undone", [], [], undoes="d2"),
            decided("d4", "undone", [], [], undoes="d3"),
            decided("d5", "same", ["b", "c"], ["a"], probability=0.9),
            decided("d6", "same", ["c", "b"], ["a"], probability=0.9),
            decided("d7", "different", ["a"], ["b"]),
        ],
        {"c"},
    )
    assert void == ["d2", "d6", "d3", "d4"]
    assert changed == [
        {"decision_id": "d1", "keys": ["a"], "others": ["b"]},
        {"decision_id": "d5", "keys": ["b"], "others": ["a"]},
    ]


@pytest.mark.parametrize(
    ("kind", "value", "text", "found"),
    [
        ("email", "kim@x.org", '{"mail":"Kim@X.org"}', True),
        ("email", "kim@x.org", "write to kim@x.org.", True),
        ("email", "kim@x.org", "maxkim@x.org", False),
        ("email", "kim@x.org", "max.kim@x.org", False),
        ("email", "kim@x.org", "kim@x.org.uk", False),
        ("email", "müller@x.org", '{"mail": "m\\u00fcller@x.org"}', True),
        ("phone", "+49301234567", "call 030/12 34-567 please", True),
        ("phone", "+49301234567", '"0049 (0)30 1234567"', True),
        ("phone", "+49301234567", "9930123456789", False),
        ("customer_number", "K1007", '"K1007"', True),
        ("customer_number", "K1007", '"K10075"', False),
    ],
)
def test_identifiers_are_found_as_whole_words(kind, value, text, found):
    pattern, _ = spelled([(kind, value)])
    with duckdb.connect() as connection:
        assert connection.execute("SELECT regexp_matches($1, $2)", [text, pattern]).fetchone()[0] is found


def test_a_value_that_stands_for_anything_is_not_looked_for():
    assert spelled([("customer_number", "17")]) == ("", ["customer_number=17"])
