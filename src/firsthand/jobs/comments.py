"""Comments: interactions in which a customer says something in words."""

from __future__ import annotations

from typing import Any

import ibis.expr.types as ir
from ibis import _

from firsthand.functions import md5
from firsthand.jobs.home import Home
from firsthand.jobs.timeline_files import layers, timeline_of


def comments(timeline: ir.Table) -> ir.Table:
    """Those of a timeline, with `text_hash` (see tables.Readings). What employees write is none."""
    said = timeline.filter(
        _.text.notnull() & (_.text.strip() != "") & _.direction.fill_null("inbound").isin(["inbound"])
    )
    return said.mutate(text_hash=md5(said.text))


def comments_of(home: Home, connection: Any) -> ir.Table:
    """Those of a home, by its newest timeline."""
    return comments(timeline_of(connection, *layers(home)))
