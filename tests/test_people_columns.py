"""Columns of lists of people: of which kind each is, and how its values are written alike."""

from __future__ import annotations

import duckdb
import pytest

from firsthand.people import normal
from firsthand.people.columns import find_columns


@pytest.mark.parametrize(
    ("sql", "value", "expected"),
    [
        (normal.words("v"), "  Müller-Lüdenscheidt ", "muller ludenscheidt"),
        (normal.words("v"), "O'Neill", "oneill"),
        (normal.words("v"), "n/a", None),
        (normal.words("v"), "王伟", "王伟"),
        (normal.words("v"), "🌸🔥", "🌸🔥"),
        (normal.words("v"), "☀️", "☀"),
        (normal.words("v"), "Ada 🌸", "ada"),
        (normal.words("v"), "---", None),
        (normal.code("v"), "🌸", None),
        (normal.email("v"), " Ada@Example.ORG", "ada@example.org"),
        (normal.email("v"), "none", None),
        (normal.phone("v"), "+49 (0)171 555-0001", "1715550001"),
        (normal.phone("v"), "0171/5550001", "1715550001"),
        (normal.phone("v"), "004917 15550001", "1715550001"),
        (normal.date("v", "dmy"), "3.4.1985", "19850403"),
        (normal.date("v", "mdy"), "3/4/1985", "19850304"),
        (normal.date("v", "ymd"), "19851340", "19851340"),
        (normal.date("v", "dmy"), "3 April 1985", "19850403"),
        (normal.given_part("v"), "Ada Augusta Lovelace", "ada augusta"),
        (normal.family_part("v"), "Lovelace, Ada", "lovelace"),
    ],
)
def test_values_are_written_alike(sql: str, value: str, expected: str | None) -> None:
    assert duckdb.execute(f"SELECT {sql} FROM (SELECT ? AS v)", [value]).fetchall()[0][0] == expected


def test_columns_are_known_by_their_values_where_the_name_says_nothing() -> None:
    with duckdb.connect() as connection:
        connection.execute("""
            CREATE TABLE list AS SELECT i::VARCHAR AS a, 'p' || (i % 90) || '@x.org' AS b, (1940 + i % 60) || '-03-12' AS c,
                '+49 171 555' || (1000 + i % 90) AS d, ['f', 'm'][1 + i % 2] AS e, '2024-03-0' || (1 + i % 9) AS f, '' AS g,
                (i % 90 * 1.5)::VARCHAR AS h FROM range(100) t(i)""")
        found = {column.name: column.kind for column in find_columns(connection, "list", list("abcdefgh"))}
    assert found == {"a": "id", "b": "email", "c": "birth_date", "d": "phone", "e": "attribute", "f": "ignore", "g": "ignore", "h": "ignore"}  # fmt: skip


@pytest.mark.parametrize(
    "names",
    [("by", "bm", "bd"), ("yob", "mob", "dob"), ("dob_y", "dob_m", "dob_d"), ("Geburtsjahr", "Monat", "Tag"), ("year", "month", "day")],
)  # fmt: skip
def test_a_date_of_birth_may_stand_in_three_columns(names: tuple[str, str, str]) -> None:
    assert kinds_of(names, years=70) == ["birth_year", "birth_month", "birth_day"]


def test_years_of_one_decade_are_no_dates_of_birth() -> None:
    assert not {"birth_year", "birth_month", "birth_day"} & set(kinds_of(("year", "month", "day"), years=9))


def kinds_of(names: tuple[str, str, str], years: int) -> list[str]:
    with duckdb.connect() as connection:
        year, month, day = (f'"{name}"' for name in names)
        connection.execute(
            f"CREATE TABLE list AS SELECT (1940 + i % {years})::VARCHAR AS {year}, (1 + i % 12)::VARCHAR AS {month}, (1 + i % 31)::VARCHAR AS {day} FROM range(900) t(i)"
        )
        return [column.kind for column in find_columns(connection, "list", list(names))]


def test_a_list_of_one_has_an_id_too() -> None:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE list AS SELECT 'A7' AS id, 'Ann' AS first_name, 'Lee' AS surname")
        found = find_columns(connection, "list", ["id", "first_name", "surname"])
    assert [column.kind for column in found] == ["id", "first_name", "surname"]


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [
        ("Birth Day", ["1992-06-23", "1960-01-03", "1985-12-10"], "birth_date"),
        ("bday", ["23.06.1992", "03.01.1960", "10.12.1985"], "birth_date"),
        ("birthday", ["23", "3", "10"], "attribute"),  # a day alone is no date
        ("cluster", ["Q17", "Q17", "Q4"], "ignore"),
        ("entity_id", ["12001", "12001", "12002"], "ignore"),
        ("xyz", ["1", "1", "2"], "ignore"),
        ("xyz", ["40001", "40001", "40002"], "ignore"),
        ("customer no", ["40001", "40001", "40002"], "identifier"),
    ],
)
def test_a_column_is_held_against_its_name_and_its_values(name: str, values: list[str], kind: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(f'CREATE TABLE list AS SELECT unnest({values}) AS "{name}" FROM range(30)')
        (column,) = find_columns(connection, "list", [name])
    assert column.kind == kind
