"""Roles, and the rights that each has: what is not named here is nobody's."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    VIEWER = "viewer", _("viewer")
    ANALYST = "analyst", _("analyst")
    OWNER = "owner", _("owner of a touchpoint")
    SERVICE = "service", _("service")
    ADMINISTRATOR = "administrator", _("administrator")

    def may(self, right: str) -> bool:
        """Whether the role has a right."""
        return self in RIGHTS[right]


EVERYONE = set(Role)
RIGHTS: dict[str, set[Role]] = {
    "own_account": EVERYONE,
    "see_figures": {Role.VIEWER, Role.ANALYST, Role.OWNER, Role.ADMINISTRATOR},
    "see_customer": {Role.ANALYST, Role.SERVICE, Role.ADMINISTRATOR},
    "list_customers": {Role.ANALYST, Role.ADMINISTRATOR},
    "decide_who_is_who": {Role.ANALYST, Role.ADMINISTRATOR},
    "label_comments": {Role.ANALYST, Role.OWNER, Role.ADMINISTRATOR},
    "edit_map": {Role.OWNER, Role.ANALYST, Role.ADMINISTRATOR},
    "edit_whole_map": {Role.ANALYST, Role.ADMINISTRATOR},
    "import_data": {Role.ANALYST, Role.ADMINISTRATOR},
    "export_customer": {Role.SERVICE, Role.ADMINISTRATOR},
    "forget_customer": {Role.ADMINISTRATOR},
    "administer": {Role.ADMINISTRATOR},
}
"""Which roles have which right. An owner edits on the map only what the own teams own (see experience_map)."""
PERSONAL = {
    "see_customer", "list_customers", "decide_who_is_who", "import_data", "export_customer", "forget_customer", "administer",
}  # fmt: skip
"""Rights to what may show who somebody is: no browser keeps a page that takes one."""
