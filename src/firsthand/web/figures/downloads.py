"""Any answer as CSV: its first list of rows, a column for each thing that they tell."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import UTC
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.cache import add_never_cache_headers

from firsthand.errors import UserError
from firsthand.web.accounts.rights import needs
from firsthand.web.accounts.roles import PERSONAL
from firsthand.web.figures.filters import PLACES
from firsthand.web.figures.page import Page
from firsthand.web.figures.parameters import LISTS, NUMBERS, WHOLE, checked, parameters_of
from firsthand.web.figures.questions import NEEDS, QUESTIONS

Row = dict[str, Any]
PARAMETERS = ("chosen", "against", "within", "group", "touchpoint", "per", "mode", "journey", "first", "back")
LARGEST = 36_500
TOTALS = "totals"
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def parameters(question: str, query: QueryDict) -> Row:
    """The parameters of a question that an address names; a filter is one only where the question knows it.

    Raises UserError where one is unknown or lacking.
    """
    told: Row = {key: query[key] for key in PARAMETERS if query.get(key)}
    told |= {key: number(str(query[key]), whole=key in WHOLE) for key in NUMBERS if query.get(key)}
    told |= {key: query.getlist(key) for key in LISTS if query.getlist(key)}
    known = parameters_of(question)
    return checked(question, {key: value for key, value in told.items() if key in known or key not in PLACES})


@needs("see_figures")
def download(request: HttpRequest, question: str) -> HttpResponse:
    """The answer to a question, about the part of the world that the address names, as CSV; `rows` names the list wanted, `totals` what is beside the lists."""
    if question not in QUESTIONS:
        raise Http404
    asked = Page.of(request).ask(it=(question, parameters(question, request.GET)))
    found = asked.it
    rows = [dict(flat(row)) for row in _wanted(found, request.GET.get("rows"))]
    columns = list(dict.fromkeys(column for row in rows for column in row))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Firsthand-As-Of"] = asked.as_of.isoformat()
    response["Firsthand-Stale"] = "yes" if asked.renewing else "no"
    moment = f"{asked.as_of.astimezone(UTC):%Y-%m-%dT%H%M%SZ}{'-stale' if asked.renewing else ''}"
    response["Content-Disposition"] = f'attachment; filename="{question}-{moment}.csv"'
    if NEEDS.get(question) in PERSONAL:
        add_never_cache_headers(response)
    writer = csv.writer(response)
    writer.writerow(columns)
    writer.writerows([safe(row.get(column)) for column in columns] for row in rows)
    return response


def number(text: str, *, whole: bool = False) -> float:
    """A positive number that an address tells. Raises UserError where it is none, or not whole where it must be."""
    try:
        value = float(text)
    except ValueError as wrong:
        raise UserError(f'"{text}" is not a number.') from wrong
    if not 0 < value <= LARGEST:
        raise UserError(f'"{text}" is too small or too large.')
    if whole and not value.is_integer():
        raise UserError(f'"{text}" is not a whole number.')
    return int(value) if value.is_integer() else value


def _wanted(found: Row, rows: str | None) -> Iterable[Row]:
    if rows == TOTALS:
        return [{key: value for key, value in found.items() if not isinstance(value, list) and key != "as_of"}]
    return _listed(found, rows.split(".")) if rows else _rows(found)


def _listed(found: Row, names: list[str]) -> Iterator[Row]:
    """The rows of a list in an answer, or of a list in the rows of a list, with what tells those apart.

    names: the way to it, such as `flows` or `groups`, `steps`.
    """
    if names[0] not in found:
        lists = [name for name, value in found.items() if isinstance(value, list)]
        raise UserError(f'"{names[0]}" is no list of this answer. There are: {", ".join(lists) or "none"}.')
    inner = found[names[0]]
    if len(names) == 1:
        yield from ([row for row in inner if isinstance(row, dict)] if isinstance(inner, list) else [])
        return
    for row in inner if isinstance(inner, list) else [inner]:
        around = {key: value for key, value in (row or {}).items() if not isinstance(value, list) and key != "as_of"}
        yield from (around | each for each in _listed(row or {}, names[1:]))


def _rows(found: Row) -> list[Row]:
    for value in found.values():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            return value
    return [found]


def flat(row: Row, before: str = "") -> Iterator[tuple[str, Any]]:
    """The pairs of a row and of the objects in it; lists as text."""
    for key, value in row.items():
        if isinstance(value, dict):
            yield from flat(value, f"{before}{key}.")
        elif isinstance(value, list):
            yield f"{before}{key}", "; ".join(_in_a_cell(each) for each in value)
        else:
            yield f"{before}{key}", value


def _in_a_cell(value: Any) -> str:
    return ", ".join(str(each) for each in value.values()) if isinstance(value, dict) else str(value)


def safe(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
