"""A phone number is one text, however it was typed."""

from __future__ import annotations

import duckdb
import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firsthand.people.phones import e164, teach_phones


@pytest.mark.parametrize(
    "told",
    [
        "+49301234567", "030 1234567", "+49 30 1234567", "+49 (0)30 1234567", "0049 30 1234567", "+49 030 1234567",
        "49 30 1234567", "030/123 45 67", "030-1234567", "030 1234567 ext. 12", "٠٣٠١٢٣٤٥٦٧", "tel:+49-30-1234567",
    ],
)  # fmt: skip
def test_one_number_of_berlin_is_one_number(told: str) -> None:
    assert e164(told, "DE") == "+49301234567"


@pytest.mark.parametrize(
    ("told", "country", "alike"),
    [
        ("06 698 12345", "IT", "+390669812345"),  # of Italy, the zero belongs to the number
        ("(212) 555-0123", "US", "+12125550123"),
        ("011 49 30 1234567", "US", "+49301234567"),
        ("+44 (0)20 7946 0958", "DE", "+442079460958"),
    ],
)
def test_each_country_has_a_plan_of_its_own(told: str, country: str, alike: str) -> None:
    assert e164(told, country) == alike


@pytest.mark.parametrize("told", ["0", "00", "+", "", "+4", "+491", "abc", "1" * 30, "+999 123456", "🙂"])
@pytest.mark.parametrize("country", ["DE", ""])
def test_what_is_no_possible_number_is_none(told: str, country: str) -> None:
    assert e164(told, country) is None


@pytest.mark.parametrize(
    ("told", "alike"),
    [
        ("+49 (0)30 1234567", "+49301234567"), ("0049 30 1234567", "+49301234567"), ("030 1234567", "0301234567"),
        ("030/1234567 ext. 12", "0301234567"), ("1234", None),
    ],
)  # fmt: skip
def test_without_a_country_a_number_told_without_one_keeps_its_digits(told: str, alike: str | None) -> None:
    assert e164(told) == alike


codes = st.sampled_from([f"+{code}" for code in sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)])
begin = st.one_of(codes, st.sampled_from(["+", "", "0", "00", "49", "1", "8"]))
digits = st.text("0123456789 -", min_size=2, max_size=16)
COUNTRIES = ["DE", "GB", "GG", "US", "IT", "AR", "BR", "FR", "JP", "KZ", "RU", "HU"]


@settings(max_examples=500)
@given(st.tuples(begin, digits).map("".join), st.sampled_from(COUNTRIES))
def test_every_number_is_what_phonenumbers_makes_of_it(told: str, country: str) -> None:
    try:
        number = phonenumbers.parse(told, country)
        possible = phonenumbers.is_possible_number(number)
        expected = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if possible else None
    except phonenumbers.NumberParseException:
        expected = None
    assert e164(told, country) == expected


def test_sql_says_the_same() -> None:
    with duckdb.connect() as connection:
        teach_phones(connection)
        teach_phones(connection)
        found = connection.execute("SELECT e164(t, 'DE') FROM (VALUES ('030 1234567'), ('0'), (NULL)) v(t)").fetchall()
    assert found == [("+49301234567",), (None,), (None,)]
