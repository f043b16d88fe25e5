"""Figures and findings in words, for the report and the command line."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]


def percent(value: float | None, digits: int = 0) -> str:
    """A share as people write it."""
    return "–" if value is None else f"{value * 100:.{digits}f} %"


def duration(seconds: float | None) -> str:
    """Seconds in the largest unit that fits."""
    if seconds is None:
        return "–"
    for size, name in ((86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if abs(seconds) >= size:
            return f"{seconds / size:,.{0 if abs(seconds) >= 100 * size else 1}f} {name}"
    return f"{seconds:.0f} seconds"


def shown(value: float | None, unit: str) -> str:
    """A figure with its unit."""
    if value is None:
        return "–"
    if unit == "share":
        return percent(value, 1)
    if unit == "seconds":
        return duration(value)
    if unit == "points":
        return f"{value:+.0f}"
    return f"{value:,.1f} days" if unit == "days" else f"{value:,.2f}"


def share_said(figure: Row) -> str:
    """A share with its interval, as it stands in a sentence."""
    if figure["value"] is None:
        return "too few to show"
    return f"{figure['value']:.1%} ({figure['low']:.1%} to {figure['high']:.1%})"


def difference_said(row: Row) -> str:
    """A difference of a measure between two groups or periods, with its interval, in a sentence."""
    also = ", ".join(str(value) for value in row["by"].values() if value is not None)
    name = f"{row['title']}{f' ({also})' if also else ''}"
    if row["value"] is None:
        return f"{name}: too few to show."
    said = f"{name}: {_signed(row['value'], row['unit'])}" + (" percentage points" if row["unit"] == "share" else "")
    if row["low"] is None:
        return f"{said}; how far that is chance cannot be told."
    verdict = "beyond chance" if row["beyond_chance"] else "could be chance"
    if not row["beyond_chance"] and (row["low"] > 0 or row["high"] < 0):
        verdict += " where so many are compared"
    return f"{said} ({_signed(row['low'], row['unit'])} to {_signed(row['high'], row['unit'])}), {verdict}."


def _signed(value: float, unit: str) -> str:
    """A difference, with its sign; of times in a unit that fits, of shares in percentage points."""
    if unit not in ("seconds", "days"):
        return f"{value * (100 if unit == 'share' else 1):+.2f}"
    return f"{'-' if value < 0 else '+'}{shown(abs(value), unit)}"


TILES = {
    "how_it_was": "of customers at a touchpoint had only good moments there",
    "nps": "Net Promoter Score",
    "kept_share": "of promises were kept",
    "wait_beyond_standard": "of waits were longer than the standard",
    "effortless_share": "of purchases needed no contact in 30 days",
    "bought_again_90": "bought again within 90 days",
}


def tile(row: Row) -> Row:
    """A headline figure: value, what it is, interval, and whom it speaks for."""
    digits = "share" if row["unit"] == "share" else row["unit"]
    if row["value"] is None:
        return {"value": "–", "words": TILES[row["measure"]], "interval": "too few to show", "n": ""}
    value = percent(row["value"]) if digits == "share" else shown(row["value"], row["unit"])
    low, high = (
        (percent(bound) if digits == "share" else shown(bound, row["unit"])) for bound in (row["low"], row["high"])
    )
    return {
        "value": value, "words": TILES[row["measure"]], "interval": f"{low} to {high}",
        "n": f"{row['customers']:,} customers",
    }  # fmt: skip


def findings(facts: Row) -> list[str]:
    """What stands out, in sentences; no cause is claimed."""
    said = []
    promises = facts["promises"]
    share = promises["kept_share"]
    if share and share["value"] is not None:
        judged = promises["kept"] + promises["late"] + promises["broken"] + promises["overdue"]
        said.append(
            f"{percent(1 - share['value'])} of {judged:,} promises were not kept "
            f"({promises['late']:,} late, {promises['broken']:,} broken, {promises['overdue']:,} overdue)."
        )
    seen = _seen(facts["map"]["touchpoints"])
    if seen:
        worst = min(seen, key=lambda point: point["how_it_was"]["value"])
        said.append(
            f"“{worst['touchpoint']}” was worst: good for {percent(worst['how_it_was']['value'])} of "
            f"{worst['how_it_was']['customers']:,} customers. Owner: {worst['owner'] or 'nobody'}."
        )
    if facts["signals"]["each"]:
        most = max(facts["signals"]["each"], key=lambda row: row["count"])
        said.append(
            f"The bad signal that shows most: “{most['title']}”, {most['count']:,} times, to {most['with_signal']:,} customers. "
            f"Owner: {most['owner']}."
        )
    for row in facts["changes"]:
        if row["beyond_chance"]:
            change = f"{row['value'] * 100:+.1f} points" if row["unit"] == "share" else f"{row['value']:+.1f}"
            low, high = (bound * 100 if row["unit"] == "share" else bound for bound in (row["low"], row["high"]))
            said.append(f"{row['title']} changed by {change} over the last three months ({low:+.1f} to {high:+.1f}).")
    unseen = [point for point in facts["map"]["touchpoints"] if not point["how_it_was"]]
    if unseen:
        signalled = sum(point["bad_signals"] > 0 for point in unseen)
        said.append(
            f"At {len(unseen)} of {len(facts['map']['touchpoints'])} touchpoints nobody can say how it was"
            + (f"; bad signals show at {signalled} of these." if signalled else ".")
        )
    answered = facts["headline"].get("response_rate")
    if answered and answered["value"] is not None:
        said.append(
            f"{percent(1 - answered['value'])} of those who were asked did not answer: scores speak for the others."
        )
    return said


def worst_way(facts: Row) -> str:
    """The largest flow into the touchpoint that was worst, in a sentence; the largest of all where none was seen.

    Flows that come from an invitation, or lead to one, are our own mail and are left out.
    """
    ours = {point["touchpoint"] for point in facts["map"]["touchpoints"] if point["kind"] == "invitation"}
    between = [
        flow
        for flow in facts["journey"]["flows"]
        if flow["from"] != flow["to"] and not ours & {flow["from"], flow["to"]}
    ]
    reached = {flow["to"] for flow in between}
    seen = [point for point in _seen(facts["map"]["touchpoints"]) if point["touchpoint"] in reached]
    if not between:
        return "No customer went from one touchpoint to another."
    if not seen:
        flow = max(between, key=lambda flow: flow["customers"])
        return f"The largest flow goes from “{flow['from']}” to “{flow['to']}”: {flow['customers']:,} customers."
    worst = min(seen, key=lambda point: point["how_it_was"]["value"])
    flow = max((flow for flow in between if flow["to"] == worst["touchpoint"]), key=lambda flow: flow["customers"])
    return (
        f"{'Invitations aside, the' if ours else 'The'} largest flow into “{worst['touchpoint']}”, which was good for {percent(worst['how_it_was']['value'])}, "
        f"comes from “{flow['from']}”: {flow['customers']:,} customers."
    )


def _seen(points: list[Row]) -> list[Row]:
    return [point for point in points if point["how_it_was"] and point["how_it_was"]["value"] is not None]
