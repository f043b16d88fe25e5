"""Comments whose sentiment somebody told: by stars, by score, or by an annotator's word. Read from ../shared/data."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
WRITTEN = Path(__file__).with_name("sentiment_written.txt")
LABELLED = Path(__file__).with_name("sentiment_labelled.tsv")
NEGATIVE, NEUTRAL, POSITIVE = 0, 1, 2
LABELS = ("negative", "neutral", "positive")


class Comment(NamedTuple):
    text: str
    label: int
    source: str
    clear: bool = True
    """Whether it stands at an end of its scale: one star or five, not two or four."""


def lounges_and_seats(data: Path = DATA) -> list[Comment]:
    """Reviews of lounges and of seats (CC0). Positive: recommended with a good rating. Negative: neither.

    Ratings of lounges go to 5, few of them to 10; those of seats to 10.
    """
    found = []
    for name, good in (("lounge", 4.0), ("seat", 7.0)):
        for row in _rows((data / "skytrax_reviews" / f"{name}.csv").read_text("utf-8", errors="replace")):
            rating, recommended = float(row["overall_rating"] or 0), row["recommended"] == "1"
            if recommended and rating >= good:
                found.append(Comment(row["content"], POSITIVE, "lounges and seats", rating >= good * 1.25))
            elif not recommended and 0 < rating <= good / 2 + 0.5:
                found.append(Comment(row["content"], NEGATIVE, "lounges and seats", rating <= good / 4))
    return _once(found)


def laptops(data: Path = DATA, *, titles: bool = False) -> list[Comment]:
    """Reviews of laptops by stars (MIT): 4 and 5 are positive, 1 and 2 negative. titles: their titles, too, each as a text."""
    text = gzip.decompress((data / "laptop_reviews" / "laptop_reviews.csv.gz").read_bytes())
    found = []
    for row in _rows(text.decode("utf-8", errors="replace")):
        if row["User rating"] in ("1", "2", "4", "5"):
            label = POSITIVE if row["User rating"] in "45" else NEGATIVE
            found.append(Comment(row["Review content"], label, "laptops", row["User rating"] in "15"))
            if titles and not re.search(r"\bstars?\b", row["Review title"], re.I):
                found.append(Comment(row["Review title"], label, "laptops"))
    return _once(found)


def french_shop(data: Path = DATA) -> list[Comment]:
    """Comments of a garden shop's customers (CC0): promoters' (9, 10) are positive, detractors' (0 to 6) negative."""
    found = []
    for row in _rows(_mixed((data / "nps_french_retail" / "nps_half_A.csv").read_bytes())):
        if row["nps"] and not 6 < float(row["nps"]) < 9:
            nps = float(row["nps"])
            found.append(
                Comment(row["explication"], POSITIVE if nps > 8 else NEGATIVE, "French shop", nps == 10 or nps <= 4)
            )
    return _once(found)


def olist(data: Path = DATA) -> list[Comment]:
    """Comments of a Brazilian marketplace (CC BY-NC-SA: for tests alone): scores 4 and 5 are positive, 1 and 2 negative."""
    found = []
    for row in _rows((data / "olist_subset" / "olist_order_reviews_dataset.csv").read_text("utf-8")):
        if row["review_score"] in ("1", "2", "4", "5"):
            label = POSITIVE if row["review_score"] in "45" else NEGATIVE
            found.append(Comment(row["review_comment_message"], label, "Olist", row["review_score"] in "15"))
    return _once(found)


def semeval_sentences(data: Path = DATA) -> list[Comment]:
    """Sentences of SemEval-2014 (for research: tests alone) of which all aspects have one polarity: negative, neutral or positive."""
    found = []
    for name in ("Restaurants", "Laptop"):
        for sentence in semeval(name, data):
            told = {aspect.get("polarity") for aspect in sentence.iter("aspectTerm")}
            if len(told) == 1 and (label := told.pop()) in LABELS:
                found.append(Comment(sentence.findtext("text", ""), LABELS.index(label), "SemEval"))
    return _once(found)


def semeval(name: str, data: Path = DATA) -> list[ElementTree.Element]:
    """The annotated sentences of `Restaurants` or `Laptop`."""
    return annotated(data / "semeval_absa" / f"2014_{name}_Train_v2.xml")


def annotated(file: Path) -> list[ElementTree.Element]:
    return list(ElementTree.parse(file).getroot())


def written() -> list[Comment]:
    """Sentences written for this, in seven languages, in three classes; the source names the language."""
    found, label, language = [], NEUTRAL, ""
    for line in WRITTEN.read_text("utf-8").splitlines():
        if line.startswith("["):
            language, named = line.strip("[]").split()
            label = LABELS.index(named)
        elif line and not line.startswith("#"):
            found.append(Comment(line, label, f"written {language}"))
    return found


def labelled(data: Path = DATA) -> list[Comment]:
    """Sentences of the free sources that one reader labelled, whatever stars stood above them; known by a hash of their letters."""
    told = [line.split("\t") for line in LABELLED.read_text("utf-8").splitlines()]
    labels = {(source, named): LABELS.index(label) for named, label, source in told}
    found = []
    for comment in (*lounges_and_seats(data), *laptops(data), *french_shop(data)):
        for sentence in sentences(comment.text):
            label = labels.get((comment.source, key(sentence)))
            if label is not None:
                found.append(Comment(sentence, label, comment.source))
    return _once(found)


def sentences(text: str) -> list[str]:
    return [sentence.strip() for sentence in re.split(r"(?<=[.!?])\s+|\n+", text)]


def key(sentence: str) -> str:
    """What a sentence is known by, however its accents were read."""
    return hashlib.sha256(re.sub(r"[^A-Za-z0-9]", "", sentence).encode()).hexdigest()[:12]


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


MS_DOS = {0x82: "é", 0x85: "à", 0x87: "ç", 0x88: "ê", 0x8A: "è", 0x8B: "ï", 0x8C: "î", 0x93: "ô", 0x96: "û", 0x97: "ù"}


def _mixed(content: bytes) -> str:
    """Text in Windows-1252 among which letters of the code page of MS-DOS stand, as they do beside letters."""
    letters = re.sub(
        rb"(?<=[A-Za-z])[\x82\x85\x87\x88\x8a\x8b\x8c\x93\x96\x97](?=[A-Za-z ,.!])|[\x82\x88\x8a](?=[A-Za-z])",
        lambda found: MS_DOS[found.group()[0]].encode("cp1252"),
        content,
    )
    return letters.decode("cp1252", errors="replace")


def _once(comments: list[Comment]) -> list[Comment]:
    """Without empty ones, and each text once."""
    kept: dict[str, Comment] = {}
    for comment in comments:
        text = comment.text.strip()
        if text:
            kept.setdefault(text, comment._replace(text=text))
    return list(kept.values())
