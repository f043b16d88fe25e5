"""The steps in order, and every reason for which a record can be put aside. Nothing vanishes silently."""

from __future__ import annotations

from firsthand.sources.mapping_sql import Fault
from firsthand.sources.sql import literal

PROMISE_STATES = ("made", "moved", "kept", "withdrawn_by_us", "withdrawn_by_customer")
DIRECTIONS = ("inbound", "outbound", "internal")


def _one_of(field: str, allowed: tuple[str, ...], reason: str) -> Fault:
    listed = ", ".join(literal(value) for value in allowed)
    return Fault(f"{field} NOT IN ({listed})", reason, field, "", field, "one of " + ", ".join(allowed))


def _in_time(field: str) -> Fault:
    condition = f"{field} NOT BETWEEN TIMESTAMPTZ '1900-01-01 00:00:00+00' AND TIMESTAMPTZ '2200-01-01 00:00:00+00'"
    return Fault(condition, "time_out_of_range", field, "", field, "a time between 1900 and 2200")


def _between(field: str, low: int, high: int) -> Fault:
    expected = f"a number from {low:,} to {high:,}"
    return Fault(f"{field} NOT BETWEEN {low} AND {high}", "number_out_of_range", field, "", field, expected)


QUESTION_KINDS = (
    "nps", "csat", "ces", "ease", "emotion", "effective", "confidence", "expected", "expectation", "other",
)  # fmt: skip
BILLION = 1_000_000_000
STEPS = [
    *(_in_time(field) for field in ("occurred_at", "version", "promised_for")),
    *(_between(field, 0, 10 * BILLION) for field in ("wait_seconds", "duration_seconds")),
    *(_between(field, -BILLION, BILLION) for field in ("score", "scale_low", "scale_high")),
    _one_of("question_kind", QUESTION_KINDS, "unknown_question_kind"),
    _one_of("direction", DIRECTIONS, "unknown_direction"),
    _one_of("promise_state", PROMISE_STATES, "unknown_promise_state"),
    Fault(
        "promise_state IS NOT NULL AND promise_id IS NULL", "promise_without_id", "promise_id", "", "NULL",
        "a promise_id, so that what became of the promise can be told",
    ),
    Fault(
        "promised_for IS NOT NULL AND promise_id IS NULL", "promise_without_id", "promise_id", "", "NULL",
        "a promise_id, so that what became of the promise can be told",
    ),
    Fault(
        "promise_id IS NOT NULL AND promise_state IS NULL", "promise_without_state", "promise_state", "", "NULL",
        "made, moved, kept, withdrawn_by_us or withdrawn_by_customer",
    ),
    Fault(
        "promise_state IN ('made', 'moved') AND promised_for IS NULL", "promise_without_date", "promised_for", "", "NULL",
        "by when it was promised",
    ),
    Fault(
        "score NOT BETWEEN scale_low AND scale_high", "score_off_scale", "score", "", "score",
        "a score on the scale that scale_low and scale_high tell",
    ),
    Fault("length(currency) <> 3", "unknown_currency", "currency", "", "currency", "a code of three letters, such as EUR"),
]  # fmt: skip
"""What an interaction must hold to be accepted, each with the reason that is given otherwise."""

REASONS = {
    "missing_id": "has no id",
    "missing_time": "has no time",
    "missing_event": "does not say what happened",
    "not_a_date": "is not a date",
    "not_a_number": "is not a number",
    "time_out_of_range": "is out of range",
    "number_out_of_range": "is out of range",
    "unknown_direction": "is no direction",
    "unknown_question_kind": "is no kind of question",
    "unknown_promise_state": "is no state of a promise",
    "promise_without_id": "speaks of a promise but not of which",
    "promise_without_state": "speaks of a promise but not of what became of it",
    "promise_without_date": "makes a promise without a date",
    "score_off_scale": "is not on the scale",
    "unknown_currency": "is no currency",
    "missing_column": "lacks a column that the mapping names (the whole file is put aside)",
    "wrong_number_of_columns": "has more or fewer columns than the header",
    "broken_line": "cannot be taken apart",
    "not_utf8": "is not in the encoding it was said to be",
    "not_json": "is not JSON",
    "not_parquet": "is not Parquet",
    "not_xml": "is not XML",
    "not_xes": "is no XES log",
    "not_ocel": "is no OCEL 2.0 log",
    "not_a_survey": "is no survey export of that format",
    "not_an_event": "is not an event",
    "line_too_long": "is longer than a line can be",
    "too_many_columns": "has more columns than a file can have",
    "truncated": "ends early",
    "empty_file": "is empty",
    "forgotten": "was forgotten, and stays so (nothing of it is kept)",
}
"""Every reason for a rejection, as it reads after the record's name."""
