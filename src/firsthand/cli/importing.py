"""init, import, mapping guess, rejected, retry."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from firsthand.cli import options

if TYPE_CHECKING:
    from firsthand.capture import Tally

FORMAT_NAMES = ["segment", "csv", "jsonl", "parquet", "xes", "ocel2", "olist", "zendesk", "qualtrics", "limesurvey"]


@click.command("init")
@options.home
@click.option("--name", help="Name of the organisation.")
@click.option("--timezone", help="IANA time zone, such as Europe/Berlin (default UTC).")
@click.option("--currency", help="Currency of amounts that name none (default EUR).")
@click.option("--lake", help="Folder or object-store URL of the lake (default: lake/ in the home).")
def init(home: Path | None, **given: str | None) -> None:
    """Make a home: settings, an empty map, an empty lake."""
    from firsthand.jobs.home import create_home

    made = create_home(home, **given)
    click.echo(f"{made.folder} is a home now. Next: {options.again('firsthand import PATH --as FORMAT', made.folder)}")


@click.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--as", "format_name", required=True, type=click.Choice(FORMAT_NAMES), help="The format of the files.")
@click.option(
    "--map",
    "mapping_file",
    type=click.Path(path_type=Path),
    help="Mapping file (YAML): which column means what.",
)
@click.option("--source", help="Name of the source, in place of the mapping's or the file's.")
@click.option("--customer", help="What names the customer: an attribute (xes) or an object type (ocel2).")
@click.option(
    "--questions",
    "questions_file",
    type=click.Path(path_type=Path),
    help="What the questions of a survey are (YAML), where that cannot be seen (qualtrics, limesurvey).",
)
@click.option(
    "--mended",
    is_flag=True,
    help="The files were imported before and are mended now: rejections that are not met again leave the list.",
)
@options.home
@options.as_json
def import_(
    paths: tuple[Path, ...],
    format_name: str,
    mapping_file: Path | None,
    source: str | None,
    customer: str | None,
    questions_file: Path | None,
    mended: bool,
    home: Path | None,
    as_json: bool,
) -> None:
    """Take in files or folders. Doing it twice adds nothing."""
    from firsthand.jobs.home import open_home
    from firsthand.jobs.import_files import import_files
    from firsthand.sources import files_in, format_named

    opened, chosen = open_home(home), format_named(format_name)
    size = sum(file.stat().st_size for path in paths for file in files_in(path, chosen))
    with click.progressbar(length=size, label="Importing", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        tally = import_files(
            opened,
            list(paths),
            chosen,
            mapping_file=mapping_file,
            source=source,
            customer=customer,
            questions_file=questions_file,
            mended=mended,
            advance=bar.update,
        )
    _print(tally, as_json, home)
    if tally.not_met and not as_json:
        then = (
            "They left the list." if mended else "If this mends it, import it again with --mended: they leave the list."
        )
        click.echo(
            f"Rejected when a file of this name was imported before, and not met this time: {tally.not_met:,}. {then}"
        )
    _fail_if_nothing_went_in(tally)


@click.group("mapping")
def mapping() -> None:
    """Mapping files: which column of an export means what."""


@mapping.command("guess")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--as",
    "format_name",
    default="csv",
    show_default=True,
    type=click.Choice(["csv", "jsonl", "parquet"]),
    help="The format of the file.",
)
@click.option("--source", help="Name of the source (default: the name of the file).")
@click.option(
    "--timezone", default="", help="Where the clocks stood that name no zone (IANA name; default: the home's)."
)
@click.option("--out", type=click.Path(path_type=Path), help="File to write (default: standard output).")
def guess(file: Path, format_name: str, source: str | None, timezone: str, out: Path | None) -> None:
    """Draft a mapping from the names and values of a file's columns. Read it and mend it before you import."""
    from firsthand.errors import UserError
    from firsthand.jobs.guess_mapping import guess_mapping
    from firsthand.jobs.mapping_draft import as_text, faults_of
    from firsthand.sources import format_named

    if out and out.exists():
        raise UserError(f"{out} is there already; name another file with --out. Nothing was written.")
    draft = guess_mapping(file, format_named(format_name), source=source, timezone=timezone)
    if faults := [message for _, message in faults_of(draft)]:
        raise UserError(
            f"{file}: no mapping could be drafted. " + " ".join(faults) + " See docs/how-to/map-an-export.md."
        )
    text = as_text(draft)
    if out:
        out.write_text(text, "utf-8")
        click.echo(f"Wrote {out}. Read it and mend it; then: firsthand import {file} --as {format_name} --map {out}")
    else:
        click.echo(text, nl=False)


