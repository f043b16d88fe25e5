"""The journey map as SVG: stages, touchpoints, and how many customers went from which to which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from firsthand.charts.journey_layout import layout
from firsthand.charts.journey_marks import box, heading, how_said, key, pattern, ribbon, thickness
from firsthand.charts.language import ENGLISH, Language
from firsthand.charts.look import FONT

Row = Mapping[str, Any]
NOT_DRAWN = (
    "Not drawn: {folded} of {flows} flows, {steps} of {every} steps. They are of fewer than {least} customers and not "
    "the largest into or out of a touchpoint."
)
ABOUT = "{touchpoints} touchpoints in {stages} stages, and {flows} flows of customers."
LARGEST = " The largest from one to another: {begin} to {end}, {customers} customers."


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


def not_drawn(nodes: Sequence[Row], flows: Sequence[Row], language: Language = ENGLISH) -> str:
    """What the map does not draw, counted, in a sentence; empty where it draws all."""
    _drawn, folded, least = drawn_flows(nodes, flows)
    if not folded:
        return ""
    steps, every = (sum(flow["interactions"] for flow in rows) for rows in (folded, flows))
    return language.tell(NOT_DRAWN, folded=len(folded), flows=len(flows), steps=steps, every=every, least=least)


def journey_map(stages: Sequence[str], nodes: Sequence[Row], flows: Sequence[Row], *, width: int, language: Language = ENGLISH) -> str:  # fmt: skip
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
    most, busiest = max(map(_customers, between), default=0), max(map(_customers, nodes)) or 1
    by_name = {node["touchpoint"]: node for node in nodes}
    hatch = f"unseen-{width}"

    def notes(node: Row) -> list[str]:
        met = [language.tell("met by {count}", count=node["customers"])] if node["customers"] else []
        itself = again.get(node["touchpoint"])
        return [how_said(node, language), *met, *([f"↻ {language.number(itself['customers'])}"] if itself else [])]

    placed = layout(
        stages, nodes, between, width=width, thick=lambda flow: thickness(flow["customers"], most), notes=notes
    )
    legend, height = key(placed.height + 10, width, hatch, most, not_drawn(nodes, flows, language), language)
    parts = [
        pattern(hatch),
        *(heading(*place) for place in placed.headings),
        *(
            ribbon(place, by_name[place.flow["to"]], language)
            for place in sorted(placed.ribbons, key=lambda place: -place.width)
        ),
        *(
            box(place, by_name[name], again.get(name), hatch, by_name[name]["customers"] / busiest, language)
            for name, place in placed.boxes.items()
        ),
        legend,
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height:.0f}" role="img" '
        f'style="width:100%;max-width:{width}px;height:auto;print-color-adjust:exact" '
        f'font-family="{FONT}" fill="currentColor"><title>{escape(language.say("The journey map"))}</title>'
        f"<desc>{escape(_about(stages, nodes, flows, between, language))}</desc>{''.join(parts)}</svg>"
    )


def _about(stages: Sequence[str], nodes: Sequence[Row], flows: Sequence[Row], between: Sequence[Row], language: Language) -> str:  # fmt: skip
    """The picture in words, for those who do not see it."""
    said = language.tell(ABOUT, touchpoints=len(nodes), stages=len(stages), flows=len(flows))
    if between:
        flow = max(between, key=_customers)
        said += language.tell(LARGEST, begin=flow["from"], end=flow["to"], customers=flow["customers"])
    return said


def _customers(row: Row) -> int:
    count: int = row["customers"]
    return count


def _round_up(count: int) -> int:
    """The next larger number of two digits and noughts."""
    unit = 10 ** max(len(str(count)) - 2, 0)
    return -(-(count + 1) // unit) * unit
