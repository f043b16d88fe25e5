"""The journey map as SVG: stages, touchpoints, and how many customers went from which to which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from math import floor, log10
from typing import Any

from firsthand.charts.journey_layout import HEADING, LETTERS, LINE, PAD, SIDE, Box, Ribbon, layout
from firsthand.charts.lettering import lines_of, width_of
from firsthand.charts.look import FONT, HOW_IT_WAS, INK, NEUTRAL, UNSEEN

Row = Mapping[str, Any]
WIDEST, THINNEST = 13.0, 1.2
"""Width of the largest flow and of the smallest ones, in px."""
_FONT = FONT.replace("Source Sans 3", "'Source Sans 3'")
_BOLD, _DASHED = ' font-weight="600"', ' stroke-dasharray="6 3"'


def drawn_flows(nodes: Sequence[Row], flows: Sequence[Row]) -> tuple[list[Row], list[Row], int]:
    """The flows that the map draws, those it does not, and the fewest customers of which every flow is drawn.

    Drawn are the largest, about as many as there are touchpoints, and the largest into and out of each touchpoint, so
    that none stands alone. A touchpoint that follows itself is a mark in its box, and always drawn.
    """
    names = {node["touchpoint"] for node in nodes}
    known = [flow for flow in flows if flow["from"] in names and flow["to"] in names]
    between = sorted((flow for flow in known if flow["from"] != flow["to"]), key=_customers, reverse=True)
    largest: dict[tuple[str, str], Row] = {}
    for flow in between:
        for end in ("from", "to"):
            largest.setdefault((end, flow[end]), flow)
    least = _round_up(between[len(names)]["customers"]) if len(between) > len(names) else 0
    kept = {id(flow) for flow in known if flow["from"] == flow["to"]} | {id(flow) for flow in largest.values()}
    kept |= {id(flow) for flow in between if flow["customers"] >= least}
    return [flow for flow in flows if id(flow) in kept], [flow for flow in flows if id(flow) not in kept], least


def not_drawn(nodes: Sequence[Row], flows: Sequence[Row]) -> str:
    """What the map does not draw, counted, in a sentence; empty where it draws all."""
    _drawn, folded, least = drawn_flows(nodes, flows)
    if not folded:
        return ""
    steps, every = (sum(flow["interactions"] for flow in rows) for rows in (folded, flows))
    return (
        f"Not drawn: {len(folded):,} of {len(flows):,} flows, {steps:,} of {every:,} steps. They are of fewer than "
        f"{least:,} customers and not the largest into or out of a touchpoint."
    )


def journey_map(stages: Sequence[str], nodes: Sequence[Row], flows: Sequence[Row], *, width: int) -> str:
    """Stages as columns, touchpoints as boxes coloured by how it was, flows as ribbons as wide as they have customers.

    Where columns would be too narrow for words it is one list of touchpoints, with the flows beside it.
    stages: their names, in order.  nodes: touchpoint, stage, kind, owner, customers, interactions, how_it_was (a
    figure with value, low, high, or None where nothing was seen).  flows: from, to, customers, interactions, share,
    median_seconds (s).  width: of the picture, in px.
    Returns the text of an SVG, without any script; empty where there is no touchpoint to draw.
    """
    if not nodes:
        return ""
    stages = list(dict.fromkeys([*stages, *(node["stage"] for node in nodes)]))
    drawn, _folded, _least = drawn_flows(nodes, flows)
    again = {flow["from"]: flow for flow in drawn if flow["from"] == flow["to"]}
    between = [flow for flow in drawn if flow["from"] != flow["to"]]
    most = max(map(_customers, between), default=0) or 1

    def thick(flow: Row) -> float:
        return max(WIDEST * flow["customers"] / most, THINNEST)

    def notes(node: Row) -> list[str]:
        said = [_how(node)]
        if node["customers"]:
            said.append(f"met by {node['customers']:,}")
        if node["touchpoint"] in again:
            said.append(f"↻ {again[node['touchpoint']]['customers']:,}")
        return said

    placed = layout(stages, nodes, between, width=width, thick=thick, notes=notes)
    by_name = {node["touchpoint"]: node for node in nodes}
    hatch = f"unseen-{width}"
    busiest = max(map(_customers, nodes)) or 1
    parts = [_heading(*heading) for heading in placed.headings]
    ribbons = sorted(placed.ribbons, key=lambda ribbon: -ribbon.width)
    parts += [_ribbon(ribbon, by_name[ribbon.flow["to"]]) for ribbon in ribbons]
    parts += [
        _box(box, by_name[name], again.get(name), hatch, by_name[name]["customers"] / busiest)
        for name, box in placed.boxes.items()
    ]
    key, height = _key(placed.height + 10, width, hatch, most if between else 0, not_drawn(nodes, flows))
    about = (
        f"{len(nodes)} touchpoints in {len(stages)} stages, with {len(drawn)} of {len(flows)} flows between them. "
        "Each touchpoint and each flow tells its numbers."
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height:.0f}" role="img" '
        f'style="width:100%;max-width:{width}px;height:auto;print-color-adjust:exact" font-family="{_FONT}" '
        f'fill="currentColor"><title>The journey map</title><desc>{about}</desc>'
        f'<defs><pattern id="{hatch}" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="7" height="7" fill="{UNSEEN[0]}"/><rect width="2" height="7" fill="{UNSEEN[1]}"/></pattern></defs>'
        f"{''.join([*parts, key])}</svg>"
    )


def _customers(row: Row) -> int:
    count: int = row["customers"]
    return count


def _round_up(count: int) -> int:
    """The next larger number of two digits and noughts."""
    unit = 10 ** max(len(str(count)) - 2, 0)
    return -(-(count + 1) // unit) * unit


def _colours(how: Row | None, hatch: str) -> tuple[str, str, str]:
    """Ground, ink and edge of a touchpoint's box."""
    if how is None or how["value"] is None:
        return f"url(#{hatch})", INK, NEUTRAL
    return next((ground, ink, edge) for below, ground, ink, edge in HOW_IT_WAS if how["value"] < below)


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"


