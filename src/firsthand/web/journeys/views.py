"""The journey map, what came before and after a touchpoint, the most frequent paths, and who came back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from firsthand.web.accounts.rights import needs
from firsthand.web.figures.drawing import journey_picture, picture
from firsthand.web.figures.figure import Figure, download, duration, interval, percent, told
from firsthand.web.figures.words import month_words
from firsthand.web.journeys.parts import number, page_of, sentence, shown_page, step_choices, step_words

Row = dict[str, Any]


@needs("see_figures")
def journey(request: HttpRequest) -> HttpResponse:
    """Stages, touchpoints coloured by how it was, and the flows of customers between them."""
    page = page_of(request)
    found = page.ask(journey="journey").journey
    picture_ = journey_picture(found["stages"], found["touchpoints"], found["flows"])
    map_ = Figure(
        title=_worst_way(found),
        picture=picture_,
        head=[_("from"), _("to"), _("customers"), _("times"), _("of the steps from there"), _("half within")],
        rows=[
            [flow["from"], flow["to"], flow["customers"], flow["interactions"], percent(flow["share"], 1), duration(flow["median_seconds"])]
            for flow in found["flows"]
        ],
        note=_("n = %(steps)s steps of known customers; %(blind)s of them begin or end with something that is not on the map and are in no flow. A ribbon is as wide as it has customers, in the colour of where it leads.")
        % {"steps": number(found["steps"]), "blind": number(found["not_on_map"])},
        download=download("journey", page.filters, rows="flows"),
    )  # fmt: skip
    return shown_page(page, "map", {"map": map_ if found["touchpoints"] else None, "points": found["touchpoints"]})


def _worst_way(found: Row) -> str:
    """The largest flow into the touchpoint that was worst; the largest of all where how it was could not be seen."""
    ours = {point["touchpoint"] for point in found["touchpoints"] if point["kind"] == "invitation"}
    between = [flow for flow in found["flows"] if flow["from"] != flow["to"] and not ours & {flow["from"], flow["to"]}]
    reached = {flow["to"] for flow in between}
    seen = [point for point in found["touchpoints"] if point["touchpoint"] in reached and point["how_it_was"] and point["how_it_was"]["value"] is not None]  # fmt: skip
    if not between:
        return _("No customer went from one touchpoint to another")
    if not seen:
        flow = max(between, key=lambda flow: flow["customers"])
        return _("The largest flow goes from “%(from)s” to “%(to)s”: %(n)s customers") % {"from": flow["from"], "to": flow["to"], "n": number(flow["customers"])}  # fmt: skip
    worst = min(seen, key=lambda point: point["how_it_was"]["value"])
    flow = max((flow for flow in between if flow["to"] == worst["touchpoint"]), key=lambda flow: flow["customers"])
    return _("The largest flow into “%(to)s”, which was good for %(good)s, comes from “%(from)s”: %(n)s customers") % {
        "to": worst["touchpoint"], "good": percent(worst["how_it_was"]["value"]), "from": flow["from"], "n": number(flow["customers"]),
    }  # fmt: skip


@needs("see_figures")
def around(request: HttpRequest) -> HttpResponse:
    """What customers met before and after a touchpoint, step by step."""
    page = page_of(request)
    chosen = request.GET.get("touchpoint", "")
    asked: Row = {"touchpoints": "touchpoints"} | ({"around": ("around", {"touchpoint": chosen})} if chosen else {})
    page.others = [("touchpoint", chosen)] if chosen else []
    page.dropped = [pair for pair in page.dropped if pair[0] != "touchpoint"]
    found = page.ask(**asked)
    context: Row = {"chosen": chosen, "met": found.touchpoints["met"], "sides": []}
    if chosen:
        told_ = found.around
        context["sides"] = [_side(page, told_, -1), _side(page, told_, 1)]
        context["told"] = told_
    return shown_page(page, "around", context)


def _side(page: Any, found: Row, towards: int) -> Figure:
    """The steps on one side of the touchpoint; the nearest is drawn."""
    rows = sorted((row for row in found["around"] if row["position"] * towards > 0), key=lambda row: (abs(row["position"]), -row["customers"]))  # fmt: skip
    nearest = [row for row in rows if row["position"] == towards]
    first = nearest[0] if nearest else None
    words = {
        "name": step_words(first["touchpoint"]) if first else "–", "share": percent(first["share"] if first else None),
        "chosen": found["touchpoint"],
    }  # fmt: skip
    title = _("Directly before “%(chosen)s”, %(share)s had “%(name)s”") if towards < 0 else _("Directly after “%(chosen)s”, %(share)s had “%(name)s”")  # fmt: skip
    return Figure(
        title=title % words,
        picture=picture("count_bars", [{"touchpoint": step_words(row["touchpoint"]), "count": row["customers"]} for row in nearest[:12]], half=True, group="touchpoint", colour="#2f6690"),
        head=[_("steps away"), _("touchpoint"), _("customers"), _("of those who met it"), _("times")],
        rows=[[abs(row["position"]), step_words(row["touchpoint"]), row["customers"], percent(row["share"], 1), row["interactions"]] for row in rows],
        note=_("Customers; n = %(n)s who met it. Who met it several times can be in several bars. The table has three steps.") % {"n": number(found["customers"])},
        download=download("around", page.filters, touchpoint=found["touchpoint"], rows="around"),
    )  # fmt: skip


@needs("see_figures")
def variants(request: HttpRequest) -> HttpResponse:
    """The most frequent sequences of touchpoints, of journeys or of whole lives."""
    page = page_of(request)
    per = "life" if request.GET.get("per") == "life" else "journey"
    without = [kind for kind in request.GET.getlist("without") if kind]
    more = ({"per": per} if per != "journey" else {}) | ({"without": without} if without else {})
    found = page.ask(variants=("variants", more), touchpoints="touchpoints")
    told_, kinds = found.variants, found.touchpoints["kinds"]
    figure = None
    if told_["variants"]:
        first = told_["variants"][0]
        figure = Figure(
            title=_("The most frequent path is %(share)s of %(n)s: %(path)s")
            % {"share": percent(first["share"], 1), "n": number(told_["cases"]), "path": sentence([step_words(step) for step in first["path"]])},
            head=[_("path"), _("times"), _("share"), _("customers")],
            rows=[[sentence([step_words(step) for step in row["path"]]), row["cases"], percent(row["share"], 1), row["customers"]] for row in told_["variants"]]
            + [[_("%(n)s other paths") % {"n": number(told_["others"]["variants"])}, told_["others"]["cases"], percent(told_["others"]["cases"] / told_["cases"], 1), told_["others"]["customers"]]],
            note=_("n = %(n)s paths; all of them are counted, so there is no interval") % {"n": number(told_["cases"])},
            download=download("variants", page.filters, **(more | {"rows": "variants"})),
            open=True,
        )  # fmt: skip
    return shown_page(page, "variants", {"figure": figure, "per": per, "kinds": [(kind, step_words(f"kind:{kind}"), kind in without) for kind in kinds]})  # fmt: skip


@needs("see_figures")
def retention(request: HttpRequest) -> HttpResponse:
    """Of each month's new customers the share that came back in each month after."""
    page = page_of(request)
    chosen = {key: request.GET.get(key, "") for key in ("first", "back")}
    more = {key: step for key, step in chosen.items() if step}
    found = page.ask(retention=("retention", more), touchpoints="touchpoints")
    cohorts = found.retention["cohorts"]
    figure = None
    if cohorts:
        long = [
            cohort
            for cohort in cohorts
            if len(cohort["months"]) > 2 and cohort["customers"] >= page.home.settings.minimum_group
        ]
        last = long[-1] if long else cohorts[0]
        at = last["months"][min(len(last["months"]), 3) - 1]
        figure = Figure(
            title=_("%(share)s of those who first came in %(cohort)s came back in month %(month)s after")
            % {"share": told(at), "cohort": month_words(last["cohort"]), "month": at["month"]},
            picture=picture("retention", cohorts),
            head=[_("first came"), _("months after"), _("came back"), _("95 %% interval") % (), _("customers")],
            rows=[[cohort["cohort"], row["month"], told(row), interval(row), row["customers"]] for cohort in cohorts for row in cohort["months"]],
            note=_("%(range)s; n = %(n)s customers who first came in that month. A month counts once it is over.") % {"range": interval(at) or "–", "n": number(last["customers"])},
            download=download("retention", page.filters, **(more | {"rows": "cohorts.months"})),
        )  # fmt: skip
    asked = [(key, words, step_choices(found.touchpoints, chosen[key])) for key, words in (("first", _("began with")), ("back", _("came back for")))]  # fmt: skip
    return shown_page(page, "retention", {"figure": figure, "asked": asked})
