"""The evidence of signals, which the core tells in English, in the user's language."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop, ngettext

from firsthand.web.customers.words import CHANNELS, SUBJECTS
from firsthand.web.figures.sentences import known, met, sort_of

SENTENCES = [
    gettext_noop("nothing bought in {number} hours"),
    gettext_noop("had answered it {span} before, about {matter}"),
    gettext_noop("moved by {span}"),
    gettext_noop("late by {span}"),
    gettext_noop("withdrawn by us"),
    gettext_noop("overdue for {span}"),
    gettext_noop("bought again after {span}"),
    gettext_noop("another cart {span} later"),
    gettext_noop("from {channel} to {other_channel} after {span} about {matter}"),
    gettext_noop("by {date} in {channel}, by {other_date} in {other_channel}"),
    gettext_noop("“{name}” in {channel}, “{other_name}” in {other_channel}, about {matter}"),
    gettext_noop("kept in {channel}, withdrawn by us in {other_channel}"),
    gettext_noop("withdrawn by us in {channel}, kept in {other_channel}"),
    gettext_noop("no result"),
    gettext_noop("got in touch {span} later"),
    gettext_noop("not heard of for {span}"),
    gettext_noop("{span} early"),
    gettext_noop("waited {span}, the standard is {other_span}"),
    gettext_noop("{number} times in {span} about {matters}"),
    gettext_noop("told others"),
    gettext_noop("again after {span} about {matter}"),
    gettext_noop("sent back {matters}"),
    gettext_noop("sent back"),
    gettext_noop("once about {matter}"),
    gettext_noop("charged for the first time; {money}"),
    gettext_noop("charged for the first time"),
    gettext_noop("higher than ever before; {money}"),
    gettext_noop("higher than ever before"),
    gettext_noop("{money} above the price of {matter}"),
    gettext_noop("from {name} to {other_name} about {matter}"),
    gettext_noop("asked about {matter} {span} after it was due"),
    gettext_noop("asked about {matter} {span} before it was due"),
]
"""What the signals of the core tell; the first that fits is it."""
SORTS = {
    "span": r"\d+ (?:minute|hour|day)s?", "number": r"[\d.]+", "date": r"\d{4}-\d\d-\d\d", "money": r"-?[\d.]+(?: \S+)?",
}  # fmt: skip


KNOWN = known(SENTENCES, SORTS)


def in_words(evidence: str) -> str:
    """Evidence in the user's language; as it is where no signal of the core tells it so."""
    found = met(evidence, KNOWN)
    if found is None:
        return evidence
    sentence, gaps = found
    return gettext(sentence).format(**{name: _told(sort_of(name), text) for name, text in gaps.items()})


def _told(sort: str, text: str) -> str:
    if sort == "span":
        return _span(text)
    if sort == "channel":
        return str(CHANNELS.get(text, text))
    if sort in ("matter", "matters"):
        return ", ".join(_matter(each) for each in text.split(", "))
    return text


def _span(text: str) -> str:
    number, unit = text.split(" ")
    count = int(number)
    spoken = {
        "minute": ngettext("%(n)s minute", "%(n)s minutes", count),
        "hour": ngettext("%(n)s hour", "%(n)s hours", count),
        "day": ngettext("%(n)s day", "%(n)s days", count),
    }
    return spoken[unit.removesuffix("s")] % {"n": count}


def _matter(text: str) -> str:
    kind, blank, value = text.partition(" ")
    return f"{SUBJECTS.get(kind, kind)}{blank}{value}"
