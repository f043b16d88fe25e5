"""The timeline: the newest version of every interaction, in the order of its customer's life, as the map knows it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import reduce
from typing import Any

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.functions import epoch_us, hashed, json_extract_string, local_time
from firsthand.journeys.map import ExperienceMap
from firsthand.tables import Timeline


def newest(interactions: ir.Table) -> ir.Table:
    """The newest version of each interaction: by `version`, then when it reached us, then its position.

    Only what shares the hash of its id with another is sorted: corrections, and hardly anything else.
    """
    marked = interactions.mutate(mark=hashed(_.interaction_id))
    last = _versions(marked).filter(_.nth == 0).drop("nth")
    return marked.anti_join(_shared(marked), "mark").union(last).drop("mark")


def superseded(interactions: ir.Table) -> ir.Table:
    """The numbers (`row`) of versions of which there is a newer one, see `newest`."""
    return _versions(interactions.mutate(mark=hashed(_.interaction_id))).filter(_.nth > 0).select("row")


def _versions(marked: ir.Table) -> ir.Table:
    """What may have several versions, the newest of each interaction as `nth` 0."""
    latest = [_.version.desc(), _.received_at.desc(), _.position.desc()]
    nth = ibis.row_number().over(group_by="interaction_id", order_by=latest)
    return marked.semi_join(_shared(marked), "mark").mutate(nth=nth)


def _shared(marked: ir.Table) -> ir.Table:
    return marked.group_by("mark").having(_.count() > 1).aggregate()


def recognised(interactions: ir.Table, map_: ExperienceMap) -> ir.Table:
    """Adds `recognised` and sets `touchpoint`: what the first fitting rule of the map says, else the sender."""
    cases = [
        (
            reduce(lambda one, other: one | other, [fits(interactions, rule) for rule in point.rules]),
            point.name,
        )
        for point in map_.touchpoints
        if point.rules
    ]
    known = ibis.cases(*cases, else_=ibis.null("string")) if cases else ibis.null("string")
    return interactions.mutate(by_rule=known).mutate(
        recognised=_.by_rule.notnull(), touchpoint=ibis.coalesce(_.by_rule, _.touchpoint)
    ).drop("by_rule")  # fmt: skip


def fits(interactions: ir.Table, rule: Mapping[str, Any]) -> ir.BooleanValue:
    """Whether an interaction fits a rule: every key of it holds."""
    tests = [interactions[key].isin(_words(value)) for key, value in rule.items() if key != "properties"]
    tests += [
        json_extract_string(interactions.properties, '$."' + key + '"').isin(_words(value))
        for key, value in rule.get("properties", {}).items()
    ]
    return reduce(lambda one, other: one & other, tests).fill_null(False)


def _words(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


VERSION = ("row", "interaction_id", "version", "received_at", "position")
NARROW = (
    "row", "key", "interaction_id", "occurred_at", "position", "source", "event", "channel", "direction", "touchpoint",
    "subjects", "circumstances",
)  # fmt: skip


def timeline(
    interactions: ir.Table, people: ir.Table, map_: ExperienceMap, timezone: str, untold: Collection[str] = ()
) -> ir.Table:
    """Everything that is shown reads this.

    interactions: the record, each with `row`, a number of its own, and `key`, the identifier that tells whose it is.
    people: key, customer_id, life.  timezone: the home's; `day` is its.  untold: columns in which nobody told anything.
    Returns tables.Timeline, ordered by life and time (those of nobody first). All that needs sorting or matching is
    done on few narrow columns first; the wide rows are met once, by number. Since an empty column takes as long to sort as a full one,
    those that are are put back when all is in order.
    """
    by_properties = any("properties" in rule for point in map_.touchpoints for rule in point.rules)
    narrow = interactions.select(*NARROW, *(["properties"] if by_properties else []))
    last = narrow.anti_join(superseded(interactions.select(*VERSION)), "row")
    placed = steps(whose(recognised(last, map_), people), map_)
    empty = {name for name in untold if name in Timeline.columns and name not in ("channel", "touchpoint")}
    empty |= {"situation"} if "circumstances" in empty else set()
    wide = interactions.drop("touchpoint", "key").inner_join(placed, "row")
    met = on_map(wide, map_, timezone).select(*(name for name in Timeline.columns if name not in empty))
    types = ibis.schema(Timeline.schema())
    return met.order_by("life", "step", "occurred_at").select(
        **{name: ibis.null(types[name]) if name in empty else _[name] for name in Timeline.columns}
    )


def grown(old: ir.Table, arrived: ir.Table, map_: ExperienceMap) -> ir.Table:
    """The lives that change, made anew from what the timeline had of them and what arrived since.

    old: tables.Timeline, with the life that each row has now.  arrived: new interactions, as `arrivals` makes them.
    Equals what `timeline` would make of all of the record. The rows are few, so all is done on wide ones.
    """
    told = [name for name in Timeline.columns if name not in STEPS]
    both = newest(old.select(told).union(arrived.select(told))).mutate(row=ibis.row_number())
    rows = both.cache()
    placed = steps(rows, map_).select("row", *STEPS)
    return rows.inner_join(placed, "row").select(*Timeline.columns).order_by("life", "step", "occurred_at")


def arrivals(interactions: ir.Table, people: ir.Table, map_: ExperienceMap, timezone: str) -> ir.Table:
    """New interactions as the map knows them and with whose they are: tables.Timeline but for the place in a life.

    Parameters as for `timeline`.
    """
    return on_map(whose(recognised(interactions, map_), people), map_, timezone)


def whose(interactions: ir.Table, people: ir.Table) -> ir.Table:
    """Adds customer_id and life, by `key`; what nobody is known to have done is a life of its own."""
    nobody = -1 - (hashed(_.interaction_id) & ibis.literal(2**62 - 1, "uint64")).cast("int64")
    return interactions.left_join(people, "key").mutate(life=_.life.fill_null(nobody))


def on_map(interactions: ir.Table, map_: ExperienceMap, timezone: str) -> ir.Table:
    """Adds stage, kind and owner of the touchpoint, its channel where none was told, and the local day."""
    points = ibis.memtable(map_.table().select(["touchpoint", "stage", "kind", "owner", "channel"]))
    met = interactions.left_join(points.rename(map_channel="channel"), "touchpoint")
    return met.mutate(channel=ibis.coalesce(_.channel, _.map_channel), day=local_time(timezone, _.occurred_at).date())


STEPS = ("step", "next_touchpoint", "gap_seconds", "journey", "situation")
DAY = 86_400e6


def steps(placed: ir.Table, map_: ExperienceMap) -> ir.Table:
    """Each interaction's place in its customer's life: step, next touchpoint, gap, journey, situation. Nobody has none but the last.

    placed: row, interaction_id, life, customer_id, occurred_at, position, touchpoint, recognised, subjects, circumstances.
    A journey begins after a pause that is longer than the map allows after that stage. What is about a matter (the first
    subject of the kinds that the map names) belongs to the journey in which that matter first came up, and was so in the
    circumstances that were first told of that matter, if none were told with it.
    """
    life = ibis.window(group_by="life", order_by=[_.occurred_at, _.position, _.interaction_id])
    silence = epoch_us(_.occurred_at) - epoch_us(_.occurred_at.lag().over(life))
    known = _.life > 0
    ordered = placed.mutate(
        step=ibis.ifelse(known, ibis.row_number().over(life) + 1, ibis.null("int64")),
        next_touchpoint=_.touchpoint.lead().over(life),
        gap_seconds=(epoch_us(_.occurred_at.lead().over(life)) - epoch_us(_.occurred_at)) / 1e6,
        begins=(silence > _pause(_.touchpoint.lag().over(life), map_) * DAY).cast("float64").fill_null(0.0),
    )
    so_far = ibis.cumulative_window(group_by="life", order_by="step")
    run = (_.begins.sum().over(so_far) + 1).cast("int64")
    runs = ordered.mutate(run=ibis.ifelse(known, run, ibis.null("int64")), matter=_matter(_.subjects, map_))
    about = runs.filter(_.matter.notnull(), known)
    first = about.group_by(of_life="life", of_matter="matter").aggregate(
        began=_.run.min(), told=_.circumstances.argmin(_.step, where=_tells(_.circumstances))
    )
    journeys = runs.left_join(first, [runs.life == first.of_life, runs.matter == first.of_matter])
    return journeys.mutate(
        journey=ibis.coalesce(_.began, _.run), situation=ibis.ifelse(_tells(_.circumstances), _.circumstances, _.told)
    ).select("row", "life", "customer_id", "touchpoint", "recognised", *STEPS)


def _tells(circumstances: Any) -> Any:
    """Whether circumstances are told at all."""
    return (circumstances.keys().length() > 0).fill_null(False)


def _pause(touchpoint: Any, map_: ExperienceMap) -> Any:
    """Days that may pass after a touchpoint without a new journey."""
    own = [
        (touchpoint.isin([point.name for point in map_.touchpoints if point.stage == stage]), float(days))
        for stage, days in map_.journey_pauses.items()
    ]
    return ibis.cases(*own, else_=map_.journey_pause_days) if own else map_.journey_pause_days


def _matter(subjects: Any, map_: ExperienceMap) -> Any:
    """What an interaction is about, as far as journeys go: the first subject of the kinds that make one."""
    if not map_.journey_subjects:
        return ibis.null("string")
    fitting = subjects.filter(lambda each: each["kind"].isin(list(map_.journey_subjects)))[0]
    return fitting["kind"] + " " + fitting["value"]
