"""What the experience map does not know, and what nobody looks after."""

from __future__ import annotations

from typing import Any

from ibis import _

from firsthand.jobs.blind_moments import blind_moments
from firsthand.jobs.map_rules import silent_rules, unknown_interactions
from firsthand.jobs.topic_places import unknown_places
from firsthand.jobs.world import World, rows_of

Row = dict[str, Any]
CHANNELS = (
    "web", "app", "store", "phone", "email", "chat", "social", "post", "delivery", "billing", "survey", "campaign",
    "partner",
)  # fmt: skip


def map_check(world: World) -> Row:
    """The document of `map check`: each fault a row; none of them stops anything else from working."""
    map_ = world.map
    return {
        "unowned": [point.name for point in map_.touchpoints if not point.owner],
        "silent_rules": silent_rules(world),
        "without_rules": [point.name for point in map_.touchpoints if not point.rules],
        "unknown_interactions": unknown_interactions(world),
        "standards_without_data": _standards_without_data(world),
        "blind_kinds": blind_moments(world),
        "blind_spots": list(map_.blind_spots),
        "unusual_channels": _unusual_channels(world),
        "unknown_to_topics": unknown_places(world.home, map_),
        "teams_without_address": [name for name, team in map_.teams.items() if not team.get("address")],
    }


def _standards_without_data(world: World) -> list[Row]:
    life, found = world.seen.timeline, []
    tests = {
        "wait_seconds": life.wait_seconds.notnull(),
        "duration_seconds": life.duration_seconds.notnull(),
        "promise": life.promise_id.notnull(),
    }
    told = life.group_by("touchpoint").aggregate(**{name: test.any() for name, test in tests.items()})
    seen = {row["touchpoint"]: row for row in rows_of(told)}
    questions = {row["question"] for row in rows_of(life.filter(_.score.notnull()).select("question").distinct())}
    for point in world.map.touchpoints:
        for standard, said in point.standard.items():
            if standard == "score":
                missing = said["question"] not in questions
            else:
                missing = not seen.get(point.name, {}).get(standard)
            if missing:
                found.append({"touchpoint": point.name, "standard": standard})
    return found


def _unusual_channels(world: World) -> list[str]:
    rows = rows_of(world.seen.timeline.select("channel").distinct(), ["channel"])
    return [row["channel"] for row in rows if row["channel"] and row["channel"] not in CHANNELS]
