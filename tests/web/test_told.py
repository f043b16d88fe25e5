"""What of an answer is told to whom, whichever way it is asked for: page, download or API."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from firsthand.jobs.home import Home, change_settings
from firsthand.jobs.import_files import import_files
from firsthand.sources import format_named

VISITS = """
source: till
interactions:
  - id: {column: id}
    occurred_at: {column: at}
    event: {constant: Ordered}
    channel: {constant: store}
    employee: {column: clerk}
    identifiers: {customer_number: {column: number}}
    circumstances: {need: {column: need}}
"""


@pytest.fixture
def till(own_home: Home, tmp_path: Path) -> Home:
    """The shop, and 24 people at the till: a parcel's carrier, an e-mail and a clerk's name are told as properties."""
    rows = [
        f"{n},2026-02-{1 + n % 28:02}T10:00:00Z,K{n},{('gift' if n % 2 else 'daily') if n else 'move'},{'fast' if n % 2 else 'slow'},{'p@x.org' if n > 11 else f'p{n}@x.org'},{'Kim' if n % 2 else 'Bo'},{'Kim' if n % 2 else 'Bo'}"
        for n in range(24)
    ]
    (tmp_path / "till.csv").write_text(
        "\n".join(["id,at,number,need,carrier,mail,clerk,served_by", *rows, ""]), "utf-8"
    )
    (tmp_path / "till.yaml").write_text(VISITS, "utf-8")
    import_files(own_home, [tmp_path / "till.csv"], format_named("csv"), mapping_file=tmp_path / "till.yaml")
    return own_home


@pytest.mark.parametrize("address", ["/figures/promises.csv?rows=longest_overdue", "/api/figures/promises"])
def test_a_customers_id_is_told_to_those_who_may_see_customers(client_as: Callable[..., Any], address: str) -> None:
    assert b"customer_id" in client_as("analyst").get(address).content
    told = client_as("viewer").get(address)
    assert b"promise_id" in told.content
    assert b"customer_id" not in told.content


def test_comments_to_label_are_told_to_those_who_label(client_as: Callable[..., Any]) -> None:
    for address in ("/figures/to_label.csv", "/api/figures/to_label"):
        assert client_as("viewer").get(address).status_code == 403
        assert client_as("owner").get(address).status_code == 200


def test_figures_are_told_by_properties_that_tell_of_nobody(till: Home, client_as: Callable[..., Any]) -> None:
    client = client_as("analyst")
    assert client.get("/figures/measures.csv?chosen=BOUGHT_AGAIN_30&by=property:carrier").status_code == 200
    for asked in (
        "measures.csv?chosen=BOUGHT_AGAIN_30&by=property:mail",
        "measures.csv?by=property:served_by",
        "paths.csv?group=property:mail=p@x.org",
    ):
        answer = client.get(f"/figures/{asked}")
        assert answer.status_code == 400
        assert "not told here" in answer.content.decode()


def test_a_clerk_is_told_by_no_name(till: Home, client_as: Callable[..., Any]) -> None:
    assert "are off" in client_as("analyst").get("/figures/measures.csv?by=employee").content.decode()


def test_what_became_of_few_is_not_told(till: Home, client_as: Callable[..., Any]) -> None:
    change_settings(till, minimum_group=10)
    client = client_as("analyst")
    assert client.get("/figures/variants.csv?per=life&circumstance=need=gift").status_code == 200
    for asked in ("variants.csv?per=life&circumstance=need=move", "paths.csv?group=circumstance:need=move"):
        answer = client.get(f"/figures/{asked}")
        assert answer.status_code == 400
        assert "fewer than 10 customers" in answer.content.decode()


def test_of_a_circumstance_of_few_no_figure_is_told(till: Home, client_as: Callable[..., Any]) -> None:
    change_settings(till, minimum_group=10)
    told = (
        client_as("analyst").get("/figures/measures.csv?chosen=bought_again_30&by=circumstance:need").content.decode()
    )
    rows = {row["by.circumstance:need"]: row["observations"] for row in csv.DictReader(told.splitlines())}
    assert (rows["gift"], rows["move"]) == ("12", "")


def test_what_nobody_is_known_to_need_is_nothing_to_group_by(till: Home, client_as: Callable[..., Any]) -> None:
    assert "not told here" in client_as("analyst").get("/figures/measures.csv?by=circumstance:mood").content.decode()
