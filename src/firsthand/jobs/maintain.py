"""Keeping the lake tidy: small files merged, files that nobody needs deleted."""

from __future__ import annotations

from datetime import timedelta

from firsthand.jobs.home import Home
from firsthand.lake import delta


def compact(home: Home) -> dict[str, int]:
    """Merges small files of every table; returns by how many files each has fewer."""
    return delta.compact(home.lake)


def vacuum(home: Home, *, grace_hours: int | None = None) -> int:
    """Deletes files that no version of the last hours needs (default: the home's setting); returns how many."""
    hours = home.settings.vacuum_grace_hours if grace_hours is None else grace_hours
    return delta.vacuum(home.lake, grace=timedelta(hours=hours))
