"""What customers said, as figures: each with a sentence, a picture, a table and a download."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from firsthand.charts.topics import tone
from firsthand.web.figures.drawing import picture
from firsthand.web.figures.figure import (
    Figure,
    customers,
    difference,
    difference_interval,
    download,
    interval,
    percent,
    told,
)  # fmt: skip
from firsthand.web.figures.page import Page

Row = dict[str, Any]
GROWING = ("new", "growing")
__all__ = ["by_touchpoint", "changed", "download", "newest_first", "scores", "topics", "trend", "wants"]


def topics(page: Page, rows: Sequence[Row]) -> Figure | None:
    """How large a share of the comments speaks of each topic, and how it was."""
    shown = [row for row in rows if row["share"]["value"] is not None]
    if not rows:
        return None
    title = _("Topics of too few customers to show")
    if shown:
        first = shown[0]
        title = _("%(share)s of the comments speak of %(topic)s, more than of anything else; %(tone)s") % {
            "share": percent(first["share"]["value"]), "topic": first["topic"], "tone": felt(first["sentiment"]),
        }  # fmt: skip
    return Figure(
        title=title,
        picture=picture("topics", shown) if shown else "",
        head=[
            _("topic"),
            _("share of comments"),
            _("95 % interval"),
            _("how it was"),
            _("mood, −1 to 1"),
            _("comments that speak of it"),
            _("customers"),
            _("owner"),
        ],
        rows=[_topic(page, row) for row in rows],
        note=_of_whom(shown[0]["share"]) if shown else "",
        download=download("voice", page.filters.without("topic"), rows="topics"),
        open=True,
    )


def _topic(page: Page, row: Row) -> list[Any]:
    share, sentiment = row["share"], row["sentiment"] or {}
    how = [felt(row["sentiment"]), mood(row["sentiment"]), sentiment.get("observations"), sentiment.get("customers")]
    return [_link(page, row["topic"]), told(share), interval(share), *how, row["owner"] or "–"]


def trend(page: Page, rows: Sequence[Row], topic: str) -> Figure | None:
    """The share of comments that speak of a topic, month by month."""
    months = sorted((row for row in rows if row["topic"] == topic), key=lambda row: row["by"]["month"])
    shown = [row for row in months if row["share"]["value"] is not None]
    if not shown:
        return None
    last = shown[-1]
    title = _("%(share)s of the comments spoke of %(topic)s in %(month)s") % {
        "share": percent(last["share"]["value"]), "topic": topic, "month": last["by"]["month"],
    }  # fmt: skip
    if len(shown) > 1:
        title += _(", %(before)s in %(month)s") % {"before": percent(shown[-2]["share"]["value"]), "month": shown[-2]["by"]["month"]}  # fmt: skip
    return Figure(
        title=title,
        picture=picture("trend", [row["share"] | {"by": row["by"]} for row in months], period="month", unit="share"),
        head=[_("month"), _("share of comments"), _("95 % interval"), _("how it was"), _("comments"), _("customers")],
        rows=[
            [
                row["by"]["month"],
                told(row["share"]),
                interval(row["share"]),
                felt(row["sentiment"]),
                row["share"]["observations"],
                row["share"]["customers"],
            ]
            for row in months
        ],
        note=_("last month shown: %(range)s; %(whom)s")
        % {"range": interval(last["share"]), "whom": _of_whom(last["share"])},
        download=download("voice", page.filters.without("topic"), by=["month"], rows="topics"),
    )


def by_touchpoint(page: Page, rows: Sequence[Row], order: Sequence[Row]) -> Figure | None:
    """Topics by the touchpoint at which they were spoken of: share of the comments there, and how it was."""
    cells = {(row["topic"], row["by"]["touchpoint"]): row for row in rows}
    points = [point for point in dict.fromkeys(row["by"]["touchpoint"] for row in rows)
              if any(row["share"]["value"] is not None for row in rows if row["by"]["touchpoint"] == point)]  # fmt: skip
    names = [row["topic"] for row in order]
    if not points or not names:
        return None

    def cell(topic: str, point: str | None) -> str:
        row = cells.get((topic, point))
        if row is None:
            return "–"
        tone_there = felt(row["sentiment"]) if row["sentiment"] and row["sentiment"]["value"] is not None else ""
        return told(row["share"]) + (f", {tone_there}" if tone_there else "")

    best = max((row for row in rows if row["share"]["value"] is not None), key=lambda row: row["share"]["value"])
    title = _("Where it is spoken of: %(topic)s at “%(touchpoint)s”, %(share)s of the comments there") % {
        "topic": best["topic"], "touchpoint": best["by"]["touchpoint"] or _("nowhere on the map"), "share": percent(best["share"]["value"]),
    }  # fmt: skip
    return Figure(
        title=title,
        head=[_("topic"), *(point or _("nowhere on the map") for point in points)],
        rows=[[_link(page, topic), *(cell(topic, point) for point in points)] for topic in names],
        note=_("share of the comments left at each touchpoint, and how it was; intervals are in the download"),
        download=download("voice", page.filters.without("topic"), by=["touchpoint"], rows="topics"),
        open=True,
    )


def wants(page: Page, rows: Sequence[Row], about: str) -> Figure | None:
    """What customers write for (about: want), or what it cost them (effort)."""
    mine = [row for row in rows if row["about"] == about]
    shown = [row for row in mine if row["share"]["value"] is not None]
    if not mine:
        return None
    title = _("Too few customers say so to show it")
    if shown:
        words = {"share": percent(shown[0]["share"]["value"], 1), "what": spoken(shown[0]["value"])}
        title = (
            _("Most often it is %(what)s: %(share)s of the comments")
            if about == "want"
            else _("Effort, most often “%(what)s”: %(share)s of the comments")
        ) % words
    return Figure(
        title=title,
        picture=picture(
            "share_bars",
            [row["share"] | {"by": {"what": spoken(row["value"])}} for row in shown],
            half=True,
            group="what",
        )
        if shown
        else "",
        head=[_("what"), _("share of comments"), _("95 % interval"), _("comments"), _("customers")],
        rows=[
            [
                spoken(row["value"]),
                told(row["share"]),
                interval(row["share"]),
                row["share"]["observations"],
                row["share"]["customers"],
            ]
            for row in mine
        ],
        note=_of_whom(shown[0]["share"]) if shown else "",
        download=download("voice", page.filters.without("topic"), rows="wants"),
    )


def scores(page: Page, rows: Sequence[Row], topic: str | None) -> Figure | None:
    """How scores of those who spoke of a topic differ from those of the others who commented: a difference, not a cause."""
    shown = [row for row in rows if row["value"] is not None]
    if not shown:
        return None
    surest = max(shown, key=lambda row: (bool(row["beyond_chance"]), row["customers"] or 0))
    beyond = _("beyond chance") if surest["beyond_chance"] else _("not beyond chance")
    title = _("Customers who spoke of %(topic)s: %(score)s %(difference)s against the others who wrote, %(beyond)s") % {
        "topic": topic, "score": _(surest["title"]), "difference": difference(surest["value"], surest["unit"]), "beyond": beyond,
    }  # fmt: skip
    return Figure(
        title=title,
        head=[_("score"), _("difference"), _("95 % interval"), _("customers"), _("beyond chance")],
        rows=[
            [
                _(row["title"]) + _scale(row),
                difference(row["value"], row["unit"]) if row["value"] is not None else _("too few to show"),
                difference_interval(row, row["unit"]),
                row["customers"],
                "" if row["beyond_chance"] is None else _("yes") if row["beyond_chance"] else _("no"),
            ]
            for row in rows
        ],
        note=_(
            "A difference, not a cause: who speaks of it may differ in other ways. Corrected for all topics and scores together."
        ),
        download=download("voice", page.filters.without("topic"), rows="scores"),
        open=True,
    )


def changed(page: Page, voice: Row, before: tuple[str, str] | None) -> Figure | None:
    """What more or fewer customers speak of than in the period before, beyond chance; None where no period is compared."""
    found, name = (voice.get("changes"), "changes") if before else (voice.get("trend"), "trend")
    if found is None:
        return None
    early = before or found["early"]
    words = {"since": early[0], "until": early[1]}
    rows = found["differs"]
    title = (
        _("No topic is spoken of by more or fewer customers than from %(since)s to %(until)s, beyond chance") % words
    )
    if rows:
        title = (_("More customers than before speak of %(topic)s: %(after)s, %(before)s from %(since)s to %(until)s")
                 if rows[0]["difference"] > 0 else
                 _("Fewer customers than before speak of %(topic)s: %(after)s, %(before)s from %(since)s to %(until)s"))  # fmt: skip
        title %= words | {
            "topic": rows[0]["topic"],
            "after": percent(rows[0]["after"]),
            "before": percent(rows[0]["before"]),
        }
    return Figure(
        title=title,
        head=[_("topic"), _("before"), _("now"), _("difference"), _("95 % interval")],
        rows=[
            [
                _link(page, row["topic"]),
                percent(row["before"], 1),
                percent(row["after"], 1),
                difference(row["difference"], "share"),
                difference_interval(row, "share"),
            ]
            for row in rows
        ],
        note=_("%(n)s customers who wrote before, %(m)s now; %(tested)s topics compared, corrected for that")
        % {
            "n": _number(found["customers"]["before"]),
            "m": _number(found["customers"]["after"]),
            "tested": found["tested"],
        },
        download=download(
            "voice",
            page.filters.without("topic"),
            rows=f"{name}.differs",
            **({"against": "..".join(before)} if before else {}),
        ),
        open=bool(rows),
    )


def newest_first(themes: Sequence[Row]) -> list[Row]:
    """The themes that enough customers speak of, those that are new or growing first."""
    shown = [row for row in themes if not row["suppressed"]]
    return sorted(shown, key=lambda row: row["growth"]["told"] not in GROWING)


def felt(sentiment: Mapping[str, Any] | None) -> str:
    """How it was, in words."""
    words = tone(dict(sentiment)) if sentiment else None
    return _(words) if words else _("too few to say how it was")


def mood(sentiment: Mapping[str, Any] | None) -> str:
    """A mean sentiment with its interval."""
    if not sentiment or sentiment["value"] is None:
        return "–"
    low, high = sentiment["low"], sentiment["high"]
    ends = "" if low is None else f" ({_signed(low)} … {_signed(high)})".replace(" ", "\N{NO-BREAK SPACE}")
    return _signed(sentiment["value"]) + ends


def spoken(name: str) -> str:
    """A name of the core in the user's language."""
    return _(name.replace("_", " "))


def _signed(value: float) -> str:
    return ("+" if value > 0 else "−" if value < 0 else "±") + number_format(abs(value), 2)


def _of_whom(share: Row) -> str:
    return _("%(interval)s; n = %(n)s comments of %(customers)s") % {
        "interval": interval(share), "n": _number(share["observations"]), "customers": customers(share),
    }  # fmt: skip


def _number(count: int) -> str:
    return number_format(count, force_grouping=True)


def _scale(row: Row) -> str:
    scale = ", ".join(str(value) for value in row["by"].values() if value is not None)
    return f" ({scale})" if scale else ""


def _link(page: Page, topic: str) -> str:
    return format_html('<a href="{}#topic">{}</a>', page.filters.with_("topic", topic).query, topic)