def _fail_if_nothing_went_in(tally: Tally) -> None:
    if tally.rejected.total() > tally.rejected["forgotten"] and tally.rejected.total() == tally.read:
        sys.exit(2)


def _print(tally: Tally, as_json: bool, home: Path | None) -> None:
    if as_json:
        options.print_json(tally.document())
        return
    parts = [f"{tally.accepted:,} accepted"]
    for count, word in (
        (tally.corrected, "corrections"),
        (tally.duplicate, "known already"),
        (tally.not_mapped, "not mapped"),
    ):
        if count:
            parts.append(f"{count:,} {word}")
    click.echo(f"{tally.records:,} {'record' if tally.records == 1 else 'records'}: " + ", ".join(parts) + ".")
    rejected = Counter(tally.rejected)
    if forgotten := rejected.pop("forgotten", 0):
        click.echo(f"{forgotten:,} are forgotten, and stay so.")
    if rejected:
        reasons = ", ".join(f"{reason} {count:,}" for reason, count in rejected.most_common())
        click.echo(
            f"{rejected.total():,} {'was' if rejected.total() == 1 else 'were'} put aside as rejected ({reasons}). "
            f"See them with: {options.again('firsthand rejected', home)}"
        )


@click.command("rejected")
@options.home
@click.option("--source", help="Only of this source.")
@click.option("--reason", help="Only for this reason.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(min=1), help="How many to list.")
@options.as_json
def rejected(home: Path | None, source: str | None, reason: str | None, limit: int, as_json: bool) -> None:
    """List what was put aside, with reasons."""
    from firsthand.jobs.home import open_home
    from firsthand.jobs.rejections import open_rejections

    total, rows = open_rejections(open_home(home), source=source, reason=reason, limit=limit)
    if as_json:
        options.print_json({"total": total, "rejected": rows})
        return
    for row in rows:
        click.echo(f"{row['message']}")
    shown = "" if total <= len(rows) else f" ({len(rows):,} shown; --limit shows more)"
    name = rows[0]["format"] if len({row["format"] for row in rows}) == 1 else "FORMAT"
    retrying = options.again(f"firsthand retry --as {name} --map FILE", home)
    click.echo(f"{total:,} rejected{shown}.")
    if any(row["retriable"] for row in rows):
        click.echo(f"After mending the mapping: {retrying}")
    if any(not row["retriable"] for row in rows):
        click.echo(
            "What the file itself lacks is not tried again: mend it, or how the mapping reads it, and import it again with --mended."
        )


@click.command("retry")
@click.option("--as", "format_name", type=click.Choice(FORMAT_NAMES), help="Only what was read as this format.")
@click.option("--map", "mapping_file", type=click.Path(path_type=Path), help="The mended mapping.")
@click.option("--source", help="Only of this source.")
@options.home
@options.as_json
def retry(
    format_name: str | None, mapping_file: Path | None, source: str | None, home: Path | None, as_json: bool
) -> None:
    """Try rejected records again, with a mended mapping."""
    from firsthand.jobs.home import open_home
    from firsthand.jobs.rejections import retry_rejections

    tally = retry_rejections(open_home(home), format_name=format_name, mapping_file=mapping_file, source=source)
    _print(tally, as_json, home)
    _fail_if_nothing_went_in(tally)


COMMANDS: list[Any] = [init, import_, mapping, rejected, retry]
