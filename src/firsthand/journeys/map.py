"""The experience map: stages, touchpoints, the rules that recognise them, owners and standards (map.yaml)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from firsthand.errors import MapError
from firsthand.sources import checked_yaml
from firsthand.sources.checked_yaml import Fault

WITHIN_DAYS = 14
PAUSE_DAYS = 30.0
JOURNEY_SUBJECTS = ("order", "case")
PATH_DAYS = 30.0


@dataclass(frozen=True)
class Touchpoint:
    """What sort of moment: where it stands on the map, how it is recognised, who owns it, what good looks like.

    contradicts: touchpoints after which what is told here, about the same subject on another channel, cannot be so.
    """

    name: str
    stage: str
    kind: str
    channel: str | None = None
    owner: str | None = None
    expectation: str | None = None
    rules: tuple[Mapping[str, Any], ...] = ()
    standard: Mapping[str, Any] = field(default_factory=dict)
    contradicts: tuple[str, ...] = ()


@dataclass(frozen=True)
class IntendedPath:
    """How a journey is meant to go: its steps in order, each one touchpoint or several that are as good.

    beside: touchpoints that may come at any time.  within_days: how long it may take, from its first step on.
    """

    name: str
    path: tuple[tuple[str, ...], ...]
    beside: tuple[str, ...] = ()
    within_days: float = PATH_DAYS

    @property
    def steps(self) -> list[str]:
        """The steps in words."""
        return [" or ".join(step) for step in self.path]


@dataclass(frozen=True)
class ExperienceMap:
    """The map as it was checked."""

    stages: tuple[str, ...]
    touchpoints: tuple[Touchpoint, ...]
    teams: Mapping[str, Mapping[str, str]]
    blind_spots: tuple[str, ...] = ()
    journey_pause_days: float = PAUSE_DAYS
    journey_pauses: Mapping[str, float] = field(default_factory=dict)
    journey_subjects: tuple[str, ...] = JOURNEY_SUBJECTS
    journeys: tuple[IntendedPath, ...] = ()

    def table(self) -> pa.Table:
        """A row per touchpoint, for analyses: its place on the map, and its standard, column by column."""
        scores = [point.standard.get("score", {}) for point in self.touchpoints]
        columns: dict[str, tuple[list[Any], pa.DataType]] = {
            "touchpoint": ([point.name for point in self.touchpoints], pa.string()),
            "stage": ([point.stage for point in self.touchpoints], pa.string()),
            "kind": ([point.kind for point in self.touchpoints], pa.string()),
            "channel": ([point.channel for point in self.touchpoints], pa.string()),
            "owner": ([point.owner for point in self.touchpoints], pa.string()),
            "most_wait": ([point.standard.get("wait_seconds") for point in self.touchpoints], pa.float64()),
            "most_duration": (
                [point.standard.get("duration_seconds") for point in self.touchpoints],
                pa.float64(),
            ),
            "promise_kept": (["promise" in point.standard for point in self.touchpoints], pa.bool_()),
            "contradicts": ([list(point.contradicts) for point in self.touchpoints], pa.list_(pa.string())),
            "score_question": ([score.get("question") for score in scores], pa.string()),
            "least_score": ([score.get("at_least") for score in scores], pa.float64()),
            "score_within_days": ([score.get("within_days", WITHIN_DAYS) for score in scores], pa.float64()),
        }
        return pa.table({name: pa.array(values, kind) for name, (values, kind) in columns.items()})


def load_map(path: Path) -> ExperienceMap:
    """The map in a file. Raises MapError, naming line and key, where it is not one or contradicts itself."""
    found, faults = read_map(checked_yaml.text_of(path, MapError))
    if found is None:
        raise MapError(checked_yaml.told(path, faults))
    return found


def read_map(text: str) -> tuple[ExperienceMap | None, list[Fault]]:
    """The map that a text describes; None where it is not one or contradicts itself, and all that is wrong."""
    content, tree, faults = checked_yaml.read(text, "map.schema.json")
    if not faults:
        faults = [
            Fault(checked_yaml.line_of(tree, keys), tuple(keys), wrong) for keys, wrong in _contradictions(content)
        ]
    return (None, faults) if faults else (_map_of(content), [])


def _map_of(content: Mapping[str, Any]) -> ExperienceMap:
    points = tuple(
        Touchpoint(**(point | {key: tuple(point.get(key, ())) for key in ("rules", "contradicts")}))
        for point in content["touchpoints"]
    )
    return ExperienceMap(
        tuple(content["stages"]),
        points,
        content.get("teams", {}),
        tuple(content.get("blind_spots", ())),
        float(content.get("journey_pause_days", PAUSE_DAYS)),
        content.get("journey_pauses", {}),
        tuple(content.get("journey_subjects", JOURNEY_SUBJECTS)),
        tuple(_intended(journey) for journey in content.get("journeys", ())),
    )


def _contradictions(content: Mapping[str, Any]) -> Iterator[tuple[list[Any], str]]:
    """What parts of a map say that its other parts contradict, each with the keys that lead to it."""
    stages, teams = content["stages"], content.get("teams", {})
    names: set[str] = set()
    for number, point in enumerate(content["touchpoints"]):
        for key, wrong in (
            ("name", f'"{point["name"]}" stands on the map twice' if point["name"] in names else ""),
            ("stage", _unknown("stage", point["stage"], stages)),
            ("owner", _unknown("team", point.get("owner"), list(teams))),
        ):
            if wrong:
                yield ["touchpoints", number, key], wrong
        names.add(point["name"])
    for number, point in enumerate(content["touchpoints"]):
        for place, name in enumerate(point.get("contradicts", ())):
            if wrong := _unknown("touchpoint", name, sorted(names)):
                yield ["touchpoints", number, "contradicts", place], wrong
    for stage in content.get("journey_pauses", {}):
        if wrong := _unknown("stage", stage, stages):
            yield ["journey_pauses", stage], wrong
    journeys: set[str] = set()
    for number, journey in enumerate(content.get("journeys", ())):
        for keys, wrong in _wrong_in(journey, names, journeys):
            yield ["journeys", number, *keys], wrong
        journeys.add(journey["name"])


def _intended(journey: Mapping[str, Any]) -> IntendedPath:
    steps = tuple(tuple(step) if isinstance(step, list) else (step,) for step in journey["path"])
    beside, days = tuple(journey.get("beside", ())), float(journey.get("within_days", PATH_DAYS))
    return IntendedPath(journey["name"], steps, beside, days)


def _wrong_in(journey: Mapping[str, Any], points: set[str], journeys: set[str]) -> Iterator[tuple[list[Any], str]]:
    """What a journey says that the rest of the map contradicts, each with the keys that lead to it."""
    if journey["name"] in journeys:
        yield ["name"], f'another journey is called "{journey["name"]}"'
    taken: set[str] = set()
    for key in ("path", "beside"):
        for number, step in enumerate(journey.get(key, ())):
            for name in step if isinstance(step, list) else [step]:
                if wrong := _unknown("touchpoint", name, sorted(points)):
                    yield [key, number], wrong
                elif name in taken:
                    yield [key, number], f'"{name}" stands in this journey twice'
                taken.add(name)


def _unknown(what: str, name: str | None, known: list[str]) -> str:
    if name is None or name in known:
        return ""
    return f'"{name}" is no {what} of this map (there are: {", ".join(known) or "none"})'
