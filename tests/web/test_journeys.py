"""Journeys over the small shop."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from firsthand.jobs.home import Home, change_settings
from firsthand.jobs.import_files import import_files
from firsthand.sources import format_named
from shop import MAPPING

PAGES = ["", "funnel/", "around/", "designed/", "variants/", "retention/", "compare/"]


@pytest.mark.parametrize("page", PAGES)
def test_those_who_see_figures_see_the_page_and_service_does_not(client_as: Callable[..., Any], page: str) -> None:
    answer = client_as("viewer").get(f"/journeys/{page}")
    assert answer.status_code == 200, answer.content.decode()[-500:]
    assert "style=" not in answer.content.decode()
    assert client_as("service").get(f"/journeys/{page}").status_code == 403


def test_steps_of_a_funnel_are_chosen_on_the_page(client_as: Callable[..., Any]) -> None:
    client = client_as("viewer")
    figure = client.get("/journeys/funnel/?steps=ordered&steps=kind:delivery&within_days=30").context["figure"]
    assert [row[:2] for row in figure.rows] == [["ordered", 3], ["any delivery", 2]]
    either = client.get("/journeys/funnel/?steps=ordered&steps=delivered|promised").context["figure"]
    assert either.rows[1][0] == "delivered or promised"
    assert client.get("/journeys/funnel/?steps=ordered").context["few"]
    assert client.get("/journeys/funnel/?steps=ordered&steps=delivered&within_days=x").status_code == 400
    assert client.get("/journeys/funnel/?steps=ordered&steps=nowhere").status_code == 400


def test_filters_that_would_cut_paths_do_not_apply_and_the_page_says_so(client_as: Callable[..., Any]) -> None:
    client = client_as("viewer")
    whole, asked = client.get("/journeys/"), client.get("/journeys/?channel=web")
    assert asked.context["map"].rows == whole.context["map"].rows
    assert "do not apply here" in asked.content.decode()


GIFTS = """order,placed,mail,total,promised,delivered
11,2026-02-05T10:00,dora@example.com,10.50,2026-02-08,
12,2026-02-06T10:00,emil@example.com,10.50,2026-02-08,
"""


@pytest.fixture
def gifts(own_home: Home, tmp_path: Path) -> Home:
    """The shop with two people more, who spent what Ada did; of three may be told."""
    (tmp_path / "gifts.csv").write_text(GIFTS, "utf-8")
    (tmp_path / "gifts.yaml").write_text(MAPPING, "utf-8")
    import_files(own_home, [tmp_path / "gifts.csv"], format_named("csv"), mapping_file=tmp_path / "gifts.yaml")
    change_settings(own_home, minimum_group=3)
    return own_home


def test_a_circumstance_chooses_whose_paths_are_shown(gifts: Home, client_as: Callable[..., Any]) -> None:
    shown = client_as("viewer").get("/journeys/?circumstance=spent%3D10.50")
    flows = {(row[0], row[1]): row[2] for row in shown.context["map"].rows}
    assert flows == {("ordered", "promised"): 3, ("promised", "delivered"): 1, ("delivered", "ordered"): 1}


def test_around_a_touchpoint_keeps_it_when_filters_change(client_as: Callable[..., Any]) -> None:
    page = client_as("viewer").get("/journeys/around/?touchpoint=promised")
    assert page.context["told"]["customers"] == 3
    assert '<input type="hidden" name="touchpoint" value="promised">' in page.content.decode()
    assert "do not apply here" not in page.content.decode()


def test_a_group_is_compared_with_all_others(gifts: Home, client_as: Callable[..., Any]) -> None:
    context = client_as("viewer").get("/journeys/compare/?group=circumstance:spent%3D10.50&against=others").context
    assert context["customers"] == {"before": 2, "after": 3, "both": 0}
    assert context["then"] == "all others"


def test_a_download_has_the_list_that_it_names(client_as: Callable[..., Any]) -> None:
    client = client_as("viewer")
    flows = client.get("/figures/journey.csv?rows=flows").content.decode().splitlines()
    assert flows[0].startswith("from,to,interactions,customers")
    steps = (
        client.get("/figures/funnel.csv?rows=groups.steps&steps=ordered&steps=delivered").content.decode().splitlines()
    )
    assert len(steps) == 3
    assert "of_first.value" in steps[0]
