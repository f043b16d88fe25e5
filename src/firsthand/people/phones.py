"""Phone numbers written alike: as E.164, by the numbering plans that `phonenumbers` knows."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import lru_cache

import duckdb
import pyarrow as pa

PLAIN = re.compile(r"\+[1-9][0-9]{6,14}")
WITHOUT_COUNTRY = re.compile(r"[\d\s()./-]+")
SPACED = str.maketrans("", "", " -")


def e164(value: str, country: str = "") -> str | None:
    """A phone number as E.164, without its extension; None where it is no possible number.

    country: whose numbers are told without a country (ISO 3166). Where it is blank, a number told without one keeps its
    digits, if they are 5 to 15; one that begins with 00 is told with one.
    Source: the numbering plans of Google's libphonenumber.
    """
    plain = value.translate(SPACED)
    told = _from_abroad(plain, country) if country else plain
    return told if _is_e164(told) else _parsed(value, country)


def _is_e164(plain: str) -> bool:
    """Whether parsing would leave a number as it is: a quick test, that only what is plainly so passes."""
    if PLAIN.fullmatch(plain) is None:
        return False
    begin, prefix, lengths = _plan(plain[1:4])
    inland = plain[begin:]
    return len(inland) in lengths and inland[0] != "0" and not (prefix and prefix.match(inland))


@lru_cache
def _plan(digits: str) -> tuple[int, re.Pattern[str] | None, tuple[int, ...]]:
    """The plan of the country whose calling code some digits begin with: where its numbers begin in E.164, what may stand
    before one within the country, and how many digits they have."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata, region_code_for_country_code

    code = next((code for end in (1, 2, 3) if (code := int(digits[:end])) in COUNTRY_CODE_TO_REGION_CODE), 0)
    plan = PhoneMetadata.metadata_for_region(region_code_for_country_code(code))
    if plan is None or plan.general_desc is None:
        return 0, None, ()
    prefix = plan.national_prefix_for_parsing
    return 1 + len(str(code)), re.compile(prefix) if prefix else None, plan.general_desc.possible_length


def _from_abroad(plain: str, country: str) -> str:
    """A number told within a country as from abroad, where it plainly begins with the prefix of such numbers; else as it is."""
    code, prefix, others = _inland(country)
    if not prefix or not plain.startswith(prefix) or others.match(plain):
        return plain
    return f"+{code}{plain.removeprefix(prefix)}"


@lru_cache
def _inland(country: str) -> tuple[int, str, re.Pattern[str]]:
    """Calling code and prefix of a country, and what begins with the prefix but is something else.

    The prefix is blank where a calling code is shared and others decide, or where the prefix is more than a few digits.
    """
    from phonenumbers import PhoneMetadata, region_code_for_country_code

    plan = PhoneMetadata.metadata_for_region(country)
    if plan is None or plan.general_desc is None or plan.country_code is None:
        return 0, "", re.compile("")
    code = plan.country_code
    prefix = plan.national_prefix or ""
    plainly = prefix == plan.national_prefix_for_parsing and region_code_for_country_code(code) == country
    others = f"{code}|(?:{plan.international_prefix})|(?:{plan.general_desc.national_number_pattern})$"
    return code, prefix if plainly and not plan.national_prefix_transform_rule else "", re.compile(others)


@lru_cache(maxsize=2**20)
def _parsed(value: str, country: str) -> str | None:
    from phonenumbers import (
        NumberParseException,
        PhoneNumberFormat,
        format_number,
        is_possible_number,
        normalize_digits_only,
        parse,
    )

    told = value if country else re.sub(r"^\s*00", "+", value)
    with suppress(NumberParseException):
        number = parse(told, country or None)
        return str(format_number(number, PhoneNumberFormat.E164)) if is_possible_number(number) else None
    start = None if country else WITHOUT_COUNTRY.match(told)
    digits = normalize_digits_only(start[0]) if start else ""
    return digits if 5 <= len(digits) <= 15 else None


def teach_phones(connection: duckdb.DuckDBPyConnection) -> None:
    """Gives a connection the SQL function `e164(value, country)`, unless it has it."""

    def alike(values: pa.ChunkedArray, countries: pa.ChunkedArray) -> pa.Array:
        told = zip(values.to_pylist(), countries.to_pylist(), strict=True)
        return pa.array([None if value is None else e164(value, country) for value, country in told], pa.string())

    with suppress(duckdb.NotImplementedException):  # it has it
        connection.create_function("e164", alike, ["VARCHAR", "VARCHAR"], "VARCHAR", type="arrow", null_handling="special")  # fmt: skip
