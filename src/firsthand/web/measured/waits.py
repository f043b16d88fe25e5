"""How long customers waited, as they felt it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from firsthand.web.accounts.rights import needs
from firsthand.web.figures.answers import Asked
from firsthand.web.figures.drawing import picture
from firsthand.web.figures.figure import Figure, download, duration, interval, percent, told
from firsthand.web.figures.page import Page
from firsthand.web.figures.trends import trend_figure
from firsthand.web.figures.words import group_words, groups_title
from firsthand.web.measured.parts import group_link

Row = dict[str, Any]
NAMES = ("wait_beyond_standard", "wait_median", "wait_p90")


def questions() -> dict[str, str | Asked]:
    """What the page asks."""
    asked: dict[str, str | Asked] = {"waits": ("measures", {"chosen": "WAITS"}), "touchpoints": "touchpoints"}
    for key in ("touchpoint", "month", "owner", "channel"):
        asked[f"by_{key}"] = ("measures", {"chosen": "WAITS", "by": [key]})
    return asked


@needs("see_figures")
def waits(request: HttpRequest) -> HttpResponse:
    """Median, nine of ten, and the share beyond the standard: by touchpoint, month, owner and channel."""
    page = Page.of(request)
    found = page.ask(**questions())
    standards = {row["touchpoint"]: row["standard"].get("wait_seconds") for row in found.touchpoints["touchpoints"]}
    months = found.by_month["figures"]
    trends = [
        trend_figure(page, _(mine[0]["title"]), mine, mine[0]["unit"], download("measures", page.filters, chosen="WAITS", by=["month"], rows="figures"), half=name != NAMES[0])
        for name in NAMES
        if (mine := [row for row in months if row["measure"] == name])
    ]  # fmt: skip
    return render(
        request,
        "measured/waits.html",
        {
            "page": page,
            "tiles": [row for name in NAMES for row in found.waits["figures"] if row["measure"] == name],
            "ranges": _ranges(page, found.by_touchpoint["figures"], standards),
            "trends": [each for each in trends if each],
            "groups": [each for key in ("owner", "channel") if (each := _by_group(page, found.documents[f"by_{key}"]["figures"], key))],
        },
    )  # fmt: skip


def _by(rows: list[Row], key: str) -> dict[Any, dict[str, Row]]:
    """The measures of each group."""
    groups: dict[Any, dict[str, Row]] = {}
    for row in rows:
        groups.setdefault(row["by"][key], {})[row["measure"]] = row
    return {name: each for name, each in groups.items() if "wait_median" in each}


def _cells(each: dict[str, Row]) -> list[Any]:
    median, beyond = each["wait_median"], each.get("wait_beyond_standard")
    return [
        told(median, "seconds"), interval(median, "seconds"), told(each.get("wait_p90"), "seconds"),
        told(beyond) if beyond else _("no standard"), interval(beyond), median["customers"], median["observations"],
    ]  # fmt: skip


def _head(*first: str) -> list[str]:
    range_ = _("95 %% interval") % ()
    return [*first, _("half at most"), range_, _("nine of ten at most"), _("longer than the standard"), range_, _("customers"), _("waits")]  # fmt: skip


def _ranges(page: Page, rows: list[Row], standards: dict[str, float | None]) -> Figure | None:
    groups = _by(rows, "touchpoint")
    if not groups:
        return None
    drawn = [
        {"touchpoint": group_words("touchpoint", name), "standard": standards.get(name), "median": each["wait_median"]["value"], "p90": each["wait_p90"]["value"]}
        for name, each in groups.items()
    ]  # fmt: skip
    longest = max(drawn, key=lambda row: row["p90"] or 0)
    return Figure(
        title=_("The longest waits are at “%(touchpoint)s”: one of ten waited longer than %(p90)s, half longer than %(median)s")
        % {"touchpoint": longest["touchpoint"], "p90": duration(longest["p90"]), "median": duration(longest["median"])},
        picture=picture("waits", drawn),
        head=_head(_("touchpoint"), _("standard")),
        rows=[[group_link(page, "/waits/", "touchpoint", name), duration(standards.get(name)), *_cells(each)] for name, each in groups.items()],
        note=_("The dot is the wait that half did not exceed, the bar reaches to nine of ten, the mark is the standard; n = %(n)s waits")
        % {"n": number_format(sum(each["wait_median"]["observations"] or 0 for each in groups.values()), force_grouping=True)},
        download=download("measures", page.filters, chosen="WAITS", by=["touchpoint"], rows="figures"),
    )  # fmt: skip


def _by_group(page: Page, rows: list[Row], key: str) -> Figure | None:
    groups = _by(rows, key)
    if not groups:
        return None
    beyond = [each["wait_beyond_standard"] | {"by": {key: group_words(key, name)}} for name, each in groups.items() if "wait_beyond_standard" in each]  # fmt: skip
    beyond = sorted((row for row in beyond if row["value"] is not None), key=lambda row: row["value"])
    if beyond:
        title = groups_title(_("Waited longer than the standard"), [(row["by"][key], percent(row["value"], 1)) for row in beyond])  # fmt: skip
    else:
        title = _("How long customers waited, by %(key)s") % {"key": _(key)}
    return Figure(
        title=title,
        picture=picture("share_bars", beyond, half=True, group=key) if beyond else "",
        head=_head(_(key)),
        rows=[[group_link(page, "/waits/", key, name), *_cells(each)] for name, each in groups.items()],
        note=_("Share longer than the standard, each with its 95 %% interval; n = %(n)s waits that a standard is set for") % {"n": number_format(sum(row["observations"] for row in beyond), force_grouping=True)},
        download=download("measures", page.filters, chosen="WAITS", by=[key], rows="figures"),
    )  # fmt: skip
