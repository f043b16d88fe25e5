"""A text as a person would read it, whatever it was sent as."""

from __future__ import annotations

import html
import re
from functools import cache
from typing import Any

LONGEST = 20_000
"""So many characters of a text are read; see `cut`."""

RAW = 10 * LONGEST
"""So many characters are looked at to find them: markup takes room."""

ROUNDS = 8
"""What was escaped or mangled more often than this is not undone."""

IN_LINE = [
    "a",
    "abbr",
    "acronym",
    "b",
    "bdi",
    "bdo",
    "big",
    "cite",
    "code",
    "del",
    "dfn",
    "em",
    "font",
    "i",
    "ins",
    "kbd",
    "mark",
    "o:p",
    "q",
    "s",
    "samp",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "time",
    "tt",
    "u",
    "var",
    "wbr",
]
OWN_LINE = [
    "address",
    "article",
    "aside",
    "base",
    "blockquote",
    "body",
    "br",
    "button",
    "caption",
    "center",
    "col",
    "colgroup",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "iframe",
    "img",
    "input",
    "label",
    "legend",
    "li",
    "link",
    "main",
    "map",
    "meta",
    "nav",
    "object",
    "ol",
    "optgroup",
    "option",
    "p",
    "picture",
    "pre",
    "section",
    "select",
    "source",
    "summary",
    "table",
    "tbody",
    "td",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "title",
    "tr",
    "ul",
    "video",
]
UNREAD = ("script", "style", "title", "template", "noscript")


def plain(text: str) -> str:
    """What a person would read of a text.

    HTML becomes text, entities become characters, mangled encodings are mended (ftfy), control and invisible characters
    go, of marks stacked on a letter two stay, blanks are folded; line breaks stay. A text that is plain already is not
    changed. At most `LONGEST` characters; the time it takes is bounded.
    """
    return _read(text)[0]


def cut(text: str) -> bool:
    """Whether a text is longer than what is read of it."""
    return len(text) > LONGEST and _read(text)[1]


def _read(text: str) -> tuple[str, bool]:
    shortened = len(text) > RAW
    text = text[:RAW]
    for _ in range(ROUNDS):
        again = _once(text)
        shortened |= len(again) > LONGEST
        again = again[:LONGEST].rstrip()
        if again == text:
            return text, shortened
        text = again
    return _once(text.translate({ord("<"): " ", ord("&"): " "}))[:LONGEST].rstrip(), shortened


MARKUP = re.compile(r"[<&]")
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
TAG = r"</?(?:{names})(?:\s[^<>=]*=[^<>]*)?\s*/?>"
INNER = re.compile(TAG.format(names="|".join(IN_LINE)), re.I)
BREAK = re.compile(TAG.format(names="|".join((*OWN_LINE, *UNREAD))) + r"|<!doctype[^<>]*>|<\?xml[^<>]*>", re.I)
INVISIBLE = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\U000e0000-\U000e007f]")  # fmt: skip
STACKED = re.compile("([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{2})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")  # fmt: skip
LINES = re.compile(r"\s*[\n\r\u2028\u2029\x85]\s*")
BLANKS = re.compile(r"\s+")


def _once(text: str) -> str:
    if MARKUP.search(text):
        text = _without_markup(text)
    text = _mended(text)
    text = STACKED.sub(r"\1", INVISIBLE.sub("", text))
    return "\n".join(BLANKS.sub(" ", line).strip() for line in LINES.split(text)).strip()


def _without_markup(text: str) -> str:
    """Only tags that HTML knows are taken for markup: `i <3 it` and `if a<b` are somebody's words.

    A parser would take those for tags, and in some of its versions takes quadratic time on broken markup.
    """
    if "<!--" in text:
        text = _without(text, "<!--", "-->")
    lower = text.lower()
    for name in UNREAD:
        if f"<{name}" in lower:
            text = _without(text, f"<{name}", f"</{name}>")
            lower = text.lower()
    text = BREAK.sub("\n", INNER.sub("", text))
    return ENTITY.sub(lambda entity: html.unescape(entity[0]), text)


def _without(text: str, opening: str, closing: str) -> str:
    """The text without what stands between two marks; what is never closed stays."""
    lower = text.lower()
    if len(lower) != len(text):  # a letter that is two in lower case: places would differ
        return text
    kept, at = [], 0
    while (begin := lower.find(opening, at)) >= 0 and (end := lower.find(closing, begin)) >= 0:
        kept.append(text[at:begin])
        at = end + len(closing)
    return "\n".join([*kept, text[at:]])


def _mended(text: str) -> str:
    if text.isascii():
        return text
    ftfy, how = _ftfy()
    return str(ftfy.fix_text(text, how))


@cache
def _ftfy() -> tuple[Any, Any]:
    import ftfy

    return ftfy, ftfy.TextFixerConfig(unescape_html=False, uncurl_quotes=False, explain=False)
