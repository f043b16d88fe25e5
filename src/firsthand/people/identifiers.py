"""Which identifiers tell a person apart by themselves, and how they are written alike."""

from __future__ import annotations

WEAK = (
    "name", "first_name", "last_name", "address", "street", "city", "postcode", "country", "region",
    "date_of_birth", "ip",
)  # fmt: skip
"""Kinds that many people share: they never join two records by themselves."""


def keys_of(identifiers: str, country: str = "") -> str:
    """SQL of all keys (see `key_of`) of a list of identifiers, in its order."""
    return f"list_filter(list_transform({identifiers}, lambda e: {key_of('e', country)}), lambda k: k IS NOT NULL)"


def first_key(identifiers: str, country: str = "") -> str:
    """SQL of the first key of a list of identifiers. Most lists begin with it, and lists are slow to go through."""
    return f"coalesce({key_of(f'{identifiers}[1]', country)}, {keys_of(identifiers, country)}[1])"


def key_of(entry: str, country: str = "") -> str:
    """SQL of an identifier as one text, `kind=value`, written alike; null where it is weak or blank.

    entry: SQL of a struct of kind and value.  country: whose phone numbers are told without a country (ISO 3166).
    E-mails are compared without case, phones as E.164.
    """
    kind, value = f"{entry}.kind", f"trim({entry}.value)"
    weak = ", ".join(f"'{name}'" for name in WEAK)
    alike = f"CASE {kind} WHEN 'email' THEN lower({value}) WHEN 'phone' THEN {_phone(value, country)} ELSE {value} END"
    return f"CASE WHEN {kind} NOT IN ({weak}) AND {alike} <> '' THEN {kind} || '=' || {alike} END"


def _phone(value: str, country: str) -> str:
    """SQL of a phone number in E.164, after the numbering plan of its country; without one, its digits."""
    digits = f"regexp_replace(replace({value}, '(0)', ''), '[^0-9+]', '', 'g')"
    if not country:
        return f"regexp_replace({digits}, '^00', '+')"
    from phonenumbers import PhoneMetadata

    plan = PhoneMetadata.metadata_for_region(country)
    if plan is None:
        return _phone(value, "")
    abroad, trunk = f"^(?:{plan.international_prefix})", f"^{plan.national_prefix or ''}"
    return (
        f"CASE WHEN {digits} = '' OR {digits} LIKE '+%' THEN {digits} "
        f"WHEN regexp_matches({digits}, '{abroad}') THEN regexp_replace({digits}, '{abroad}', '+') "
        f"ELSE '+{plan.country_code}' || regexp_replace({digits}, '{trunk}', '') END"
    )
