"""Reads surveys of Qualtrics, exported as CSV with three header rows: ids of columns, question texts, import ids.

An answer is a record: `question:…` and `answer:…` beside the response's own columns and its embedded data. IP address
and place are left out, unless a file of questions keeps them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import takewhile
from pathlib import Path
from zoneinfo import ZoneInfo

import orjson

from firsthand.sources.rows import Advance, Rows, Unreadable
from firsthand.sources.surveys import NOTHING_TOLD, Column, Layout, Told, records
from firsthand.sources.surveys.words import wording

RESPONSE = {
    "startDate": "StartDate", "endDate": "EndDate", "recordedDate": "RecordedDate", "status": "Status",
    "ipAddress": "IPAddress", "progress": "Progress", "duration": "Duration (in seconds)", "finished": "Finished",
    "_recordId": "ResponseId", "recipientLastName": "RecipientLastName", "recipientFirstName": "RecipientFirstName",
    "recipientEmail": "RecipientEmail", "externalDataReference": "ExternalReference",
    "locationLatitude": "LocationLatitude", "locationLongitude": "LocationLongitude",
    "distributionChannel": "DistributionChannel", "userLanguage": "UserLanguage",
}  # fmt: skip
"""What the columns of a response are called, by their import id, whatever their header says."""
TIMES = ("StartDate", "EndDate", "RecordedDate")
DROPPED = frozenset({"IPAddress", "LocationLatitude", "LocationLongitude"})
UNANSWERED = frozenset({"-99"})
_ANSWER = re.compile(r"((?:.+_)?QID\d+(?:#\d+)?)((?:_x?-?\d+)*)(_TEXT)?")


@dataclass(frozen=True)
class _Head:
    """What the three rows say of a column."""

    name: str
    text: str
    import_id: str
    choice: str
    zone: str


def read(
    path: Path, *, advance: Advance, told: Told = NOTHING_TOLD, delimiter: str | None = None, encoding: str = "utf-8"
) -> Iterator[Rows]:
    """The answers of a survey, in the order of the file, those of a response in the order of its columns."""
    reading = {"encoding": encoding} | ({"delimiter": delimiter} if delimiter else {})
    yield from records(
        path, advance=advance, understand=_layout, language=("UserLanguage", "Q_Language"), told=told, reading=reading
    )


def _layout(names: list[str], below: list[dict[str, str]]) -> Layout | Unreadable:
    heads = _heads(names, below)
    if isinstance(heads, Unreadable):
        return heads
    beside: dict[str, str] = {}
    for head in heads:
        said = RESPONSE.get(head.import_id, head.name)
        beside[head.name] = head.name if said in beside.values() else said
    if "ResponseId" not in beside.values():
        return Unreadable(
            1, "missing_column", "no column has the import id _recordId (ResponseId), by which answers are told apart. "
            "Export the survey again with it", ",".join(names)[:2000], "ResponseId",
        )  # fmt: skip
    scored = {head.import_id.removesuffix("_NPS_GROUP") for head in heads if head.import_id.endswith("_NPS_GROUP")}
    scored |= {head.name.removesuffix("_GROUP") for head in heads if head.name.endswith("_NPS_GROUP")}
    groups: dict[str, list[tuple[_Head, re.Match[str]]]] = {}
    for head in heads:
        if head.import_id not in RESPONSE and (found := _ANSWER.fullmatch(head.import_id)):
            groups.setdefault(found[0] if found[3] else found[1], []).append((head, found))
    answers = {column.name: column for group in groups.values() for column in _columns(group, scored)}
    zones = {beside[head.name]: head.zone for head in heads if head.zone and beside[head.name] in TIMES}
    return Layout(
        answers=[answers[name] for name in names if name in answers],
        beside={name: key for name, key in beside.items() if name not in answers},
        dropped=DROPPED,
        blank=UNANSWERED,
        heads=2,
        beside_as={key: zoned for key, zone in zones.items() if (zoned := _zoned(zone))},
    )


def _heads(names: list[str], below: list[dict[str, str]]) -> list[_Head] | Unreadable:
    """What the second and the third row say of each column; why they are none."""
    fault = "expected three header rows: ids of columns, question texts, and import ids such as "
    fault += '{"ImportId":"QID1"}. Export the survey again from Data & Analysis as CSV, and do not edit the file'
    if len(below) < 2:
        return Unreadable(1, "not_a_survey", f"the file ends within its header; {fault}", ",".join(names)[:2000])
    heads = []
    for name in names:
        try:
            found = orjson.loads(below[1][name])
            told = {key: str(value) for key, value in found.items()}
            heads.append(
                _Head(
                    name, wording(below[0][name]), told["ImportId"], told.get("choiceId", ""), told.get("timeZone", "")
                )
            )
        except (ValueError, KeyError, AttributeError):
            said = below[1][name][:80]
            return Unreadable(
                3, "not_a_survey", f'“{said}” in column "{name}" is no import id; {fault}', ",".join(below[1].values())[:2000], name,
            )  # fmt: skip
    return heads


def _columns(group: Sequence[tuple[_Head, re.Match[str]]], scored: set[str]) -> Iterator[Column]:
    """The columns of one question: what their texts have in common is its wording, the rest is their label."""
    texts = [head.text.removesuffix(" - Text") if found[3] else head.text for head, found in group]
    common = ""
    if len(group) > 1:
        pairs = zip(min(texts), max(texts), strict=False)
        common = "".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        common = common[: common.rfind(" - ") + 1].rstrip()
    stem_wording = common.removesuffix(" - Selected Choice") or texts[0]
    for (head, found), text in zip(group, texts, strict=True):
        suffix = found[2] or (f"_{head.choice}" if head.choice else "")
        yield Column(
            name=head.name,
            key=head.import_id + (f"_{head.choice}" if head.choice else ""),
            stem=head.name.removesuffix(suffix),
            stem_key=found[1],
            wording=text.removesuffix(" - Selected Choice"),
            stem_wording=stem_wording,
            label=text[len(common) :].removeprefix(" - ").strip() if common else "",
            own_words=bool(found[3]),
            chosen=not suffix,
            nps=head.import_id in scored or head.name in scored,
        )


def _zoned(zone: str) -> Callable[[str], str] | None:
    """Adds to a local time what it was in that zone; a time that cannot be read stays as it is."""
    try:
        return partial(_in_zone, ZoneInfo(zone))
    except (ValueError, OSError, KeyError):
        return None


def _in_zone(zone: ZoneInfo, text: str) -> str:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (time if time.tzinfo else time.replace(tzinfo=zone)).isoformat()
