"""Which column of a list of people is what: by its name, held against its values."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from firsthand.errors import UserError
from firsthand.sources.sql import name as quoted

KINDS = (
    "first_name", "surname", "full_name", "birth_date", "birth_day", "birth_month", "birth_year", "street",
    "house_number", "postcode", "city", "email", "phone", "identifier", "attribute", "text", "ignore", "id",
)  # fmt: skip

NAMES: tuple[tuple[str, str], ...] = (
    ("ignore", r"notes?|comments?|remarks?|description|created.*|updated.*|modified.*|timestamp|amount|price|url|bemerkung.*|notiz.*"),
    ("email", r".*e ?mails?|mail|.*\be ?mail\b.*|correo.*|courriel"),
    ("phone", r".*\b(phone|telephone|telefon|telefono|tel|mobile|mobil|cell|handy|gsm|landline)\b.*|.*phone"),
    ("birth_day", r"bd|.*\b(birth|born|dob|geb|geburts?)\b.*\b(day|tag|d)|birth ?day of month|day of birth|geburtstag nr|bday"),
    ("birth_month", r"bm|mob|.*\b(birth|born|dob|geb|geburts?)\b.*\b(month|monat|mon|m)|month of birth|geburtsmonat|bmonth"),
    ("birth_year", r"by|yob|.*\b(birth|born|dob|geb|geburts?)\b.*\b(year|jahr|yr|y)|year of birth|geburtsjahr|byear|birthyear"),
    ("birth_date", r".*\bdob\b.*|.*birth ?da(te|y).*|.*date of birth.*|born.*|birth|geb|geburts.*|geb datum|.*naissance|.*nacimiento|.*nascita|.*nascimento|geboorte.*"),
    ("first_name", r".*\b(first|given|fore|christian) ?names?\b.*|(f|first|given|fore)name.*|fname.*|vornamen?|prenom.*|voornaam|nombres?|nome|imie|first|given"),
    ("surname", r".*\b(sur|last|family|second) ?names?\b.*|(sur|last|family)name.*|lname.*|(nach|familien)namen?|nom|nom de famille|apellidos?.*|cognome|sobrenome|achternaam|nazwisko|last|surname.*"),
    ("text", r".*\b(middle|maiden|nick) ?names?\b.*|.*zweitname|geburtsname"),
    ("house_number", r".*\b(street|house|building) ?(number|num|no|nr)\b|haus ?(nummer|nr)|str nr|huisnummer|numero( civico)?"),
    ("postcode", r".*\b(post ?code|postal ?code|zip|zip ?code|plz|postleitzahl|postal|pcode|eircode|code postal)\b.*|cp|cap|postcode.*|zip.*"),
    ("street", r".*\b(address|street|addr|strasse|str|adresse|anschrift|rue|calle|direccion|via|indirizzo|road|straat)\b.*|(address|street|addr)\w*"),
    ("city", r".*\b(city|town|suburb|ort|wohnort|stadt|ville|ciudad|citta|locality|municipality|place|woonplaats|cidade)\b.*"),
    ("identifier", r".*\b(ssn|soc sec.*|social.*|national id.*|passport.*|nhs.*|tax.*|vat.*|iban|licen[cs]e.*|customer (number|no|nr|id)|kunden ?(nummer|nr)|loyalty.*|card.*|member.*|account.*|insurance.*|device.*|cookie.*|nino|nif|dni|cpf|medicare.*)\b.*"),
    ("attribute", r".*\b(state|region|province|county|country|land|bundesland|sex|gender|geschlecht|title|salutation|anrede|marital.*|nationality|language|race|ethnicity|age|prefix|suffix)\b.*"),
    ("full_name", r"name|.*\b(full|customer|contact|person|client|complete|display) ?name\b.*|kunde|customer|client|person|nom complet|nombre completo|names?"),
)  # fmt: skip
"""Patterns that the name of a column matches whole (lower case, without accents, words parted), the telling ones first."""

ANSWER = r"cluster.*|((real|true|gold|golden) )?(entity|gold|truth|true|labels?|duplicates?|dedup\w*)( (id|nr|no|number|key|group|of|label))?|match (id|group|key)"
"""Names of columns that say already who is who: found by somebody else, or the truth to hold an answer against."""
CALLED_ID = r".*\bids?\b.*|.*\b(nr|number|no|key|row|index|record|uuid|guid)\b.*"
PARTS = ("birth_year", "birth_month", "birth_day")
PLAIN_PARTS = {
    "birth_year": r"ye?a?r|jahr|annee|ano|anno|jaar", "birth_month": r"month|monat|mois|mes|mese|maand",
    "birth_day": r"day|tag|jour|dia|giorno|dag",
}  # fmt: skip
"""What three columns may be called that together hold a date; it is one of birth if its years lie far apart."""
LIFETIME = 30
"""Years over which dates lie that are dates of birth."""
BY_NAME, SAID = "by its name", "you said so"
PERSONAL = ("first_name", "surname", "full_name", "birth_date", "street", "email", "phone", "postcode", "city", "house_number")  # fmt: skip
EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
DATE = r"^(\d{4}\D\d{1,2}\D\d{1,2}|\d{1,2}\D\d{1,2}\D(\d{4}|\d{2})|(18|19|20)\d{6}|\d{1,2}\W+[A-Za-z]{3,9}\.?\W+\d{2,4}|[A-Za-z]{3,9}\.? \d{1,2},? \d{4})([T ].*)?$"
PHONE = r"^(\+|0|\()[0-9 ()/.\-]{6,20}$"
SAMPLE = 20_000


@dataclass(frozen=True)
class Column:
    """A column of a list of people.

    name: as it is called in the file.  kind: one of `KINDS`.  why: how that was found, for a reader.
    order: of a date, which part comes first (`ymd`, `dmy`, `mdy`).
    """

    name: str
    kind: str
    why: str
    order: str = ""


@dataclass(frozen=True)
class _Look:
    """What the values of a column look like: shares of the values that are not blank, unless said otherwise."""

    records: int
    filled: int
    distinct_values: int
    emails: float
    dates: float
    phones: float
    numbers: float
    dense: bool
    decimals: float
    digits: float
    long_codes: float
    length: float
    years: int
    by_year_first: float
    by_month_first: float
    differ_in_files: bool

    @property
    def all_differ(self) -> bool:
        return self.filled == self.records and self.distinct_values == self.filled and self.records > 1

    @property
    def plain_numbers(self) -> bool:
        """Short numbers, or numbers that follow each other: as rows, groups or amounts are numbered."""
        return self.numbers > 0.95 and (self.length < 5 or self.dense)

    @property
    def whole_dates(self) -> bool:
        return self.dates > 0.5


def find_columns(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    names: Sequence[str],
    *,
    said: Mapping[str, str] | None = None,
    file: str | None = None,
) -> list[Column]:
    """What each column is.

    table: SQL name of a table of texts with the columns `names`.  file: its column that says from which of several files
    a row is: each file's ids are its own.
    said: kinds that somebody decided, by column; they are not questioned.
    """
    said = said or {}
    for name, kind in said.items():
        if name not in names:
            raise UserError(
                f"There is no column {name!r}; there are {', '.join(names)}. Name one of these with --column."
            )
        if kind not in KINDS:
            raise UserError(f"{kind!r} is no kind of column; use one of {', '.join(KINDS)}: --column {name}=KIND.")
    looks = {name: _look(connection, table, name, file) for name in names}
    found = [
        Column(name, said[name], SAID, _order(looks[name])) if name in said else _judge(name, looks[name])
        for name in names
    ]
    return _settle(found, looks, said)


def tells_who(column: Column) -> bool:
    """Whether a column says of a record whose it is: something personal, or what somebody or its name says to be a code
    of a person."""
    return column.kind in (*PERSONAL, *PARTS) or (
        column.kind not in ("ignore", "id")
        and (column.why == SAID or (column.kind, column.why) == ("identifier", BY_NAME))
    )


def _judge(name: str, look: _Look) -> Column:
    """A column's kind from its own name and values."""
    if not look.filled:
        return Column(name, "ignore", "it is empty")
    words = plain(name)
    named = next((kind for kind, pattern in NAMES if re.fullmatch(pattern, words)), None)
    if look.distinct_values == 1 < look.records and named not in PERSONAL:
        return Column(name, "ignore", "it says the same everywhere")
    if re.fullmatch(ANSWER, words):
        return Column(
            name, "ignore", f"it looks like an answer to who is who; if it is none: --column {name}=identifier"
        )
    if named in PARTS and look.whole_dates:
        named = "birth_date"
    elif named == "birth_date" and look.plain_numbers and look.length <= 2:
        named = "birth_day"
    if named and not _denied(named, look):
        if named == "identifier" and look.all_differ:
            return Column(name, "id", "no value stands twice")
        return Column(name, named, BY_NAME, _order(look))
    kind, why = _by_values(look, words)
    return Column(name, kind, why, _order(look))


