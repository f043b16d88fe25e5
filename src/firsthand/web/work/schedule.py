"""What is done regularly, and how often."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from firsthand.web.voice import tasks as voice
from firsthand.web.work import tasks
from firsthand.web.work.models import LastTime

SCHEDULE: dict[str, tuple[Any, timedelta]] = {
    "refresh": (tasks.look_ahead, timedelta(minutes=2)),
    "compact": (tasks.compact_lake, timedelta(days=1)),
    "retention": (tasks.retain_lake, timedelta(days=1)),
    "tidy": (tasks.tidy_database, timedelta(hours=1)),
    "vacuum": (tasks.vacuum_lake, timedelta(days=1)),
    "read comments": (voice.read_comments, timedelta(minutes=5)),
    "find themes": (voice.find_themes, timedelta(days=1)),
}


def put_due_in_the_queue() -> list[str]:
    """Enqueues what is due, once however many workers look, and not while it waits or is being done; returns the names."""
    now, put = timezone.now(), []
    there = DBTaskResult.objects.filter(status__in=(TaskResultStatus.READY, TaskResultStatus.RUNNING))
    under_way = set(there.values_list("task_path", flat=True))
    for name, (task, every) in SCHEDULE.items():
        if task.module_path not in under_way and _claim(name, now, every):
            task.enqueue()
            put.append(name)
    return put


def _claim(name: str, now: Any, every: timedelta) -> bool:
    if LastTime.objects.filter(name=name, at__lte=now - every).update(at=now):
        return True
    if LastTime.objects.filter(name=name).exists():
        return False
    try:
        with transaction.atomic():
            LastTime.objects.create(name=name, at=now)
    except IntegrityError:
        return False
    return True
