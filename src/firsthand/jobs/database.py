"""Where the website's database is; the core only backs it up and looks whether it is sound."""

from __future__ import annotations

import os
from pathlib import Path

from firsthand.jobs.home import Home


def database_url(home: Home) -> str:
    """The address of the website's database: `DATABASE_URL`, else the setting; of SQLite's file, from the root."""
    url = os.environ.get("DATABASE_URL") or home.settings.database
    scheme, _colon, path = url.partition(":///")
    return f"sqlite:///{home.folder.absolute() / path}" if scheme == "sqlite" and path else url


def sqlite_file(home: Home) -> Path | None:
    """The file of the website's database; None where it is on a server."""
    scheme, _colon, path = database_url(home).partition(":///")
    return Path(path) if scheme == "sqlite" and path else None
