"""The marks of a journey map as SVG: touchpoints, flows, and the key to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from math import floor, log10
from typing import Any

from firsthand.charts.journey_layout import HEADING, LETTERS, LINE, PAD, SIDE, Box, Ribbon
from firsthand.charts.language import Language
from firsthand.charts.lettering import lines_of, width_of
from firsthand.charts.look import HOW_IT_WAS, INK, NEUTRAL, TIMES, UNSEEN

Row = Mapping[str, Any]
WIDEST, THINNEST = 13.0, 1.2
"""Width of the largest flow and of the smallest ones, in px."""
_BOLD, _DASHED = ' font-weight="600"', ' stroke-dasharray="6 3"'


def thickness(customers: int, most: int) -> float:
    """How wide a flow is, in px, where the largest has so many customers."""
    return max(WIDEST * customers / most, THINNEST)


def pattern(name: str) -> str:
    """The hatching of touchpoints where nothing was seen."""
    return (
        f'<defs><pattern id="{name}" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="7" height="7" fill="{UNSEEN[0]}"/><rect width="2" height="7" fill="{UNSEEN[1]}"/></pattern></defs>'
    )


def _colours(how: Row | None, hatch: str) -> tuple[str, str, str]:
    """Ground, ink and edge of a touchpoint's box."""
    if how is None or how["value"] is None:
        return f"url(#{hatch})", INK, NEUTRAL
    return next((ground, ink, edge) for below, ground, ink, edge in HOW_IT_WAS if how["value"] < below)


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"


def how_said(node: Row, language: Language) -> str:
    """How it was at a touchpoint, in words."""
    how = node["how_it_was"]
    if how is None:
        return language.say("unseen" if node["customers"] else "no record")
    if how["value"] is None:
        return language.say("too few to show")
    return language.tell("{share} good", share=_percent(how["value"]))


def _text(x: float, y: float, lines: Sequence[str], size: float = LETTERS, more: str = "") -> str:
    spans = "".join(
        f'<tspan x="{x:.1f}" y="{y + at * LINE:.1f}">{escape(line)}</tspan>' for at, line in enumerate(lines)
    )
    return f'<text font-size="{size:g}"{more}>{spans}</text>'


def heading(x: float, y: float, lines: list[str]) -> str:
    """The name of a stage."""
    return _text(x, y, lines, HEADING, ' font-weight="600" opacity=".75"')


def box(place: Box, node: Row, again: Row | None, hatch: str, share: float, language: Language) -> str:
    """A touchpoint: its name, how it was, how many customers, how often it followed itself, and a bar of customers."""
    how = node["how_it_was"]
    ground, ink, edge = _colours(how, hatch)
    told = language.tell(
        "{touchpoint} ({stage}): {customers} customers, {interactions} interactions; {how}", how=how_said(node, language),
        **{name: node[name] for name in ("touchpoint", "stage", "customers", "interactions")},
    )  # fmt: skip
    if how and how["value"] is not None:
        told += language.tell(" ({low} to {high})", low=_percent(how["low"]), high=_percent(how["high"]))
    told += language.tell(". Owner: {owner}.", owner=node["owner"] or language.say("nobody"))
    inner = place.width - 2 * PAD
    if again:
        told += language.tell(" Followed itself for {numbers}.", numbers=_numbers(again, language))
    x, y = place.x + PAD, place.y + PAD + LETTERS - 1.5
    dashed = ' stroke-dasharray="3 2"' if how and how["value"] is None else ""
    return (
        f'<g class="touchpoint"><title>{escape(told)}</title>'
        f'<rect x="{place.x:.1f}" y="{place.y:.1f}" width="{place.width:.1f}" height="{place.height:.1f}" rx="5" fill="{ground}" stroke="{edge}"{dashed}/>'
        f'<g fill="{ink}">{_text(x, y, place.name, LETTERS, _BOLD)}{_text(x, y + LINE * len(place.name), place.notes, LETTERS - 1)}'
        f'<rect x="{x:.1f}" y="{place.y + place.height - 6.5:.1f}" width="{inner:.1f}" height="3" opacity=".15"/>'
        f'<rect x="{x:.1f}" y="{place.y + place.height - 6.5:.1f}" width="{inner * share:.1f}" height="3" opacity=".7"/></g></g>'
    )


def _numbers(flow: Row, language: Language) -> str:
    said = language.tell(
        "{customers} customers, {times} times", customers=flow["customers"], times=flow["interactions"]
    )
    if flow["share"] is not None:
        said += language.tell(", {share} of the steps from there", share=_percent(flow["share"]))
    if flow["median_seconds"] is None:
        return said
    return said + language.tell("; half within {span}", span=_span(flow["median_seconds"], language))


def _span(seconds: float, language: Language) -> str:
    for size, name in TIMES:
        if seconds >= size:
            return f"{language.number(seconds / size, '.1f')} {language.say(name)}"
    return f"{seconds:.0f} {language.say('seconds')}"


def ribbon(place: Ribbon, target: Row, language: Language) -> str:
    """A flow in the colour of the touchpoint that it leads to; dashed where it goes back to an earlier stage."""
    flow, how = place.flow, target["how_it_was"]
    colour = NEUTRAL if how is None or how["value"] is None else _colours(how, "")[2]
    dashed = _DASHED if place.back else ""
    return (
        f'<g class="flow"><title>{escape(flow["from"])} → {escape(flow["to"])}: {escape(_numbers(flow, language))}</title>'
        f'<path d="{place.path}" fill="none" stroke="{colour}" stroke-width="{place.width:.1f}" opacity=".6"{dashed}/>'
        f'<polygon points="{place.tip}" fill="{colour}"/></g>'
    )


def key(y: float, width: int, hatch: str, most: int, folded: str, language: Language) -> tuple[str, float]:
    """What colours, widths and dashes mean, and what is not drawn; and where it ends."""
    signs: list[tuple[str, float]] = []
    bands = [({"value": below - 0.01}, name) for (below, *_), name in zip(HOW_IT_WAS, _BANDS, strict=True)]
    for how, band in [*bands, (None, "unseen")]:
        name = language.say(band)
        ground, ink, edge = _colours(how, hatch)
        wide = width_of(name, LETTERS) + 14
        field = f'<rect width="{wide:.1f}" height="18" rx="4" fill="{ground}" stroke="{edge}"/>'
        signs.append((f'{field}<g fill="{ink}">{_text(7, 13, [name])}</g>', wide))
    lines = (
        [(thickness(count, most), "", language.tell("{count} customers", count=count)) for count in _samples(most)]
        if most
        else []
    )
    if lines:
        lines.append((3.0, _DASHED, language.say("back to an earlier stage")))
    for thick, dashed, name in lines:
        line = f'<path d="M0 9h30" stroke="{NEUTRAL}" stroke-width="{thick:.1f}"{dashed}/>'
        signs.append((line + _text(35, 13, [name]), width_of(name, LETTERS) + 40))
    x, parts = SIDE, []
    for sign, wide in signs:
        if x > SIDE and x + wide > width - SIDE:
            x, y = SIDE, y + 23
        parts.append(f'<g transform="translate({x:.1f} {y:.1f})">{sign}</g>')
        x += wide + 8
    said = f"{language.say(_EXPLAINED)} {folded}"
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
