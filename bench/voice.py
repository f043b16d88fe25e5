"""How well comments are understood, on public data, beside simple peers; and how fast.

firsthand bench voice [--quick]
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import voice_sentiment
import voice_topics
from firsthand.voice.encoders import open_encoder
from firsthand.voice.sentiment import Sentiment
from timing import FIRSTHAND, timed

Row = dict[str, Any]
COMMENTS = Path(__file__).resolve().parents[2] / "shared" / "data" / "skytrax_reviews" / "seat.csv"


def told(what: str, value: float, goal: float | None, peer: float | None = None, at_most: bool = False) -> Row:
    """A figure, printed as it is found."""
    met = None if goal is None else (value <= goal if at_most else value >= goal)
    beside = "–" if peer is None else f"{peer:.3f}"
    verdict = "" if met is None else ("met" if met else "MISSED")
    print(
        f"{what:<84} {value:>8.3f}   peer {beside:>6}   goal {goal if goal is not None else '–':>6}   {verdict}",
        flush=True,
    )
    return {"what": what, "value": value, "goal": goal, "peer": peer, "met": met}


def sentiment_rows() -> list[Row]:
    """Sentiment, of the weights that ship, and of such weights trained without the source that is tested."""
    encode, english, model = open_encoder().encode, open_encoder("english").encode, Sentiment.load()
    found = []
    for row in voice_sentiment.polarity_of_aspects(model, encode, english=english):
        goal = {"Restaurants": 0.78, "Laptop": 0.73}[row["domain"]]
        what = f"SemEval 2014, polarity given the aspect, {row['domain']} ({row['tested_on']})"
        found.append(told(what, row["accuracy"], goal, row["vader"]))
    *sources, mean = voice_sentiment.negative_or_positive(encode)
    found += [
        told(f"negative or positive, {row['source']}", row["accuracy"], None, row.get("vader")) for row in sources
    ]
    found.append(told("negative or positive, mean over sources left out", mean["accuracy"], 0.87))
    three = voice_sentiment.three_classes(model, encode)
    found.append(told("three classes on SemEval sentences, macro-F1", three["macro_f1"], 0.62, three["vader_macro_f1"]))
    found.append(told("calibration error (ECE) on the same", three["calibration_error"], 0.06, at_most=True))
    return found


def speed_rows() -> list[Row]:
    """`firsthand voice read`, from start to end, of short comments and of comments of 1,000 characters."""
    with COMMENTS.open(encoding="utf-8") as file:
        words = [row["content"] for row in csv.DictReader(file) if row["content"]]
    found = []
    for name, size, count, goal in (
        ("short comments (80 characters)", 80, 6_000, 250),
        ("comments of 1,000 characters", 1_000, 1_000, 35),
    ):
        with tempfile.TemporaryDirectory() as folder:
            table = Path(folder) / "said.csv"
            every = " ".join(words * (1 + size * count // sum(map(len, words))))
            texts = [every[at * size : (at + 1) * size] for at in range(count)]
            with table.open("w", encoding="utf-8", newline="") as out:
                csv.writer(out).writerows([["said"], *([text] for text in texts)])
            taken, megabytes = timed(
                FIRSTHAND, "voice", "read", str(table), "--text", "said", "--out", f"{folder}/out.csv"
            )
        found.append(told(f"voice read, {name}, a second", count / taken, goal))
        found.append(told(f"voice read, {name}, megabytes at most", megabytes, 900, at_most=True))
    return found


def rows(*, quick: bool = False) -> list[Row]:
    """Every figure. quick: speed alone."""
    if not COMMENTS.is_file():
        print(f"skipped: {COMMENTS.parents[1]} with public data is not here")
        return []
    return speed_rows() if quick else [*speed_rows(), *voice_topics.rows(), *sentiment_rows()]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="speed alone")
    parser.add_argument("--out", type=Path, help="a JSON file for the figures")
    options = parser.parse_args()
    figures = rows(quick=options.quick)
    if options.out:
        options.out.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    sys.exit(0 if figures else 1)
