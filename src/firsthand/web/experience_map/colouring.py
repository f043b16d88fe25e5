"""By which figure the map is coloured, and how: from orange (bad) over grey to green (good), hatched where nothing is seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from firsthand.errors import UserError
from firsthand.journeys import ExperienceMap, Touchpoint
from firsthand.web.figures.answers import Asked
from firsthand.web.figures.figure import Figure, customers, download, interval, shown, told
from firsthand.web.figures.filters import Filters
from firsthand.web.figures.page import Row

TONES = ("q1", "q2", "q3", "q4", "q5")


@dataclass(frozen=True)
class Colouring:
    """limits: where the colours change, ascending.  less: the less, the better.  found: figures by touchpoint in an answer."""

    name: str
    title: str | Promise
    question: str | Asked
    found: Callable[[Row], dict[str, Row | None]]
    limits: Sequence[float] = (0.5, 0.7, 0.8, 0.9)
    less: bool = False
    unit: str = "share"

    def tone(self, figure: Row | None) -> str:
        """The colour of a figure: a class of the style sheet."""
        if figure is None or figure["value"] is None:
            return "unseen"
        step = sum(limit <= figure["value"] for limit in self.limits)
        return TONES[4 - step if self.less else step]

    def key(self) -> list[tuple[str, str]]:
        """The colours with what they stand for, from bad to good."""
        ends = [shown(limit, self.unit, 0) for limit in self.limits]
        words = [_("under %(limit)s") % {"limit": ends[0]}]
        words += [_("%(low)s to under %(high)s") % {"low": low, "high": high} for low, high in pairwise(ends)]
        words.append(_("%(limit)s and more") % {"limit": ends[-1]})
        told = list(zip(reversed(TONES) if self.less else TONES, words, strict=True))
        return [*(reversed(told) if self.less else told), ("unseen", _("not seen, or too few"))]


def _of_map(field: str) -> Callable[[Row], dict[str, Row | None]]:
    return lambda answer: {row["touchpoint"]: row[field] for row in answer["touchpoints"]}


def _bad(answer: Row) -> dict[str, Row | None]:
    """Where no bad signal shows and nothing else is seen either, none could have shown."""
    return {
        row["touchpoint"]: None if row["how_it_was"] is None and not row["with_bad_signal"] else row["bad_signal_share"]
        for row in answer["touchpoints"]
    }


def _of_rows(measure: str, under: str) -> Callable[[Row], dict[str, Row | None]]:
    """Of several scales the one that most customers answered on."""

    def found(answer: Row) -> dict[str, Row | None]:
        best: dict[str, Row | None] = {}
        for row in answer[under]:
            name, before = row["by"]["touchpoint"], best.get(row["by"]["touchpoint"])
            if row["measure"] == measure and (before is None or (row["customers"] or 0) > (before["customers"] or 0)):
                best[name] = row
        return best

    return found


def _measured(name: str) -> Asked:
    return "measures", {"chosen": name, "by": ["touchpoint"]}


COLOURINGS = (
    Colouring("how_it_was", gettext_lazy("How it was"), "map", _of_map("how_it_was")),
    Colouring("bad_signals", gettext_lazy("Bad signals"), "map", _bad, (0.05, 0.1, 0.2, 0.4), less=True),
    Colouring("kept_share", gettext_lazy("Promises kept"), _measured("kept_share"), _of_rows("kept_share", "figures")),
    Colouring(
        "wait_beyond_standard", gettext_lazy("Waited longer than the standard"), _measured("wait_beyond_standard"),
        _of_rows("wait_beyond_standard", "figures"), (0.05, 0.1, 0.2, 0.4), less=True,
    ),
    Colouring("nps", gettext_lazy("NPS"), "touchpoint_scores", _of_rows("nps", "scores"), (0, 20, 40, 60), unit="points"),
    Colouring("csat", gettext_lazy("Satisfied (CSAT)"), "touchpoint_scores", _of_rows("csat", "scores")),
    Colouring("ces", gettext_lazy("Easy (CES)"), "touchpoint_scores", _of_rows("ces", "scores")),
)  # fmt: skip


def colouring_named(name: str | None) -> Colouring:
    """The one of that name; the first where none is named. Raises UserError where there is none of that name."""
    if not name:
        return COLOURINGS[0]
    found = next((each for each in COLOURINGS if each.name == name), None)
    if found is None:
        raise UserError(f'"{name}" is no measure. There are: {", ".join(each.name for each in COLOURINGS)}.')
    return found


def coloured_map(map_: ExperienceMap, by: Colouring, answer: Row, filters: Filters) -> Figure:
    """The map as a figure: tiles in their stages, coloured; the key; the table behind it."""
    figures = by.found(answer)
    points = [point for point in map_.touchpoints if _chosen(point, filters)]
    stages = [
        (stage, [_tile(point, by, figures.get(point.name)) for point in points if point.stage == stage])
        for stage in map_.stages
    ]
    stages = [(stage, tiles) for stage, tiles in stages if tiles]
    seen = [(point, figure) for point in points if (figure := figures.get(point.name)) and figure["value"] is not None]
    seen.sort(key=lambda pair: pair[1]["value"], reverse=by.less)
    rows = [_row(point, by, figures.get(point.name)) for point in points]
    return Figure(
        title=_title(by, seen, len(points)),
        picture=render_to_string("experience_map/grid.html", {"stages": stages, "key": by.key(), "query": filters.query}),
        head=[_("stage"), _("touchpoint"), _("owner"), str(by.title), _("95 %% interval") % (), _("customers"), _("observations")],
        rows=rows,
        note=_("“%(name)s”: %(range)s; %(customers)s.") % {"name": seen[0][0].name, "range": interval(seen[0][1], by.unit) or "–", "customers": customers(seen[0][1])} if seen else "",
        download=_download(by, filters),
    )  # fmt: skip


def _title(by: Colouring, seen: list[tuple[Touchpoint, Row]], all_: int) -> str:
    if not seen:
        return _("%(measure)s: nothing of it can be seen at any touchpoint") % {"measure": by.title}
    point, figure = seen[0]
    told_ = {"measure": by.title, "value": shown(figure["value"], by.unit), "name": point.name}
    title = _("%(measure)s: %(value)s at “%(name)s”, where it is worst") % told_
    unseen = all_ - len(seen)
    if unseen:
        title += ngettext("; %(n)s touchpoint is not seen", "; %(n)s touchpoints are not seen", unseen) % {"n": unseen}
    return title


def _tile(point: Touchpoint, by: Colouring, figure: Row | None) -> Row:
    return {
        "name": point.name,
        "owner": point.owner,
        "tone": by.tone(figure),
        "told": told(figure, by.unit, 0),
        "customers": customers(figure),
    }


def _row(point: Touchpoint, by: Colouring, figure: Row | None) -> list[Any]:
    counts = [figure[key] if figure else None for key in ("customers", "observations")]
    return [
        point.stage,
        point.name,
        point.owner or _("nobody"),
        told(figure, by.unit),
        interval(figure, by.unit),
        *counts,
    ]


def _chosen(point: Touchpoint, filters: Filters) -> bool:
    """Whether a touchpoint is one of those that the filters speak of."""
    told = dict(filters.places)
    return all(
        told.get(key) in (None, value)
        for key, value in (("stage", point.stage), ("owner", point.owner), ("touchpoint", point.name))
    )


def _download(by: Colouring, filters: Filters) -> str:
    if isinstance(by.question, str):
        return download(by.question, filters, rows={"map": "touchpoints", "touchpoint_scores": "scores"}[by.question])
    return download(by.question[0], filters, **by.question[1], rows="figures")
