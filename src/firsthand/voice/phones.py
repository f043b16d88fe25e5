"""Phone numbers in a text, apart from dates, times, prices and the numbers of orders."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

COUNTRIES = ("DE", "AT", "CH", "GB", "US", "FR", "BE", "NL", "ES", "PT", "BR", "IT")
"""Where the seven languages are spoken: a number without a calling code is held against their numbering plans."""

GLUE = r"(?:[ \u00a0]?[()/.\-–][ \u00a0]?|[ \u00a0]?\)[ \u00a0]?\(?|[ \u00a0])"
RUN = re.compile(rf"(?<![\w])[+(]{{0,2}}\d++(?:{GLUE}{{1,2}}\d++)*")
LONGEST = 15
"""Digits of a phone number, at most (ITU-T E.164)."""
DIGITS = re.compile(r"\d+")

MONTHS = "jan|feb|mär|mar|apr|mai|may|jun|jul|aug|sep|okt|oct|nov|dez|dec|janv|févr|avr|juin|juil|août|déc|ene|abr|ago|dic|gen|giu|lug|set|ott|mag|fev|out|mei|mrt"
MONEY = r"€|\$|£|eur(?:o|os)?|usd|chf|gbp|pounds?|dollars?|reais|r\$|cents?|%|prozent|percent"
NO_PHONE = re.compile(
    rf"""(?<![\d.])\d{{1,2}}\.\ ?\d{{1,2}}\.(?:\ ?(?:19|20)\d\d|\ ?\d\d)?(?![\d.]*\d)   # 3.4.2025, 03.04.
    |(?<![\d/.-])\d{{1,2}}([/.-])\d{{1,2}}\1(?:(?:19|20)\d\d|\d\d)(?![\d]|[/.-]\d)         # 03/04/2025
    |(?<![\d/.-])(?:19|20)\d\d([/.-])\d{{1,2}}\2\d{{1,2}}(?![\d]|[/.-]\d)                   # 2025-04-03
    |(?<!\d)(?:[01]?\d|2[0-4])(?::[0-5]\d){{1,2}}(?!\d)                                     # 10:15
    |(?<!\d)(?:[01]?\d|2[0-4])(?:[.h][0-5]\d)?\ ?(?:uhr|h|o'clock|[ap]\.?m\.?)(?!\w)        # 10 Uhr, 9.30 am
    |(?:{MONEY})\ ?\d{{1,3}}(?:[.,' ]\d{{3}})*(?:[.,]\d\d)?(?![\d])                           # EUR 1.234,50
    |(?<![\d.,])(?:\d{{1,3}}(?:[.,' ]\d{{3}})*|\d{{1,7}})(?:[.,]\d\d|,-|,–)?\ ?(?:{MONEY})(?!\w)  # 1.234,50 EUR
    |(?<![\d.,])\d{{1,3}}(?:[.' ]\d{{3}})*,\d\d(?!\d)                                       # 1.234,50
    |(?<!\d)\d{{1,2}}\.?\ (?:{MONTHS})\w*\.?\ (?:(?:19|20)\d\d)?                            # 3 April 2025
    """,
    re.I | re.X,
)
NUMBER_OF = re.compile(
    r"(?:order|bestell\w*|auftrag\w*|rechnung\w*|invoice|kunden\w*|customer|client\w*|commande|facture|pedido|factura|fatura|"
    r"ordine|fattura|bestelling|factuur|ticket|case|vorgang\w*|fall|referen\w*|ref|tracking|sendung\w*|paket\w*|parcel|artikel\w*|"
    r"article|produkt\w*|item|sku|serien\w*|serial|seri\w*|isbn|ean|plz|postcode|zip|konto\w*|account|vertrag\w*|contract|id|"
    r"model\w*|nf|nota fiscal|cep|protocol\w*|version|dossier\w*|expediente|pratica|processo|encomenda|paquete|pacco|colis|pakket\w*|"
    r"zending\w*|klant\w*|envio|spedizione|suivi|seguimiento|rastre\w*|reserv\w*|booking|buchung\w*|boeking\w*|prenotazione|"
    r"contrat\w*|albaran|recibo)"
    r"[\s.:#-]*(?:(?:(?:number|nummer|numero|nr|no|id|code|is|was|ist|lautet|war|mit|with|es|est|e|era|el|le|il|con|com|avec)\b|n\.?[°º])"
    r"[\s.:#-]*){0,3}$|[#№]\s?$",
    re.I,
)
CALL = re.compile(
    r"\b(?:tel|tele[fm]o\w*|teleph\w*|telm|tlm|tlf|tfno|phone|mob|mobiel\w*|mobil\w*|handy\w*|cell?|fon|fone|festnetz\w*|durchwahl|celular|"
    r"whats\s?app|wasap|(?:an|(?:zu)?ruck)?ruf\w*|call|ring|text me|sms|fax|r?appel\w*|joi(?:ndre|gn\w*)|portable|fixe|fijo|"
    r"bel|bellen|belt|terugbel\w*|bereik\w*|gsm|llam\w*|movil\w*|lig[aou]\w*|(?:re)?conta[ct]\w*|kontakt\w*|"
    r"erreich\w*|reach|(?:ri)?chiam\w*|cellulare|recapito|numero|nummer|number)\b\.?[^.!?\n]{0,25}$",
    re.I,
)
"""Both as written without marks on letters."""

WRITTEN_OUT = re.compile(r"\(?[2-9]\d\d[).\- ]{1,2}[2-9]\d\d[.\- ]\d{4}|\(\d\d\) ?9?\d{4}[- ]?\d{4}")
"""As numbers are written in North America and Brazil, and nothing else is."""


def phones(text: str) -> Iterator[tuple[int, int]]:
    """Where the phone numbers of a text begin and end.

    With + or 00: by length. With a leading 0: by a country's plan. Any other needs a form that only phone numbers have,
    or a word beside it (phone, call, Handy). What is said to be the number of an order, or is a date, a time or a price, is none.
    """
    if sum(letter.isdigit() for letter in text) < 6:
        return
    plain = NO_PHONE.sub(lambda other: "\x00" * len(other[0]), text)
    for run in RUN.finditer(plain):
        groups = [group.span() for group in DIGITS.finditer(run[0])]
        at = 0
        while at < len(groups):
            found = _at_group(plain, run.start(), groups[at : at + LONGEST])
            if found:
                yield found
            at += max(1, sum(end + run.start() <= found[1] for _, end in groups[at : at + LONGEST])) if found else 1


def _at_group(text: str, run: int, groups: list[tuple[int, int]]) -> tuple[int, int] | None:
    """The longest phone number that begins with the first of these groups of digits; their places count from `run`."""
    begin = run + groups[0][0]
    while begin > run and text[begin - 1] in "+(":
        begin -= 1
    size, ends = 0, []
    for first, last in groups:
        size += last - first
        if size > LONGEST:
            break
        if size >= 6:
            ends.append(run + last)
    for end in reversed(ends):
        if not text[end : end + 1].isalnum() and _is_phone(text, begin, end):
            return begin, end
    return None


MASKED = re.compile(r"\x00+|\[(?:email|phone|card|iban|national_number|url|name)\]")
"""What was found before, or stands for it: however long it is, it keeps a word no farther away."""


def _is_phone(text: str, begin: int, end: int) -> bool:
    number, before = text[begin:end], _without_marks(MASKED.sub("\x00", text[max(0, begin - 300) : begin])[-60:])
    digits = re.sub(r"\D", "", number)
    if len(set(digits)) == 1:
        return False
    if number.lstrip("(").startswith("+"):
        return len(digits) >= 8
    if NUMBER_OF.search(before):
        return False
    if digits.startswith("00"):
        return len(digits) >= 10 and digits[2] != "0" and _valid(f"+{digits[2:]}", ("ZZ",))
    said = CALL.search(before) is not None
    if digits.startswith("0"):
        return (said and len(digits) >= 6) or (len(digits) >= 9 and _valid(digits, COUNTRIES))
    if WRITTEN_OUT.fullmatch(number):
        return True
    return said and len(digits) >= 7 and (len(digits) >= 9 or number != digits) and _valid(digits, COUNTRIES)


def _without_marks(words: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", words) if not unicodedata.combining(letter))


def _valid(digits: str, countries: tuple[str, ...]) -> bool:
    import phonenumbers

    for country in countries:
        try:
            parsed = phonenumbers.parse(digits, None if country == "ZZ" else country)
        except phonenumbers.NumberParseException:
            continue
        check = phonenumbers.is_possible_number if country == "ZZ" else phonenumbers.is_valid_number
        if check(parsed):
            return True
    return False