def _denied(kind: str, look: _Look) -> bool:
    """Whether the values contradict what the name says."""
    shares = {
        "email": look.emails,
        "birth_date": max(look.dates, look.digits if look.length >= 6 else 0),
        "phone": look.digits,
    }
    return shares.get(kind, 1.0) < 0.5


def _by_values(look: _Look, words: str) -> tuple[str, str]:
    """Kind and reason where the name of a column says nothing."""
    if look.emails > 0.5:
        return "email", "its values are e-mail addresses"
    if look.dates > 0.8:
        if look.years >= LIFETIME:
            return "birth_date", f"its values are dates over {look.years} years"
        return "ignore", f"its values are dates within {look.years + 1} years: no dates of birth"
    if look.phones > 0.8:
        return "phone", "its values are phone numbers"
    called_id = re.fullmatch(CALLED_ID, words)
    if look.all_differ or (called_id and look.records == 1):
        return "id", "no value stands twice"
    if called_id and look.differ_in_files:
        return "id", "no value stands twice in a file"
    if look.decimals > 0.5:
        return "ignore", "its values are amounts"
    if look.length > 60:
        return "ignore", "its values are long texts"
    if look.plain_numbers and not called_id:
        return "ignore", "its values are plain numbers, and its name does not say of what"
    if look.distinct_values <= max(20, look.filled**0.5 / 2):
        return "attribute", f"it has only {look.distinct_values:,} different values"
    if look.long_codes > 0.8 and look.distinct_values > look.filled / 3:
        return "identifier", "its values are codes that few records share"
    if called_id and look.digits > 0.8:
        return "identifier", "it is called a number, and its values are"
    return "text", "its values are texts that some records share"