def _how(node: Row) -> str:
    how = node["how_it_was"]
    if how is None:
        return "unseen" if node["customers"] else "no record"
    return "too few to show" if how["value"] is None else f"{_percent(how['value'])} good"


def _text(x: float, y: float, lines: Sequence[str], size: float = LETTERS, more: str = "") -> str:
    spans = "".join(
        f'<tspan x="{x:.1f}" y="{y + at * LINE:.1f}">{escape(line)}</tspan>' for at, line in enumerate(lines)
    )
    return f'<text font-size="{size:g}"{more}>{spans}</text>'


def _heading(x: float, y: float, lines: list[str]) -> str:
    return _text(x, y, lines, HEADING, ' font-weight="600" opacity=".75"')


def _box(box: Box, node: Row, again: Row | None, hatch: str, share: float) -> str:
    """A touchpoint: its name, how it was, how many customers, how often it followed itself, and a bar of customers."""
    how = node["how_it_was"]
    ground, ink, edge = _colours(how, hatch)
    told = f"{node['touchpoint']} ({node['stage']}): {node['customers']:,} customers, {node['interactions']:,} interactions; {_how(node)}"
    if how and how["value"] is not None:
        told += f" ({_percent(how['low'])} to {_percent(how['high'])})"
    told += f". Owner: {node['owner'] or 'nobody'}."
    inner = box.width - 2 * PAD
    if again:
        told += f" Followed itself for {_numbers(again)}."
    x, y = box.x + PAD, box.y + PAD + LETTERS - 1.5
    dashed = ' stroke-dasharray="3 2"' if how and how["value"] is None else ""
    return (
        f'<g class="touchpoint"><title>{escape(told)}</title>'
        f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" rx="5" fill="{ground}" stroke="{edge}"{dashed}/>'
        f'<g fill="{ink}">{_text(x, y, box.name, LETTERS, _BOLD)}{_text(x, y + LINE * len(box.name), box.notes, LETTERS - 1)}'
        f'<rect x="{x:.1f}" y="{box.y + box.height - 6.5:.1f}" width="{inner:.1f}" height="3" opacity=".15"/>'
        f'<rect x="{x:.1f}" y="{box.y + box.height - 6.5:.1f}" width="{inner * share:.1f}" height="3" opacity=".7"/></g></g>'
    )


