"""Two groups of customers, or two periods: where their ways, and what they met, differ beyond chance."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from firsthand.web.accounts.rights import needs
from firsthand.web.figures.drawing import picture
from firsthand.web.figures.figure import Figure, difference, difference_interval, download, percent
from firsthand.web.figures.page import Page
from firsthand.web.figures.words import span_words, spans
from firsthand.web.journeys.parts import number, page_of, sentence, shown_page, step_words

Row = dict[str, Any]
DRAWN = 15
BEFORE, OTHERS = "before", "others"
KEYS = ("first:channel", "channel", "source", "touchpoint", "circumstance")
Options = list[tuple[str, list[tuple[str, str]]]]


@needs("see_figures")
def compare(request: HttpRequest) -> HttpResponse:
    """Names what differs, corrected for looking at everything (Holm)."""
    page = page_of(request)
    group, against = request.GET.get("group", ""), request.GET.get("against", "")
    if not group or not against:
        against = OTHERS if group else BEFORE
    within, before = spans(page.today, page.filters)
    days = {"within": within, "against": before}
    more: Row = ({"group": group} if group else {}) | (days if against == BEFORE else {"against": against})
    found = page.ask(ways=("paths", more), met=("signals", more))
    options = _options(page)
    names = {value: words for _label, each in options for value, words in each}
    now, then = _sides(names, group, against, within, before)
    changes, met = found.ways["changes"], found.met["changes"]
    return shown_page(
        page, "compare",
        {
            "group": group, "against": against, "options": options, "now": now, "then": then, "customers": changes["customers"],
            "ways": _figure(page, "paths", more, [(sentence([step_words(row["from"]), step_words(row["to"])]), row) for row in changes["differs"]], changes, now, then),
            "met": _figure(page, "signals", more, [(_(row["title"]), row) for row in met["differs"]], met, now, then),
            "tested": changes["tested"], "too_few": changes["too_few"], "tested_met": met["tested"],
        },
    )  # fmt: skip


def _options(page: Page) -> Options:
    """Groups that the lists offer: value as in the address, and words."""
    words = {
        "first:channel": _("who first came by %(value)s"), "channel": _("who ever used %(value)s"), "source": _("who are in %(value)s"),
        "touchpoint": _("who met %(value)s"), "circumstance": _("who were in %(value)s"),
    }  # fmt: skip
    labels = {
        "first:channel": _("first channel"), "channel": _("channel"), "source": _("source"), "touchpoint": _("touchpoint"),
        "circumstance": _("circumstance"),
    }  # fmt: skip
    options: Options = []
    for key in KEYS:
        values = page.choices.get(key.removeprefix("first:"), [])
        begun = "circumstance:" if key == "circumstance" else f"{key}="
        if values:
            options.append(
                (
                    labels[key],
                    [
                        (f"{begun}{value}", words[key] % {"value": _(value) if key.endswith("channel") else value})
                        for value in values
                    ],
                )
            )
    return options


def _sides(names: dict[str, str], group: str, against: str, within: str, before: str) -> tuple[str, str]:
    """Who is compared with whom, in words."""
    chosen = _("customers %(who)s") % {"who": names.get(group, group)} if group else _("all customers")
    if against == BEFORE:
        return f"{chosen}, {span_words(within)}", f"{chosen}, {span_words(before)}"
    return chosen, _("all others") if against == OTHERS else _("customers %(who)s") % {"who": names.get(against, against)}  # fmt: skip


def _figure(
    page: Page, question: str, more: Row, rows: list[tuple[str, Row]], changes: Row, now: str, then: str
) -> Figure | None:
    if not rows:
        return None
    name, first = rows[0]
    rows = [(f"{nth}. {each}", row) for nth, (each, row) in enumerate(rows, 1)]
    drawn = [
        {"by": {"way": name}} | {"value": row["difference"], "low": row["low"], "high": row["high"]}
        for name, row in rows[:DRAWN]
    ]
    return Figure(
        title=_("“%(name)s”: %(after)s of %(now)s; %(before)s of %(then)s") % {"name": name, "now": now, "then": then, "after": percent(first["after"], 1), "before": percent(first["before"], 1)},
        picture=picture("figure_bars", drawn, group="way", unit="share"),
        head=[_("what differs"), now, then, _("difference"), _("95 %% interval") % (), _("chance (corrected)")],
        rows=[[name, percent(row["after"], 1), percent(row["before"], 1), difference(row["difference"], "share"), difference_interval(row, "share"), f"{row['p']:.4f}"] for name, row in rows],
        note=_("Difference of the shares of customers, each with its 95 %% interval; n = %(after)s and %(before)s customers; %(tested)s were tested")
        % {"after": number(changes["customers"]["after"]), "before": number(changes["customers"]["before"]), "tested": number(changes["tested"])},
        download=download(question, page.filters, **(more | {"rows": "changes.differs"})),
    )  # fmt: skip
