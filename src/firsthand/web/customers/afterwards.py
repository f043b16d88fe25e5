"""What follows when something was decided about a customer."""

from __future__ import annotations

from django.utils.module_loading import import_string

LOOK_AHEAD = "firsthand.web.work.tasks.look_ahead"
"""The background work stands above the pages: it is named here, not imported."""


def refresh_later() -> None:
    """Has what other pages show worked out anew behind them; the customer's own page is up to date by itself."""
    import_string(LOOK_AHEAD).enqueue()
