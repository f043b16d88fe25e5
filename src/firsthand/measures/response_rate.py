"""Who answers: the share of invitations that drew an answer."""

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.measures.measure import Measure, followed_by, observed, share
from firsthand.measures.seen import Seen

DAYS = 30


def invitations(seen: Seen) -> ir.Table:
    """Share of invitations to a survey that the customer answered within 30 days; only those whose time is over.

    Who was not heard is the rest: scores speak for those who answered.
    """
    days = ibis.interval(days=DAYS)
    asked = followed_by(seen, _.kind == "invitation", _.score.notnull() | _.answer.notnull())
    asked = asked.filter(asked.occurred_at < seen.now - days)
    return observed(asked, (asked.followed_at <= asked.occurred_at + days).fill_null(False))


RESPONSE_RATE = Measure("response_rate", "Invitations answered", invitations, share, "share")
