"""The audit log."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class Entry(models.Model):
    """One thing that somebody saw or did. It is never changed, but that it names nobody who was forgotten; it holds a customer's id, and no words or addresses of theirs."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    did = models.CharField(max_length=60)
    customer_id = models.CharField(max_length=64, blank=True, db_index=True)
    about = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.by or 'command line'} {self.did}"
