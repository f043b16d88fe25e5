"""Homes that are made once and copied: what making them costs is paid once, and each test changes its own."""

from __future__ import annotations

import shutil
from pathlib import Path

from firsthand.jobs.home import Home, open_home


def copied(home: Home, folder: Path) -> Home:
    """A home of one's own, with all that is in another but the answers that are kept there."""
    shutil.copytree(home.folder, folder, ignore=shutil.ignore_patterns("kept"))
    return open_home(folder)


def sharing_answers(home: Home, folder: Path, kept: Path) -> Home:
    """A home of one's own, whose answers are kept where those of others like it are."""
    made = copied(home, folder)
    kept.mkdir(exist_ok=True)
    (folder / "kept").symlink_to(kept)
    return made
