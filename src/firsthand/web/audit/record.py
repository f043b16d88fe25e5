"""Writing into the audit log."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser

from firsthand.web.audit.models import Entry

LABELLED = "labelled a comment"
"""What is told about it is the comment's interaction id."""


def note(*, by: AbstractBaseUser | None, did: str, customer: str = "", about: str = "") -> None:
    """Adds an entry. by: None for the command line.  customer: an id, never a name or address."""
    Entry.objects.create(by=by, did=did, customer_id=customer, about=about[:300])
