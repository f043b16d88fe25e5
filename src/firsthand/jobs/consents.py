"""Consent and opt-outs of a home: written down by identifier, and asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from firsthand.errors import HomeError, UserError
from firsthand.jobs.home import Home, moment
from firsthand.jobs.who_is_who import customer
from firsthand.lake import delta
from firsthand.lake.read import rows
from firsthand.people import consents as said_of
from firsthand.people import written_alike
from firsthand.tables import Consents

Row = dict[str, Any]


def consent(home: Home, who: str, *, purpose: str, given: bool, by: str, at: str | None = None) -> Row:
    """Writes down that somebody said yes or no to a purpose at an identifier; it need not be in the record yet.

    at: when it was said, in the home's time zone; else now. Raises UserError where `who` is no strong identifier.
    """
    try:
        said_at = moment(at, home.settings.timezone) if at else datetime.now(UTC)
    except HomeError as wrong:
        raise UserError(f'--at "{at}" is not a date (expected 2026-03-31 or 2026-03-31T12:00).') from wrong
    row = {
        "key": _key(home, who),
        "purpose": purpose,
        "given": given,
        "said_at": said_at,
        "by": by,
        "told_at": datetime.now(UTC),
    }
    delta.add(home.lake, Consents, [row])
    return row


def consents_of(home: Home, keys: Sequence[str]) -> list[Row]:
    """What holds of some identifiers by now, by identifier and purpose, as in tables.Consents."""
    return said_of.holding(rows(home.lake, Consents).to_pylist(), keys)


def may_contact(home: Home, who: str, purpose: str) -> Row:
    """Where somebody may be contacted for a purpose: at an identifier, or at each of those of a customer (by id)."""
    key = _key(home, who) if "=" in who else written_alike(who, home.settings.country)
    keys = [key] if key else customer(home, who)[1]
    told = rows(home.lake, Consents).to_pylist()
    answers = [(key, *said_of.may_contact(told, key, purpose)) for key in keys]
    return {
        "purpose": purpose,
        "identifiers": [
            {"key": key, "allowed": allowed, "said_at": said and said["said_at"], "by": said and said["by"]}
            for key, allowed, said in answers
        ],
    }


def _key(home: Home, who: str) -> str:
    """An identifier written alike."""
    found = written_alike(who, home.settings.country)
    if found is None:
        raise UserError(
            f'"{who}" is no strong identifier (expected email=kim@example.org). Consent is kept by identifier.'
        )
    return found
