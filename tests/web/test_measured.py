"""Promises, waits, measures and signals over the small shop."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest


def _page(client: Any, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[-500:]
    page: str = answer.content.decode()
    assert "style=" not in page  # the page's policy forbids it
    return page


@pytest.mark.parametrize(
    "address", ["/promises/", "/waits/", "/measures/", "/measures/?measure=kept_share&until=2026-06-30", "/signals/"]
)
def test_those_who_see_figures_see_the_page_and_service_does_not(client_as: Callable[..., Any], address: str) -> None:
    assert "<h1>" in _page(client_as("viewer"), address)
    assert client_as("service").get(address).status_code == 403


def test_the_six_states_add_up_to_all_promises(client_as: Callable[..., Any]) -> None:
    client = client_as("viewer")
    context = client.get("/promises/").context
    assert sum(count for _name, _words, count in context["states"]) == context["promises"]["made"] == 4


def test_only_those_who_may_see_customers_find_the_way_to_one(client_as: Callable[..., Any]) -> None:
    assert "/customers/" in _page(client_as("analyst"), "/promises/").partition('id="overdue"')[2]
    assert "/customers/" not in _page(client_as("viewer"), "/promises/").partition('id="overdue"')[2]


def test_a_filter_narrows_the_page_down_and_stays_in_its_links(client_as: Callable[..., Any]) -> None:
    client = client_as("viewer")
    assert client.get("/promises/?until=2026-01-31").context["promises"]["made"] == 2
    page = _page(client, "/measures/?measure=kept_share&until=2026-01-31")
    assert "/measures/?until=2026-01-31" in page
    assert '<input type="hidden" name="measure" value="kept_share">' in page


def test_a_measure_tells_its_formula_and_an_unknown_one_is_a_mistake(client_as: Callable[..., Any]) -> None:
    client = client_as("viewer")
    assert "kept / (kept + late + broken + overdue)" in _page(client, "/measures/?measure=kept_share&until=2026-01-31")
    assert client.get("/measures/?measure=happiness").status_code == 400
    assert client.get("/signals/?signal=happiness").status_code == 400


def test_the_time_before_is_as_long_and_ends_the_day_before(website: Any) -> None:
    from firsthand.web.figures.filters import Filters
    from firsthand.web.figures.words import spans

    march = Filters("2026-03-01", "2026-03-31")
    assert spans(date(2026, 6, 30), march) == ("2026-03-01..2026-03-31", "2026-01-29..2026-02-28")
    assert spans(date(2026, 6, 30)) == ("2026-03-31..2026-06-30", "2025-12-30..2026-03-30")  # as Today does


def test_a_month_without_a_signal_counts_as_nought(website: Any) -> None:
    from firsthand.web.measured.signals import _by_month

    there = {"value": 0.5, "low": 0.1, "high": 0.9, "customers": 4, "observations": 4}
    rows = [
        {"signal": name, "by": {"month": month}, "share": there} for name, month in (("a", "2026-01"), ("b", "2026-02"))
    ]
    january, february = _by_month(rows, "a")
    assert (january["value"], february["value"], february["low"]) == (0.5, 0, 0)
    assert february["high"] == pytest.approx(0.49, abs=0.005)  # Wilson's interval of 0 of 4


def test_every_measure_has_a_definition() -> None:
    from firsthand.jobs.measure_catalogue import measure_catalogue

    rows = {row["measure"]: row for row in measure_catalogue()["measures"]}
    assert all(row["definition"] for row in rows.values())
    assert rows["nps"]["source"] == 'Reichheld, "The One Number You Need to Grow", HBR 2003'
    assert (rows["nps"]["interval"], rows["wait_p90"]["interval"], rows["csat"]["interval"]) == (
        "adjusted Wald",
        "Woodruff",
        "Wilson",
    )
    assert "Forrester" in rows["easy"]["source"]
