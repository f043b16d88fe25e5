"""Values written alike: SQL that turns what a file says into what can be compared."""

from __future__ import annotations

from functools import cache

BLANKS = (
    "", "na", "n a", "nan", "null", "nil", "none", "unknown", "unbekannt", "missing", "not available", "not known",
    "not given", "undefined", "test", "x", "xx", "xxx",
)  # fmt: skip
"""What people write where they know nothing, after `words`."""

MONTH_NAMES = ("%d %B %Y", "%B %d %Y", "%d %b %Y", "%b %d %Y", "%d-%b-%Y", "%B %d, %Y", "%b %d, %Y", "%d-%b-%y")


def words(value: str) -> str:
    """SQL of a text without case, accents, punctuation and doubled blanks; null where it says nothing.

    Where there is neither letter nor number, symbols are what it says: somebody is called 🌸.
    """
    symbols = f"nullif(trim(regexp_replace({value}, '[^\\p{{So}}]+', ' ', 'g')), '')"
    return f"CASE WHEN regexp_matches({value}, '[\\p{{L}}\\p{{N}}]') THEN {_letters(value)} ELSE {symbols} END"


def _letters(value: str) -> str:
    plain = f"lower(strip_accents(nfc_normalize(replace(replace({value}, 'ß', 'ss'), 'ø', 'o'))))"
    joined = f"regexp_replace({plain}, '[''’`´.]', '', 'g')"
    spaced = f"trim(regexp_replace({joined}, '[^\\p{{L}}\\p{{M}}\\p{{N}}]+', ' ', 'g'))"
    blanks = ", ".join(f"'{word}'" for word in BLANKS)
    return f"CASE WHEN {spaced} NOT IN ({blanks}) THEN {spaced} END"


def code(value: str) -> str:
    """SQL of a postcode or a number: letters and digits only; null where it is blank or nothing but zeros."""
    plain = f"regexp_replace(coalesce({_letters(value)}, ''), ' ', '', 'g')"
    return f"CASE WHEN regexp_matches({plain}, '[^0]') THEN {plain} END"


def email(value: str) -> str:
    """SQL of an e-mail address without case and blanks; null where it is none."""
    plain = f"lower(regexp_replace({value}, '\\s|^mailto:|[<>]', '', 'g'))"
    return f"CASE WHEN {plain} LIKE '%_@_%' THEN {plain} END"


def phone(value: str) -> str:
    """SQL of a phone number as its digits within the country: neither calling code nor leading zeros.

    A calling code is only known where the number begins with + or 00, so that is where it is taken off.
    """
    kept = f"regexp_replace({value}, '\\(0\\)|[^0-9+]', '', 'g')"
    inland = f"regexp_replace({kept}, '^(\\+|00)({_calling_codes()})', '')"
    digits = f"ltrim(regexp_replace({inland}, '[^0-9]', '', 'g'), '0')"
    return f"CASE WHEN length({digits}) >= 5 THEN {digits} END"


@cache
def _calling_codes() -> str:
    """The countries' calling codes as a pattern, the longest first."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    codes = sorted((str(code) for code in COUNTRY_CODE_TO_REGION_CODE), key=len, reverse=True)
    return "|".join(codes)


def date(value: str, order: str) -> str:
    """SQL of a date as eight digits, year first, whether or not it is in the calendar.

    order: `ymd`, `dmy` or `mdy`, as `columns` found it. What is no date at all keeps its digits.
    """
    text = f"trim({value})"
    year_first = f"regexp_extract({text}, '^(\\d{{4}})\\D?(\\d{{1,2}})\\D?(\\d{{1,2}})(\\D|$)', ['y', 'm', 'd'])"
    others = "['d', 'm', 'y']" if order != "mdy" else "['m', 'd', 'y']"
    parted = f"regexp_extract({text}, '^(\\d{{1,2}})\\D+(\\d{{1,2}})\\D+(\\d{{4}}|\\d{{2}})(\\D|$)', {others})"
    solid = f"regexp_extract({text}, '^(\\d{{2}})(\\d{{2}})(\\d{{4}})$', {others})"
    named = (
        f"try_strptime(regexp_replace({text}, '[\\s.]+', ' ', 'g'), [{', '.join(repr(each) for each in MONTH_NAMES)}])"
    )
    tries = [_assembled(year_first), _assembled(parted), _assembled(solid), f"strftime({named}, '%Y%m%d')"]
    if order != "ymd":
        tries = [tries[1], tries[2], tries[0], tries[3]]
    digits = f"nullif(regexp_replace({text}, '\\D', '', 'g'), '')"
    found = f"coalesce({', '.join(tries)}, {digits})"
    return f"CASE WHEN regexp_matches({found}, '[1-9]') THEN {found} END"


def _assembled(parts: str) -> str:
    year = f"CASE WHEN length({parts}.y) = 2 THEN CASE WHEN {parts}.y::INT <= year(current_date) % 100 THEN '20' ELSE '19' END || {parts}.y ELSE {parts}.y END"
    return f"CASE WHEN {parts}.y <> '' THEN {year} || lpad({parts}.m, 2, '0') || lpad({parts}.d, 2, '0') END"


def date_of_parts(year: str, month: str, day: str) -> str:
    """SQL of a date in three columns as eight digits; null where the year is missing or the other two both are."""
    parts = [f"lpad(regexp_replace(coalesce({part}, ''), '\\D', '', 'g'), {size}, '0')" for part, size in ((year, 4), (month, 2), (day, 2))]  # fmt: skip
    whole = " || ".join(parts)
    return f"CASE WHEN left({whole}, 4) <> '0000' AND right({whole}, 4) <> '0000' THEN {whole} END"


def given_part(full: str) -> str:
    """SQL of the first name in a full name: after a comma, else all words but the last; null if there is one word."""
    after = words(f"split_part({full}, ',', 2)")
    before = words(f"regexp_replace(trim({full}), '\\S+$', '')")
    return f"CASE WHEN contains({full}, ',') THEN {after} ELSE {before} END"


def family_part(full: str) -> str:
    """SQL of the surname in a full name: before a comma, else the last word."""
    before = words(f"split_part({full}, ',', 1)")
    last = words(f"regexp_extract(trim({full}), '\\S+$')")
    return f"CASE WHEN contains({full}, ',') THEN {before} ELSE {last} END"
