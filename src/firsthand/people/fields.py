"""What is compared of a person: fields with plain names, made of the columns of a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from firsthand.people import normal
from firsthand.people.columns import Column
from firsthand.sources.sql import name as quoted

COMPARED = (
    "first_name", "surname", "birth_date", "street", "house_number", "postcode", "city", "email", "phone",
    "identifier", "attribute", "text",
)  # fmt: skip
"""Kinds of fields."""


@dataclass(frozen=True)
class Field:
    """One thing that is compared.

    name: its column in a table of people: the kind, numbered from the second on (`street`, `street_2`).
    kind: one of `COMPARED`.  columns: what it was made of.
    """

    name: str
    kind: str
    columns: tuple[str, ...] = ()


def fields_of(columns: Sequence[Column]) -> list[tuple[Field, str]]:
    """The fields that columns make, each with the SQL of its value."""
    made: list[tuple[Field, str]] = []

    def add(kind: str, sql: str, *names: str) -> None:
        count = sum(field.kind == kind for field, _ in made)
        made.append((Field(kind if not count else f"{kind}_{count + 1}", kind, names), sql))

    by_kind = {column.kind: column.name for column in columns}
    for column in columns:
        value = quoted(column.name)
        if column.kind == "full_name":
            add("first_name", normal.given_part(value), column.name)
            add("surname", normal.family_part(value), column.name)
        elif column.kind == "birth_year" and {"birth_month", "birth_day"} <= set(by_kind):
            parts = [by_kind[part] for part in ("birth_year", "birth_month", "birth_day")]
            add("birth_date", normal.date_of_parts(*(quoted(part) for part in parts)), *parts)
        elif column.kind == "birth_date":
            add("birth_date", normal.date(value, column.order), column.name)
        elif column.kind in ("email", "phone"):
            add(column.kind, {"email": normal.email, "phone": normal.phone}[column.kind](value), column.name)
        elif column.kind in ("postcode", "house_number", "identifier"):
            add(column.kind, normal.code(value), column.name)
        elif column.kind in COMPARED:
            add(column.kind, normal.words(value), column.name)
    return made


def make_people(
    connection: duckdb.DuckDBPyConnection, records: str, made: Sequence[tuple[Field, str]], *, into: str = "people"
) -> None:
    """Makes a table with `unique_id` (the record's number) and one column for each field.

    records: SQL name of a table with `record#`, the number, and the columns that the fields are made of.
    """
    values = ", ".join(f"{sql} AS {field.name}" for field, sql in made)
    connection.execute(f'CREATE OR REPLACE TABLE {into} AS SELECT "record#" AS unique_id, {values} FROM {records}')
