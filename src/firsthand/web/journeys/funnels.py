"""How far customers got: along steps that are chosen here, and along the paths that the map intends."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from firsthand.web.accounts.rights import needs
from firsthand.web.figures.downloads import number as number_told
from firsthand.web.figures.drawing import picture
from firsthand.web.figures.figure import (
    Figure,
    difference,
    difference_interval,
    download,
    duration,
    interval,
    percent,
    told,
)
from firsthand.web.figures.page import Page
from firsthand.web.figures.words import group_words, groups_title, key_words
from firsthand.web.journeys.parts import number, page_of, shown_page, step_choices, step_words

Row = dict[str, Any]
GROUPS = ("channel", "source", "touchpoint", "month", "quarter")
MOST_STEPS = 6


@needs("see_figures")
def funnel(request: HttpRequest) -> HttpResponse:
    """Of those who took the first step, the share that got to each other one."""
    page = page_of(request)
    steps = [step for step in request.GET.getlist("steps") if step][:MOST_STEPS]
    mode = request.GET.get("mode", "ordered")
    mode = mode if mode in ("ordered", "strict", "any") else "ordered"
    by = [key for key in request.GET.getlist("by") if key in GROUPS][:1]
    more: Row = {"steps": steps} | ({"mode": mode} if mode != "ordered" else {}) | ({"by": by} if by else {})
    if days := request.GET.get("within_days"):
        more["within_days"] = number_told(days)
    few = 0 < len(steps) < 2
    asked = ("funnel", more) if len(steps) > 1 else "main_funnel"
    found = page.ask(funnel=asked, touchpoints="touchpoints")
    told_ = found.funnel if len(steps) > 1 else found.funnel["funnel"]
    csv = download("funnel", page.filters, **(more | {"rows": "groups.steps"})) if len(steps) > 1 else download("main_funnel", page.filters, rows="funnel.groups.steps")  # fmt: skip
    shown_steps = steps or (told_["steps"] if told_ else [])
    return shown_page(
        page, "funnel",
        {
            "figure": _figure(page, told_, csv) if told_ and not few else None, "few": few, "mode": mode,
            "steps": [(nth, step_choices(found.touchpoints, shown_steps[nth - 1] if nth <= len(shown_steps) else "")) for nth in range(1, MOST_STEPS + 1)],
            "modes": [(value, words, value == mode) for value, words in (("ordered", _("in this order, other things may come between")), ("strict", _("directly one after another")), ("any", _("in any order")))],
            "groups": [(key, _(key), key in by) for key in GROUPS], "within_days": days or (f"{told_['within_days']:g}" if told_ and told_["within_days"] and not steps else ""),
        },
    )  # fmt: skip


def _figure(page: Page, found: Row, csv: str) -> Figure | None:
    groups = [group for group in found["groups"] if group["steps"][0]["of_first"]]
    if not groups:
        return None
    by = next(iter(groups[0]["by"]), None)
    head = [
        _("step"),
        _("customers"),
        _("of the first"),
        _("95 %% interval") % (),
        _("of the one before"),
        _("95 %% interval") % (),
        _("half within"),
    ]
    late = sum(group["too_recent"] or 0 for group in groups)
    n = sum(group["steps"][0]["customers"] or 0 for group in groups)
    note = _("n = %(n)s customers who took the first step; of several attempts the one that got furthest counts.") % {
        "n": number(n)
    }
    if late:
        note += " " + _("%(late)s began too late for their time to be over, and are not counted.") % {
            "late": number(late)
        }
    first, last = groups[0]["steps"][0], groups[0]["steps"][-1]
    if by is None:
        title = _("%(share)s of %(n)s customers who had “%(first)s” got to “%(last)s”") % {
            "share": told(last["of_first"]),
            "n": number(first["customers"]),
            "first": step_words(first["step"]),
            "last": step_words(last["step"]),
        }
        drawn = [
            row | {"step": f"{nth}. {step_words(row['step'])}", "note": _noted(row)}
            for nth, row in enumerate(groups[0]["steps"], 1)
            if row["of_first"]
        ]
        return Figure(
            title=title,
            picture=picture("funnel", drawn),
            head=head,
            rows=[_cells(row) for row in groups[0]["steps"]],
            note=note,
            download=csv,
        )
    seen = [
        {"by": {by: group_words(by, group["by"][by])}} | group["steps"][-1]["of_first"]
        for group in groups
        if group["steps"][-1]["of_first"]
    ]
    seen = sorted((row for row in seen if row["value"] is not None), key=lambda row: row["value"])
    what = _("Got from “%(first)s” to “%(last)s”") % {
        "first": step_words(first["step"]),
        "last": step_words(last["step"]),
    }
    return Figure(
        title=groups_title(what, [(row["by"][by], percent(row["value"], 1)) for row in seen]),
        picture=picture("share_bars", seen, group=by),
        head=[key_words(by), *head],
        rows=[[group_words(by, group["by"][by]), *_cells(row)] for group in groups for row in group["steps"]],
        note=note,
        download=csv,
    )  # fmt: skip


def _noted(row: Row) -> str:
    """What stands below a bar: how many, of those before, and how soon."""
    if not row["customers"]:
        return _("nobody")
    said = _("%(n)s customers") % {"n": number(row["customers"])}
    if not row["of_previous"] or row["median_seconds"] is None:
        return said
    return _("%(said)s · %(share)s of those before · half within %(time)s") % {"said": said, "share": told(row["of_previous"]), "time": duration(row["median_seconds"])}  # fmt: skip


def _cells(row: Row) -> list[Any]:
    first, before = row["of_first"], row["of_previous"]
    return [
        step_words(row["step"]), row["customers"], told(first) if first else "–", interval(first), told(before) if before else "–", interval(before),
        duration(row["median_seconds"]),
    ]  # fmt: skip


@needs("see_figures")
def designed(request: HttpRequest) -> HttpResponse:
    """Each intended path of the map, held against what customers did."""
    page = page_of(request)
    found = page.ask(designed="designed").designed
    return shown_page(page, "designed", {"paths": [_path(page, path) for path in found["journeys"]]})


def _path(page: Page, path: Row) -> Row:
    group = path["groups"][0] if path["groups"] else None
    if not group or not group["followed"] or group["followed"]["value"] is None:
        return {"path": path, "figure": None}
    figure = Figure(
        title=_("%(share)s of %(n)s attempts at “%(journey)s” went as designed")
        % {"share": told(group["followed"]), "n": number(group["attempts"]), "journey": path["journey"]},
        picture=picture("path", group),
        head=[_("step"), _("what then"), _("attempts"), _("customers"), _("share or time"), _("95 %% interval") % ()],
        rows=[*_steps(group), *_times(group)],
        note=_("%(range)s; n = %(attempts)s attempts of %(customers)s customers. Share of all attempts still on the path at each step; the dark mark is its interval.")
        % {"range": interval(group["followed"]), "attempts": number(group["attempts"]), "customers": number(group["customers"])},
        download=download("designed", page.filters, journey=path["journey"], rows="journeys.groups.left"),
    )  # fmt: skip
    differs = [
        (_(row["title"]), difference(row["value"], row["unit"]), difference_interval(row, row["unit"]), row["beyond_chance"])
        for row in group["differences"]
        if row["value"] is not None
    ]  # fmt: skip
    return {"path": path, "group": group, "figure": figure, "differs": differs}


def _steps(group: Row) -> list[list[Any]]:
    rows = []
    for row in group["steps"]:
        rows.append([row["step"], _("still on the path"), row["attempts"], None, told(row["of_attempts"]), interval(row["of_attempts"])])  # fmt: skip
        rows += [
            [row["step"], _("left for %(name)s") % {"name": step_words(left["left_for"])}, left["attempts"], left["customers"], told(left["share"]), interval(left["share"])]
            for left in group["left"]
            if left["after"] == row["step"]
        ]  # fmt: skip
    return rows


def _times(group: Row) -> list[list[Any]]:
    who = (("followed", _("followed it")), ("left", _("left it and got to its end")))
    parts = (("median", _("half within")), ("p90", _("nine of ten within")))
    return [
        [words, name, time["observations"], time["customers"], told(time, "seconds"), interval(time, "seconds")]
        for side, words in who
        for part, name in parts
        if (time := group["seconds"][side][part]) and time["value"] is not None
    ]
