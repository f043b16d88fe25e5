"""The background work: what is due is put into the queue once, and done."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import time
from datetime import timedelta
from typing import Any

import pytest

from firsthand.jobs.home import Home


def test_what_is_due_is_put_into_the_queue_once(database: None) -> None:
    from firsthand.web.work.schedule import SCHEDULE, put_due_in_the_queue

    assert put_due_in_the_queue() == list(SCHEDULE)
    assert put_due_in_the_queue() == []


def test_what_was_put_there_long_ago_is_due_again(database: None) -> None:
    from django.utils import timezone
    from django_tasks_db.models import DBTaskResult

    from firsthand.web.work.models import LastTime
    from firsthand.web.work.schedule import put_due_in_the_queue

    put_due_in_the_queue()
    LastTime.objects.filter(name="vacuum").update(at=timezone.now() - timedelta(days=2))
    assert put_due_in_the_queue() == [], "one waits already"
    DBTaskResult.objects.update(status="SUCCESSFUL")
    assert put_due_in_the_queue() == ["vacuum"]


def test_what_somebody_waits_for_comes_before_what_is_scheduled(database: None) -> None:
    from django_tasks_db.models import DBTaskResult

    from firsthand.web.customers.afterwards import refresh_later
    from firsthand.web.data.tasks import run_import
    from firsthand.web.voice.tasks import learn
    from firsthand.web.work.tasks import look_ahead

    refresh_later()
    refresh_later()
    learn.enqueue(1)
    run_import.enqueue(1)
    waiting = list(DBTaskResult.objects.ready().values_list("task_path", flat=True))
    assert waiting == [run_import.module_path, learn.module_path, look_ahead.module_path]


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


def ended(name: str, wrong: Exception | None = None) -> None:
    """Tells what the worker tells when scheduled work has ended."""
    from django_tasks_db.models import DBTaskResult

    from firsthand.web.work.outcomes import tell
    from firsthand.web.work.schedule import SCHEDULE

    row = DBTaskResult.objects.get(pk=SCHEDULE[name][0].enqueue().id)
    row.set_failed(wrong) if wrong else row.set_successful(None)
    tell(sender=None, task_result=row.task_result)


def test_doctor_tells_why_background_work_fails(database: None) -> None:
    from firsthand.errors import MapError
    from firsthand.web.config.examined import _work
    from firsthand.web.work.schedule import put_due_in_the_queue

    put_due_in_the_queue()
    ended("refresh")
    assert [row["state"] for row in _work()] == ["well"]
    ended("refresh", MapError("map.yaml: stages is no list."))
    ended("tidy", ValueError("ada@example.org"))
    refresh, tidy = _work()
    assert "(MapError: map.yaml: stages is no list.)" in refresh["found"]
    assert "(ValueError)" in tidy["found"], "what others than users' errors say may be anybody's data"
    ended("refresh")
    assert [row["found"][:4] for row in _work()] == ["Tidy"]


def test_doctor_warns_of_work_that_is_put_in_the_queue_and_never_done(database: None) -> None:
    from django.utils import timezone

    from firsthand.web.config.examined import _work
    from firsthand.web.work.models import LastTime
    from firsthand.web.work.schedule import put_due_in_the_queue

    put_due_in_the_queue()
    LastTime.objects.filter(name="refresh").update(succeeded_at=timezone.now() - timedelta(hours=2))
    assert [(row["state"], row["found"][:7]) for row in _work()] == [("warning", "Refresh")]


def test_a_page_says_since_when_nothing_is_worked_out_anew(own_home: Home, client_as: Any) -> None:
    from django.utils import timezone

    from firsthand.web.figures import answers
    from firsthand.web.work.models import LastTime

    client = client_as("viewer")
    client.get("/promises/")
    own_home.map_file.write_text(own_home.map_file.read_text("utf-8") + "# told anew\n", "utf-8")
    answers._looked.clear()
    assert "has not succeeded yet" in client.get("/promises/").content.decode()
    now = timezone.now()
    last = LastTime.objects.create(name="refresh", at=now, succeeded_at=now)
    assert "has not succeeded" not in client.get("/promises/").content.decode()
    last.succeeded_at -= timedelta(hours=2)
    last.save()
    assert "has not succeeded since" in client.get("/promises/").content.decode()


def test_what_a_killed_worker_was_doing_has_failed_and_what_a_living_one_does_goes_on(
    own_home: Home, client_as: Any
) -> None:
    from django_tasks_db.models import DBTaskResult

    from firsthand.web.voice import labelling, tasks
    from firsthand.web.work.alive import give_up_what_nobody_does, living

    task = DBTaskResult.objects.get(pk=tasks.learn.enqueue(1).id)
    with living() as name:
        task.claim(name)
        assert give_up_what_nobody_does() == 0
        assert labelling._learnt()["learning"]
    assert give_up_what_nobody_does() == 1
    assert (labelling._learnt()["learning"], labelling._learnt()["failed"]) == (False, True)


def test_what_was_remembered_is_not_pushed_out_by_some_hundred_failed_logins(database: None) -> None:
    from django.core.cache import cache

    from firsthand.web.voice.tasks import READ_OF

    cache.set(READ_OF, "all", None)
    cache.set_many({f"failed-{number}": 1 for number in range(400)})
    assert cache.get(READ_OF) == "all"
    assert len(cache.get_many([f"failed-{number}" for number in range(400)])) == 400


def test_a_page_that_would_wait_for_long_says_so_and_its_figures_are_worked_out_meanwhile(
    own_home: Home, client_as: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    from firsthand.web.figures import turns

    client = client_as("viewer")
    monkeypatch.setattr(settings, "PATIENCE", 0.05)
    with turns._working:
        page = client.get("/promises/?channel=web")
        asked = client.get("/api/figures/promises?channel=web")
    assert (page.status_code, page.headers["Retry-After"]) == (503, "10")
    assert '<meta http-equiv="refresh" content="10">' in page.content.decode()
    assert (asked.status_code, asked.headers["Retry-After"]) == (503, "10")
    while turns._under_way:
        time.sleep(0.05)
    with turns._working:
        assert client.get("/api/figures/promises?channel=web").status_code == 200


SAID = """
import logging, pathlib, sys
from firsthand.web.config.start import set_up
set_up(pathlib.Path(sys.argv[1]))
worker = logging.getLogger("django_tasks")
worker.setLevel(logging.INFO)  # as its command does
worker.info("a task runs")
worker.error("a task failed")
"""


def test_on_a_terminal_only_what_went_wrong_is_told(website: Home) -> None:
    command = [sys.executable, "-c", SAID, str(website.folder)]
    ours, theirs = pty.openpty()
    piped = subprocess.run(command, check=True, capture_output=True, text=True).stderr
    subprocess.run(command, check=True, stderr=theirs)
    shown = os.read(ours, 10_000).decode()
    os.close(theirs)
    os.close(ours)
    assert "a task runs" in piped
    assert "a task failed" in piped
    assert "a task failed" in shown
    assert "a task runs" not in shown