def _numbers(flow: Row) -> str:
    said = f"{flow['customers']:,} customers, {flow['interactions']:,} times"
    if flow["share"] is not None:
        said += f", {_percent(flow['share'])} of the steps from there"
    return said if flow["median_seconds"] is None else f"{said}; half within {_span(flow['median_seconds'])}"


def _span(seconds: float) -> str:
    for size, name in ((86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if seconds >= size:
            return f"{seconds / size:.1f} {name}"
    return f"{seconds:.0f} seconds"


def _ribbon(ribbon: Ribbon, target: Row) -> str:
    """A flow in the colour of the touchpoint that it leads to; dashed where it goes back to an earlier stage."""
    flow, how = ribbon.flow, target["how_it_was"]
    colour = NEUTRAL if how is None or how["value"] is None else _colours(how, "")[2]
    dashed = _DASHED if ribbon.back else ""
    return (
        f'<g class="flow"><title>{escape(flow["from"])} → {escape(flow["to"])}: {escape(_numbers(flow))}</title>'
        f'<path d="{ribbon.path}" fill="none" stroke="{colour}" stroke-width="{ribbon.width:.1f}" opacity=".6"{dashed}/>'
        f'<polygon points="{ribbon.tip}" fill="{colour}"/></g>'
    )


def _key(y: float, width: int, hatch: str, most: int, folded: str) -> tuple[str, float]:
    """What colours, widths and dashes mean, and what is not drawn; and where it ends."""
    signs: list[tuple[str, float]] = []
    bands = [({"value": below - 0.01}, name) for (below, *_), name in zip(HOW_IT_WAS, _BANDS, strict=True)]
    for how, name in [*bands, (None, "unseen")]:
        ground, ink, edge = _colours(how, hatch)
        wide = width_of(name, LETTERS) + 14
        field = f'<rect width="{wide:.1f}" height="18" rx="4" fill="{ground}" stroke="{edge}"/>'
        signs.append((f'{field}<g fill="{ink}">{_text(7, 13, [name])}</g>', wide))
    lines = [(WIDEST * count / most, "", f"{count:,} customers") for count in _samples(most)] if most else []
    if lines:
        lines.append((3.0, _DASHED, "back to an earlier stage"))
    for thick, dashed, name in lines:
        line = f'<path d="M0 9h30" stroke="{NEUTRAL}" stroke-width="{max(thick, THINNEST):.1f}"{dashed}/>'
        signs.append((line + _text(35, 13, [name]), width_of(name, LETTERS) + 40))
    x, parts = SIDE, []
    for sign, wide in signs:
        if x > SIDE and x + wide > width - SIDE:
            x, y = SIDE, y + 23
        parts.append(f'<g transform="translate({x:.1f} {y:.1f})">{sign}</g>')
        x += wide + 8
    said = f"{_EXPLAINED} {folded}"
    below = lines_of(said, width - 2 * SIDE, LETTERS)
    parts.append(_text(SIDE, y + 36, below, LETTERS, ' opacity=".75"'))
    return f'<g class="key">{"".join(parts)}</g>', y + 36 + LINE * len(below)


_EXPLAINED = (
    "Bar: customers, against the touchpoint that most met. ↻: customers who met it again as the very next thing."
)
_BANDS = ("under 50 % good", "to 70 %", "to 80 %", "to 90 %", "90 % and more")


def _samples(most: int) -> list[int]:
    """Two round numbers of customers to show the widths by."""
    top = 10 ** floor(log10(most))
    top *= max(step for step in (1, 2, 5) if step * top <= most)
    return sorted({max(top // 5, 1), top})
