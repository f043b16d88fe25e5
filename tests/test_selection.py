"""A selection of customers holds for everything that is told of paths."""

from __future__ import annotations

from datetime import date

import pytest

from firsthand.jobs.designed_figures import designed_figures
from firsthand.jobs.figures import Period, figures
from firsthand.jobs.funnel_figures import funnel_figures, main_funnel, retention_figures
from firsthand.jobs.groups import Comparison
from firsthand.jobs.home import Home
from firsthand.jobs.journey_map import journey_map
from firsthand.jobs.path_figures import around_figures, path_figures, variant_figures
from firsthand.jobs.selection import select
from firsthand.jobs.world import world
from firsthand.measures.spend import SPEND

ADA = ["circumstance:spent=10.50"]


def test_paths_of_a_circumstance_are_those_of_its_customers(shop: Home) -> None:
    with world(shop, "2026-03-31") as opened:
        ada = select(opened, Period(), ADA)
        assert path_figures(opened, Comparison(ada))["customers"] == 1
        assert {flow["customers"] for flow in journey_map(opened, ada)["flows"]} == {1}
        assert (
            sum(row["customers"] for row in variant_figures(opened, period=ada)["variants"]) == 2
        )  # two journeys of hers
        assert around_figures(opened, "ordered", period=ada)["customers"] == 1
        assert funnel_figures(opened, ["ordered", "delivered"], period=ada)["groups"][0]["steps"][0]["customers"] == 1
        assert (main_funnel(opened, ada) or {})["groups"][0]["steps"][0]["customers"] == 1
        assert designed_figures(opened, period=ada)["journeys"][0]["groups"][0]["customers"] == 1
        assert [row["customers"] for row in retention_figures(opened, period=ada)["cohorts"]] == [1]


def test_figures_of_a_circumstance_are_of_what_was_done_in_it(shop: Home) -> None:
    with world(shop, "2026-03-31") as opened:
        (row,) = figures(opened, [SPEND], period=select(opened, Period(), ADA))
        assert row["value"] == pytest.approx(10.5)


def test_the_days_of_a_selection_say_when_an_attempt_begins_and_what_follows_is_seen(shop: Home) -> None:
    with world(shop, "2026-03-31") as opened:
        early = select(opened, Period(date(2026, 1, 1), date(2026, 1, 5)), ADA)
        (group,) = funnel_figures(opened, ["ordered", "delivered"], period=early)["groups"]
        assert [row["customers"] for row in group["steps"]] == [1, 1]  # delivered on the 8th
        (journey,) = designed_figures(opened, period=early)["journeys"]
        assert journey["groups"][0]["attempts"] == 1
        assert journey["groups"][0]["followed"]["value"] == pytest.approx(1)
