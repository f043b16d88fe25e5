"""Background work, task by task."""

from __future__ import annotations

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django_tasks import task

from firsthand.jobs.home import open_home


@task()
def look_ahead() -> int:
    """Brings the timeline up to date and works out what the pages ask without filters; returns how many answers were made."""
    from firsthand.jobs.refresh import refresh
    from firsthand.web.work.ahead import work_out_ahead

    refresh(open_home(settings.HOME))
    return work_out_ahead()


@task()
def compact_lake() -> dict[str, int]:
    """Merges small files of the lake."""
    from firsthand.jobs.maintain import compact

    return compact(open_home(settings.HOME))


@task()
def vacuum_lake() -> int:
    """Deletes files of the lake that no current version needs, after the grace period."""
    from firsthand.jobs.maintain import vacuum

    return vacuum(open_home(settings.HOME))


@task()
def tidy_database() -> None:
    """Deletes uploads that nobody imported, what was said of work done long ago, and sessions that are over; gives up work whose worker is
    gone; tells no more of the forgotten. What was deleted is then no longer in the database's file either.
    """
    from firsthand.web.audit.forgotten import tell_no_more
    from firsthand.web.data.imports import forget_old_uploads
    from firsthand.web.work.alive import give_up_what_nobody_does

    forget_old_uploads()
    give_up_what_nobody_does()
    tell_no_more(open_home(settings.HOME))
    call_command("prune_db_task_results", min_age_days=7, queue_name="*", verbosity=0)
    call_command("clearsessions")
    _write_through()


def _write_through() -> None:
    """Writes SQLite's log of writes into the file and empties it: older pages of what was deleted stand in it until then."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@task()
def retain_lake() -> None:
    """Lets go of what was kept as long as the settings say; looks for nothing where they say nothing."""
    from firsthand.jobs.retention import retain

    retain(open_home(settings.HOME))
