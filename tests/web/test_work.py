"""The background work: what is due is put into the queue once, and done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from firsthand.jobs.home import Home


def test_what_is_due_is_put_into_the_queue_once(database: None) -> None:
    from firsthand.web.work.schedule import SCHEDULE, put_due_in_the_queue

    assert put_due_in_the_queue() == list(SCHEDULE)
    assert put_due_in_the_queue() == []


def test_what_was_put_there_long_ago_is_due_again(database: None) -> None:
    from django.utils import timezone

    from firsthand.web.work.models import LastTime
    from firsthand.web.work.schedule import put_due_in_the_queue

    put_due_in_the_queue()
    LastTime.objects.filter(name="vacuum").update(at=timezone.now() - timedelta(days=2))
    assert put_due_in_the_queue() == ["vacuum"]


def test_an_answer_of_before_the_last_change_is_told_and_renewed_behind_the_page(
    own_home: Home, client_as: Any
) -> None:
    from django_tasks_db.models import DBTaskResult

    client = client_as("viewer")
    first = client.get("/promises/").content.decode()
    assert "they are being worked out anew" not in first
    own_home.map_file.write_text(own_home.map_file.read_text("utf-8") + "# told anew\n", "utf-8")
    from firsthand.web.figures import answers

    answers._looked.clear()
    waiting = DBTaskResult.objects.count()
    assert "they are being worked out anew" in client.get("/promises/").content.decode()
    renewals = DBTaskResult.objects.count() - waiting
    assert renewals > 0
    client.get("/promises/")
    assert DBTaskResult.objects.count() - waiting == renewals, "asked for once, however often the page is opened"
