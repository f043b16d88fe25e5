"""The languages of the website: catalogues are text in the package, and compiled where the website starts."""

from __future__ import annotations

import os
from pathlib import Path

import polib


def compiled(catalogues: Path, home: Path) -> Path:
    """A folder with the compiled catalogues, one for each language, made anew where a text is newer."""
    folder = home / ".languages"
    for place in catalogues.glob("*/LC_MESSAGES"):
        texts = sorted(place.glob("*.po"))
        out = folder / place.relative_to(catalogues) / "django.mo"
        if not out.is_file() or out.stat().st_mtime < max(text.stat().st_mtime for text in texts):
            out.parent.mkdir(parents=True, exist_ok=True)
            whole = out.with_suffix(f".{os.getpid()}")
            every = [polib.pofile(str(text)) for text in texts]
            every[0].extend(entry for more in every[1:] for entry in more)
            every[0].save_as_mofile(str(whole))
            whole.replace(out)
    return folder
