"""people why, join, apart, split, undo, decisions, review."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from firsthand.cli import options
from firsthand.cli.consents import told

Row = dict[str, Any]


def _decider(function: options.Command) -> options.Command:
    function = click.option(
        "--why", "reason", callback=options.said, required=True, help="The reason, for whoever looks at it later."
    )(function)
    function = click.option("--by", callback=options.said, required=True, help="Who decides.")(function)
    return options.home(options.as_json(function))


@click.command("why")
@click.argument("one")
@click.argument("other")
@click.option("--chart", type=click.Path(path_type=Path), help="Draw what a model weighs as a waterfall (SVG).")
@options.home
@options.as_json
def why(home: Path | None, one: str, other: str, chart: Path | None, as_json: bool) -> None:
    """Why two customers or identifiers are one person, or are not."""
    from firsthand.errors import UserError
    from firsthand.jobs.consents import consents_of
    from firsthand.jobs.home import open_home
    from firsthand.jobs.who_is_who import why as run

    opened = open_home(home)
    found = run(opened, one, other)
    found["consents"] = consents_of(opened, found["identifiers"])
    if chart is not None:
        if not found["evidence"]:
            raise UserError(f"No model has compared {one} and {other}: there is nothing to draw.")
        _draw(found["evidence"], chart)
    if as_json:
        options.print_json(found)
        return
    if found["same"]:
        click.echo(f"One customer, {found['customers'][0]}, with {len(found['identifiers'])} identifiers:")
        for step in found["chain"]:
            click.echo(f"  {step['key']}  –  {step['other']}: {_evidence(step)}")
        if not found["chain"]:
            click.echo("  the same identifier")
    else:
        click.echo(f"Two customers: {', '.join(found['customers'])}. Nothing links them that is not refused.")
        for row in found["refused"]:
            click.echo(
                f"  {row['key']}  –  {row['other']}: told together in {row['count']:,} interactions, but {_refusal(row)}"
            )
    for weighed in found["evidence"]:
        _print_weighed(weighed)
    for row in found["consents"]:
        click.echo(told(row))
    if chart is not None:
        click.echo(f"Drawn: {chart}")


def _draw(evidence: list[Row], out: Path) -> None:
    import altair

    from firsthand.charts import svg_of, waterfall

    out.write_text(svg_of(altair.vconcat(*(waterfall(weighed) for weighed in evidence))), "utf-8")


def _print_weighed(weighed: Row) -> None:
    click.echo(
        f"Model {weighed['model']} weighs {weighed['one']} and {weighed['other']}, in bits (each doubles the odds). Among one person's records, against others':"
    )
    prior = weighed["prior_bits"]
    lines = [(prior, f"before anything is known: one pair in {1 + 2**-prior:,.0f}")]
    lines += [(step["bits"], f"{step['field'].replace('_', ' ')}: {step['level']} ({_values(step)}), {_factor(step['factor'])}") for step in weighed["fields"] if step["bits"]]  # fmt: skip
    if weighed["alike_bits"]:
        lines.append((weighed["alike_bits"], "such pairs are also met among family, neighbours or namesakes"))
    lines.append((weighed["total_bits"], f"together: one person with a probability of {weighed['probability']:.1%}"))
    for bits, words in lines:
        click.echo(f"  {bits:+6.1f}  {words}")
    unknown = [step["field"].replace("_", " ") for step in weighed["fields"] if step["level"] == "not known"]
    if unknown:
        click.echo(f"          not known of both: {', '.join(unknown)}")


def _values(step: Row) -> str:
    one, other = step["one_value"], step["other_value"]
    return str(one) if one == other else f"{one} / {other}"


def _factor(factor: float) -> str:
    more, side = (factor, "common") if factor >= 1 else (1 / factor, "rare")
    return f"{more:,.0f} times as {side}" if more >= 10 else f"{more:.1f} times as {side}"


def _evidence(step: Row) -> str:
    if "decision" in step:
        sure = "" if step["probability"] is None else f", probability {step['probability']:.1%}"
        return f"decided by {step['by']}: {step['why']} ({step['decision']}{sure})"
    return f"told together in {step['interactions']:,} interactions of {', '.join(step['sources'])}"


def _refusal(row: Row) -> str:
    against = (
        "nobody has two of" if row["reason"] == "one_per_person" else "it was decided that they are different people:"
    )
    return f"{against} {row['detail']}"


@click.command("join")
@click.argument("one")
@click.argument("other")
@_decider
def join(home: Path | None, one: str, other: str, by: str, reason: str, as_json: bool) -> None:
    """Decide that two customers are one person."""
    from firsthand.jobs.home import open_home
    from firsthand.jobs.who_is_who import join as run

    found = run(open_home(home), one, other, by=by, reason=reason)
    _said(found, f"{' and '.join(found['joined'])} are one customer now: {found['customer_id']}.", home, as_json)


@click.command("apart")
@click.argument("one")
@click.argument("other")
@_decider
def apart(home: Path | None, one: str, other: str, by: str, reason: str, as_json: bool) -> None:
    """Decide that two customers are different people, whatever is told or found later."""
    from firsthand.jobs.home import open_home
    from firsthand.jobs.who_is_who import apart as run

    found = run(open_home(home), one, other, by=by, reason=reason)
    _said(found, f"{' and '.join(found['apart'])} stay two customers.", home, as_json)


@click.command("split")
@click.argument("customer")
@click.argument("identifiers", nargs=-1, required=True)
@_decider
def split(home: Path | None, customer: str, identifiers: tuple[str, ...], by: str, reason: str, as_json: bool) -> None:
    """Decide that some identifiers (email=kim@example.org) are another person's."""
    from firsthand.jobs.home import open_home
    from firsthand.jobs.who_is_who import split as run

    found = run(open_home(home), customer, identifiers, by=by, reason=reason)
    along = f", and {', '.join(found['came_along'])}, linked only with that," if found["came_along"] else ""
    _said(
        found,
        f"{', '.join(identifiers)}{along} are {found['split_off']} now; the rest stays {found['customer_id']}.",
        home,
        as_json,
    )


