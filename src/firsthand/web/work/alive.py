"""Which workers live: each holds a lock in the home as long as it does. What another was doing has failed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django_tasks_db.models import DBTaskResult
from filelock import FileLock, Timeout

from firsthand.errors import UserError


@contextmanager
def living() -> Iterator[str]:
    """The name of a new worker, which lives until it leaves."""
    name = uuid4().hex
    file = _file(name)
    file.parent.mkdir(exist_ok=True)
    with FileLock(file):
        yield name
    file.unlink(missing_ok=True)


def give_up_what_nobody_does() -> int:
    """Marks tasks as failed whose worker was killed while it did them; returns how many."""
    lost = [task for task in DBTaskResult.objects.running() if not _lives(task.worker_ids[-1])]
    for task in lost:
        task.set_failed(UserError("The worker was stopped while it did this."))
    return len(lost)


def _lives(name: str) -> bool:
    file = _file(name)
    if not file.exists():
        return False
    try:
        FileLock(file).acquire(timeout=0).lock.release()
    except Timeout:
        return True
    file.unlink(missing_ok=True)
    return False


def _file(name: str) -> Path:
    folder: Path = settings.HOME
    return folder / ".workers" / name
