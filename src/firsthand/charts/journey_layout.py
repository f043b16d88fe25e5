"""Where everything on a journey map goes: boxes that do not overlap, and a ribbon for each flow.

Stages are columns where there is room for them; else one list of touchpoints under headings, with the flows beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from firsthand.charts.journey_order import Item, in_order, settle
from firsthand.charts.lettering import lines_of, packed

Row = Mapping[str, Any]
NARROWEST = 104.0
"""Least width of a column, in px; where stages have less, the map is a list."""
HEADING, LETTERS, LINE, PAD, TIP = 11.0, 11.0, 13.0, 6.0, 6.0
SIDE, GAP = 24.0, 10.0
Ports = dict[tuple[str, str], list[Row]]


@dataclass(frozen=True)
class Box:
    """A touchpoint's place, in px, and the lines in it: its name, and notes."""

    x: float
    y: float
    width: float
    height: float
    name: list[str]
    notes: list[str]


@dataclass(frozen=True)
class Ribbon:
    """A flow's place: its path, the corner points of its arrow, and its width. Back: to an earlier stage."""

    flow: Row
    path: str
    tip: str
    width: float
    back: bool


@dataclass(frozen=True)
class Layout:
    """The whole picture's places. Headings are stages: x, y, lines."""

    boxes: dict[str, Box]
    ribbons: list[Ribbon]
    headings: list[tuple[float, float, list[str]]]
    height: float


def layout(
    stages: Sequence[str], nodes: Sequence[Row], flows: Sequence[Row], *, width: float, thick: Callable[[Row], float],
    notes: Callable[[Row], list[str]],
) -> Layout:  # fmt: skip
    """Places touchpoints and the flows between different ones.

    thick: how wide a flow's ribbon is, in px.  notes: what stands below a touchpoint's name.
    """
    listed = width / max(len(stages), 1) < NARROWEST
    stage_of = {node["touchpoint"]: 0 if listed else stages.index(node["stage"]) for node in nodes}
    ports = _ports(
        flows, stage_of, [node["touchpoint"] for node in sorted(nodes, key=lambda node: stages.index(node["stage"]))]
    )
    pitch = (width - 2 * SIDE) / max(len(stages) - 0.29, 1)
    across = min(width * 0.54, 320.0) if listed else min(pitch * 0.71, 170.0)
    boxes = {}
    for node in nodes:
        name = lines_of(node["touchpoint"], across - 2 * PAD, LETTERS)
        below = packed(notes(node), across - 2 * PAD, LETTERS - 1)
        ends = max(sum(thick(flow) + 2 for flow in ports[node["touchpoint"], edge]) for edge in ("left", "right"))
        tall = max(LINE * (len(name) + len(below)) + 2 * PAD + 5, ends + 8)
        boxes[node["touchpoint"]] = Box(0.0, 0.0, across, tall, name, below)
    members = [[node["touchpoint"] for node in nodes if node["stage"] == stage] for stage in stages]
    if listed:
        return _list(stages, members, boxes, flows, ports, width, thick)
    return _columns(stages, members, boxes, flows, ports, pitch, thick)


def _columns(
    stages: Sequence[str], members: list[list[str]], boxes: dict[str, Box], flows: Sequence[Row], ports: Ports,
    pitch: float, thick: Callable[[Row], float],
) -> Layout:  # fmt: skip
    items = {name: Item(at, boxes[name].height) for at, column in enumerate(members) for name in column}
    columns = [[items[name] for name in column] for column in members]
    chains = [_chain(items[flow["from"]], items[flow["to"]], columns, thick(flow)) for flow in flows]
    heads = [lines_of(stage.upper(), pitch - 8, HEADING) for stage in stages]
    left = [SIDE + at * pitch for at in range(len(stages))]
    top = LINE * max(len(lines) for lines in heads) + 12
    height = settle(in_order(columns), GAP)
    placed = {name: replace(boxes[name], x=left[item.column], y=top + item.y) for name, item in items.items()}
    docks = _docks(ports, placed, thick)
    across = next(iter(placed.values())).width
    ribbons = []
    for flow, chain in zip(flows, chains, strict=True):
        start, end = docks[id(flow), flow["from"]], docks[id(flow), flow["to"]]
        back = chain[-1].column < chain[0].column
        if chain[-1].column == chain[0].column:
            outward = 1 if start[0] > left[chain[0].column] else -1
            path, tip = _bow(start, end, outward * SIDE, thick(flow))
        else:
            lanes = [(left[lane.column], left[lane.column] + across, top + lane.centre) for lane in chain[1:-1]]
            path, tip = _course(start, end, lanes, thick(flow), back)
        ribbons.append(Ribbon(flow, path, tip, thick(flow), back))
    headings = [(x, LINE, lines) for x, lines in zip(left, heads, strict=True)]
    return Layout(placed, ribbons, headings, top + height)


