"""Asked again for what was given before."""

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.journeys.signals.moments import DAY, one_each, seconds, span
from firsthand.journeys.signals.signal import Lives, Signal


def find(lives: Lives, *, within_days: float = 90) -> ir.Table:
    """A question that the customer had answered about the same subject at most 90 days before, with no contact since.

    It shows where the question is put again or, if that is not told, answered again. A contact about the subject in
    between is something new to be asked about.
    """
    rows = lives.matters.filter(_.question.notnull() | ((_.kind == "contact") & _.inbound))
    in_order = ibis.window(group_by=["life", "matter"], order_by="step", preceding=None, following=0)
    asked = rows.mutate(contact=_.question.isnull().ifelse(_.step, ibis.null("int64")).max().over(in_order))
    before = ibis.window(group_by=["life", "matter", "question"], order_by="step")
    again = asked.filter(_.question.notnull()).mutate(
        given=_.answered.lag().over(before), last=_.step.lag().over(before),
        gap=seconds(_.occurred_at.lag().over(before), _.occurred_at),
    ).filter(_.given, _.contact.fill_null(0) < _.last, _.gap <= within_days * DAY)  # fmt: skip
    words = "had answered it " + span(_.gap) + " before, about " + _.matter
    return one_each(again, "gap", "matter").select("life", "step", evidence=words)


ASKED_AGAIN = Signal("asked_again", "Was asked again for what was given before", find)
