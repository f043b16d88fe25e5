"""What in a text would tell who wrote it: found, and masked before anything else sees the text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from firsthand.voice.names import names
from firsthand.voice.national_numbers import national_numbers
from firsthand.voice.phones import phones

KINDS = ("url", "email", "iban", "card", "national_number", "phone", "name")
"""All kinds, the surest first: where two would overlap, that one is taken."""


PASSES = 5
"""What was found may have hidden something beside it: a text is searched again, at most so often, until nothing is found."""


class Found(NamedTuple):
    """Personal data of a kind, from `begin` until before `end` in the text."""

    kind: str
    begin: int
    end: int


def find(text: str) -> list[Found]:
    """The personal data in a text, in order, without overlaps.

    E-mail addresses; phone numbers; payment cards (their check digit by Luhn's rule); IBANs; national numbers (of tax, social
    insurance or identity in the countries of the seven languages); URLs that carry a token or a query; names of people, where something is installed that finds them (see names). Numbers are told by
    their check digits and form (python-stdnum, phonenumbers); where those are weak, a word beside them has to say so.
    """
    taken: list[Found] = []
    for _ in range(PASSES):
        before = len(taken)
        for kind, finder in FINDERS.items():
            rest = _blotted(text, taken)
            taken += [Found(kind, begin, end) for begin, end in finder(rest)]
        if len(taken) == before:
            break
    return sorted(taken, key=lambda found: found.begin)


def mask(text: str, found: Sequence[Found]) -> str:
    """The text with `[email]`, `[phone]` … where personal data stood."""
    parts, at = [], 0
    for kind, begin, end in found:
        parts += [text[at:begin], f"[{kind}]"]
        at = end
    return "".join([*parts, text[at:]])


def masked(text: str) -> tuple[str, list[Found]]:
    """A text without personal data, and what was found in it; places are of the text as it was."""
    found = find(text)
    return mask(text, found), found


TAKEN = "\x00"


def _blotted(text: str, taken: Sequence[Found]) -> str:
    letters = list(text) if taken else []
    for _, begin, end in taken:
        letters[begin:end] = TAKEN * (end - begin)
    return "".join(letters) or text


LOCAL = r"[\w.!#$%&'*+/=?^`{|}~-]"
EMAIL = re.compile(rf"(?<!{LOCAL}){LOCAL}++@[\w-]++(?:\.[\w-]++)+")
IN_ADDRESS = re.compile(
    rf"(?<!{LOCAL})(?:[\w.!#$&'*+/=?^`{{|}}~-]|%(?!40)[0-9a-f]{{2}})+%40[\w-]++(?:\.[\w-]++)+", re.I
)
"""As it stands in the address of a page, where @ is written %40. Groups are not possessive: Python 3.11.2 goes wrong there."""
SPELT = re.compile(
    rf"(?<!{LOCAL}){LOCAL}++\s?(?:[\[({{]\s?(?:at|ät|@|arroba|arobase|chiocciola)\s?[\])}}]|\s@\s?|@\s)\s?"
    r"[\w-]++(?:\s?(?:\.|[\[({]\s?(?:dot|punkt|point|punto|ponto|punt|\.)\s?[\])}])\s?[\w-]++){0,3}?"
    r"\s?(?:\.|[\[({]\s?(?:dot|punkt|point|punto|ponto|punt|\.)\s?[\])}])\s?[a-z]{2,10}(?![\w])",
    re.I,
)


def _emails(text: str) -> Iterator[tuple[int, int]]:
    last = 0
    found = [*EMAIL.finditer(text), *IN_ADDRESS.finditer(text), *SPELT.finditer(text)]
    for match in sorted(found, key=lambda match: match.span()):
        if match.start() >= last:
            yield match.span()
            last = match.end()


URL = re.compile(r"(?:(?<!\w)(?:[a-z][a-z0-9+.-]{1,20}://|www\.)[^\s<>\"\x00]++|(?<![\w.@/-])(?:[\w-]++\.)+[a-z]{2,}/[^\s<>\"\x00]++)", re.I)  # fmt: skip
CLOSING = ".,;:!?)]}'’”»"
SECRET = re.compile(
    r"[?#&=;@]"  # a query, a fragment, a password
    r"|%40"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-"
    r"|/(?=[\w~-]*\d)(?=[\w~-]*[A-Za-z])[\w~-]{10,}"  # a part of a path that is no word
    r"|/[\w~-]{24,}|\d{5,}"
)


def _urls(text: str) -> Iterator[tuple[int, int]]:
    for match in URL.finditer(text):
        address = match[0].rstrip(CLOSING)
        if SECRET.search(address.partition("://")[2] or address):
            yield match.start(), match.start() + len(address)


GROUPED = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ .\-\u00a0]?[A-Za-z0-9]){10,30}")
SAYS_IBAN = re.compile(
    r"\b(?:iban|konto|kontonummer|bankverbindung|bank account|compte|rekening|cuenta|conta|conto)\b", re.I
)


def _ibans(text: str) -> Iterator[tuple[int, int]]:
    """Whole groups, as many as make a valid number; one with a slip in it where the text says that it is one."""
    from stdnum import iban

    for match in GROUPED.finditer(text):
        ends = [at for at in range(match.start() + 14, match.end() + 1) if not text[at : at + 1].isalnum()]
        end = next((end for end in reversed(ends) if iban.is_valid(text[match.start() : end])), None)
        if end is None and SAYS_IBAN.search(text, max(0, match.start() - 40), match.start()):
            digits = re.compile(r"[A-Za-z]{2}\d{2}(?:[ .\-\u00a0]?(?=[A-Za-z]*\d)[A-Za-z0-9]){10,30}")
            slip = digits.match(text, match.start())
            end = slip.end() if slip else None
        if end is not None:
            yield match.start(), end


DIGITS = re.compile(r"(?<![\w.,+-])\d++(?:(?:[ \-\u00a0]|(?<=\d{4})\.(?=\d{4}))\d++)*")
GROUP = re.compile(r"\d+")
ISSUED = re.compile(
    r"(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}"
    r"|3(?:0[0-5]|[68]\d)\d{11}|6(?:011|5\d\d|4[4-9]\d)\d{12}|35\d{14})$"
)
SAYS_CARD = re.compile(r"kart|card|carte|visa|master|amex|maestro|tarjeta|cartão|cartao|carta|kaart", re.I)


def _cards(text: str) -> Iterator[tuple[int, int]]:
    """Numbers as card schemes give them out, whose last digit is right; any such number where a card is spoken of."""
    last = 0
    for run in DIGITS.finditer(text):
        groups = [group.span() for group in GROUP.finditer(text, *run.span())]
        for at, (begin, _) in enumerate(groups):
            ends = [end for _, end in groups[at : at + 19] if not text[end : end + 1].isalnum()]
            end = next((end for end in reversed(ends) if begin >= last and _is_card(text, begin, end)), None)
            if end is not None:
                yield begin, end
                last = end


def _is_card(text: str, begin: int, end: int) -> bool:
    from stdnum import luhn

    digits = re.sub(r"\D", "", text[begin:end])
    if not 13 <= len(digits) <= 19 or len(set(digits)) == 1 or not luhn.is_valid(digits):
        return False
    return bool(ISSUED.match(digits) or SAYS_CARD.search(text, max(0, begin - 40), begin))


FINDERS: dict[str, Callable[[str], Iterator[tuple[int, int]]]] = {
    "url": _urls,
    "email": _emails,
    "iban": _ibans,
    "card": _cards,
    "national_number": national_numbers,
    "phone": phones,
    "name": names,
}
