"""What it cost customers: contacts they had to make, and whether one was enough."""

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.measures.measure import (
    Measure,
    contacts,
    followed_by,
    made_by_customer,
    mean,
    observed,
    share,
)
from firsthand.measures.seen import Seen

EFFORTLESS_DAYS = 30
REPEAT_DAYS = 7


def contacts_and_purchases(seen: Seen) -> ir.Table:
    """Contacts that customers made, per purchase made in the same group or period; those of nobody known count on both sides."""
    made = observed(contacts(seen), ibis.literal(1.0), weight=ibis.literal(0.0))
    bought = seen.timeline.filter(_.kind == "purchase").filter(_heard(seen))
    return made.union(observed(bought, ibis.literal(0.0), weight=ibis.literal(1.0)))


def _heard(seen: Seen) -> ir.BooleanScalar:
    """Whether the record holds contacts at all: where it holds none, it is blind, and nobody was effortless."""
    return contacts(seen).count().as_scalar() > 0


def effortless(seen: Seen) -> ir.Table:
    """Share of purchases after which the customer made no contact within 30 days.

    Only purchases whose 30 days are over count.
    """
    days = ibis.interval(days=EFFORTLESS_DAYS)
    bought = followed_by(seen, _.kind == "purchase", made_by_customer(_)).filter(_heard(seen))
    bought = bought.filter(bought.occurred_at < seen.now - days)
    return observed(bought, (bought.followed_at > bought.occurred_at + days).fill_null(True))


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


CONTACT_RATE = Measure("contact_rate", "Contacts per purchase", contacts_and_purchases, mean, "ratio", weighted=True)
EFFORTLESS = Measure("effortless_share", "Purchases without a contact in 30 days", effortless, share, "share")
FIRST_CONTACT_SOLVED = Measure(
    "solved_at_first_contact", "Solved at the first contact", solved_at_first_contact, share, "share"
)
