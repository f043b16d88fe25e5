"""What follows when something was decided about a customer."""

from __future__ import annotations

from django.utils.module_loading import import_string
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

LOOK_AHEAD = "firsthand.web.work.tasks.look_ahead"
"""The background work stands above the pages: it is named here, not imported."""


def refresh_later() -> None:
    """Has what other pages show worked out anew behind them, unless that waits already; the customer's own page is up to date by itself."""
    if not DBTaskResult.objects.filter(task_path=LOOK_AHEAD, status=TaskResultStatus.READY).exists():
        import_string(LOOK_AHEAD).enqueue()
