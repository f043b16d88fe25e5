"""What every page knows: whose home it is, and what the user may do."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from firsthand.jobs.home import open_home
from firsthand.web.accounts.roles import RIGHTS

NAVIGATION = (
    ("/", gettext_lazy("Today")), ("/map/", gettext_lazy("Map")), ("/journeys/", gettext_lazy("Journeys")),
    ("/customers/", gettext_lazy("Customers")), ("/voice/", gettext_lazy("Voice")),
    ("/promises/", gettext_lazy("Promises")), ("/waits/", gettext_lazy("Waits")),
    ("/measures/", gettext_lazy("Measures")), ("/signals/", gettext_lazy("Signals")),
    ("/data/", gettext_lazy("Data")), ("/settings/", gettext_lazy("Settings")),
)  # fmt: skip
"""The sections of the website."""
CLOSED = {"/customers/": "see_customer", "/data/": "import_data", "/settings/": "administer"}
"""Sections that not everybody who sees figures may open, and the right that it takes."""


def who(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    known = user is not None and user.is_authenticated
    may = {right: known and user.may(right) for right in RIGHTS}  # type: ignore[union-attr]
    section = "/" + request.path.lstrip("/").partition("/")[0]
    sections = [entry for entry in NAVIGATION if known and may[CLOSED.get(entry[0], "see_figures")]]
    return {
        "organisation": open_home(settings.HOME).settings.name, "may": may, "navigation": sections,
        "section": section if section == "/" else f"{section}/", "first_page": sections[0][0] if sections else "/",
    }  # fmt: skip
