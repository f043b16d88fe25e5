"""Which identifiers tell a person apart by themselves, and how they are written alike."""

from __future__ import annotations

WEAK = (
    "name", "first_name", "last_name", "address", "street", "city", "postcode", "country", "region",
    "date_of_birth", "ip",
)  # fmt: skip
"""Kinds that many people share: they never join two records by themselves."""


def keys_of(identifiers: str) -> str:
    """SQL of all keys (see `key_of`) of a list of identifiers, in its order."""
    return f"list_filter(list_transform({identifiers}, lambda e: {key_of('e')}), lambda k: k IS NOT NULL)"


def first_key(identifiers: str) -> str:
    """SQL of the first key of a list of identifiers. Most lists begin with it, and lists are slow to go through."""
    return f"coalesce({key_of(f'{identifiers}[1]')}, {keys_of(identifiers)}[1])"


def key_of(entry: str) -> str:
    """SQL of an identifier as one text, `kind=value`, written alike; null where it is weak or blank.

    entry: SQL of a struct of kind and value. E-mails are compared without case, phones by their digits.
    """
    kind, value = f"{entry}.kind", f"trim({entry}.value)"
    weak = ", ".join(f"'{name}'" for name in WEAK)
    alike = (
        f"CASE {kind} WHEN 'email' THEN lower({value}) "
        f"WHEN 'phone' THEN regexp_replace({value}, '[^0-9+]', '', 'g') ELSE {value} END"
    )
    return f"CASE WHEN {kind} NOT IN ({weak}) AND {alike} <> '' THEN {kind} || '=' || {alike} END"