def _chain(source: Item, target: Item, columns: list[list[Item]], wide: float) -> list[Item]:
    """Joins a touchpoint to another by a lane in each column between; returns all of them."""
    step = 1 if target.column > source.column else -1
    lanes = [Item(at, wide, below=step < 0) for at in range(source.column + step, target.column, step)]
    for lane in lanes:
        columns[lane.column].append(lane)
    chain = [source, *lanes, target]
    for one, other in pairwise(chain):
        one.join(other, wide * (3 if one in lanes and other in lanes else 1))
    return chain


def _list(
    stages: Sequence[str], members: list[list[str]], boxes: dict[str, Box], flows: Sequence[Row], ports: Ports,
    width: float, thick: Callable[[Row], float],
) -> Layout:  # fmt: skip
    across = next(iter(boxes.values())).width
    left = (width - across) * 0.44
    placed, headings, y = {}, [], 0.0
    for stage, names in zip(stages, members, strict=True):
        lines = lines_of(stage.upper(), across, HEADING)
        headings.append((left, y + LINE, lines))
        y += LINE * len(lines) + 7
        for name in names:
            placed[name] = replace(boxes[name], x=left, y=y)
            y += boxes[name].height + GAP * 0.6
        y += GAP
    place = {name: at for at, names in enumerate(members) for name in names}
    docks = _docks(ports, placed, thick)
    far = max((abs(placed[flow["from"]].y - placed[flow["to"]].y) for flow in flows), default=1.0)
    ribbons = []
    for flow in flows:
        start, end = docks[id(flow), flow["from"]], docks[id(flow), flow["to"]]
        room = width - left - across if start[0] > left else -left
        path, tip = _bow(start, end, room * (0.3 + 0.85 * (abs(start[1] - end[1]) / far) ** 0.6), thick(flow))
        ribbons.append(Ribbon(flow, path, tip, thick(flow), place[flow["to"]] < place[flow["from"]]))
    return Layout(placed, ribbons, headings, y)


def _ports(flows: Sequence[Row], column: Mapping[str, int], order: list[str]) -> Ports:
    """The flows at each edge of each touchpoint. Within a column, down goes by the right edge and up by the left."""
    ports: Ports = defaultdict(list)
    for flow in flows:
        source, target = flow["from"], flow["to"]
        step = column[target] - column[source]
        if step:
            edges = ("right", "left") if step > 0 else ("left", "right")
        else:
            edges = ("right", "right") if order.index(target) > order.index(source) else ("left", "left")
        for name, edge in zip((source, target), edges, strict=True):
            ports[name, edge].append(flow)
    return ports


def _docks(
    ports: Ports, boxes: dict[str, Box], thick: Callable[[Row], float]
) -> dict[tuple[int, str], tuple[float, float]]:
    """Where each flow meets its touchpoints: one below the other at the edge, so that they do not cross there."""
    docks = {}
    for (name, edge), flows in ports.items():
        box = boxes[name]

        def place(flow: Row, name: str = name, box: Box = box) -> tuple[int, float]:
            other = boxes[flow["to"] if flow["from"] == name else flow["from"]]
            if other.x != box.x:
                return 0, other.y
            return (1, -other.y) if other.y > box.y else (-1, -other.y)

        y = box.y + box.height / 2 - sum(thick(flow) + 2 for flow in flows) / 2
        for flow in sorted(flows, key=place):
            x = box.x if edge == "left" else box.x + box.width
            docks[id(flow), name] = (x, y + thick(flow) / 2 + 1)
            y += thick(flow) + 2
    return docks


Point = tuple[float, float]


def _course(
    start: Point, end: Point, lanes: list[tuple[float, float, float]], wide: float, back: bool
) -> tuple[str, str]:
    """A ribbon across columns, level where it passes one."""
    ahead = -1 if back else 1
    stops = [
        start,
        *(stop for near, far, y in lanes for stop in (((far, y), (near, y)) if back else ((near, y), (far, y)))),
    ]
    stops.append((end[0] - ahead * TIP, end[1]))
    path = f"M{stops[0][0]:.1f} {stops[0][1]:.1f}"
    for at, (one, other) in enumerate(pairwise(stops)):
        if at % 2:
            path += f"H{other[0]:.1f}"
        else:
            middle = (one[0] + other[0]) / 2
            path += f"C{middle:.1f} {one[1]:.1f} {middle:.1f} {other[1]:.1f} {other[0]:.1f} {other[1]:.1f}"
    return path, _tip(end, ahead, wide)


def _bow(start: Point, end: Point, reach: float, wide: float) -> tuple[str, str]:
    """A ribbon from an edge to the same edge of another box."""
    ahead = -1 if reach > 0 else 1
    (x, y), (to_x, to_y) = start, end
    path = f"M{x:.1f} {y:.1f}C{x + reach:.1f} {y:.1f} {to_x + reach:.1f} {to_y:.1f} {to_x - ahead * TIP:.1f} {to_y:.1f}"
    return path, _tip(end, ahead, wide)


def _tip(end: Point, ahead: int, wide: float) -> str:
    x, y = end
    half = max(wide / 2 + 1.5, 3.5)
    return f"{x:.1f},{y:.1f} {x - ahead * TIP:.1f},{y - half:.1f} {x - ahead * TIP:.1f},{y + half:.1f}"
