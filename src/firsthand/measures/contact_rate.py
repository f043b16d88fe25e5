"""Contacts that customers had to make, for each purchase."""

import ibis
import ibis.expr.types as ir
from ibis import _

from firsthand.measures.measure import Measure, contacts, heard, mean, observed
from firsthand.measures.seen import Seen


def contacts_and_purchases(seen: Seen) -> ir.Table:
    """Contacts that customers made, per purchase made in the same group or period; those of nobody known count on both sides."""
    made = observed(contacts(seen), ibis.literal(1.0), weight=ibis.literal(0.0))
    bought = seen.timeline.filter(_.kind == "purchase").filter(heard(seen))
    return made.union(observed(bought, ibis.literal(0.0), weight=ibis.literal(1.0)))


CONTACT_RATE = Measure("contact_rate", "Contacts per purchase", contacts_and_purchases, mean, "ratio", weighted=True)
