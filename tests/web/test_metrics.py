"""Metrics for whoever watches over the website."""

from __future__ import annotations

from typing import Any

from firsthand.jobs.home import Home


def metrics_of(client: Any) -> dict[str, float]:
    lines = client.get("/metrics").content.decode().splitlines()
    return {name: float(value) for name, _blank, value in (line.rpartition(" ") for line in lines if line[0] != "#")}


def test_requests_are_counted_by_view_and_never_by_address(home: Home, client_as: Any) -> None:
    client = client_as("analyst")
    before = metrics_of(client)
    client.get("/settings/people/4711/?customer=ada")
    client.get("/ada@example.org")
    after = metrics_of(client)
    told = 'firsthand_requests_total{method="GET",status="403",view="settings_person"}'
    assert after[told] == before.get(told, 0) + 1
    nowhere = 'firsthand_requests_total{method="GET",status="404",view="none"}'
    assert after[nowhere] == before.get(nowhere, 0) + 1
    assert 'firsthand_request_seconds_count{view="settings_person"}' in after
    assert not [name for name in after if "4711" in name or "ada" in name]


def test_work_and_record_are_looked_up_when_they_are_asked_for(home: Home, client_as: Any) -> None:
    from django.utils import timezone

    from firsthand.web.work.models import LastTime
    from firsthand.web.work.tasks import vacuum_lake

    client = client_as("viewer")
    before = metrics_of(client)
    vacuum_lake.enqueue()
    LastTime.objects.create(name="refresh", at=timezone.now(), succeeded_at=timezone.now())
    after = metrics_of(client)
    assert "firsthand_refresh_age_seconds" not in before
    assert 0 <= after["firsthand_refresh_age_seconds"] < 60
    ready = 'firsthand_tasks{state="ready"}'
    assert after[ready] == before.get(ready, 0) + 1
    assert after["firsthand_interactions_rows"] > 0
    assert after["firsthand_rejected_rows"] >= 0