@click.command("undo")
@click.argument("decision")
@_decider
def undo(home: Path | None, decision: str, by: str, reason: str, as_json: bool) -> None:
    """Take a decision back."""
    from firsthand.jobs.home import open_home
    from firsthand.jobs.who_is_who import undo as run

    found = run(open_home(home), decision, by=by, reason=reason)
    _said(found, f"{decision} no longer holds.", home, as_json)


def _said(found: Row, sentence: str, home: Path | None, as_json: bool) -> None:
    if as_json:
        options.print_json(found)
    else:
        click.echo(
            f"{sentence} To take it back: "
            + options.again(f"firsthand people undo {found['decision']} --by … --why …", home)
        )


@click.command("decisions")
@options.home
@options.as_json
def decisions(home: Path | None, as_json: bool) -> None:
    """What people and models decided, as far as it holds."""
    from firsthand.jobs.home import open_home
    from firsthand.jobs.identify import decisions as run

    found = run(open_home(home))
    if as_json:
        options.print_json({"decisions": found})
        return
    for row in found:
        sides = " and ".join(", ".join(side) for side in (row["keys"], row["others"]) if side)
        click.echo(f"{row['decision_id']}  {row['decided_at']:%Y-%m-%d} {row['by']}: {sides} are {'one person' if row['verdict'] == 'same' else 'different people'} ({row['why']}).")  # fmt: skip
    click.echo(f"{len({row['decision_id'] for row in found}):,} decisions hold.")


@click.command("review")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="At most so many.")
@options.home
@options.as_json
def review(home: Path | None, limit: int, as_json: bool) -> None:
    """What was told together but not linked, or found probable but not joined, for a person to look at."""
    from firsthand.jobs.home import open_home
    from firsthand.jobs.who_is_who import review as run

    found = run(open_home(home))
    if as_json:
        options.print_json({"total": len(found), "to_review": found[:limit]})
        return
    for row in found[:limit]:
        if row["probability"] is not None:
            click.echo(f"{row['key']}  –  {row['other']}: {row['probability']:.1%} probable, but {_doubt(row)}")
        elif row["other"]:
            click.echo(
                f"{row['key']}  –  {row['other']}: told together in {row['count']:,} interactions, but {_refusal(row)}"
            )
        else:
            click.echo(f"{row['key']}: {row['detail']}, so it links nobody")
    click.echo(f"{len(found):,} to review.")


def _doubt(row: Row) -> str:
    return _refusal(row) if row["reason"] == "one_per_person" else str(row["detail"])


COMMANDS = [why, join, apart, split, undo, decisions, review]
