"""Odd addresses: whatever is asked of a page or a download, it is answered, or the mistake is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from firsthand.errors import UserError
from firsthand.jobs.figures import Period

Web = Callable[..., Any]
FIGURES = [
    "/", "/map/", "/map/touchpoint/?name=promised", "/journeys/", "/journeys/funnel/", "/journeys/around/?touchpoint=promised",
    "/journeys/designed/", "/journeys/variants/", "/journeys/retention/", "/journeys/compare/", "/journeys/compare/?group=channel=web",
    "/voice/", "/voice/flags/", "/voice/themes/", "/promises/", "/waits/", "/measures/", "/measures/?measure=kept_share", "/signals/",
    "/signals/?signal=broken_promise", "/customers/", "/data/", "/figures/paths.csv", "/figures/signals.csv",
]  # fmt: skip


def told_in(client: Any, address: str, query: str) -> int:
    return int(client.get(f"{address}{'&' if '?' in address else '?'}{query}").status_code)


@pytest.mark.parametrize("address", ["/journeys/variants/", "/measures/?measure=kept_share", "/voice/"])
def test_a_page_can_be_asked_for_the_earliest_and_latest_days(client_as: Web, address: str) -> None:
    client = client_as("viewer")
    assert told_in(client, address, "since=1900-01-01&until=2200-12-31") == 200


def test_the_time_before_does_not_begin_before_the_earliest_day(website: Any) -> None:
    from firsthand.web.figures.filters import Filters
    from firsthand.web.figures.words import spans
    from firsthand.web.voice.views import before_that

    for filters in (Filters("1900-01-01"), Filters(None, "1900-01-01"), Filters("1900-01-01", "2200-12-31")):
        for span in spans(date(2026, 6, 30), filters):
            Period.span(span)
    Period.of(*before_that(Filters("1950-01-01"), date(2026, 6, 30)))


@pytest.mark.parametrize("query", ["until=9999-12-31", "since=2026-01-01&until=9999-12-31", "since=1000-01-01"])
def test_days_beyond_those_are_a_mistake(client_as: Web, query: str) -> None:
    client = client_as("administrator")
    assert {address: status for address in FIGURES if (status := told_in(client, address, query)) != 400} == {}


def test_a_period_says_which_days_it_can_name() -> None:
    with pytest.raises(UserError, match="from 1900-01-01 to 2200-12-31"):
        Period.span("2026-01-01..9999-12-31")


ODD = {
    "by": ["by=month&by=month", "by=measure", "by=property:", "by=property:%27", "by=property:a%5C", "by=property:*", "by=property:%00"],
    "months": ["months=2.5", "months=nan", "months=-1"], "most": ["most=1.5"], "within_days": ["within_days=x"],
    "group": ["group=property:%3Dx", "group=%3D"], "against": ["against=x", "against=9999-12-31..9999-12-31"], "per": ["per=%00"],
}  # fmt: skip
"""Of a parameter what it cannot be."""
NEEDED = {"changes": "against=2026-01-01..2026-01-31", "around": "touchpoint=promised", "funnel": "steps=ordered&steps=delivered"}  # fmt: skip


def test_what_a_parameter_cannot_be_is_a_mistake_whatever_is_asked(client_as: Web) -> None:
    from firsthand.web.figures.parameters import parameters_of
    from firsthand.web.figures.questions import QUESTIONS

    client, wrong = client_as("administrator"), {}
    for question in QUESTIONS:
        known = {*parameters_of(question)} - (
            {"by", "against"} if question == "voice" else set()
        )  # no comment was read
        for odd in ["channel=%00", *(each for name, several in ODD.items() if name in known for each in several)]:
            address = f"/figures/{question}.csv?{NEEDED.get(question, '')}"
            if (status := told_in(client, address, odd)) != 400:
                wrong[question, odd] = status
    assert wrong == {}


@pytest.mark.parametrize("address", ["/", "/customers/", "/data/", "/settings/log/", "/settings/log.csv", "/api/figures/promises"])  # fmt: skip
def test_no_name_holds_a_control_character(client_as: Web, address: str) -> None:
    assert told_in(client_as("administrator"), address, "customer=%00") == 400


def test_a_difference_can_be_had_by_day(client_as: Web) -> None:
    asked = "/figures/changes.csv?chosen=KEPT_SHARE&by=day&within=2026-01-01..2026-01-31&against=2026-03-01..2026-03-31"
    assert client_as("viewer").get(asked).status_code == 200
