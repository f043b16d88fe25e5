"""Who answers: the share of invitations that drew an answer."""

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.measures.measure import Measure, observed, share
from firsthand.measures.seen import Seen

DAYS = 30


def invitations(seen: Seen) -> ir.Table:
    """Share of invitations to a survey that the customer answered within 30 days; only those whose time is over.

    Who was not heard is the rest: scores speak for those who answered.
    """
    asked = seen.timeline.filter(_.kind == "invitation", _.customer_id.notnull())
    asked = asked.filter(asked.occurred_at < seen.now - ibis.interval(days=DAYS))
    answers = seen.timeline.filter(_.score.notnull() | _.answer.notnull()).select(
        "customer_id", answered_at="occurred_at"
    )
    answered = asked.semi_join(
        answers,
        [
            asked.customer_id == answers.customer_id,
            answers.answered_at > asked.occurred_at,
            answers.answered_at <= asked.occurred_at + ibis.interval(days=DAYS),
        ],
    ).select("interaction_id")
    return observed(asked, asked.interaction_id.isin(answered.interaction_id))


RESPONSE_RATE = Measure("response_rate", "Invitations answered", invitations, share, "share")
