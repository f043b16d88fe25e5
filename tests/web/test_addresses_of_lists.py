"""Numbers in addresses are written as machines read them, however many there are."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest


@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("components/pages.html", "list"),
        ("customers/review.html", "shown"),
        ("experience_map/history.html", "versions"),
    ],
)
def test_an_address_holds_no_thousands_separator(website: Any, template: str, name: str) -> None:
    from django.core.paginator import Paginator
    from django.template.loader import render_to_string

    page = Paginator(range(3000), 1).page(1001)
    shown = render_to_string(
        template, {name: page, "request": SimpleNamespace(user=None), "history": {}, "count": 3000}
    )
    assert "page=1000" in shown
    assert "page=1002" in shown
    assert "page=1," not in shown


def test_a_person_is_named_by_the_plain_number(website: Any, client_as: Any) -> None:
    from firsthand.web.accounts.models import User

    User.objects.create_user("late@example.org", "a long password", role="viewer", pk=12345)
    page = client_as("administrator").get("/settings/people/12345/").content.decode()
    assert "?person=12345" in page