def _settle(found: list[Column], looks: Mapping[str, _Look], said: Mapping[str, str]) -> list[Column]:
    """What only all columns together tell."""
    found = _with_parts(found, looks, said)
    kinds = {column.kind for column in found}
    parts = set(PARTS)
    settled = []
    for column in found:
        kind, why = column.kind, column.why
        if column.name not in said:
            if kind in parts and ("birth_date" in kinds or not parts <= kinds):
                kind, why = ("ignore", "the date of birth stands whole in another column") if "birth_date" in kinds else ("attribute", "a part of a date")  # fmt: skip
            if kind == "full_name" and {"first_name", "surname"} <= kinds:
                kind, why = "ignore", "first name and surname stand in columns of their own"
            if kind == "full_name" and "first_name" in kinds:
                kind, why = "surname", "by its name, beside a column of first names"
            if (
                kind == "first_name"
                and "surname" not in kinds
                and "full_name" not in kinds
                and looks[column.name].length > 9
            ):
                kind, why = "full_name", "by its name, and no column holds surnames"
        settled.append(Column(column.name, kind, why, column.order))
    return settled


def _with_parts(found: list[Column], looks: Mapping[str, _Look], said: Mapping[str, str]) -> list[Column]:
    """The same, three columns that are called year, month and day being parts of a date of birth if they can be."""
    free = [column for column in found if column.name not in said]
    parts = {
        part: [column.name for column in found if column.kind == part]
        or [column.name for column in free if re.fullmatch(pattern, plain(column.name)) and looks[column.name].numbers > 0.9]
        for part, pattern in PLAIN_PARTS.items()
    }  # fmt: skip
    alone = all(len(names) == 1 for names in parts.values()) and "birth_date" not in {column.kind for column in found}
    if not alone or looks[parts["birth_year"][0]].years < LIFETIME:
        return found
    named = {names[0]: part for part, names in parts.items()}
    why = "a date of birth in three columns"
    return [Column(each.name, named[each.name], why) if each in free and each.name in named else each for each in found]


