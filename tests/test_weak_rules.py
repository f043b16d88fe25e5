"""The rules by which weak identifiers link: what a verdict ties, which value counts, and how sure is sure enough."""

from __future__ import annotations

import duckdb
import numpy as np

from firsthand.people.resolve import resolve
from firsthand.people.threshold import careful
from firsthand.people.told import part, told_together
from firsthand.people.weak import date_orders, make_people_of
from firsthand.tables import CustomerIds


def test_a_link_of_a_model_ties_one_identifier_of_each_side_and_weighs_less_than_what_was_told() -> None:
    verdict = {
        "decision_id": "d1", "verdict": "same", "keys": ["email=a@x", "email=c@x"], "others": ["email=b@x"], "probability": 0.99, "undoes": None,
    }  # fmt: skip
    told = "SELECT 's' AS source, [{'kind': 'email', 'value': v}] AS identifiers FROM (VALUES ('a@x'), ('b@x'), ('c@x')) t(v)"
    with duckdb.connect() as connection:
        told_together(connection, f"({told})", "")
        people, _ = resolve(connection, verdicts=[verdict])
    found = {row["key"]: row["customer_id"] for row in people.to_pylist()}
    assert found["email=a@x"] == found["email=b@x"] != found["email=c@x"]


def test_of_each_customer_the_value_most_often_told_counts() -> None:
    def someone(first: str, born: str, key: str) -> str:
        return f"[{{'kind': 'email', 'value': '{key}'}}, {{'kind': 'first_name', 'value': '{first}'}}, {{'kind': 'date_of_birth', 'value': '{born}'}}]"

    told = [
        ("a", someone("Anna", "03.12.1980", "a@x")), ("a", someone("ANNA", "03.12.1980", "a@x")), ("a", someone("Hanna", "03.12.1980", "b@x")),
        ("us", someone("Anna", "12/13/1980", "a@x")), ("us", someone("Bo", "12/03/1990", "c@x")), ("us", someone("Cy", "01/25/1990", "d@x")),
    ]  # fmt: skip
    with duckdb.connect() as connection:
        values = ", ".join(f"('{source}', {identifiers})" for source, identifiers in told)
        connection.execute(f"CREATE TABLE interactions AS SELECT * FROM (VALUES {values}) t(source, identifiers)")
        connection.execute(
            "CREATE TABLE persons AS SELECT * FROM (VALUES ('email=a@x', 'p1'), ('email=b@x', 'p1'), ('email=c@x', 'p2')) t(key, person)"
        )
        told_together(connection, "interactions", "")
        part(connection, CustomerIds.schema().empty_table().select(["key"]))
        make_people_of(connection, "interactions", "", "persons", date_orders(connection, "interactions"))
        found = connection.execute("SELECT unique_id, person, anchor, first_name, birth_date FROM people").fetchall()
    assert found == [
        (0, "p1", "email=a@x", "anna", "19801203"),
        (1, "p2", "email=c@x", "bo", "19901203"),
    ], "each source writes dates in an order of its own"


def test_customers_are_joined_only_where_hardly_any_pair_is_expected_to_be_wrong() -> None:
    def sure(values: list[float]) -> float:
        return careful(np.array(values)).value

    assert sure([]) == 0.9
    assert sure([0.999, 0.998, 0.5]) == 0.9
    assert 0.92 < sure([0.9999, 0.9999, 0.92, 0.91]) < 0.9999
    assert sure([0.95, 0.93]) == 1.0
