"""What the report says: figures gathered once, chart by chart, each with the rows of the table behind it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from firsthand import measures
from firsthand.jobs.designed_figures import designed_figures
from firsthand.jobs.figures import Period, changes, figures, summary
from firsthand.jobs.funnel_figures import main_funnel
from firsthand.jobs.journey_map import flows
from firsthand.jobs.map_check import map_check
from firsthand.jobs.map_figures import map_figures
from firsthand.jobs.promise_figures import promise_figures
from firsthand.jobs.signal_figures import signal_figures
from firsthand.jobs.survival import survival
from firsthand.jobs.voice_figures import voice_facts
from firsthand.jobs.world import World
from firsthand.measures.bought_again import BOUGHT_AGAIN
from firsthand.measures.ces import CES
from firsthand.measures.csat import CSAT
from firsthand.measures.kept_share import KEPT_SHARE
from firsthand.measures.never_bought import NEVER_BOUGHT
from firsthand.measures.nps import NPS

Row = dict[str, Any]
TRENDS = [NPS, CSAT, CES, KEPT_SHARE]


def gather(world: World) -> Row:
    """All facts of the report."""
    head = figures(world, measures.ALL)
    last = _last_months(world)
    return {
        "name": world.home.settings.name,
        "as_of": world.as_of,
        "minimum": world.home.settings.minimum_group,
        "summary": summary(world),
        "headline": {row["measure"]: row for row in head if not row["by"] or (row["by"].get("scale") == "1-5" and row["measure"] == "csat")},
        "figures": head,
        "map": map_figures(world),
        "journey": flows(world),
        "funnel": main_funnel(world),
        "designed": designed_figures(world)["journeys"],
        "promises": promise_figures(world),
        "promises_by_month": promise_figures(world, by=["month"]).get("groups", []),
        "promises_by_owner": promise_figures(world, by=["owner"]).get("groups", []),
        "signals": _signals(world),
        "voice": voice_facts(world),
        "waits": _waits(world),
        "trends": _trends(world),
        "cohorts": _followed(figures(world, [BOUGHT_AGAIN[1]], by=["quarter"]), world, days=90),
        "survival": survival(world, every=True),
        "first_contact": figures(world, [NEVER_BOUGHT], by=["channel"]),
        "changes": changes(world, [NPS, CSAT, CES, KEPT_SHARE, measures.WAITS[2]], before=last[0], after=last[1]) if last else [],
        "change_periods": last,
        "check": map_check(world),
    }  # fmt: skip


def _signals(world: World) -> Row:
    """Bad signals by owner, all together and one by one."""
    rows = [row for row in signal_figures(world, by=["owner"])["signals"] if not row["good"]]
    rows = [row | {"owner": row["by"]["owner"] or "nobody"} for row in rows]
    owners = dict.fromkeys(row["owner"] for row in rows)
    counts = {owner: sum(row["count"] for row in rows if row["owner"] == owner) for owner in owners}
    rows.sort(key=lambda row: (-counts[row["owner"]], row["owner"], -row["count"]))
    by_owner = [{"owner": owner, "count": count} for owner, count in counts.items()]
    return {"by_owner": by_owner, "each": rows, "count": sum(counts.values())}


def _waits(world: World) -> list[Row]:
    found = figures(world, measures.WAITS, by=["touchpoint"])
    standards = {point.name: point.standard.get("wait_seconds") for point in world.map.touchpoints}
    rows: dict[str, Row] = {}
    for row in found:
        name = row["by"]["touchpoint"] or "not on the map"
        entry = rows.setdefault(
            name, {"touchpoint": name, "standard": standards.get(name), "customers": row["customers"]}
        )
        entry[row["measure"]] = row
    return [
        entry | {"median": entry["wait_median"]["value"], "p90": entry["wait_p90"]["value"]}
        for entry in rows.values()
        if "wait_median" in entry
    ]


def _trends(world: World) -> dict[str, list[Row]]:
    rows = figures(world, TRENDS, by=["month"])
    return {trend.name: _complete([row for row in rows if row["measure"] == trend.name], world) for trend in TRENDS}


def _complete(rows: list[Row], world: World) -> list[Row]:
    """Of the months, those before the one of `as_of` (promises due later would look kept), on the usual scale."""
    month = world.as_of.astimezone(ZoneInfo(world.home.settings.timezone)).strftime("%Y-%m")
    rows = [row for row in rows if row["by"]["month"] <= month]
    scales = [row["by"].get("scale") for row in rows]
    usual = max(set(scales), key=scales.count) if scales else None
    return [row for row in rows if row["by"].get("scale") == usual]


def _followed(cohorts: list[Row], world: World, *, days: int) -> list[Row]:
    """Quarters, as people name them, all of whose customers could be followed for so many days."""
    last = (world.as_of - timedelta(days=days)).date()
    whole = [row for row in cohorts if _next_quarter(row["by"]["quarter"]) <= last]
    return [row | {"by": row["by"] | {"quarter": _quarter(row["by"]["quarter"])}} for row in whole]


def _next_quarter(begins: str) -> date:
    return (date.fromisoformat(begins) + timedelta(days=95)).replace(day=1)


def _quarter(begins: str) -> str:
    return f"{begins[:4]} Q{(int(begins[5:7]) + 2) // 3}"


def _last_months(world: World) -> tuple[Period, Period] | None:
    """The last three months before `as_of`, and the three before."""
    until = world.as_of.astimezone(ZoneInfo(world.home.settings.timezone)).date()
    middle, begin = until - timedelta(days=91), until - timedelta(days=182)
    return Period(begin, middle - timedelta(days=1)), Period(middle, until)
