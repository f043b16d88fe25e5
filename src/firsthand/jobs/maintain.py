"""Keeping the lake tidy: small files merged, files that nobody needs deleted."""

from __future__ import annotations

from datetime import timedelta

from firsthand.jobs.home import Home
from firsthand.lake import delta


def compact(home: Home) -> dict[str, int]:
    """Merges small files of every table; returns by how many files each has fewer."""
    return delta.compact(home.lake)


def vacuum(home: Home, *, grace_hours: int | None = None, now: bool = False) -> int:
    """Deletes files that no version of the last hours needs (default: the home's setting); returns how many.

    now: all that no current version needs, at once, and what stopped writes left behind: for when nobody else writes.
    """
    hours = home.settings.vacuum_grace_hours if grace_hours is None else grace_hours
    return delta.vacuum(home.lake, grace=timedelta(hours=0 if now else hours), whole=now)
