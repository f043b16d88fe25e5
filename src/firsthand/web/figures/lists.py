"""Questions whose answers name customers: that somebody asked them is in the audit log."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.base_user import AbstractBaseUser

from firsthand.web.audit.record import note
from firsthand.web.figures.filters import Filters
from firsthand.web.figures.questions import NEEDS


def note_lists(*, by: AbstractBaseUser, questions: Iterable[str], filters: Filters) -> None:
    """Writes down who got which lists of customers, and of what part of the world."""
    for question in questions:
        if NEEDS.get(question) == "list_customers":
            note(by=by, did="listed customers", about=f"{question}{filters.query}")
