"""Exports of surveys, and what is in the record when they are in."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from firsthand.jobs.home import Home
from firsthand.jobs.import_files import import_files
from firsthand.sources import format_named
from importing import asked

Row = dict[str, Any]
DENVER = {"timeZone": "America/Denver"}
RESPONSE = [
    ("StartDate", "Start Date", {"ImportId": "startDate"} | DENVER),
    ("EndDate", "End Date", {"ImportId": "endDate"} | DENVER),
    ("Status", "Response Type", {"ImportId": "status"}),
    ("IPAddress", "IP Address", {"ImportId": "ipAddress"}),
    ("Progress", "Progress", {"ImportId": "progress"}),
    ("Finished", "Finished", {"ImportId": "finished"}),
    ("RecordedDate", "Recorded Date", {"ImportId": "recordedDate"} | DENVER),
    ("ResponseId", "Response ID", {"ImportId": "_recordId"}),
    ("RecipientEmail", "Recipient Email", {"ImportId": "recipientEmail"}),
    ("ExternalReference", "External Data Reference", {"ImportId": "externalDataReference"}),
    ("LocationLatitude", "Location Latitude", {"ImportId": "locationLatitude"}),
    ("UserLanguage", "User Language", {"ImportId": "userLanguage"}),
]
QUESTIONS = [
    ("Q_NPS_GROUP", "How likely are you to recommend us? - Group", {"ImportId": "QID1_NPS_GROUP"}),
    ("Q_NPS", "How likely are you to recommend us?", {"ImportId": "QID1"}),
    ("Q2", "Overall, how satisfied are you with your visit?", {"ImportId": "QID2"}),
    ("Q3", "Why do you say so?", {"ImportId": "QID3_TEXT"}),
    ("Q4_1", "Which channels did you use? - Selected Choice - Web", {"ImportId": "QID4", "choiceId": "1"}),
    ("Q4_2", "Which channels did you use? - Selected Choice - Phone", {"ImportId": "QID4", "choiceId": "2"}),
    ("Q5_1", "How much do you agree? - The visit met my needs", {"ImportId": "QID5_1"}),
    ("Q5_2", "How much do you agree? - I liked the colour of the shop", {"ImportId": "QID5_2"}),
    ("region", "region", {"ImportId": "region"}),
]
HEADS = [*RESPONSE, *QUESTIONS]
SAID = {
    "StartDate": "2026-01-10 09:00:00", "EndDate": "2026-01-10 09:05:00", "Status": "IP Address", "IPAddress": "203.0.113.7",
    "Progress": "100", "Finished": "True", "RecordedDate": "2026-01-10 09:05:01", "LocationLatitude": "40.2", "UserLanguage": "EN-GB",
}  # fmt: skip
ADA = {
    "ResponseId": "R_1", "RecipientEmail": "ada@example.org", "ExternalReference": "K7", "Q_NPS_GROUP": "Promoter",
    "Q_NPS": "10 - Extremely likely", "Q2": "Very satisfied", "Q3": "Kind, quick; no queue", "Q4_1": "Web", "Q4_2": "",
    "Q5_1": "Strongly agree", "Q5_2": "Agree", "region": "north",
}  # fmt: skip
BEN = {
    "ResponseId": "R_2", "Q_NPS": "3", "Q2": "Neither satisfied nor dissatisfied", "Q4_1": "Web", "Q4_2": "Phone",
    "Q5_1": "Neither agree nor disagree", "Q5_2": "Disagree",
}  # fmt: skip
CYD = {"ResponseId": "R_3", "Q_NPS": "7", "Q2": "Satisfied", "Q4_2": "Phone", "Q5_1": "Agree", "Q5_2": "Don't know"}
DOT = {"ResponseId": "R_4", "Q2": "Dissatisfied", "Q5_1": "Strongly disagree", "Q5_2": "Neither agree nor disagree"}


def written(rows: list[list[str]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def qualtrics(tmp_path: Path, *responses: Row, heads: list[Any] = HEADS, name: str = "survey.csv") -> Path:
    """An export with the given responses; what they do not say is as in SAID, or empty."""
    rows = [[head[0] for head in heads], [head[1] for head in heads], [json.dumps(head[2]) for head in heads]]
    rows += [[str((SAID | said).get(head[0], "")) for head in heads] for said in responses]
    path = tmp_path / name
    path.write_text(written(rows), "utf-8")
    return path


def told(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "questions.yaml"
    path.write_text(text, "utf-8")
    return path


def answers(home: Home) -> dict[tuple[str, str], Row]:
    """What is in the record, by response and question."""
    columns = ["interaction_id", "question", "question_kind", "score", "scale_low", "scale_high", "answer", "text", "language",
               "occurred_at", "event", "channel", "direction", "identifiers", "subjects", "properties", "source"]  # fmt: skip
    rows = [dict(zip(columns, row, strict=True)) for row in asked(home, f"SELECT {', '.join(columns)} FROM record")]
    return {(row["interaction_id"].split(":", 1)[1].split("/")[0], row["question"]): row for row in rows}


def one(tmp_path: Path, home: Home, question: str, *cells: str, **options: Any) -> list[Row]:
    """The answers to one question of a survey that asks nothing else."""
    heads = [*RESPONSE, ("Q1", question, {"ImportId": "QID1"})]
    path = qualtrics(tmp_path, *({"ResponseId": f"R_{n}", "Q1": cell} for n, cell in enumerate(cells)), heads=heads)
    import_files(home, [path], format_named("qualtrics"), **options)
    return [row for _, row in sorted(answers(home).items())]


def bad(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "survey.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def exported(tmp_path: Path, *responses: Row) -> str:
    return qualtrics(tmp_path, *responses).read_text("utf-8")
