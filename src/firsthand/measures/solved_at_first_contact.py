"""Contacts that were enough: the customer did not have to come back about the same."""

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.measures.measure import Measure, contacts, observed, share
from firsthand.measures.seen import Seen

REPEAT_DAYS = 7


def solved_at_first_contact(seen: Seen) -> ir.Table:
    """Share of contacts on a subject after which the customer did not come back about it within 7 days.

    A contact that follows another one on its subject within 7 days is the repeat, not a first contact. Contacts
    that name no subject are not judged. Only contacts whose 7 days are over count.
    Source: first contact resolution, Dixon, Freeman & Toman, "Stop Trying to Delight Your Customers", HBR 2010.
    """
    days = ibis.interval(days=REPEAT_DAYS)
    about = contacts(seen).filter(_.life > 0).mutate(subject=_.subjects.unnest())
    about = about.select("life", "step", "occurred_at", matter=_.subject["kind"] + "=" + _.subject["value"])
    about = about.filter(_.matter.notnull()).distinct()  # a subject may be named twice
    near = ibis.window(group_by=["life", "matter"], order_by="step")
    marked = about.mutate(next=_.occurred_at.lead().over(near), last=_.occurred_at.lag().over(near))
    each = marked.mutate(
        repeat=(_.last >= _.occurred_at - days).fill_null(False),
        again=(_.next <= _.occurred_at + days).fill_null(False),
    )
    judged = each.filter(each.occurred_at < seen.now - days).group_by(["life", "step"])
    contact = judged.aggregate(repeat=_.repeat.any(), again=_.again.any()).filter(~_.repeat)
    return observed(contacts(seen).inner_join(contact, ["life", "step"]), ~_.again)


FIRST_CONTACT_SOLVED = Measure(
    "solved_at_first_contact", "Solved at the first contact", solved_at_first_contact, share, "share"
)
