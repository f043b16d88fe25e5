"""Where the topics of a home's list stand on its map: the touchpoint that each concerns, and who looks after it."""

from __future__ import annotations

from typing import Any

from firsthand.jobs.home import Home
from firsthand.jobs.labels import topics_of
from firsthand.journeys import ExperienceMap
from firsthand.sources import checked_yaml

Row = dict[str, Any]


def places_of(home: Home, map_: ExperienceMap) -> dict[str, Row]:
    """For each topic of the list its `touchpoint` and `owner`: the team that it names, else that of its touchpoint."""
    owners = {point.name: point.owner for point in map_.touchpoints}
    return {
        topic.name: {"touchpoint": topic.touchpoint, "owner": topic.owner or owners.get(topic.touchpoint or "")}
        for topic in topics_of(home)
    }


def unknown_places(home: Home, map_: ExperienceMap) -> list[Row]:
    """What the list of topics names and the map does not have: `topic`, `key`, `value`, `line` of topics.yaml, and `text`.

    A team is known that stands among the map's `teams` or owns a touchpoint.
    """
    points = {point.name for point in map_.touchpoints}
    teams = {*map_.teams, *(point.owner for point in map_.touchpoints if point.owner)}
    found = []
    for number, topic in enumerate(topics_of(home)):
        for key, value, known, what in (
            ("touchpoint", topic.touchpoint, points, "touchpoint"), ("owner", topic.owner, teams, "team"),
        ):  # fmt: skip
            if value and value not in known:
                place = checked_yaml.place(home.topics_file, ["topics", number, key])
                said = f'{place}: "{value}" is no {what} of the map. There are: {", ".join(sorted(known)) or "none"}.'
                line = int(place.removeprefix(f"{home.topics_file}, line ").partition(":")[0])
                found.append({"topic": topic.name, "key": key, "value": value, "line": line, "text": said})
    return found
