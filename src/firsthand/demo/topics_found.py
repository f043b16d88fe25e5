"""What the sample company's customers write of, as it was found, held against the truth."""

from __future__ import annotations

import csv
from typing import Any

from firsthand.jobs.comments import comments_of
from firsthand.jobs.home import Home
from firsthand.jobs.opened import opened
from firsthand.jobs.refresh import backend
from firsthand.jobs.world import rows_of
from firsthand.lake import files
from firsthand.tables import Readings, TopicsFound

Row = dict[str, Any]


def topics_found(home: Home) -> Row:
    """How right the topics of comments are, over pairs of comment and topic; and what personal data was left.

    `precision`: the share of the pairs found that are true.  `recall`: the share of true pairs that were found.  `f1`: their harmonic
    mean.  `left`: planted e-mail addresses, numbers and links that still stand in a masked text.  Counted over all comments, not a
    sample, so they have no interval. Needs the home's `exports/truth_comments.csv`.
    """
    with (home.folder / "exports" / "truth_comments.csv").open(encoding="utf-8") as file:
        truth = {f"surveys:{row['invitation']}:Survey Answered": row for row in csv.DictReader(file)}
    connection = backend(home)
    said = comments_of(home, connection).select("interaction_id", "text_hash")
    read = opened(connection, files(home.lake, Readings.table_name), Readings, "readings")
    found = opened(connection, files(home.lake, TopicsFound.table_name), TopicsFound, "topics_found")
    rows = rows_of(said.inner_join(read, "text_hash").left_join(found.select("text_hash", "topics"), "text_hash")
                   .select("interaction_id", "masked_text", "topics"))  # fmt: skip
    connection.disconnect()
    right = told = true = left = 0
    for row in rows:
        if planted := truth.get(row["interaction_id"]):
            mine = {topic["topic"] for topic in row["topics"] or []}
            theirs = set(filter(None, planted["topics"].split(";")))
            right, told, true = right + len(mine & theirs), told + len(mine), true + len(theirs)
            left += sum(data in row["masked_text"] for data in planted["personal_data"].split(";") if data)
    precision, recall = right / max(told, 1), right / max(true, 1)
    return {
        "comments": len(rows), "precision": precision, "recall": recall,
        "f1": 2 * precision * recall / max(precision + recall, 1e-9), "left": left,
    }  # fmt: skip
