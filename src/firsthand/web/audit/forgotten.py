"""The audit log once somebody was forgotten: that something was seen or done stays; about whom does not."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import QuerySet

from firsthand.jobs.home import Home
from firsthand.jobs.secret import keyed
from firsthand.lake.read import rows
from firsthand.tables import Erasures, Forgotten
from firsthand.web.audit.models import Entry
from firsthand.web.audit.record import LABELLED

SOMEBODY = "forgotten"


def tell_no_more(home: Home) -> int:
    """Takes forgotten customers and comments out of the audit log; returns how many entries changed.

    In the place of the customer's id stands the erasure's, or “forgotten” where it was one of several ids of theirs.
    """
    gone = rows(home.lake, Forgotten).column("hash").combine_chunks()
    if not len(gone):
        return 0
    erasures = {row["customer_hash"]: row["erasure_id"] for row in rows(home.lake, Erasures).to_pylist()}
    about, labelled = Entry.objects.exclude(customer_id=""), Entry.objects.filter(did=LABELLED)
    customers = _forgotten(home, gone, "customer", about, "customer_id")
    comments = _forgotten(home, gone, "interaction", labelled, "about")
    return sum(
        [about.filter(customer_id=who).update(customer_id=erasures.get(digest, SOMEBODY)) for who, digest in customers]
        + [labelled.filter(about=comment).update(about=SOMEBODY) for comment, _digest in comments]
    )


def _forgotten(home: Home, gone: pa.Array, what: str, entries: QuerySet[Entry], column: str) -> list[tuple[str, str]]:
    """Those values of a column that were forgotten, with their hashes."""
    hashed = keyed(home)
    values = [*entries.order_by().values_list(column, flat=True).distinct()]
    digests = [hashed(what, value) for value in values]
    found = pc.is_in(pa.array(digests, pa.string()), value_set=gone).to_pylist()
    return [pair for pair, known in zip(zip(values, digests, strict=True), found, strict=True) if known]
