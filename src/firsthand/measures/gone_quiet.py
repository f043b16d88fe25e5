"""Customers who bought, and of whom nothing is heard any more."""

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.measures.measure import Measure, observed, share, with_next
from firsthand.measures.seen import Seen

QUIET_DAYS = 180


def quiet(seen: Seen) -> ir.Table:
    """Share of customers who once bought and of whom nothing was heard for 180 days.

    Heard of: any interaction that came from the customer. The group is that of the last purchase.
    """
    last = seen.timeline.filter(_.life > 0, _.direction.fill_null("inbound") == "inbound")
    heard = last.group_by("life").aggregate(heard_at=_.occurred_at.max())
    final = with_next(seen).filter(_.next.isnull()).inner_join(heard, "life")
    return observed(final, (final.heard_at < seen.now - ibis.interval(days=QUIET_DAYS)).fill_null(True))


QUIET = Measure("gone_quiet", "Gone quiet for 180 days", quiet, share, "share")
