"""What stays when a person is forgotten: that it was done, what must not come back, and the figures of the past."""

import pyarrow as pa

from firsthand.tables.column import TIMESTAMP, Column, Table

string = pa.string()
number = pa.float64()
count = pa.int64()


class Forgotten(Table, name="forgotten", sort="decisions"):
    """Decision: what is gone and must not come in again, as keyed hashes (HMAC-SHA256 by the home's `secret.key`)."""

    what = Column(
        string,
        "Of what it is the hash: `interaction` (an id), `version` (id and content), `record` (one that was rejected), `customer` (an id).",
    )
    hash = Column(string, "The keyed hash. Without the key nothing can be told from it.")
    forgotten_at = Column(TIMESTAMP, "When.")


class Erasures(Table, name="erasures", sort="decisions"):
    """Decision: a person was forgotten, or what was kept long enough was let go. It holds nobody's data."""

    erasure_id = Column(string, "Its name.")
    kind = Column(string, "`person` or `retention`.")
    erased_at = Column(TIMESTAMP, "When it was begun.")
    by = Column(string, "Who did it.")
    why = Column(string, "The reason given.")
    customer_hash = Column(string, "The customer's id as a keyed hash, as in `forgotten`; null for retention.")
    rows = Column(
        pa.map_(string, count),
        "How many rows of which table went, or lost what they said; of derived tables those that are not simply made anew.",
    )


class PublishedFigures(Table, name="published_figures", sort="decisions"):
    """Decision: what a figure of a closed period was when somebody was forgotten. The newest row of a figure holds."""

    measure = Column(string, "The measure; of promises `promises_made`, `promises_kept` …")
    by = Column(string, "What sort of period: `month`, `quarter` or `year`.")
    period = Column(string, "The period, as `--by` names it.")
    apart = Column(string, "What else tells figures of this measure apart, such as the scale, as a JSON object.")
    value = Column(number, "The figure; null where it was suppressed.", "as the measure's")
    low = Column(number, "Lower end of its 95 % interval.", "as the measure's")
    high = Column(number, "Upper end of its 95 % interval.", "as the measure's")
    customers = Column(count, "Of how many customers; null for promises.")
    observations = Column(count, "Of how many observations; for promises, those whose outcome was known.")
    speaks_for = Column(number, "Share of the period's customers that it speaks for.")
    suppressed = Column(pa.bool_(), "Whether too few customers stood behind it.")
    as_of = Column(TIMESTAMP, "The moment from which the world was seen.")
    published_at = Column(TIMESTAMP, "When it was written down.")
