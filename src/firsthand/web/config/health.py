"""Whether the website is alive and ready, and its metrics, for whoever watches over it."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from firsthand.errors import UserError
from firsthand.jobs.home import open_home
from firsthand.lake import version
from firsthand.tables import Interactions
from firsthand.web.accounts.rights import open_to_all


@open_to_all
@login_not_required
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@open_to_all
@login_not_required
def ready(request: HttpRequest) -> HttpResponse:
    """Database and lake can be used; which cannot, if not (status 503)."""
    faults = {}
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            faults["database"] = "not up to date"
    except DatabaseError:
        faults["database"] = "cannot be reached"
    try:
        if version(open_home(settings.HOME).lake, Interactions.table_name) is None:
            faults["lake"] = "has no record"
    except (UserError, OSError):
        faults["lake"] = "cannot be read"
    return JsonResponse({"ready": not faults, "faults": faults}, status=503 if faults else 200)


@open_to_all
@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """Metrics of this process in Prometheus' format; counts only. A proxy should keep them from the world."""
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)
