"""A first draft of the experience map, from what is in the record."""

from __future__ import annotations

from typing import Any

import yaml

from firsthand.jobs.map_rules import unknown_interactions
from firsthand.jobs.world import World
from firsthand.journeys.map import JOURNEY_SUBJECTS, IntendedPath

STAGES = ("get to know", "choose", "buy", "receive", "use", "get help", "pay", "tell us", "stay or leave")
WORDS = [
    ("refund", "refund", "get help"), ("cancel", "cancellation", "stay or leave"), ("unsubscribe", "cancellation", "stay or leave"),
    ("renew", "renewal", "stay or leave"), ("fee", "fee", "pay"), ("invoice", "payment", "pay"), ("paid", "payment", "pay"),
    ("payment", "payment", "pay"), ("promis", "promise", "receive"), ("handed to carrier", "other", "receive"),
    ("deliver", "delivery", "receive"), ("shipp", "delivery", "receive"), ("return", "return", "get help"),
    ("cart", "cart", "choose"), ("checkout", "cart", "buy"), ("added", "cart", "choose"),
    ("order completed", "purchase", "buy"), ("order placed", "purchase", "buy"), ("purchase", "purchase", "buy"),
    ("bought", "purchase", "buy"), ("invit", "invitation", "tell us"), ("survey", "answer", "tell us"),
    ("review", "answer", "tell us"), ("rated", "answer", "tell us"), ("answer", "answer", "tell us"),
    ("help", "help_search", "get help"), ("search", "help_search", "get help"), ("call", "contact", "get help"),
    ("chat", "contact", "get help"), ("ticket created", "contact", "get help"), ("ticket", "other", "get help"),
    ("complain", "contact", "get help"), ("campaign", "heard_of_us", "get to know"), ("lead", "heard_of_us", "get to know"),
    ("ad ", "heard_of_us", "get to know"), ("page", "visit", "get to know"), ("screen", "visit", "get to know"),
    ("view", "visit", "choose"), ("recommend", "recommendation", "stay or leave"), ("login", "use", "use"),
]  # fmt: skip
"""Words of an event that tell its kind and stage, the telling ones first. A guess, to be read by a person."""


def guess(event: str) -> tuple[str, str]:
    """Kind and stage that the name of an event suggests."""
    said = event.lower().replace("_", " ")
    return next(((kind, stage) for word, kind, stage in WORDS if word in said), ("other", "use"))


def map_propose(world: World) -> str:
    """A draft of map.yaml: what the map has, and a touchpoint for each event that no rule knows."""
    points: list[dict[str, Any]] = [_as_written(point) for point in world.map.touchpoints]
    taken = {point["name"] for point in points}
    for row in sorted(unknown_interactions(world, most=200), key=lambda row: len(row["rule"]), reverse=True):
        kind, stage = guess(row["event"] or "")
        name = (row["event"] or "unnamed").replace("_", " ").lower()
        if name in taken:
            name = f"{name} ({row['source']}{', ' + row['channel'] if row['channel'] else ''})"
        if name in taken:
            continue
        taken.add(name)
        points.append({"name": name, "stage": stage, "kind": kind, "rules": [row["rule"]]})
    used = [stage for stage in STAGES if any(point["stage"] == stage for point in points)]
    stages = [*world.map.stages, *(stage for stage in used if stage not in world.map.stages)]
    points.sort(key=lambda point: stages.index(point["stage"]))
    head = (
        "# A draft: kinds and stages were guessed from the names of events. Read it, mend it, give every touchpoint an\n"
        "# owner and a standard, and say in `expectation` what customers expect there.\n"
    )
    teams = {name: dict(team) for name, team in world.map.teams.items()}
    content: dict[str, Any] = {"stages": stages, "journey_pause_days": world.map.journey_pause_days, "teams": teams}
    content |= {"journey_pauses": dict(world.map.journey_pauses)} if world.map.journey_pauses else {}
    content |= (
        {"journey_subjects": list(world.map.journey_subjects)} if world.map.journey_subjects != JOURNEY_SUBJECTS else {}
    )
    content |= {"blind_spots": list(world.map.blind_spots)} if world.map.blind_spots else {}
    content |= {"journeys": [_path_as_written(path) for path in world.map.journeys]} if world.map.journeys else {}
    content["touchpoints"] = points
    return head + yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120)


def _path_as_written(path: IntendedPath) -> dict[str, Any]:
    steps = [list(step) if len(step) > 1 else step[0] for step in path.path]
    written = {"name": path.name, "path": steps, "within_days": path.within_days}
    return written | ({"beside": list(path.beside)} if path.beside else {})


def _as_written(point: Any) -> dict[str, Any]:
    fields = {name: getattr(point, name) for name in ("name", "stage", "kind", "channel", "owner", "expectation")}
    written = {name: value for name, value in fields.items() if value}
    if point.rules:
        written["rules"] = [dict(rule) for rule in point.rules]
    if point.standard:
        written["standard"] = dict(point.standard)
    if point.contradicts:
        written["contradicts"] = list(point.contradicts)
    return written
