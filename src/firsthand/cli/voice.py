"""voice read, topics, label, labels, train, themes, adopt, search."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from firsthand.cli import options

Row = dict[str, Any]
SHOWN = 20


def encoder(function: options.Command) -> options.Command:
    return click.option(
        "--encoder", "encoder_name", envvar="FIRSTHAND_ENCODER",
        help="What turns text into vectors: onnx:FOLDER, model2vec:FOLDER, sentence-transformers:NAME or openai:URL#MODEL (default: the one that comes with the extra voice).",
    )(function)  # fmt: skip


@click.group("voice")
def voice() -> None:
    """What customers say, in their own words."""


@voice.command("read")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--text", "text_column", help="Of a file: the column of what was said.")
@click.option("--id", "id_column", help="Of a file: the column that names a comment (default: they are numbered).")
@click.option("--topics", "topics_file", type=click.Path(path_type=Path), help="Of a file: the list of topics (YAML).")
@click.option("--model", "model_file", type=click.Path(path_type=Path), help="Of a file: a model of `voice topics`.")
@click.option("--out", type=click.Path(path_type=Path), help="Of a file: the file to write (CSV).")
@encoder
@options.home
@options.as_json
def read(
    file: Path | None, text_column: str | None, id_column: str | None, topics_file: Path | None, model_file: Path | None,
    out: Path | None, encoder_name: str | None, home: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Read what customers wrote, in a home or in a file (CSV, Parquet): language, sentiment, topics, what they want.

    A run that was stopped goes on where it was.
    """
    from firsthand.errors import UserError

    if file is None:
        if any((text_column, id_column, topics_file, model_file, out)):
            raise UserError("--text, --id, --topics, --model and --out are for a file: name it, or leave them out.")
        _read_home(home, encoder_name, as_json)
        return
    if text_column is None or out is None:
        raise UserError(
            f"Of {file} say which column holds the words (--text comment) and what to write (--out read.csv)."
        )
    from firsthand.jobs.comment_files import Comments
    from firsthand.jobs.read_file import read_file
    from firsthand.jobs.voice_models import open_reader

    comments = Comments(file, text_column, id_column)
    with _bar("Reading", file.stat().st_size if file.is_file() else 0) as advance:
        found = read_file(
            comments, out, open_reader(encoder_name), topics_file=topics_file, model_file=model_file, advance=advance
        )
    if as_json:
        options.print_json(found)
        return
    click.echo(f"{found['comments']:,} comments were read and written to {out}.")
    if found["encoding"] == "latin-1":
        click.echo(f"{file} is no UTF-8 and was read as Latin-1.")
    if found.get("not_understood"):
        click.echo(f"{found['not_understood']:,} are in no language that is understood, and not judged.")
    if found.get("cut"):
        click.echo(f"{found['cut']:,} are longer than 20,000 characters; what comes after was not read.")
    if found.get("rejected"):
        told = ", ".join(f"{reason} {count:,}" for reason, count in found["rejected"].items())
        click.echo(
            f"{sum(found['rejected'].values()):,} could not be read ({told}); listed in {found['rejected_listed']}."
        )


def _read_home(home: Path | None, encoder_name: str | None, as_json: bool) -> None:
    from firsthand.jobs.home import open_home
    from firsthand.jobs.read_comments import read_comments
    from firsthand.jobs.sentiment_models import reader_of

    opened = open_home(home)
    with _bar("Reading", 0) as advance:
        found = read_comments(opened, reader_of(opened, encoder_name), advance=advance)
    if as_json:
        options.print_json(found)
        return
    click.echo(
        f"{found['comments']:,} comments, {found['texts']:,} different ones; {found['read']:,} were read now. "
        f"{found['not_understood']:,} are in no language that is understood."
    )
    if found["topics"] is None:
        click.echo(
            "There is no topics.yaml in the home, so nothing was sorted by topics. Themes: firsthand voice themes"
        )
    else:
        click.echo(f"{found['with_topic']:,} of them speak of one of {found['topics']:,} topics.")


