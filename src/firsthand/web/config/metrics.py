"""Metrics of Firsthand's own, in Prometheus' format: counts and times, no addresses, queries or people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress

from deltalake.exceptions import DeltaError
from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count
from django.http import HttpRequest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from prometheus_client import REGISTRY, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from firsthand.errors import UserError
from firsthand.jobs.home import open_home
from firsthand.lake.read import open_table
from firsthand.tables import Interactions, Rejected
from firsthand.web.work.models import LastTime

METHODS = {"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"}
REQUESTS = Counter("firsthand_requests", "Requests answered.", ["view", "method", "status"])
SECONDS = Histogram(
    "firsthand_request_seconds", "How long requests took.", ["view"], buckets=(0.05, 0.1, 0.25, 1, 2.5, 10, 30, 120)
)


def count(request: HttpRequest, status: int, seconds: float) -> None:
    """Counts an answered request. Of an address that leads nowhere the view is `none`."""
    found = request.resolver_match
    view = found.view_name or found.route if found else "none"
    REQUESTS.labels(view, request.method if request.method in METHODS else "other", status).inc()
    SECONDS.labels(view).observe(seconds)


class Looked(Collector):
    """What is looked up when somebody asks; what cannot be looked up is left out."""

    def describe(self) -> Iterable[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        with suppress(DatabaseError):
            yield from [_tasks(), *_refresh()]
        with suppress(UserError, DeltaError, OSError):
            yield from _rows()


def _tasks() -> Metric:
    metric = GaugeMetricFamily("firsthand_tasks", "Background tasks of the last seven days.", labels=["state"])
    for state, number in DBTaskResult.objects.order_by().values_list("status").annotate(Count("pk")):
        metric.add_metric([state.lower()], number)
    return metric


def _refresh() -> Iterator[Metric]:
    last = LastTime.objects.filter(name="refresh").first()
    if last and last.succeeded_at:
        age = (timezone.now() - last.succeeded_at).total_seconds()
        yield GaugeMetricFamily("firsthand_refresh_age_seconds", "Since figures were last brought up to date in the background.", age)  # fmt: skip


def _rows() -> Iterator[Metric]:
    lake = open_home(settings.HOME).lake
    for table in (Interactions, Rejected):
        name, opened = table.table_name, open_table(lake, table.table_name)
        rows = sum(opened.get_add_actions(flatten=True)["num_records"].to_pylist()) if opened else 0
        yield GaugeMetricFamily(f"firsthand_{name}_rows", f"Rows of the table {name}, every version counted.", rows)


REGISTRY.register(Looked())
