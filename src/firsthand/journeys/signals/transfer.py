"""Transfer between agents."""

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.journeys.signals.moments import HOUR, one_each, seconds
from firsthand.journeys.signals.signal import Lives, Signal


def find(lives: Lives, *, within_hours: float = 1) -> ir.Table:
    """Another employee than the one before, in the same case, or in contacts about the same subject within an hour.

    It shows at the first interaction with the other one. Surveys about an employee are none.
    """
    served = lives.matters.filter(_.employee.notnull(), (_.kind != "answer").fill_null(True))
    in_case, called = _.subject_kind == "case", (_.kind == "contact") & _.inbound
    before = ibis.window(group_by=["life", "matter"], order_by="step")
    after = served.filter(in_case | called).mutate(
        first=_.employee.lag().over(before), gap=seconds(_.occurred_at.lag().over(before), _.occurred_at)
    )
    moved = after.filter(_.first != _.employee, in_case | (_.gap <= within_hours * HOUR))
    words = "from " + _.first + " to " + _.employee + " about " + _.matter
    return one_each(moved, "gap", "matter").select("life", "step", evidence=words)


TRANSFER = Signal(
    "transfer",
    "Was passed on to somebody else",
    find,
    source="Dixon, Freeman & Toman, “Stop Trying to Delight Your Customers”, Harvard Business Review 2010",
)
