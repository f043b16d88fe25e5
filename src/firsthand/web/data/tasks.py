"""Imports and retries, done in the background."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone
from django_tasks import task

from firsthand.capture import Tally
from firsthand.errors import UserError
from firsthand.jobs.home import open_home
from firsthand.jobs.import_files import import_files
from firsthand.jobs.rejections import retry_rejections
from firsthand.sources import format_named
from firsthand.web.data.files import file_of, mapping_file, remove_upload
from firsthand.web.data.models import Import
from firsthand.web.figures.answers import AWAITED_MOST

TELL_SECONDS = 0.5
log = logging.getLogger("firsthand.work")


@task(priority=AWAITED_MOST)
def run_import(pk: int) -> dict[str, Any]:
    """Imports an uploaded file, or tries rejected records again; how far it is stands in the database. The file is deleted after."""
    it = Import.objects.get(pk=pk)
    mine = Import.objects.filter(pk=pk)
    if not mine.filter(state=Import.State.WAITING).update(state=Import.State.RUNNING, heard=timezone.now()):
        return {}
    try:
        tally = _retried(it) if it.retry else _imported(it)
    except UserError as wrong:
        mine.update(state=Import.State.FAILED, said=str(wrong))
        return {}
    except Exception:
        mine.update(state=Import.State.FAILED, said="")
        log.exception("import %s broke", pk)
        raise
    document = tally.document()
    mine.update(state=Import.State.DONE, progress=it.size, tally=document, folder="", draft={}, heard=timezone.now())
    remove_upload(it.folder)
    return document


def _imported(it: Import) -> Tally:
    home, chosen = open_home(settings.HOME), format_named(it.format)
    advance = _Progress(it.pk)
    if not chosen.mapped:
        return import_files(
            home, [file_of(it)], chosen, source=it.source or None, customer=it.customer or None, advance=advance
        )
    with mapping_file(it.mapping) as path:
        return import_files(home, [file_of(it)], chosen, mapping_file=path, advance=advance)


def _retried(it: Import) -> Tally:
    home, source = open_home(settings.HOME), it.source or None
    if not it.mapping:
        return retry_rejections(home, format_name=it.format, source=source)
    with mapping_file(it.mapping) as path:
        return retry_rejections(home, format_name=it.format, source=source, mapping_file=path)


class _Progress:
    """Tells the database how many bytes were read, not more often than twice a second.

    Files are read in a thread of their own, which has its own connection; a telling that fails does not stop the import.
    """

    def __init__(self, pk: int) -> None:
        self.pk, self.read, self.told = pk, 0, 0.0
        self.thread = threading.get_ident()

    def __call__(self, count: int) -> None:
        self.read += count
        self.told = self.told or time.monotonic()
        if time.monotonic() - self.told < TELL_SECONDS:
            return
        self.told = time.monotonic()
        try:
            Import.objects.filter(pk=self.pk).update(progress=self.read, heard=timezone.now())
        except DatabaseError:
            log.warning("how far import %s is could not be told", self.pk)
        finally:
            if threading.get_ident() != self.thread:
                connection.close()
