"""Themes of a home's comments: found, known again, told; a theme becomes a topic."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import yaml
from filelock import FileLock
from ibis import _

from firsthand.errors import TopicError, UserError
from firsthand.jobs.home import Home
from firsthand.jobs.labels import topics_of
from firsthand.jobs.opened import opened
from firsthand.jobs.refresh import backend
from firsthand.jobs.voice_models import read_with
from firsthand.jobs.voice_tables import Voice, voice_of
from firsthand.jobs.world import World, rows_of, world
from firsthand.lake import delta, files, read, version
from firsthand.lake.read import rows
from firsthand.tables import Readings, Themes, ThemesFound
from firsthand.voice.duplicates import duplicates
from firsthand.voice.growth import growth
from firsthand.voice.theme_ids import identities
from firsthand.voice.theme_names import names, quotes
from firsthand.voice.themes import themes
from firsthand.voice.topic_list import load_topics

Row = dict[str, Any]
LATE = timedelta(days=91)
"""Of late: so many days before `as_of`, held against as many before those."""


def find_themes(home: Home, *, count: int | None = None, again: bool = False, as_of: str | None = None) -> Row:
    """The document of `voice themes`. They are looked for anew when comments were read since; else told as they were found.

    count: how many are wanted.  as_of: the moment from which they are told; they are found in all comments that were read. Raises UserError where no comment was read yet.
    """
    encoder = read_with(home)
    if encoder is None:
        raise UserError("No comment of this home was read yet. Read them with: firsthand voice read --home …")
    made_from = {"readings": str(version(home.lake, Readings.table_name)), "count": str(count), "encoder": encoder}
    before = delta.made_from(home.lake, ThemesFound)
    if again or any(before.get(key) != value for key, value in made_from.items()):
        read(home.lake, lambda: _find(home, encoder, count, made_from))

    def told() -> Row:
        with world(home, as_of) as seen:
            voice = voice_of(seen)
            return themes_told(seen, voice, voice.comments) | {"as_of": seen.as_of.isoformat()}

    return read(home.lake, told)


def _find(home: Home, encoder: str, count: int | None, made_from: dict[str, str]) -> None:
    connection = backend(home)
    readings = opened(connection, files(home.lake, Readings.table_name), Readings, "readings")
    mine = readings.filter(_.vectors.notnull(), _.encoder == encoder).order_by("text_hash")
    texts = rows_of(mine.select("text_hash", "masked_text", "language"))
    vectors = _comment_vectors(mine)
    connection.disconnect()
    letters = duplicates([row["masked_text"] for row in texts])
    found = themes(vectors, letters, count=count)
    earlier = _earlier(home, encoder)
    ids = identities(found.centres, found.mean, {name: centre for name, (centre, _at) in earlier.items()})
    called = names([row["masked_text"] for row in texts], found.of, [row["language"] for row in texts])
    now = datetime.now(UTC)
    told = [
        {"theme_id": f"t{name}", "words": words.split(", "), "encoder": encoder, "texts": size, "found_at": now}
        | {"centre": np.asarray(centre, np.float32).tobytes()}
        for name, words, size, centre in zip(ids, called, found.sizes, found.centres, strict=True)
    ]
    if told:
        delta.add(home.lake, Themes, told)
    where = [f"t{ids[theme]}" if theme >= 0 else None for theme in found.of]
    table = pa.table(
        {"text_hash": [row["text_hash"] for row in texts], "theme_id": pa.array(where, pa.string()),
         "similarity": np.asarray(found.nearness, np.float64), "letter": np.asarray(letters, np.int64)},
        ThemesFound.schema(),
    )  # fmt: skip
    delta.overwrite(home.lake, ThemesFound, table, made_from)


def _comment_vectors(readings: ir.Table) -> np.ndarray[Any, Any]:
    """A vector for each text: the mean of those of its sentences, of length 1."""
    found = []
    for batch in readings.select("parts", "vectors").to_pyarrow_batches(chunk_size=20_000):
        for row in batch.to_pylist():
            every = np.frombuffer(row["vectors"], np.float16).reshape(len(row["parts"]), -1)
            mean = every[[not part["clause"] for part in row["parts"]]].astype(np.float32).mean(axis=0)
            found.append(mean / max(float(np.linalg.norm(mean)), 1e-9))
    return np.stack(found) if found else np.zeros((0, 1), np.float32)


def _earlier(home: Home, encoder: str) -> dict[int, tuple[Any, datetime]]:
    """The last known centre of every theme that was ever found with this encoder, and when; others keep their number taken."""
    known: dict[int, tuple[Any, datetime]] = {}
    kept = rows(home.lake, Themes).to_pylist()
    for row in sorted(kept, key=lambda row: row["found_at"]):
        centre = np.frombuffer(row["centre"], np.float32)
        known[int(row["theme_id"][1:])] = (centre if row["encoder"] == encoder else None, row["found_at"])
    size = next((len(centre) for centre, _at in known.values() if centre is not None), 1)
    nowhere = np.zeros(size, np.float32)
    return {name: (nowhere if centre is None else centre, at) for name, (centre, at) in known.items()}


def themes_told(seen: World, voice: Voice, comments: ir.Table) -> Row:
    """What there is to say of each theme in comments: size, sentiment, growth, quotes; and what fits none."""
    newest: dict[str, Row] = {}
    for row in sorted(rows(seen.home.lake, Themes).to_pylist(), key=lambda row: row["found_at"]):
        newest[row["theme_id"]] = row
    said = comments.filter(_.understood).inner_join(voice.themes, "text_hash")
    (whole,) = rows_of(said.aggregate(n=_.count(), unassigned=_.theme_id.isnull().sum()))
    (letters,) = rows_of(voice.themes.aggregate(texts=_.count(), letters=_.letter.nunique()))
    sizes = rows_of(said.filter(_.theme_id.notnull()).group_by("theme_id").aggregate(
        comments=_.count(), customers=_.life.nunique(where=_.life > 0), sentiment=_.sentiment.mean()))  # fmt: skip
    sizes.sort(key=lambda row: (-row["comments"], row["theme_id"]))
    grown = _growth(seen, said, [row["theme_id"] for row in sizes])
    spoken = _quotes(said, [row["theme_id"] for row in sizes])
    minimum = seen.home.settings.minimum_group
    return {
        "themes": [
            {"theme_id": row["theme_id"], "words": newest[row["theme_id"]]["words"], "comments": row["comments"]}
            | {"customers": row["customers"], "sentiment": row["sentiment"], "growth": grown[row["theme_id"]]}
            | {"quotes": spoken[row["theme_id"]], "suppressed": False}
            if row["customers"] >= minimum
            else {"theme_id": row["theme_id"], "words": [], "comments": None, "customers": None, "sentiment": None}
            | {"growth": None, "quotes": [], "suppressed": True}
            for row in sizes
        ],
        "comments": whole["n"], "unassigned": whole["unassigned"] or 0,
        "folded": (letters["texts"] or 0) - (letters["letters"] or 0),
    }  # fmt: skip


def _growth(seen: World, said: ir.Table, found: list[str]) -> dict[str, Row]:
    """How many customers spoke of each theme in the last three months, held against the three before."""
    end = seen.as_of.astimezone(ZoneInfo(seen.home.settings.timezone)).date()
    late, early = end - LATE, end - 2 * LATE
    known = said.filter(_.life > 0, _.day > early).mutate(late=_.day > late)
    counts = {
        (row["theme_id"], row["late"]): row["n"]
        for row in rows_of(known.group_by("theme_id", "late").aggregate(n=_.life.nunique()))
    }
    every = {row["late"]: row["n"] for row in rows_of(known.group_by("late").aggregate(n=_.life.nunique()))}
    before, after = ([counts.get((name, late), 0) for name in found] for late in (False, True))
    grown = growth(before, after, every.get(False, 0), every.get(True, 0))
    return {name: vars(each) for name, each in zip(found, grown, strict=True)}


def _quotes(said: ir.Table, found: list[str]) -> dict[str, list[Row]]:
    """The comments nearest to the middle of each theme, of different customers and in different words."""
    near = said.filter(_.theme_id.notnull()).select("theme_id", "interaction_id", "life", "masked_text", "similarity")
    told = rows_of(near, ["interaction_id"])
    of = np.array([found.index(row["theme_id"]) for row in told], int)
    nearness = np.array([row["similarity"] for row in told], float)
    chosen = quotes([row["masked_text"] for row in told], of, nearness, [str(row["life"]) for row in told])
    return {
        name: [{"quote": told[at]["masked_text"], "interaction_id": told[at]["interaction_id"]} for at in places]
        for name, places in zip(found, chosen, strict=False)
    } | {name: [] for name in found[len(chosen) :]}


def adopt(home: Home, theme: str, *, name: str, description: str | None = None, quoted: bool = True) -> Row:
    """Adds a theme, as it was last found, to the home's list of topics: its words as a description, unless one is given.

    quoted: with quotes of customers as examples; they stay in the file when a customer is forgotten.
    The list is written anew where its form leaves no other way; comments in it are lost then. A list that would be wrong is not written.
    Raises UserError where there is no such theme, or a topic of that name.
    """
    with world(home) as seen:
        voice = voice_of(seen)
        found = {row["theme_id"]: row for row in themes_told(seen, voice, voice.comments)["themes"]}
    if theme not in found:
        raise UserError(
            f'"{theme}" is no theme. There are: {", ".join(found) or "none; find some with firsthand voice themes"}.'
        )
    if not (description or found[theme]["words"]):
        raise UserError(f"Too few customers speak of {theme} for its words to be shown. Describe it: --description “…”")
    if name in {topic.name for topic in topics_of(home)}:
        raise UserError(f'There is a topic "{name}" already in {home.topics_file}. Choose another name.')
    entry: Row = {"name": name, "description": description or ", ".join(found[theme]["words"])}
    if quoted:
        entry["examples"] = [quote["quote"] for quote in found[theme]["quotes"]]
    _add_topic(home, entry)
    return entry | {"file": str(home.topics_file)}


def _add_topic(home: Home, entry: Row) -> None:
    with FileLock(home.folder / ".saving-topics"):
        text = home.topics_file.read_text("utf-8") if home.topics_file.is_file() else "topics:\n"
        added = yaml.safe_dump([entry], allow_unicode=True, sort_keys=False, width=120).splitlines()
        first = next((line for line in text.splitlines() if line.lstrip().startswith("- ")), "  - ")
        deep = first[: len(first) - len(first.lstrip())]
        longer = text.rstrip("\n") + "\n" + "".join(f"{deep}{line}\n" for line in added)
        draft = home.topics_file.with_suffix(".new.yaml")
        try:
            draft.write_text(longer, "utf-8")
            try:
                load_topics(draft)
            except TopicError:
                whole = yaml.safe_load(text) or {}
                whole["topics"] = [*(whole.get("topics") or []), entry]
                draft.write_text(yaml.safe_dump(whole, allow_unicode=True, sort_keys=False, width=120), "utf-8")
                load_topics(draft)
            draft.replace(home.topics_file)
        finally:
            draft.unlink(missing_ok=True)
