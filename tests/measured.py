"""A measure's value of a tiny table."""

from __future__ import annotations

import pytest

from firsthand.journeys.map import Touchpoint
from spec import AS_OF, figure, seen


def value(measure, given, *points, as_of=AS_OF):
    found = figure(measure, seen(given, *points, as_of=as_of))
    return found and pytest.approx(found["value"])


def point(name, kind="other", **standard):
    return Touchpoint(name, "buy", kind, standard=standard)


BOUGHT = """
    customer | occurred_at | kind     | amount | currency
    ada      | 2026-01-01  | purchase | 10     | EUR
    ada      | 2026-01-31  | purchase | 20     | EUR
    bob      | 2026-01-01  | purchase | 30     | EUR
    bob      | 2026-02-15  | purchase | 5      | USD
    bob      | 2026-02-16  | refund   | 6      | EUR
    cy       | 2026-05-15  | purchase | 40     | -
    cy       | 2026-05-16  | purchase | 40     | EUR
    dot      | 2026-03-01  | visit    | -      | -
"""
