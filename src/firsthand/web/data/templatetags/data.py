"""What is put aside, in words."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext

register = template.Library()


@register.filter
def reason(name: str) -> str:
    """The reason for a rejection in the user's language."""
    return gettext(name.replace("_", " "))
