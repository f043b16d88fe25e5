"""Today, and the ways that lead from it and to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from firsthand.jobs.home import Home

Web = Callable[..., Any]


def test_links_keep_the_filters_and_lead_only_where_one_may_go(client_as: Web) -> None:
    viewer, analyst = (
        client_as(role).get("/?until=2026-03-31&owner=logistics").content.decode() for role in ("viewer", "analyst")
    )
    assert 'href="/promises/?until=2026-03-31&amp;owner=logistics' in viewer
    assert 'href="/data/"' not in viewer
    assert "records were put aside" in viewer
    assert 'href="/data/"' in analyst.partition("<main")[2]


def test_what_is_not_on_the_map_is_told_where_there_is_any_and_leads_to_the_map(own_home: Home, client_as: Web) -> None:
    assert "are not on the map" not in client_as("viewer").get("/").content.decode()
    lines = own_home.map_file.read_text("utf-8").splitlines(keepends=True)
    own_home.map_file.write_text(
        "".join(line for line in lines if "Delivered" not in line).split("journeys:")[0], "utf-8"
    )
    told = client_as("viewer").get("/?until=2026-03-31").content.decode()
    assert 'href="/map/?until=2026-03-31">2 interactions are not on the map.' in told


@pytest.mark.parametrize(("role", "page"), [("service", "/customers/"), ("viewer", "/"), ("administrator", "/")])
def test_the_name_of_the_organisation_leads_to_the_first_page_that_one_may_see(
    client_as: Web, role: str, page: str
) -> None:
    client = client_as(role)
    assert f'<a class="brand" href="{page}">' in client.get("/account/tokens/").content.decode()
    assert client.get(page).status_code == 200


def test_a_query_goes_on_after_its_filters(website: Any) -> None:
    from firsthand.web.figures.filters import Filters

    assert Filters().begun == "?"
    assert Filters(until="2026-03-31").begun == "?until=2026-03-31&"
