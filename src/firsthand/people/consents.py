"""Consent and opt-outs: what was said of an identifier holds for that identifier alone, whoever it turns out to belong to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

Row = dict[str, Any]


def holding(consents: Iterable[Row], keys: Sequence[str]) -> list[Row]:
    """What holds of some identifiers: for each of them and each purpose, what was said last.

    consents: rows of tables.Consents. Of two that were said at one moment, the opt-out holds.
    """
    held: dict[tuple[str, str], Row] = {}
    for row in sorted(consents, key=lambda row: (row["said_at"], not row["given"])):
        if row["key"] in keys:
            held[row["key"], row["purpose"]] = row
    return [held[pair] for pair in sorted(held)]


def may_contact(consents: Iterable[Row], key: str, purpose: str) -> tuple[bool, Row | None]:
    """Whether somebody may be contacted at an identifier for a purpose, and what was said of it; None where nothing was.

    Only what was said of this very identifier and purpose counts. Who never said yes there, said no: a consent at another
    identifier of the same person is no consent here, and an opt-out there takes none away.
    """
    said = next((row for row in holding(consents, [key]) if row["purpose"] == purpose), None)
    return said is not None and bool(said["given"]), said
