"""The sentences of a text, as places in it."""

from __future__ import annotations

import re

LONGEST = 400
"""Where nobody ended a sentence for so many characters, one ends at a blank."""

BUT = "but|however|although|though|aber|jedoch|allerdings|dafür|obwohl|mais|cependant|toutefois|maar|echter|hoewel|pero|aunque|mas|porém|embora|ma|però|tuttavia"  # fmt: skip
SHORT = (
    "z.b. u.a. d.h. bzw. ca. evtl. ggf. inkl. zzgl. nr. str. tel. usw. mfg. dr. prof. mr. mrs. ms. hr. fr. st. vs. "
    "etc. e.g. i.e. approx. no. inc. ltd. jr. p.ex. env. mme. m. art. bijv. o.a. p.ej. ud. uds. sr. sra. dra. ecc. sig."
)
ABBREVIATIONS = frozenset(SHORT.split())

EMOJI = "[\u2600-\u27bf\U0001f300-\U0001faff][\u2600-\u27bf\U0001f300-\U0001faff\u200d\ufe0f]*+"
PAUSE = re.compile(
    rf"(?<![.!?…。！？])[.!?…。！？]++[\"'”’»)\]]*+(?:\s?{EMOJI})?(?=\s|$|[A-ZÀ-Þ¿¡][a-zà-ÿ])"  # an end, and what closes with it
    r"|\n"
    rf"|[,;–—-]\s*(?=(?i:{BUT})\s)"  # a turn: what follows may feel otherwise
    r"|\s(?=(?i:but|aber|pero)\s)"
    rf"|{EMOJI}"
)
LAST_WORD = re.compile(r"\S*$")
MEANING = re.compile(r"[^\W_]")


def sentences(text: str) -> list[tuple[int, int]]:
    """Where the sentences of a text begin and end, in order; together they cover all of it but blanks.

    A sentence ends at its full stop, at the end of a line, and before a "but", since what follows may feel otherwise.
    What has neither letter nor digit (`!!!`, an emoji) belongs to the sentence before it.
    """
    spans: list[tuple[int, int]] = []
    begin = 0
    for end in [*_ends(text), len(text)]:
        for part in _parts(text, begin, end):
            bare = spans and not (MEANING.search(text, *part) and MEANING.search(text, *spans[-1]))
            if bare and part[1] - spans[-1][0] <= LONGEST:
                spans[-1] = (spans[-1][0], part[1])
            else:
                spans.append(part)
        begin = end
    return spans


def _ends(text: str) -> list[int]:
    return [pause.end() for pause in PAUSE.finditer(text) if not _goes_on(text, pause)]


def _goes_on(text: str, pause: re.Match[str]) -> bool:
    """Whether a full stop ends an abbreviation, or a number in front of a word: `z.B.`, `3. Mai`; or a turn is no clause."""
    mark = text[pause.start()]
    before = text[max(0, pause.start() - 40) : pause.start()]
    if mark == "\n":
        return False
    if mark not in ".!?…。！？":
        return len(before.split()) < 3 or len(text[pause.end() : pause.end() + 60].split()) < 4
    if pause[0] != ".":
        return False
    word = LAST_WORD.search(before)
    last = word[0].lower() if word else ""
    ended = f"{last}." in ABBREVIATIONS or (len(last) == 1 and last.isalpha())
    numbered = last.isdigit() and len(last) <= 2 and text[pause.end() : pause.end() + 1] == " "
    return ended or numbered


def _parts(text: str, begin: int, end: int) -> list[tuple[int, int]]:
    """A stretch without the blanks around it, in parts no longer than `LONGEST`."""
    found = []
    while begin < end:
        stop = end
        if end - begin > LONGEST:
            blank = max(text.rfind(" ", begin + 1, begin + LONGEST), text.rfind("\n", begin + 1, begin + LONGEST))
            stop = blank if blank > 0 else begin + LONGEST
        part = text[begin:stop]
        left = len(part) - len(part.lstrip())
        if part.strip():
            found.append((begin + left, begin + len(part.rstrip())))
        begin = stop
    return found
