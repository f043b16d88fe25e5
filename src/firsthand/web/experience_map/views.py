"""The map with figures, and one touchpoint by itself."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from firsthand.errors import MapError
from firsthand.jobs.map_versions import map_text
from firsthand.journeys import ExperienceMap, load_map
from firsthand.journeys.map_text import written
from firsthand.web.accounts.rights import needs
from firsthand.web.experience_map.colouring import COLOURINGS, coloured_map, colouring_named
from firsthand.web.experience_map.saving import may_edit
from firsthand.web.experience_map.touchpoints import about, standards
from firsthand.web.figures.answers import Asked
from firsthand.web.figures.filters import Filters
from firsthand.web.figures.page import Page

Row = dict[str, Any]


def questions() -> dict[str, str | Asked]:
    """What the map asks when nothing is filtered."""
    return {"check": "map_check"} | {each.name: each.question for each in COLOURINGS}


@needs("see_figures")
def experience_map(request: HttpRequest) -> HttpResponse:
    """Stages and touchpoints, coloured by a measure, and below what the map does not know."""
    page = Page.of(request)
    try:
        map_ = load_map(page.home.map_file)
    except MapError as wrong:
        return render(request, "experience_map/broken.html", {"said": str(wrong).splitlines()})
    by = colouring_named(request.GET.get("measure"))
    found = page.ask(it=by.question)
    check = Page(request, Filters()).ask(check="map_check")
    page.answers = found | check
    context = {
        "page": page, "map": map_, "by": by, "colourings": COLOURINGS, "figure": coloured_map(map_, by, found.it, page.filters),
        "check": check.check, "editable": [point for point in map_.touchpoints if may_edit(request.user, point)],
    }  # fmt: skip
    return render(request, "experience_map/map.html", context)


@needs("see_figures")
def touchpoint(request: HttpRequest) -> HttpResponse:
    """One touchpoint: who owns it, what was expected there, and how it was."""
    page = Page.of(request)
    map_ = load_map(page.home.map_file)
    point = next((each for each in map_.touchpoints if each.name == request.GET.get("name")), None)
    if point is None:
        raise Http404
    here = Page(request, page.filters.with_("touchpoint", point.name))
    told = about(page, here, point)
    people = None
    if request.GET.get("people") and request.user.may("list_customers"):  # type: ignore[union-attr]
        asked = Page(request, here.filters).ask(people="latest_customers")
        page.answers |= asked
        people = asked.people["customers"]
    context = told | {
        "page": page, "here": here, "point": point, "team": map_.teams.get(point.owner or "", {}), "people": people,
        "standards": standards(point), "kind": point.kind.replace("_", " "), "rules": written(map_text(page.home), point.name, "rules"), "may_edit": may_edit(request.user, point),
        "beside": _beside(map_, point.name),
    }  # fmt: skip
    response = render(request, "experience_map/touchpoint.html", context)
    if people is not None:
        add_never_cache_headers(response)
    return response


def _beside(map_: ExperienceMap, name: str) -> tuple[str | None, str | None]:
    """The touchpoints that stand before and after one on the map."""
    names = [point.name for stage in map_.stages for point in map_.touchpoints if point.stage == stage]
    at = names.index(name)
    return names[at - 1] if at else None, names[at + 1] if at + 1 < len(names) else None