@contextmanager
def _bar(label: str, size: int) -> Iterator[Any]:
    """A progress bar on a terminal, none in a pipe."""
    with click.progressbar(length=size, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:

        def advance(done: int, of: int | None = None) -> None:
            if of is not None:
                bar.length = of
            bar.update(done)

        yield advance


@voice.command("topics")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--text", "text_column", required=True, help="The column of what was said.")
@click.option("--label", "label_column", required=True, help="The column of what it is about.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The model to write.")
@encoder
@options.as_json
def topics(file: Path, text_column: str, label_column: str, out: Path, encoder_name: str | None, as_json: bool) -> None:
    """Learn topics from a file in which each comment has one; `voice read --model` uses them."""
    from firsthand.jobs.comment_files import Comments
    from firsthand.jobs.read_file import learn_topics

    found = learn_topics(Comments(file, text_column, also=(label_column,)), label_column, out, encoder_name)
    if as_json:
        options.print_json(found)
        return
    click.echo(
        f"{found['texts']:,} comments, {found['labels']:,} labels. Cross-validated accuracy: {found['accuracy']:.1%} "
        f"({found['low']:.1%} to {found['high']:.1%}). Below {found['threshold']:.2f} the answer is none. Written to {out}."
    )


@voice.command("label")
@click.argument("interaction")
@click.argument("value")
@click.option("--sentiment", "about", flag_value="sentiment", help="VALUE is negative, neutral or positive.")
@click.option("--topic", "about", flag_value="topic", default="topic", help="VALUE is a topic (default).")
@click.option("--not", "wrong", is_flag=True, help="The comment is not about it.")
@click.option("--by", callback=options.said, required=True, help="Who says so.")
@click.option("--why", help="The reason.")
@options.home
@options.as_json
def label(
    interaction: str, value: str, about: str, wrong: bool, by: str, why: str | None, home: Path | None, as_json: bool
) -> None:
    """Say what a comment is about, or is not, or how it was meant: `voice train` learns from it."""
    from firsthand.jobs.home import open_home
    from firsthand.jobs.labels import label as run

    found = run(open_home(home), interaction, about=about, value=value, right=not wrong, by=by, why=why)
    if as_json:
        options.print_json(found)
    else:
        click.echo(_label_said(found))


@voice.command("labels")
@options.home
@options.as_json
def labels(home: Path | None, as_json: bool) -> None:
    """List what people said of comments, the latest first."""
    from firsthand.jobs.home import open_home
    from firsthand.jobs.labels import labels as run

    found = run(open_home(home))
    if as_json:
        options.print_json({"labels": found})
        return
    for row in found:
        click.echo(_label_said(row))
    click.echo(f"{len(found):,} labels.")


def _label_said(row: Row) -> str:
    what = f"{'is' if row['right'] else 'is not'} {'about ' if row['about'] == 'topic' else ''}{row['value']}"
    return f"{row['interaction_id']} {what} (by {row['by']}, {row['labelled_at']:%Y-%m-%d})"


@voice.command("train")
@click.option("--sentiment", "about", flag_value="sentiment", help="Teach how comments are meant.")
@click.option("--topic", "about", flag_value="topic", default="topic", help="Teach what comments are about (default).")
@click.option("--by", callback=options.said, required=True, help="Who has it trained.")
@options.home
@options.as_json
def train(about: str, by: str, home: Path | None, as_json: bool) -> None:
    """Train on the labels of the home; a model that is worse than the one in use is refused."""
    from firsthand.jobs.home import open_home
    from firsthand.jobs.sentiment_models import train_sentiment
    from firsthand.jobs.topic_models import train as train_topics

    found = (train_sentiment if about == "sentiment" else train_topics)(open_home(home), by=by)
    if as_json:
        options.print_json(found)
        return
    click.echo(f"{'Taken' if found['taken'] else 'Refused'}: {found['why']}")
    if found["taken"]:
        click.echo("Have comments judged by it: firsthand voice read")


@voice.command("themes")
@click.option("--count", type=click.IntRange(2, 1000), help="How many (default: as many as there are).")
@click.option("--again", is_flag=True, help="Look for them anew, though nothing has changed.")
@options.home
@options.as_of
@options.as_json
def themes(count: int | None, again: bool, home: Path | None, as_of: str | None, as_json: bool) -> None:
    """What customers talk about, found without a list: themes, which grow, which are new."""
    from firsthand.jobs.find_themes import find_themes
    from firsthand.jobs.home import open_home

    found = find_themes(open_home(home), count=count, again=again, as_of=as_of)
    if as_json:
        options.print_json(found)
        return
    from firsthand.cli.tables import print_table

    shown = [row for row in found["themes"] if not row["suppressed"]]
    print_table(
        ["theme", "named by", "comments", "customers", "sentiment", "of late"],
        [
            [
                row["theme_id"],
                ", ".join(row["words"]),
                row["comments"],
                row["customers"],
                "" if row["sentiment"] is None else f"{row['sentiment']:+.2f}",
                row["growth"]["told"],
            ]
            for row in shown[:SHOWN]
        ],
    )
    if shown[SHOWN:]:
        click.echo(f"{len(shown) - SHOWN:,} smaller ones: --json")
    if few := len(found["themes"]) - len(shown):
        click.echo(f"{few:,} themes of too few customers are not shown.")
    for row in shown[:5]:
        for quote in row["quotes"]:
            click.echo(f"  {row['theme_id']}: “{quote['quote']}”")
    click.echo(
        f"{found['unassigned']:,} of {found['comments']:,} comments fit no theme; {found['folded']:,} texts repeat another "
        "nearly word for word (a form letter, a bot) and counted once when themes were looked for."
    )
    click.echo("Make a topic of one with: firsthand voice adopt THEME --name …")


@voice.command("adopt")
@click.argument("theme")
@click.option("--name", required=True, help="What the topic is to be called.")
@click.option("--description", help="One line, as customers would understand it (default: made of its words).")
@options.home
@options.as_json
def adopt(theme: str, name: str, description: str | None, home: Path | None, as_json: bool) -> None:
    """Make a topic of a theme: it is added to the home's topics.yaml, with quotes as examples."""
    from firsthand.jobs.find_themes import adopt as run
    from firsthand.jobs.home import open_home

    found = run(open_home(home), theme, name=name, description=description)
    if as_json:
        options.print_json(found)
    else:
        click.echo(f"“{found['name']}” was added to {found['file']}. Sort comments by it with: firsthand voice read")


@voice.command("search")
@click.argument("question")
@click.option("--most", type=click.IntRange(1, 1000), default=10, help="How many (default 10).")
@options.period
@options.home
@options.as_of
@options.as_json
def search(
    question: str, most: int, since: str | None, until: str | None, home: Path | None, as_of: str | None, as_json: bool
) -> None:  # fmt: skip
    """Find comments by what they mean, in any of the languages."""
    from firsthand.cli.showing import period_of
    from firsthand.jobs.home import open_home
    from firsthand.jobs.search_comments import search_comments

    found = search_comments(open_home(home), question, most=most, period=period_of(since, until), as_of=as_of)
    if as_json:
        options.print_json(found)
        return
    for row in found["found"]:
        click.echo(f"{row['similarity']:.2f}  {row['day']}  {row['interaction_id']}  {row['quote']}")
    click.echo(f"{len(found['found']):,} of {found['comments']:,} comments that were read.")


COMMANDS = [voice]
