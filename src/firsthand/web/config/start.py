"""Starting: Django is set up for a home, and its database brought up to date by one process at a time."""

from __future__ import annotations

import os
from pathlib import Path

import django
from filelock import FileLock

from firsthand.jobs.database import sqlite_file
from firsthand.jobs.home import open_home


def set_up(home: Path | None) -> Path:
    """Makes Django serve a home in this process; returns the home's folder. Raises HomeError where there is none."""
    folder = open_home(home).folder.absolute()
    os.environ["FIRSTHAND_HOME"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "firsthand.web.config.settings"
    django.setup()
    return folder


def migrate(folder: Path) -> None:
    """Brings the database up to date. Of several processes that start at once, one does it and the others wait.

    A new one only its owner may read: sessions and second factors are in it.
    """
    from django.core.management import call_command
    from django.db import connection

    with FileLock(folder / ".migrating"):
        if file := sqlite_file(open_home(folder)):
            file.touch(0o600)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(20261122)")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(20261122)")
