"""When scheduled work was last put into the queue, and what became of it."""

from __future__ import annotations

from django.db import models


class LastTime(models.Model):
    """One row for each sort of work. error, said: of the last failure the error's name, and, if a user can mend it, what it says."""

    name = models.CharField(max_length=60, primary_key=True)
    at = models.DateTimeField()
    succeeded_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=100, blank=True)
    said = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M}"

    @property
    def failed(self) -> bool:
        """Whether it failed since it last succeeded."""
        return self.failed_at is not None and (self.succeeded_at is None or self.failed_at > self.succeeded_at)
