"""Files of imports in the home: what was uploaded, readable by nobody else and deleted after the import, and mappings."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from firsthand.errors import UserError
from firsthand.web.data.models import Import

UPLOADS, MAPPINGS = "uploads", "mappings"
LONGEST_NAME = 150
"""Bytes of a file's name that are kept, the last ones; no file system takes more than 255."""
LEFT_OVER_SECONDS = 24 * 3600


def keep_upload(file: UploadedFile[Any]) -> tuple[str, str]:
    """Writes an uploaded file into a folder of its own, piece by piece; returns the folder's name and the file's."""
    name = safe_name(file.name or "")
    uploads = _uploads()
    folder = uploads / secrets.token_hex(8)
    folder.mkdir(mode=0o700)
    try:
        handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as written:
            for chunk in file.chunks():
                written.write(chunk)
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder.name, name


def uploaded(folder: str, name: str) -> Path:
    """Where an uploaded file lies."""
    return Path(settings.HOME) / UPLOADS / folder / name


def remove_upload(folder: str) -> None:
    """Deletes an uploaded file with its folder."""
    if folder:
        shutil.rmtree(Path(settings.HOME) / UPLOADS / folder, ignore_errors=True)


def remove_left_over(known: Iterable[str]) -> None:
    """Deletes what has lain among the uploads for a day and is not in a known folder: processes that were stopped left it."""
    kept, now = {*known}, time.time()
    for path in _uploads().iterdir():
        with suppress(FileNotFoundError):
            if path.name not in kept and now - path.stat().st_mtime > LEFT_OVER_SECONDS:
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def safe_name(name: str) -> str:
    """The name of a file without folders and what a file system or a message would stumble over."""
    plain = re.sub(r"[^\w.() -]", "_", name.replace("\\", "/").rpartition("/")[2]).strip(" .")
    return plain.encode()[-LONGEST_NAME:].decode("utf-8", "ignore").lstrip(" .") or "file"


def as_file(text: str) -> Path:
    """A mapping as a file for those who read one; the caller deletes it."""
    handle, name = tempfile.mkstemp(prefix="mapping-", suffix=".yaml", dir=_uploads())
    with os.fdopen(handle, "w", encoding="utf-8") as written:
        written.write(text)
    return Path(name)


def file_of(it: Import) -> Path:
    """Where the file of an import lies. Raises UserError where it is not there any more."""
    path = uploaded(it.folder, it.file_name)
    if not it.folder or not path.is_file():
        raise UserError(f"{it.file_name} is not here any more: files are deleted after the import. Upload it again.")
    return path


@contextmanager
def mapping_file(text: str) -> Iterator[Path]:
    """A mapping as a file, for as long as it is read; messages do not tell its name."""
    path = as_file(text)
    try:
        yield path
    except UserError as wrong:
        raise UserError(str(wrong).replace(str(path), "mapping")) from wrong
    finally:
        path.unlink(missing_ok=True)


def keep_mapping(text: str, source: str) -> Path:
    """Keeps a mapping in the home's folder `mappings/`, under the source's name; one that says something else stays."""
    folder = Path(settings.HOME) / MAPPINGS
    folder.mkdir(exist_ok=True)
    name = re.sub(r"[^\w-]", "_", source)[:80] or "mapping"
    number, path = 1, folder / f"{name}.yaml"
    while path.exists() and path.read_text("utf-8") != text:
        number += 1
        path = folder / f"{name}-{number}.yaml"
    path.write_text(text, "utf-8")
    return path


def kept_mappings() -> list[str]:
    """The names of the mappings in the home, the newest first."""
    folder = Path(settings.HOME) / MAPPINGS
    if not folder.is_dir():
        return []
    found = sorted(folder.glob("*.yaml"), key=lambda path: (-path.stat().st_mtime, path.name))
    return [path.name for path in found]


def kept_mapping(name: str) -> str | None:
    """The text of a kept mapping; None where there is none of that name."""
    return (Path(settings.HOME) / MAPPINGS / name).read_text("utf-8") if name in kept_mappings() else None


def _uploads() -> Path:
    folder = Path(settings.HOME) / UPLOADS
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
