"""Who gets to see customers' data, on whatever way, stands in the audit log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from test_data import ROWS, newest, sent, worked

from firsthand.jobs.home import Home
from firsthand.jobs.who_is_who import customer


def entries(did: str) -> list[tuple[str, str]]:
    """Whom, or what, entries of a sort are about, the oldest first."""
    from firsthand.web.audit.models import Entry

    return [*Entry.objects.filter(did=did).order_by("pk").values_list("customer_id", "about")]


@pytest.fixture
def ada(home: Home) -> str:
    return customer(home, "email=ada@example.com")[0]


def test_a_form_that_is_sent_back_shows_the_customer_and_is_noted(client_as: Callable[..., Any], ada: str) -> None:
    analyst = client_as("analyst")
    assert analyst.post(f"/customers/{ada}/consent/", {"purpose": ""}).status_code == 422
    assert entries("saw a customer") == [(ada, "")]
    assert analyst.post(f"/customers/{ada}/decide/", {"action": "join"}).status_code == 422
    assert entries("saw who is who") == [(ada, "")]


@pytest.mark.parametrize(("address", "noted"), [
    ("/customers/?since=2026-01-01", "customers?since=2026-01-01"),
    ("/figures/customers.csv", "customers"),
    ("/figures/latest_customers.csv?touchpoint=ordered", "latest_customers?touchpoint=ordered"),
    ("/api/figures/customers", "customers"),
    ("/api/figures/latest_customers?channel=web", "latest_customers?channel=web"),
    ("/figures/promises.csv", None),
    ("/api/figures/promises", None),
])  # fmt: skip
def test_who_gets_a_list_of_customers_is_noted(
    address: str, noted: str | None, home: Home, client_as: Callable[..., Any]
) -> None:
    assert client_as("analyst").get(address).status_code == 200
    assert entries("listed customers") == ([("", noted)] if noted else [])


def test_who_sees_pairs_with_their_addresses_is_noted(home: Home, client_as: Callable[..., Any]) -> None:
    analyst = client_as("analyst")
    analyst.get("/customers/review/")
    analyst.get("/customers/")
    assert entries("saw whom to review") == [("", "0 of 0")] * 2


def test_who_looks_into_uploads_and_at_rejected_records_is_noted(own_home: Home, client_as: Callable[..., Any]) -> None:
    analyst = client_as("analyst")
    there = sent(analyst, ROWS).headers["Location"]
    it = newest().pk
    analyst.get(there)
    analyst.get(f"/data/imports/{it}/preview/")
    assert entries("looked into an upload") == [("", f"import {it}")] * 2
    analyst.post(f"/data/imports/{it}/begin/")
    assert worked(it).rejected == 1
    analyst.get("/data/rejected/")
    analyst.get("/api/rejected")
    assert entries("saw rejected records") == [("", "1 of 1"), ("", "1 of 1, by the API")]
