"""The formats that can be imported: one file here per format. To add one, see CONTRIBUTING.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from firsthand.errors import SourceError
from firsthand.sources import csv, jsonl, limesurvey, mapping, ocel2, olist, parquet, qualtrics, surveys, xes, zendesk
from firsthand.sources.mapping import InteractionMapping
from firsthand.sources.rows import Advance, Rows

Reader = Callable[..., Iterator[Rows]]


@dataclass(frozen=True)
class Format:
    """A format: what it is, its reader, and the endings by which its files are found in a folder."""

    name: str
    about: str
    read: Reader
    endings: tuple[str, ...]
    mapped: bool = False  # needs a mapping of the user's
    paths: bool = True  # a dot in a column's name leads into nested objects
    nested: bool = True  # records are JSON objects, not rows of columns
    asks: bool = False  # a survey: a file of questions says what cannot be seen from it


FORMATS = [
    Format("segment", "JSON lines of the Segment spec", jsonl.read, (".jsonl", ".json", ".ndjson", ".jsonl.gz", ".json.gz")),
    Format("csv", "CSV with a header line, by a mapping", csv.read, (".csv", ".tsv", ".txt", ".csv.gz"), mapped=True, paths=False, nested=False),
    Format("jsonl", "JSON lines, by a mapping", jsonl.read, (".jsonl", ".json", ".ndjson", ".jsonl.gz"), mapped=True),
    Format("parquet", "Parquet, by a mapping", parquet.read, (".parquet",), mapped=True, paths=False, nested=False),
    Format("xes", "event logs, IEEE 1849 XES", xes.read, (".xes", ".xes.gz"), paths=False),
    Format("ocel2", "object-centric event logs, OCEL 2.0 as JSON", ocel2.read, (".jsonocel", ".json"), paths=False),
    Format("olist", "the folder of the Olist marketplace's CSV files", olist.read, (), paths=False, nested=False),
    Format("zendesk", "Zendesk tickets with metric sets, incremental export", zendesk.read, (".json", ".jsonl", ".json.gz", ".jsonl.gz")),
    Format("qualtrics", "surveys of Qualtrics, CSV with three header rows", qualtrics.read, (".csv", ".tsv", ".csv.gz"), paths=False, asks=True),
    Format("limesurvey", "surveys of LimeSurvey, CSV", limesurvey.read, (".csv", ".tsv", ".csv.gz"), paths=False, asks=True),
]  # fmt: skip


@dataclass(frozen=True)
class Task:
    """One file to import: how its rows are read, and how they become interactions."""

    path: Path
    read: Callable[[Advance], Iterator[Rows]]
    mapping: InteractionMapping
    customer: str | None = None


def format_named(name: str) -> Format:
    """The format of that name."""
    return next(known for known in FORMATS if known.name == name)


def tasks(
    chosen: Format,
    paths: list[Path],
    *,
    mapping_file: Path | None = None,
    source: str | None = None,
    customer: str | None = None,
    questions_file: Path | None = None,
) -> list[Task]:
    """What importing `paths` amounts to, file by file, in the order of their names.

    mapping_file: replaces the mapping that ships for the format; csv, jsonl and parquet need one.
    source: another name for the source.  customer: what names the customer (xes: attribute, ocel2: type).
    questions_file: what the questions of a survey are (qualtrics, limesurvey).
    Raises SourceError or MappingError before anything is read.
    """
    if chosen.mapped and mapping_file is None:
        raise SourceError(
            f"--as {chosen.name} needs a mapping: --map FILE says which column means what. "
            "See docs/how-to/map-an-export.md."
        )
    if customer and chosen.name not in ("xes", "ocel2"):
        raise SourceError("--customer goes with --as xes or ocel2; elsewhere the mapping says who it was.")
    if questions_file and not chosen.asks:
        raise SourceError(
            "--questions goes with --as qualtrics or limesurvey; elsewhere the mapping says what was asked."
        )
    told = surveys.load(questions_file) if questions_file else None
    given = mapping.load(mapping_file) if mapping_file else None
    if given and source:
        given = InteractionMapping(source, given.interactions, given.reading, given.properties)
    found = [file for path in paths for file in files_in(path, chosen)]
    return [_task(chosen, file, given, source, customer, told) for file in found]


def files_in(path: Path, chosen: Format) -> list[Path]:
    """The files of a format at a path: itself, or those in a folder. Raises SourceError where there are none."""
    if not path.exists():
        raise SourceError(f"{path}: there is no such file or folder.")
    if chosen.name == "olist":
        return olist.files(path)
    if not path.is_dir():
        return [path]
    found = sorted(file for file in path.iterdir() if file.name.endswith(chosen.endings) and file.is_file())
    if not found:
        raise SourceError(f"{path}: no file here ends in {', '.join(chosen.endings)}. Name the files themselves.")
    return found


def _task(
    chosen: Format,
    path: Path,
    given: InteractionMapping | None,
    source: str | None,
    customer: str | None,
    told: surveys.Told | None,
) -> Task:
    reading = given.reading if given else {}
    laid_out = chosen.asks or chosen.name == "csv"
    options: dict[str, Any] = {key: reading[key] for key in ("delimiter", "encoding") if key in reading and laid_out}
    if told:
        options["told"] = told
    if chosen.name in ("ocel2", "xes"):
        options["customer"] = customer
    read = partial(_advancing, chosen.read, path, options)
    return Task(path, read, given or built_in(chosen, path, source, customer), customer)


def _advancing(read: Reader, path: Path, options: dict[str, Any], advance: Advance) -> Iterator[Rows]:
    return read(path, advance=advance, **options)


def built_in(
    chosen: Format, path: Path, source: str | None, customer: str | None, records: Iterable[str] = ()
) -> InteractionMapping:
    """The mapping that ships for a file of a format. A log without --source is named after its file.

    records: those to be mapped, where the file itself may not be there any more.
    """
    named = source or path.name.split(".")[0]
    if chosen.name == "xes":
        return xes.mapping(named, customer)
    if chosen.name == "ocel2":
        sorts = ocel2.sorts_in_records(records) if records else ocel2.sorts_in_file(path)
        return ocel2.mapping(sorts, named, customer)
    if chosen.name == "limesurvey":
        return limesurvey.mapping(path, source)
    if chosen.name == "olist":
        return mapping.built_in("olist_reviews" if path.name == olist.REVIEWS else "olist_orders", source)
    return mapping.built_in(chosen.name, source)
