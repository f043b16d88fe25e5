"""What was promised, and what became of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from firsthand.web.accounts.rights import needs
from firsthand.web.figures.answers import Asked
from firsthand.web.figures.drawing import picture
from firsthand.web.figures.figure import Figure, download, interval, percent, told
from firsthand.web.figures.page import Page
from firsthand.web.figures.trends import trend_figure
from firsthand.web.figures.words import group_words, groups_title, key_words
from firsthand.web.measured import after
from firsthand.web.measured.parts import group_link, grouping, groupings

Row = dict[str, Any]
STATES = ("kept", "late", "broken", "overdue", "withdrawn", "not_due")


def questions() -> dict[str, str | Asked]:
    """What the page asks."""
    return after.questions() | {
        "promises": "promises",
        "by_month": ("promises", {"by": ["month"]}),
        "by_owner": ("promises", {"by": ["owner"]}),
        "by_touchpoint": ("promises", {"by": ["touchpoint"]}),
    }


@needs("see_figures")
def promises(request: HttpRequest) -> HttpResponse:
    """The six states that add up to all that were made, the share kept, and what is overdue."""
    page = Page.of(request)
    by = grouping(page)
    found = page.ask(**questions(), **({"by_more": ("promises", {"by": [by]})} if by else {}))
    more = _by_group(page, found.by_more.get("groups", []), by) if by else None
    told_all = found.promises
    months = [row for row in found.by_month.get("groups", []) if row["by"]["month"] and row["made"]]
    return render(
        request,
        "measured/promises.html",
        {
            "page": page,
            "promises": told_all,
            "states": [(name, words, told_all[name]) for name, words in state_words().items()],
            "by_month": _by_month(page, months) if months else None,
            "trend": _trend(page, months),
            "after": after.figures_after(page, found.after["figures"]),
            "by_circumstance": after.figures_by_circumstance(page, found.circumstances["circumstances"]),
            "by": by,
            "groupings": groupings(page),
            "more": more,
            "groups": [
                each
                for key, rows in (("owner", found.by_owner), ("touchpoint", found.by_touchpoint))
                if (each := _by_group(page, rows.get("groups", []), key))
            ],
        },
    )


def state_words() -> dict[str, str]:
    """The states of a promise in the user's language."""
    words = (_("kept"), _("late"), _("broken"), _("overdue"), _("withdrawn by the customer"), _("not due yet"))
    return dict(zip(STATES, words, strict=True))


def _by_month(page: Page, months: list[Row]) -> Figure:
    due = [row for row in months if row["by"]["month"] <= page.today.strftime("%Y-%m")] or months
    judged = {name: sum(row[name] or 0 for row in due) for name in ("made", "late", "broken", "overdue")}
    failed = judged["late"] + judged["broken"] + judged["overdue"]
    return Figure(
        title=_("%(failed)s of %(made)s promises that fell due until now were late, broken or overdue")
        % {"failed": _number(failed), "made": _number(judged["made"])},
        picture=picture("promises", [row for row in months if not row["suppressed"]], group="month"),
        head=[_("month"), _("made"), *state_words().values(), _("share kept"), _("95 %% interval") % ()],
        rows=[[row["by"]["month"], *_counts(row)] for row in months],
        note=_("By the month in which they were due, and what became of them; n = %(n)s promises") % {"n": _number(sum(row["made"] or 0 for row in months))},
        download=download("promises", page.filters, by=["month"], rows="groups"),
    )  # fmt: skip


def _trend(page: Page, months: list[Row]) -> Figure | None:
    rows = [{"by": row["by"]} | row["kept_share"] for row in months if row["kept_share"]]
    return trend_figure(
        page, _("Promises kept"), rows, "share", download("promises", page.filters, by=["month"], rows="groups")
    )


def _by_group(page: Page, rows: list[Row], key: str) -> Figure | None:
    rows = [row for row in rows if row["made"]]
    if not rows:
        return None
    seen = [{"by": {key: group_words(key, row["by"][key])}} | row["kept_share"] for row in rows if row["kept_share"]]
    seen = sorted((row for row in seen if row["value"] is not None), key=lambda row: row["value"])
    rows.sort(key=lambda row: row["kept_share"]["value"] if row["kept_share"] and row["kept_share"]["value"] is not None else 2)  # fmt: skip
    return Figure(
        title=groups_title(_("Promises kept"), [(row["by"][key], percent(row["value"], 1)) for row in seen]),
        picture=picture("share_bars", seen, half=True, group=key) if seen else "",
        head=[key_words(key), _("made"), *state_words().values(), _("share kept"), _("95 %% interval") % ()],
        rows=[[group_link(page, "/promises/", key, row["by"][key]), *_counts(row)] for row in rows],
        note=_("Share kept, each with its 95 %% interval; n = %(n)s promises") % {"n": _number(sum(row["made"] for row in rows))},
        download=download("promises", page.filters, by=[key], rows="groups"),
    )  # fmt: skip


def _counts(row: Row) -> list[Any]:
    return [row["made"], *(row[name] for name in STATES), told(row["kept_share"]) if row["kept_share"] else _("none due"), interval(row["kept_share"])]  # fmt: skip


def _number(value: int) -> str:
    return number_format(value, force_grouping=True)
