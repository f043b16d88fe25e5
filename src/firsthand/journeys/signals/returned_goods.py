"""Returned goods."""

import ibis.expr.types as ir
from ibis import _

from firsthand.journeys.signals.signal import Lives, Signal, came_from_customer


def find(lives: Lives) -> ir.Table:
    """Something that was bought and that the customer sent back."""
    back = lives.timeline.filter(_.kind == "return", came_from_customer(_))
    told = back.subjects.map(lambda subject: subject["kind"] + " " + subject["value"]).sort().join(", ")
    return back.select("life", "step", evidence=("sent back " + told.nullif("")).fill_null("sent back"))


RETURNED_GOODS = Signal("returned_goods", "Sent something back", find, always=True)
