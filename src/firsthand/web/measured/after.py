"""What came after promises that were kept and those that were not, and how that differs with the circumstance."""

from __future__ import annotations

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from firsthand.measures.seen import CIRCUMSTANCE
from firsthand.web.figures.answers import Asked
from firsthand.web.figures.drawing import picture
from firsthand.web.figures.figure import Figure, difference, difference_interval, download, percent, told
from firsthand.web.figures.page import Page
from firsthand.web.figures.words import group_words, groups_title, key_words
from firsthand.web.measured.parts import group_link, groups_figure

Row = dict[str, Any]
KEPT, NOT_KEPT = "kept", "not kept"


def questions() -> dict[str, str | Asked]:
    """What is asked for these figures."""
    return {"after": ("measures", {"chosen": "AFTER_PROMISES"}), "circumstances": "promises_by_circumstance"}


def figures_after(page: Page, rows: list[Row]) -> list[Figure]:
    """Each measure after promises that were kept, and after those that were not."""
    found = []
    for name in dict.fromkeys(row["measure"] for row in rows):
        mine = [row for row in rows if row["measure"] == name]
        address = download("measures", page.filters, chosen=name, rows="figures")
        named = [row | {"by": {"promise": _(row["by"]["promise"])}} for row in mine]
        found.append(groups_figure(page, _(mine[0]["title"]), named, "share", "promise", address, address="/promises/"))
    return [each for each in found if each]


def figures_by_circumstance(page: Page, circumstances: list[Row]) -> list[Figure]:
    """The same, by what the customer needed it for: where a promise that is not kept hurts most stands first."""
    return [
        each for of in circumstances for name in dict.fromkeys(row["measure"] for row in of["differences"])
        if (each := _by_circumstance(page, of, name))
    ]  # fmt: skip


def _by_circumstance(page: Page, of: Row, name: str) -> Figure | None:
    key = f"{CIRCUMSTANCE}{of['circumstance']}"
    sides: dict[str, dict[Any, Row]] = {KEPT: {}, NOT_KEPT: {}}
    for row in of["figures"]:
        if row["measure"] == name:
            sides[row["by"]["promise"]][row["by"][key]] = row
    told_after = {value for value, row in sides[NOT_KEPT].items() if row["value"] is not None}
    rows = [
        row
        for row in of["differences"]
        if row["measure"] == name and row["value"] is not None and row["by"][key] in told_after
    ]
    if len(rows) < 2:
        return None
    rows.sort(key=lambda row: sides[NOT_KEPT][row["by"][key]]["value"])
    seen = [sides[NOT_KEPT][row["by"][key]] | {"by": {key: group_words(key, row["by"][key])}} for row in rows]
    what = _("%(what)s that was not kept") % {"what": _(rows[0]["title"])}
    return Figure(
        title=groups_title(what, [(row["by"][key], percent(row["value"], 1)) for row in seen]),
        picture=picture("figure_bars", seen, half=True, group=key, unit="share"),
        head=[key_words(key), _("not kept"), _("promises"), _("kept"), _("promises"), _("difference"), _("95 %% interval") % (), _("chance (corrected)")],
        rows=[
            [
                group_link(page, "/promises/", key, value),
                *(cell for side in (NOT_KEPT, KEPT) for cell in (told(sides[side].get(value)), (sides[side].get(value) or {}).get("observations"))),
                difference(row["value"], "share"), difference_interval(row, "share"),
                _("beyond chance") if row["beyond_chance"] else _("it could be chance"),
            ]
            for row in rows for value in [row["by"][key]]
        ],
        note=_("After promises that were not kept, each with its 95 %% interval; n = %(n)s promises. The table has those that were kept, and the difference.")
        % {"n": number_format(sum(row["observations"] for row in seen), force_grouping=True)},
        download=download("after_promises", page.filters, by=[key], rows="figures"),
    )  # fmt: skip
