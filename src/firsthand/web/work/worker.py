"""The background work's process: one thread puts what is due into the queue, the other does what is in it."""

from __future__ import annotations

import logging
import threading

from django.core.management import call_command
from django.db import DatabaseError, close_old_connections
from django_tasks.signals import task_finished

from firsthand.web.work.alive import give_up_what_nobody_does, living
from firsthand.web.work.outcomes import tell
from firsthand.web.work.schedule import put_due_in_the_queue

PAUSE = 5.0
log = logging.getLogger("firsthand.work")


def run(*, once: bool = False) -> None:
    """Works until it is told to stop (SIGTERM, Ctrl-C); a task that runs is finished first. once: until nothing waits."""
    task_finished.connect(tell)
    give_up_what_nobody_does()
    put_due_in_the_queue()
    with living() as name:
        if not once:
            threading.Thread(target=_schedule, daemon=True).start()
        call_command("db_worker", interval=1, batch=once, startup_delay=False, worker_id=name)


def _schedule() -> None:
    while True:
        threading.Event().wait(PAUSE)
        try:
            close_old_connections()
            put_due_in_the_queue()
        except DatabaseError:
            log.exception("the queue could not be filled")
