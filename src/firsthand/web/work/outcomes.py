"""What became of scheduled work: when each sort last succeeded and last failed, and which is behind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django_tasks.base import TaskError, TaskResult, TaskResultStatus

from firsthand.errors import UserError
from firsthand.web.work.models import LastTime
from firsthand.web.work.schedule import SCHEDULE

PATIENCE = timedelta(minutes=15)
"""How long any work may be behind, such as while a large file is imported."""
TURNS = 3
"""How often work may be left out."""
SILENCE = timedelta(hours=1)
"""How long pages do not say that the background work does nothing."""


def tell(task_result: TaskResult[Any], **_: Any) -> None:
    """Writes down how a task ended, if it is scheduled work: a receiver of `task_finished`."""
    name = next((name for name, (task, _) in SCHEDULE.items() if task.module_path == task_result.task.module_path), "")
    if task_result.status == TaskResultStatus.SUCCESSFUL:
        LastTime.objects.filter(name=name).update(succeeded_at=timezone.now())
    elif task_result.status == TaskResultStatus.FAILED:
        error, said = _told(task_result.errors[-1])
        LastTime.objects.filter(name=name).update(failed_at=timezone.now(), error=error[:100], said=said[:500])


def _told(error: TaskError) -> tuple[str, str]:
    """The name of an error, and what it says, if it is told to users: what others say may hold anybody's data."""
    path = error.exception_class_path
    try:
        for_users = issubclass(error.exception_class, UserError)
    except (ImportError, ValueError):
        for_users = False
    said = error.traceback.rpartition(f"{path}: ")[2].strip() if for_users else ""
    return path.rpartition(".")[2], said


def behind() -> Iterator[tuple[str, LastTime]]:
    """The scheduled work that failed when it was last done, or has not been done for some turns."""
    known = LastTime.objects.in_bulk()
    for name, (_task, every) in SCHEDULE.items():
        last = known.get(name)
        if last and (last.failed or timezone.now() - (last.succeeded_at or last.at) > max(every * TURNS, PATIENCE)):
            yield name, last


def silent() -> dict[str, datetime | None] | None:
    """Since when figures have not been brought up to date in the background (`since`; None: never), if that is long ago."""
    last = LastTime.objects.filter(name="refresh").first()
    since = last.succeeded_at if last else None
    if last and not last.failed and since is None:
        return None
    return {"since": since} if since is None or timezone.now() - since > SILENCE else None


def told(request: HttpRequest) -> dict[str, Any]:
    """What templates know of it; looked up where one asks."""
    return {"silent": silent}
