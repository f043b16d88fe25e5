"""The languages of the website: catalogues are text in the package, and compiled where the website starts."""

from __future__ import annotations

import os
from pathlib import Path

import polib


def compiled(catalogues: Path, home: Path) -> Path:
    """A folder with the compiled catalogues, made anew where a text is newer."""
    folder = home / ".languages"
    for text in catalogues.glob("*/LC_MESSAGES/django.po"):
        out = folder / text.parent.relative_to(catalogues) / "django.mo"
        if not out.is_file() or out.stat().st_mtime < text.stat().st_mtime:
            out.parent.mkdir(parents=True, exist_ok=True)
            whole = out.with_suffix(f".{os.getpid()}")
            polib.pofile(str(text)).save_as_mofile(str(whole))
            whole.replace(out)
    return folder
