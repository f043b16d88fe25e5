"""What `firsthand doctor` looks at of the website."""

from __future__ import annotations

import os
from datetime import datetime
from typing import Any

from firsthand.jobs.database import sqlite_file
from firsthand.jobs.doctor import BROKEN, WARNING, WELL, row
from firsthand.jobs.home import Home

Row = dict[str, Any]


def examined(home: Home) -> list[Row]:
    """Rows as of jobs.doctor: the database, who may log in, the background work, and what the environment says."""
    file = sqlite_file(home)
    if file is not None and not file.is_file():
        return [row("website", WELL, "The website was never started here.")]
    from firsthand.web.config.start import set_up

    try:
        set_up(home.folder)
    except ImportError as missing:
        return [row("website", BROKEN, f"{missing.name} is missing.", "pip install 'firsthand[web]'")]
    return [*_database(), *_environment()]


def _database() -> list[Row]:
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            found = f"The website's database ({connection.vendor}) lacks {len(plan)} migrations."
            return [row("database", BROKEN, found, "Start the website: it brings the database up to date.")]
        return [
            row("database", WELL, f"The website's database ({connection.vendor}) is up to date."),
            *_people(),
            *_work(),
        ]
    except DatabaseError as wrong:
        found = f"The website's database cannot be reached ({type(wrong).__name__})."
        return [row("database", BROKEN, found, "Start the server, and look at DATABASE_URL or the setting `database`.")]


def _people() -> list[Row]:
    from firsthand.web.accounts.models import User
    from firsthand.web.accounts.roles import Role

    may = User.objects.filter(is_active=True)
    if may.filter(role=Role.ADMINISTRATOR).exists():
        return [row("people", WELL, f"{may.count()} may log in.")]
    mend = "firsthand user add EMAIL --role administrator"
    return [row("people", WARNING, "Nobody is administrator.", mend)]


def _work() -> list[Row]:
    from firsthand.web.work.models import LastTime
    from firsthand.web.work.outcomes import behind

    mend = "firsthand work (firsthand serve does it too)"
    if not LastTime.objects.exists():
        return [row("work", WARNING, "No background work was put in the queue yet.", mend)]
    found = []
    for name, last in behind():
        told = f"{name.capitalize()}: succeeded last {_at(last.succeeded_at)}, failed last {_at(last.failed_at)}"
        why = ": ".join(part for part in (last.error, last.said) if part)
        mend_it = "Mend what is named; it is tried again by itself." if last.said else mend
        found.append(row("work", WARNING, f"{told}{f' ({why})' if why else ''}.", mend_it))
    return found or [
        row("work", WELL, "The background work runs; all that is scheduled succeeded when it was last done.")
    ]


def _at(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "never"


def _environment() -> list[Row]:
    https = os.environ.get("FIRSTHAND_HTTPS", "") not in ("", "0")
    hosts = os.environ.get("FIRSTHAND_HOSTS", "")
    if hosts and not https:
        found = "FIRSTHAND_HOSTS is set and FIRSTHAND_HTTPS is not: cookies go over connections that others can read."
        return [row("https", WARNING, found, "Put TLS in front and set FIRSTHAND_HTTPS=1.")]
    if https and not hosts:
        found = "FIRSTHAND_HTTPS is set and FIRSTHAND_HOSTS is not: only localhost is answered."
        return [row("https", WARNING, found, "Set FIRSTHAND_HOSTS to the names by which the website is reached.")]
    return [row("https", WELL, f"Reached as {hosts} over HTTPS." if https else "Reached from this machine only.")]
