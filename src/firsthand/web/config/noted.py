"""What commands do about customers, in the audit log of the website."""

from __future__ import annotations

from firsthand.errors import UserError
from firsthand.jobs.database import sqlite_file
from firsthand.jobs.home import Home


def noted(home: Home, did: str, *, customer: str) -> None:
    """Adds an entry of the command line, where the website was ever started. Raises UserError where it cannot be written."""
    file = sqlite_file(home)
    if file is not None and not file.is_file():
        return
    try:
        from django.apps import apps
        from django.db import DatabaseError

        from firsthand.web.config.start import set_up
    except ImportError as missing:
        raise UserError(f"This is not in the website's audit log ({missing.name} is missing): {did}. pip install 'firsthand[web]'") from missing  # fmt: skip
    if not apps.ready:
        set_up(home.folder)
    from firsthand.web.audit.record import note

    try:
        note(by=None, did=did, customer=customer)
    except DatabaseError as wrong:
        raise UserError(f"This is not in the website's audit log, which cannot be written ({type(wrong).__name__}): {did}. See: firsthand doctor") from wrong  # fmt: skip
