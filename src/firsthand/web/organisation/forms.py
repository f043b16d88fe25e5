"""Forms of the settings."""

from __future__ import annotations

from dataclasses import Field, fields
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from firsthand.jobs.home import KEPT, LONGEST, Settings
from firsthand.web.accounts.roles import Role

LEAST = {"minimum_group": 2}
"""The least value of a setting that is a number, where it is not 0."""
LABELS = {
    "minimum_group": _("Fewest customers that a figure may speak of"),
    "employee_figures": _("Show figures on single employees"),
    "keep_interactions_days": _("Days that interactions are kept"),
    "keep_text_days": _("Days that customers' own words are kept"),
    "keep_rejected_days": _("Days that rejected records are kept"),
    "vacuum_grace_hours": _("Hours that files which no table needs are kept"),
}
HELP = {
    "minimum_group": _("Of what customers said, and of employees. Smaller groups are not shown. At least 2."),
    "employee_figures": _("Off: nothing is shown by employee, on no page, in no download and not in the API. Ask your works council first."),
    "keep_interactions_days": _("0: for ever."),
    "keep_text_days": _("0: as long as the interactions."),
    "keep_rejected_days": _("0: for ever."),
    "vacuum_grace_hours": _("What was deleted is gone from the disk after so long."),
}  # fmt: skip
ALWAYS = ("minimum_group", "employee_figures", "vacuum_grace_hours")
RETENTION = "keep_"


class Person(forms.Form):
    """What somebody may do."""

    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.VIEWER)
    teams = forms.MultipleChoiceField(
        label=_("Teams"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("An owner of a touchpoint edits what these teams own."),
    )  # fmt: skip

    def __init__(self, teams: list[str], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["teams"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(team, team) for team in teams]
        if not teams:
            del self.fields["teams"]


class NewPerson(Person):
    """Somebody who is added."""

    email = forms.EmailField(label=_("E-mail address"))
    field_order = ("email", "name", "role", "teams")


class ChangedPerson(Person):
    """Somebody who is there already."""

    may_log_in = forms.BooleanField(label=_("May log in"), required=False)


class HomeSettings(forms.Form):
    """The organisation: its name, where it is, and its money."""

    name = forms.CharField(label=_("Name of the organisation"), max_length=120)
    timezone = forms.ChoiceField(
        label=_("Time zone"), choices=lambda: [(zone, zone) for zone in sorted(available_timezones())],
        help_text=_("Days and periods are its, and so are times that name no zone. A change makes the timeline anew."),
    )  # fmt: skip
    currency = forms.CharField(
        label=_("Currency"), help_text=_("Of amounts that name none: a code of three letters, such as EUR.")
    )
    country = forms.CharField(label=_("Country"), required=False, help_text=_("Whose telephone numbers are told without one: a code such as DE. Empty: they are compared by their digits."))  # fmt: skip

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).strip().upper()

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).strip().upper()


class Privacy(forms.Form):
    """From how many customers on figures are shown, whether employees are, and how long what is kept."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for entry in fields(Settings):
            if entry.name in ALWAYS or entry.name.startswith(RETENTION):
                self.fields[entry.name] = _field(entry)


def _field(entry: Field[Any]) -> forms.Field:
    told = {"label": LABELS.get(entry.name, entry.name.replace("_", " ").capitalize()), "help_text": HELP.get(entry.name, entry.metadata["about"])}  # fmt: skip
    if entry.type == "bool":
        return forms.BooleanField(required=False, **told)
    if entry.type == "int":
        return forms.IntegerField(
            min_value=LEAST.get(entry.name, 0), max_value=LONGEST if entry.name in KEPT else None, **told
        )
    return forms.CharField(required=False, **told)
