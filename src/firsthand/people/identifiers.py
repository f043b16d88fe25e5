"""Which identifiers tell a person apart by themselves, and how they are written alike."""

from __future__ import annotations

from functools import cache

import duckdb

from firsthand.people.normal import BLANKS
from firsthand.people.phones import teach_phones

WEAK = (
    "name", "first_name", "last_name", "address", "street", "city", "postcode", "country", "region",
    "date_of_birth", "ip",
)  # fmt: skip
"""Kinds that many people share: they never join two records by themselves."""

SILENT = (*BLANKS, "guest", "gast", "anonymous", "anonym")
"""What stands in the place of an identifier where there is none; nothing but zeros, blanks or punctuation says as little."""

ALIKE = 2
"""Counted on when identifiers come to be written alike in another way, so that what was made of them is made anew."""


def keys_of(identifiers: str, country: str = "") -> str:
    """SQL of all keys (see `key_of`) of a list of identifiers, in its order."""
    return f"list_filter(list_transform({identifiers}, lambda e: {key_of('e', country)}), lambda k: k IS NOT NULL)"


def first_key(identifiers: str, country: str = "") -> str:
    """SQL of the first key of a list of identifiers. Most lists begin with it, and lists are slow to go through."""
    return f"coalesce({key_of(f'{identifiers}[1]', country)}, {keys_of(identifiers, country)}[1])"


def key_of(entry: str, country: str = "") -> str:
    """SQL of an identifier as one text, `kind=value`, written alike; null where it is weak or says nothing.

    entry: SQL of a struct of kind and value.  country: whose phone numbers are told without a country (ISO 3166).
    E-mails are compared without case and have an @; phones are E.164. Needs a connection that knows `e164`.
    """
    kind, value = f"{entry}.kind", f"trim({entry}.value)"
    weak = ", ".join(f"'{name}'" for name in WEAK)
    return (
        f"CASE WHEN {kind} IN ({weak}) OR regexp_full_match({value}, '{_silent()}') THEN NULL "
        f"WHEN {kind} = 'email' THEN CASE WHEN {value} LIKE '%_@_%' THEN 'email=' || lower({value}) END "
        f"WHEN {kind} = 'phone' THEN 'phone=' || e164({value}, '{country}') ELSE {kind} || '=' || {value} END"
    )


def _silent() -> str:
    """The pattern of what says nothing."""
    between = r"[\s\p{Z}\p{P}\p{C}+=<>|~^]*"
    words = "|".join(word.replace(" ", between) for word in SILENT if word)
    return f"(?i){between}(?:(?:0{between})*|{words}){between}"


def written_alike(told: str, country: str = "") -> str | None:
    """An identifier as somebody names it (`email=Kim@example.org`) as its key; None where it is no strong identifier.

    What has an @, and what begins with +, needs no kind: it is an e-mail or a phone.
    """
    kind, sign, value = told.partition("=")
    if not sign:
        kind, value = ("email" if "@" in told else "phone" if told.strip().startswith("+") else ""), told
    if not kind.strip():
        return None
    entry = {"kind": kind.strip(), "value": value}
    question = f"SELECT {key_of('e', country)} FROM (SELECT $entry AS e)"
    key: str | None = _scratch().cursor().execute(question, {"entry": entry}).fetchall()[0][0]
    return key


@cache
def _scratch() -> duckdb.DuckDBPyConnection:
    """A connection without tables, kept because opening one takes longer than to ask it."""
    connection = duckdb.connect()
    teach_phones(connection)
    return connection
