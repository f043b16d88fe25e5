"""The core's short names on a customer's page, as people say them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

CHANNELS = {
    "web": _("website"), "app": _("app"), "store": _("store"), "phone": _("phone"), "email": _("e-mail"),
    "chat": _("chat"), "social": _("social media"), "post": _("post"), "delivery": _("delivery"),
    "billing": _("billing"), "survey": _("survey"), "campaign": _("campaign"), "partner": _("partner"),
}  # fmt: skip
KINDS = {
    "heard_of_us": _("heard of us"), "visit": _("visit"), "question": _("question"), "cart": _("cart"),
    "purchase": _("purchase"), "payment": _("payment"), "fee": _("fee"), "refund": _("refund"),
    "promise": _("promise"), "delivery": _("delivery"), "first_use": _("first use"), "use": _("use"),
    "help_search": _("search for help"), "contact": _("contact"), "return": _("return"),
    "invitation": _("invitation"), "answer": _("answer"), "recommendation": _("recommendation"),
    "renewal": _("renewal"), "cancellation": _("cancellation"), "other": _("other"),
}  # fmt: skip
PROMISES = {
    "not_due": _("not due yet"), "kept": _("kept"), "late": _("late"), "broken": _("broken"),
    "overdue": _("overdue"), "withdrawn": _("withdrawn"),
}  # fmt: skip
STATES = {
    "made": _("promised"), "moved": _("promise moved"), "kept": _("promise kept"),
    "withdrawn_by_us": _("promise withdrawn by us"), "withdrawn_by_customer": _("promise withdrawn by the customer"),
}  # fmt: skip
IDENTIFIERS = {
    "email": _("e-mail"), "phone": _("phone"), "customer_number": _("customer number"), "user_id": _("user id"),
    "loyalty_card": _("loyalty card"), "anonymous_id": _("anonymous id"), "device": _("device"),
    "zendesk_user": _("Zendesk user"),
}  # fmt: skip
SUBJECTS = {
    "order": _("order"), "case": _("case"), "product": _("product"), "invoice": _("invoice"),
    "contract": _("contract"), "cart": _("cart"),
}  # fmt: skip
UNKNOWN = "unknown"
"""Stands in an address for the channel or kind of what has none."""


def said(words: dict[str, Any], name: str | None) -> str:
    """A short name as people say it; one that is not known here, with blanks for its underscores."""
    if name in (None, "", UNKNOWN):
        return gettext("unknown")
    return str(words.get(name, name.replace("_", " ")))


def identifier(key: str) -> tuple[str, str]:
    """An identifier's kind in words, and its value."""
    kind, _sign, value = key.partition("=")
    return said(IDENTIFIERS, kind), value
