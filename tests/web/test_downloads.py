"""Downloads: the CSV beside a figure is what the figure shows."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest

Web = Callable[..., Any]


def links(page: Any) -> list[str]:
    """The addresses of a page's downloads."""
    return [unescape(found) for found in re.findall(r'href="(/figures/[^"]+)"', page.content.decode())]


def rows(client: Any, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return [*csv.DictReader(answer.content.decode().splitlines())]


@pytest.mark.parametrize("page", ["/", "/map/", "/map/?measure=nps", "/map/touchpoint/?name=promised", "/promises/", "/measures/", "/signals/", "/customers/", "/data/"])  # fmt: skip
def test_every_download_names_its_list(client_as: Web, page: str) -> None:
    found = links(client_as("administrator").get(page))
    assert found
    assert [link for link in found if "rows=" not in link] == []


def test_the_promises_of_a_touchpoint_are_counted_as_its_page_does(client_as: Web) -> None:
    client = client_as("viewer")
    page = client.get("/map/touchpoint/?name=promised")
    (link,) = (each for each in links(page) if each.startswith("/figures/promises.csv"))
    (told,) = rows(client, link)
    assert (told["made"], told["kept"]) == (str(page.context["promises"].rows[0][1]), "1")


def test_a_list_of_measures_is_not_the_measure_of_that_name(client_as: Web) -> None:
    client = client_as("viewer")
    several = rows(client, "/figures/measures.csv?chosen=HOW_IT_WAS&rows=figures")
    assert {row["measure"] for row in several} == {"how_it_was", "good_moments"}
    assert {row["measure"] for row in rows(client, "/figures/measures.csv?chosen=how_it_was&rows=figures")} == {"how_it_was"}  # fmt: skip
    assert {row["measure"] for row in rows(client, "/figures/measures.csv?chosen=KEPT_SHARE&rows=figures")} == {"kept_share"}  # fmt: skip


def stale(monkeypatch: pytest.MonkeyPatch, *questions: str) -> None:
    """Kept answers to these questions do not hold any more; all others do."""
    from firsthand.web.figures import answers

    known = answers.last

    def last(home: Any, question: Any, *more: Any) -> Any:
        found = known(home, question, *more)
        return found and replace(found, holds=question[1] not in questions)

    monkeypatch.setattr(answers, "last", last)


def test_a_download_says_of_when_it_is_and_whether_it_still_holds(
    client_as: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_as("viewer")
    stale(monkeypatch)
    fresh = client.get("/figures/refused.csv")
    moment = datetime.fromisoformat(fresh.headers["Firsthand-As-Of"]).astimezone(UTC)
    assert fresh.headers["Content-Disposition"] == f'attachment; filename="refused-{moment:%Y-%m-%dT%H%M%SZ}.csv"'
    assert fresh.headers["Firsthand-Stale"] == "no"
    stale(monkeypatch, "refused")
    old = client.get("/figures/refused.csv")
    assert "Z-stale.csv" in old.headers["Content-Disposition"]
    assert old.headers["Firsthand-Stale"] == "yes"


@pytest.mark.parametrize(("address", "question"), [("/map/", "map_check"), ("/map/touchpoint/?name=promised&people=1", "latest_customers")])  # fmt: skip
def test_a_page_one_of_whose_answers_is_stale_says_so(
    client_as: Web, monkeypatch: pytest.MonkeyPatch, address: str, question: str
) -> None:
    client = client_as("analyst")
    stale(monkeypatch)
    assert "being worked out anew" not in client.get(address).content.decode()
    stale(monkeypatch, question)
    assert "being worked out anew" in client.get(address).content.decode()
