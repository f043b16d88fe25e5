"""What is known of one touchpoint: figures with interval and trend, promises, waits, signals, and words of customers."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from firsthand.journeys import Touchpoint
from firsthand.journeys.promises import STATES
from firsthand.web.figures.answers import Asked
from firsthand.web.figures.drawing import picture
from firsthand.web.figures.figure import Figure, customers, download, duration, interval, shown, told
from firsthand.web.figures.page import Page

Row = dict[str, Any]
TRENDS = ("how_it_was", "kept_share", "wait_beyond_standard")
FEW = 10
WAITS = ("wait_median", "wait_p90", "wait_beyond_standard")


def questions() -> dict[str, str | Asked]:
    """What the page of a touchpoint asks of the moments there."""
    return {
        "measures": ("measures", {"chosen": "AT_TOUCHPOINT"}),
        "over_time": ("measures", {"chosen": "TRENDS_AT_TOUCHPOINT", "by": ["month"]}),
        "promises": "promises",
        "signals": "signals",
        "voice": "voice",
    }


def about(page: Page, here: Page, point: Touchpoint) -> Row:
    """What the page shows. here: the page with the touchpoint among its filters."""
    everywhere = page.ask(map="map", scores="touchpoint_scores")
    found = here.ask(**questions())
    trends = _trends(here, found.over_time["figures"])
    page.answers = everywhere | here.answers
    counts = next((row for row in everywhere.map["touchpoints"] if row["touchpoint"] == point.name), None)
    scores = [row for row in everywhere.scores["scores"] if row["by"]["touchpoint"] == point.name]
    measured = {row["measure"]: row for row in found.measures["figures"]}
    return {
        "counts": counts,
        "tiles": _tiles(counts, [row for row in found.measures["figures"] if row["value"] is not None], scores),
        "trends": trends,
        "promises": _promises(here, found.promises),
        "waits": _waits(here, point, [measured[name] for name in WAITS if name in measured]),
        "signals": _signals(here, found.signals["signals"]),
        "topics": _topics(here, found.voice) if found.voice["read"] else None,
        "voice": found.voice,
    }


def standards(point: Touchpoint) -> list[str]:
    """The standard of a touchpoint, in words."""
    words = []
    for key, value in point.standard.items():
        if key == "wait_seconds":
            words.append(_("nobody waits longer than %(time)s") % {"time": duration(value)})
        elif key == "duration_seconds":
            words.append(_("it takes no longer than %(time)s") % {"time": duration(value)})
        elif key == "promise":
            words.append(_("the promise made there is kept"))
        else:
            words.append(_("“%(question)s” is answered with %(least)s or more") % {"question": value["question"], "least": f"{value['at_least']:g}"})  # fmt: skip
    return words


def _tiles(counts: Row | None, measured: list[Row], scores: list[Row]) -> list[Row]:
    """Figures with their titles."""
    tiles = [
        {"title": row["title"], "unit": row["unit"], "figure": row}
        for row in measured
        if row["measure"] not in ("wait_p90", "lateness_p90")
    ]
    if counts and counts["bad_signal_share"]:
        tiles.append({"title": _("To whom a bad signal shows"), "unit": "share", "figure": counts["bad_signal_share"]})
    return [*tiles, *({"title": row["title"], "unit": row["unit"], "figure": row} for row in scores)]


def _trends(here: Page, by_month: list[Row]) -> list[Figure]:
    """Figures month by month; by quarter where most months have too few customers to tell anything."""
    period, rows, now = "month", by_month, here.today.strftime("%Y-%m")
    if 2 * sum((row["customers"] or 0) >= FEW for row in by_month) < len(by_month):
        answers = here.answers
        period, now = "quarter", here.today.replace(month=(here.today.month - 1) // 3 * 3 + 1, day=1).isoformat()
        rows = here.ask(by_quarter=("measures", {"chosen": "TRENDS_AT_TOUCHPOINT", "by": ["quarter"]})).by_quarter[
            "figures"
        ]
        here.answers |= answers
    over = [row for row in rows if row["by"][period] < now]
    told = [row | {"by": row["by"] | {period: _spoken(row["by"][period])}} for row in over]
    return [
        figure for name in TRENDS if (figure := _trend(here, period, [row for row in told if row["measure"] == name]))
    ]


def _spoken(period: str) -> str:
    """A month as it is; a quarter, which is told by its first day, in words."""
    year, month, *day = period.split("-")
    return f"{year} Q{(int(month) + 2) // 3}" if day else period


def _trend(here: Page, period: str, rows: list[Row]) -> Figure | None:
    if len([row for row in rows if row["value"] is not None]) < 2:
        return None
    last, unit = rows[-1], rows[-1]["unit"]
    title = _("%(measure)s: %(value)s in %(period)s") % {"measure": _(last["title"]), "value": told(last, unit), "period": last["by"][period]}  # fmt: skip
    if rows[-2]["value"] is not None and last["value"] is not None:
        title += _(", %(before)s in %(period)s") % {"before": shown(rows[-2]["value"], unit), "period": rows[-2]["by"][period]}  # fmt: skip
    return Figure(
        title=title,
        picture=picture("trend", rows, half=True, period=period, unit=unit),
        head=[_(period), _("value"), _("95 %% interval") % (), _("customers"), _("observations")],
        rows=[[row["by"][period], told(row, unit), interval(row, unit), row["customers"], row["observations"]] for row in rows],
        note="; ".join(part for part in (interval(last, unit), customers(last)) if part),
        download=download("measures", here.filters, chosen="TRENDS_AT_TOUCHPOINT", by=[period], rows="figures"),
    )  # fmt: skip


def _promises(here: Page, found: Row) -> Figure | None:
    """What became of the promises made there."""
    if not found["made"]:
        return None
    kept = found["kept_share"]
    return Figure(
        title=_("%(kept)s of the promises made here were kept; %(overdue)s are overdue")
        % {"kept": told(kept), "overdue": found["overdue"]},
        head=[_("what became of them"), _("promises")],
        rows=[[_("made"), found["made"]], *([_(state.replace("_", " ")), found[state]] for state in STATES)],
        note="; ".join(part for part in (interval(kept), customers(kept)) if part),
        download=download("promises", here.filters, rows="totals"),
        open=True,
    )


def _waits(here: Page, point: Touchpoint, rows: list[Row]) -> Figure | None:
    """How long customers waited, beside the standard."""
    if not rows:
        return None
    standard = point.standard.get("wait_seconds")
    first = rows[0]
    title = _("Half of the waits took at most %(time)s") % {"time": told(first, first["unit"])}
    if standard is not None:
        title += _("; the standard is %(time)s") % {"time": duration(standard)}
    return Figure(
        title=title,
        head=[_("measure"), _("value"), _("95 %% interval") % (), _("customers"), _("observations")],
        rows=[[_(row["title"]), told(row, row["unit"]), interval(row, row["unit"]), row["customers"], row["observations"]] for row in rows],
        note="; ".join(part for part in (interval(first, first["unit"]), customers(first)) if part),
        download=download("measures", here.filters, chosen="WAITS", rows="figures"),
        open=True,
    )  # fmt: skip


def _signals(here: Page, rows: list[Row]) -> Figure | None:
    """Which signals show there, to which share of the customers who were there."""
    if not rows:
        return None
    rows = sorted(rows, key=lambda row: (row["good"], -row["count"]))
    worst = rows[0]
    title = _("“%(signal)s” shows to %(share)s of the customers who were here") % {
        "signal": _(worst["title"]),
        "share": told(worst["share"]),
    }
    drawn = [row["share"] | {"by": {"signal": _(row["title"])}} for row in rows]
    return Figure(
        title=title,
        picture=picture("share_bars", drawn, group="signal"),
        head=[_("signal"), _("sort"), _("how often"), _("share of the customers"), _("95 %% interval") % (), _("customers with it"), _("of")],
        rows=[
            [_(row["title"]), _("good") if row["good"] else _("bad"), row["count"], told(row["share"]), interval(row["share"]), row["with_signal"], row["share"]["customers"]]
            for row in rows
        ],
        note="; ".join(part for part in (interval(worst["share"]), customers(worst["share"])) if part),
        download=download("signals", here.filters, rows="signals"),
    )  # fmt: skip


def _topics(here: Page, voice: Row) -> Figure | None:
    """What customers speak of there."""
    rows = [row for row in voice["topics"] if row["share"]["value"] is not None]
    if not rows:
        return None
    most = rows[0]
    return Figure(
        title=_("%(share)s of the comments written here speak of “%(topic)s”") % {"share": told(most["share"]), "topic": most["topic"]},
        picture=picture("topics", rows),
        head=[_("topic"), _("share of the comments"), _("95 %% interval") % (), _("customers"), _("comments understood")],
        rows=[[row["topic"], told(row["share"]), interval(row["share"]), row["share"]["customers"], row["share"]["observations"]] for row in rows],
        note="; ".join(part for part in (interval(most["share"]), customers(most["share"])) if part),
        download=download("voice", here.filters, rows="topics"),
    )  # fmt: skip
