"""When scheduled work was last put into the queue."""

from __future__ import annotations

from django.db import models


class LastTime(models.Model):
    """One row for each sort of work."""

    name = models.CharField(max_length=60, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M}"