def plain(name: str) -> str:
    """The name of a column as words: lower case, no accents, camelCase parted."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", parted) if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[^\W_]+", bare.lower().replace("ß", "ss")))


def _look(connection: duckdb.DuckDBPyConnection, table: str, name: str, file: str | None) -> _Look:
    value = f"trim({quoted(name)})"
    year = "coalesce(nullif(regexp_extract(v, '(18|19|20)\\d\\d'), ''), '0')::INT"
    found = connection.execute(f"""
        WITH filled AS (SELECT {value} AS v FROM {table} WHERE {value} <> ''),
             few AS (SELECT v FROM filled LIMIT {SAMPLE}),
             shares AS (
                SELECT avg(regexp_matches(v, '{EMAIL}')::INT) AS emails, avg(regexp_matches(v, '{DATE}')::INT) AS dates,
                    avg((regexp_matches(v, '{PHONE}') AND NOT regexp_matches(v, '{DATE}'))::INT) AS phones,
                    avg(regexp_matches(v, '^[0-9]+$')::INT) AS numbers,
                    coalesce(max(try_cast(v AS DOUBLE)) - min(try_cast(v AS DOUBLE)) < 3 * count(DISTINCT v), false) AS dense, avg(regexp_matches(v, '^-?[0-9]+[.,][0-9]+$')::INT) AS decimals,
                    avg((length(regexp_replace(v, '\\D', '', 'g')) >= 5)::INT) AS digits,
                    avg((regexp_matches(v, '^[A-Za-z0-9./\\-]{{5,}}$') AND regexp_matches(v, '[0-9]'))::INT) AS long_codes,
                    avg(length(v)) AS length,
                    coalesce(quantile_disc({year}, 0.95) - quantile_disc({year}, 0.05), 0) AS years,
                    avg(regexp_matches(v, '^(18|19|20)\\d\\d')::INT) AS by_year_first,
                    avg((coalesce(nullif(regexp_extract(v, '^\\d{{1,2}}\\D(\\d{{1,2}})', 1), ''), '0')::INT > 12)::INT) AS by_month_first
                FROM few)
        SELECT (SELECT count(*) FROM {table}) AS records, (SELECT count(*) FROM filled) AS filled,
            (SELECT count(DISTINCT v) FROM filled) AS distinct_values, * FROM shares
    """)
    row = found.fetchall()[0]
    told: dict[str, Any] = {column[0]: value or 0 for column, value in zip(found.description, row, strict=True)}
    return _Look(**told, differ_in_files=file is not None and _differ_in_files(connection, table, name, file))


def _differ_in_files(connection: duckdb.DuckDBPyConnection, table: str, name: str, file: str) -> bool:
    """Whether no value of a column stands twice in one file, nor is missing in a file that has the column."""
    distinct, records = connection.execute(f"""
        SELECT sum(distinct_values), sum(records) FROM (
            SELECT count(DISTINCT v) AS distinct_values, count(*) AS records
            FROM (SELECT {quoted(file)} AS file, nullif(trim({quoted(name)}), '') AS v FROM {table}) GROUP BY file
        ) WHERE distinct_values > 0
    """).fetchall()[0]
    return bool(records and distinct == records)


def _order(look: _Look) -> str:
    """Which part of a date comes first: the year where most begin with one, the month where some days stand second."""
    if look.by_year_first > 0.5:
        return "ymd"
    return "mdy" if look.by_month_first > 0.1 else "dmy"
