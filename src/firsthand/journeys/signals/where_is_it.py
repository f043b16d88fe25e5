"""Contact about a promise: where is my order?"""

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.journeys.signals.moments import DAY, contacts_by_matter, one_each, seconds, span
from firsthand.journeys.signals.signal import Lives, Signal


def find(lives: Lives, *, days_before: float = 1) -> ir.Table:
    """A contact about something promised, from a day before it was due until it was fulfilled or withdrawn.

    The contact names a subject that the promise names, a product aside, which many promises may be about. The promise
    is due by the first date given; before that day a contact may be about anything.
    """
    about = _.subject_kind != "product"
    promised = lives.matters.filter(_.promise_id.notnull(), about).select("life", "matter", "promise_id", made="step")
    due = promised.inner_join(lives.promises.select("promise_id", "promised_for", "settled_at"), "promise_id")
    asked = contacts_by_matter(lives).filter(about).select("life", "step", "occurred_at", "matter")
    both = asked.inner_join(due, ["life", "matter"]).filter(_.made < _.step)
    both = both.mutate(gap=seconds(_.promised_for, _.occurred_at)).filter(_.gap >= -days_before * DAY)
    waiting = both.filter(_.settled_at.isnull() | (_.occurred_at < _.settled_at))
    when = span(_.gap.abs()) + (_.gap > 0).ifelse(" after", " before")
    words = "asked about " + _.matter + " " + when + " it was due"
    return one_each(waiting, ibis.desc("gap"), "matter").select("life", "step", evidence=words)


WHERE_IS_IT = Signal(
    "where_is_it",
    "Had to ask where it is",
    find,
    source="Firsthand's own; in trade known as WISMO, “where is my order”",
)
