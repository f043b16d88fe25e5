"""Imports from an upload to what it came to: each step in one piece, with who did it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from firsthand.errors import UserError
from firsthand.jobs.guess_mapping import guess_mapping
from firsthand.jobs.home import open_home
from firsthand.jobs.mapping_draft import ColumnDraft, Draft, as_text, faults_of
from firsthand.jobs.preview_import import preview_import
from firsthand.lake.read import rows
from firsthand.sources import FORMATS, Format, format_named, mapping
from firsthand.tables import Erasures
from firsthand.web.accounts.models import User
from firsthand.web.audit.record import note
from firsthand.web.data.files import (
    file_of,
    keep_mapping,
    keep_upload,
    mapping_file,
    remove_left_over,
    remove_upload,
    uploaded,
)
from firsthand.web.data.models import SILENT_RETRY, Import

Row = dict[str, Any]
State = Import.State
UPLOADED = [known for known in FORMATS if known.name != "olist"]
"""Formats of which one file can be imported; Olist's is a folder."""
FORGOTTEN_AFTER = timedelta(days=7)
"""How long a file lies there that was uploaded and not imported."""


def take_upload(*, file: UploadedFile[Any], format_name: str, by: User, source: str = "", customer: str = "", text: str = "") -> Import:  # fmt: skip
    """Takes in an uploaded file. Where its format needs a mapping, one is drafted, unless `text` is one already; the others wait.

    Raises UserError where the file cannot be read as the format; nothing of it is kept then.
    """
    forget_old_uploads()
    if text:
        check_mapping(text)
    folder, name = keep_upload(file)
    try:
        chosen = format_named(format_name)
        draft = guess(uploaded(folder, name), chosen, source) if chosen.mapped else None
        with transaction.atomic():
            it = Import.objects.create(
                file_name=name, folder=folder, format=format_name, source=source, customer=customer, by=by, size=file.size or 0,
                draft=asdict(draft) if draft else {}, mapping=text or (as_text(draft) if draft and not [*faults_of(draft)] else ""),
            )  # fmt: skip
            note(by=by, did="uploaded a file", about=f"import {it.pk}, {format_name}")
    except BaseException:
        remove_upload(folder)
        raise
    if not chosen.mapped:
        begin(it=it, by=by)
    return it


def guess(path: Path, chosen: Format, source: str) -> Draft:
    """The draft of a mapping for an uploaded file."""
    return guess_mapping(path, chosen, source=source or None)


def draft_of(it: Import) -> Draft:
    """The draft of an import as it was last saved."""
    told = dict(it.draft)
    columns = tuple(ColumnDraft(**(column | {"examples": tuple(column["examples"])})) for column in told.pop("columns"))
    return Draft(columns=columns, **told)


@transaction.atomic
def save_mapping(*, it: Import, text: str, draft: Draft | None = None) -> None:
    """Keeps the mapping of an import. Raises UserError where it is none, or the import is under way or done."""
    check_mapping(text)
    _only_if_open(it)
    it.mapping = text
    if draft:
        it.draft = asdict(draft)
    it.save(update_fields=["mapping", "draft"])


def check_mapping(text: str) -> str:
    """The name of the source that a mapping speaks of. Raises UserError, without the name of any file, where it is none."""
    with mapping_file(text) as path:
        return mapping.load(path).source


def preview(it: Import) -> Row:
    """The first rows of an import's file as interactions; nothing is written."""
    home = open_home(settings.HOME)
    with mapping_file(it.mapping) as path:
        return preview_import(home, file_of(it), format_named(it.format), path)


@transaction.atomic
def begin(*, it: Import, by: User) -> None:
    """Has an import done in the background. Raises UserError where its file is gone, or it is under way or done."""
    from firsthand.web.data.tasks import run_import

    file_of(it)
    source = it.source
    if format_named(it.format).mapped:
        source = check_mapping(it.mapping)
        keep_mapping(it.mapping, source)
    _only_if_open(it)
    Import.objects.filter(pk=it.pk).update(
        state=State.WAITING, source=source or it.file_name.split(".")[0], progress=0, said="", heard=timezone.now()
    )
    note(
        by=by,
        did="began an import",
        about=f"import {it.pk}, {it.format}, source {source or it.file_name.split('.')[0]}",
    )
    run_import.enqueue(it.pk)


@transaction.atomic
def begin_retry(*, format_name: str, source: str, text: str, by: User) -> Import:
    """Has rejected records tried again in the background. Raises UserError where a mapping is needed, or is none."""
    from firsthand.web.data.tasks import run_import

    if format_named(format_name).mapped and not text:
        raise UserError("Records of this format need the mended mapping.")
    if text:
        check_mapping(text)
    it = Import.objects.create(format=format_name, source=source, mapping=text, retry=True, state=State.WAITING, by=by)
    note(by=by, did="retried rejected records", about=f"import {it.pk}, {format_name}, source {source or 'all'}")
    run_import.enqueue(it.pk)
    return it


@transaction.atomic
def remove(*, it: Import, by: User) -> None:
    """Deletes an upload that was not imported. Raises UserError where it is under way or done."""
    _only_if_open(it)
    note(by=by, did="removed an upload", about=f"import {it.pk}, {it.format}")
    remove_upload(it.folder)
    it.delete()


def _only_if_open(it: Import) -> None:
    now = Import.objects.select_for_update().get(pk=it.pk)
    it.state, it.heard = now.state, now.heard
    if it.state not in (State.CHOSEN, State.FAILED) and not it.interrupted:
        raise UserError("This import was begun already.")


def forget_old_uploads() -> None:
    """Deletes what was uploaded and not imported for a week, or since before somebody was forgotten, whom it may name.

    What stopped processes left among the uploads goes as well.
    """
    now = timezone.now()
    erased = [row["erased_at"] for row in rows(open_home(settings.HOME).lake, Erasures).to_pylist() if row["kind"] == "person"]  # fmt: skip
    stopped = Q(state=State.RUNNING, heard__lt=now - SILENT_RETRY)
    old = Import.objects.filter(at__lt=max([now - FORGOTTEN_AFTER, *erased]))
    for it in old.filter(Q(state__in=[State.CHOSEN, State.FAILED]) | stopped):
        if Import.objects.filter(pk=it.pk, state=it.state, heard=it.heard).delete()[0]:
            remove_upload(it.folder)
    remove_left_over(Import.objects.exclude(folder="").values_list("folder", flat=True))
