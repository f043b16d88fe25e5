"""Derived tables: a function of record, decisions and map. Thrown away and rebuilt by `firsthand refresh`."""

import pyarrow as pa

from firsthand.tables.column import TEXT_MAP, Column, Table
from firsthand.tables.interactions import Interactions

_TOLD = {
    name: column
    for name, column in Interactions.columns.items()
    if name not in ("content_hash", "identifiers", "touchpoint")
}


KINDS = (
    "heard_of_us", "visit", "question", "cart", "purchase", "payment", "fee", "refund", "promise", "delivery",
    "first_use", "use", "help_search", "contact", "return", "invitation", "answer", "recommendation",
    "renewal", "cancellation", "other",
)  # fmt: skip
"""Kinds of touchpoint: measures and signals speak of these, never of a sender's event names."""


class Timeline(Table, name="timeline", sort="derived"):
    """A customer's interactions in order, as the experience map recognises them.

    The newest version of each interaction; clustered by customer and time. Everything that is shown
    reads this table, never `interactions`. Columns that are not listed here mean what they mean there.
    """

    locals().update(_TOLD)
    customer_id = Column(pa.string(), "The customer; null where nothing said who it was.")
    life = Column(
        pa.int64(),
        "The customer as a number, by which lives are counted; an interaction of nobody has a negative one of its own.",
    )
    touchpoint = Column(pa.string(), "The touchpoint that the map, else the sender, names; null where neither knows.")
    stage = Column(pa.string(), "The stage of the relationship that the touchpoint stands in.")
    kind = Column(pa.string(), "What sort of moment, from the closed list (see KINDS); null where unknown.")
    owner = Column(pa.string(), "The team that owns the touchpoint.")
    day = Column(pa.date32(), "Local day in the home's time zone.")
    step = Column(pa.int64(), "Number of this interaction in the customer's life, from 1.")
    next_touchpoint = Column(pa.string(), "What the same customer met next; null at the end.")
    gap_seconds = Column(pa.float64(), "Time until the customer's next interaction.", "s")
    journey = Column(
        pa.int64(),
        "Number of the journey in the customer's life. A long pause begins a new one (the map says how long); "
        "what is about the same order or case belongs to the journey in which that first came up.",
    )
    situation = Column(
        TEXT_MAP,
        "The circumstances that the customer was in: those told with it, else those first told of the same order or case.",
    )
    recognised = Column(pa.bool_(), "Whether a rule of the map knew it.")


class Overlay(Table, name="timeline_overlay", sort="derived"):
    """Lives that changed since the timeline was last made as a whole; each counts in place of what `timeline` says of it.

    A life that is no more has one row here, without `interaction_id`. The newest commit says which version of `timeline`
    it lies over.
    """

    locals().update(Timeline.columns)
