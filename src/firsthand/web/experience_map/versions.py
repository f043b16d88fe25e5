"""History of the map, and bringing a version back."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from firsthand.errors import MapChanged, MapError
from firsthand.jobs.home import open_home
from firsthand.jobs.map_versions import map_sha256, map_text, map_versions
from firsthand.web.accounts.rights import needs
from firsthand.web.experience_map.saving import bring_back as bring_version_back
from firsthand.web.experience_map.saving import lines_of
from firsthand.web.figures.faults import in_words

Row = dict[str, Any]
ON_A_PAGE = 20


@needs("see_figures")
def history(request: HttpRequest) -> HttpResponse:
    """Versions of the map, the newest first, each with what it changed."""
    home = open_home(settings.HOME)
    versions, sha256 = map_versions(home), map_sha256(home)
    texts = [row["text"] for row in versions] + [""]
    for before, row in zip(texts[1:], versions, strict=True):
        row["lines"] = lines_of(before, row["text"])
        row["stands"] = row["sha256"] == sha256
    by_hand = lines_of(texts[0], map_text(home)) if versions and versions[0]["sha256"] != sha256 else []
    shown = Paginator(versions, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "experience_map/history.html", {"versions": shown, "by_hand": by_hand, "expected": sha256})


@needs("edit_whole_map")
@require_POST
def bring_back(request: HttpRequest, version: int) -> HttpResponse:
    """Makes a version the map again, as a new version."""
    home = open_home(settings.HOME)
    if all(row["version"] != version for row in map_versions(home)):
        raise Http404
    reason = request.POST.get("why", "").strip() or _("brought version %(n)s back") % {"n": version}
    try:
        saved = bring_version_back(home=home, version=version, by=request.user, reason=reason[:300], expected=request.POST.get("expected", ""))  # type: ignore[arg-type]  # fmt: skip
    except MapChanged as changed:
        messages.error(request, in_words(str(changed)))
    except MapError as wrong:
        messages.error(request, _("Version %(n)s is no map: %(fault)s") % {"n": version, "fault": in_words(str(wrong))})
    else:
        messages.success(request, _("The map is version %(n)s now, as version %(before)s was.") % {"n": saved["version"], "before": version})  # fmt: skip
    return redirect("map_history")
