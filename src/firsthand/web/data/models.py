"""Imports that were begun on the website."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

SILENT, SILENT_RETRY = timedelta(minutes=5), timedelta(hours=1)
"""An import of which nothing was heard for so long was interrupted; a retry does not tell how far it is."""


class Import(models.Model):
    """A file that somebody uploaded, or a retry of what was put aside: by which mapping, how far it is, what it came to."""

    class State(models.TextChoices):
        CHOSEN = "chosen", _("chosen, not imported yet")
        WAITING = "waiting", _("waiting for the background work")
        RUNNING = "running", _("being imported")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    file_name = models.CharField(_("file"), max_length=200, blank=True)
    folder = models.CharField(max_length=40, blank=True)
    format = models.CharField(_("format"), max_length=20)
    source = models.CharField(_("source"), max_length=200, blank=True)
    customer = models.CharField(max_length=200, blank=True)
    mapping = models.TextField(_("mapping"), blank=True)
    draft = models.JSONField(default=dict, blank=True)
    retry = models.BooleanField(default=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.CHOSEN)
    size = models.BigIntegerField(default=0)
    progress = models.BigIntegerField(default=0)
    tally = models.JSONField(default=dict, blank=True)
    said = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    heard = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.file_name or self.source

    @property
    def under_way(self) -> bool:
        return self.state in (self.State.WAITING, self.State.RUNNING)

    @property
    def interrupted(self) -> bool:
        """Whether it was being done and nothing was heard of it for long."""
        return self.state == self.State.RUNNING and timezone.now() - self.heard > (
            SILENT_RETRY if self.retry else SILENT
        )

    @property
    def percent(self) -> int:
        """How much of the file was read, in percent."""
        return min(100, round(100 * self.progress / self.size)) if self.size else 0

    @property
    def rejected(self) -> int:
        """How many records were put aside."""
        return sum(self.tally.get("rejected", {}).values())
