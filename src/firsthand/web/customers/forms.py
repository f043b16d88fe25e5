"""What is asked on a customer's pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from firsthand.web.customers.words import identifier


class Search(forms.Form):
    """Whom somebody looks for."""

    who = forms.CharField(
        label=_("Customer"), max_length=200,
        help_text=_("An e-mail address, a phone number however it is written, a customer number or another identifier, or the customer's id."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "type": "search"}),
    )  # fmt: skip


class Consent(forms.Form):
    """What somebody said of being contacted."""

    key = forms.ChoiceField(label=_("Where"))
    purpose = forms.CharField(
        label=_("For what"), max_length=80, widget=forms.TextInput(attrs={"list": "purposes", "autocomplete": "off"})
    )
    given = forms.ChoiceField(
        label=_("What was said"), widget=forms.RadioSelect, choices=[("yes", _("yes: we may")), ("no", _("no: we may not"))]
    )  # fmt: skip
    at = forms.DateField(
        label=_("On which day"), required=False, help_text=_("Left empty: now."), widget=forms.DateInput(attrs={"type": "date"})
    )  # fmt: skip

    def __init__(self, keys: Sequence[str], *told: Any, **more: Any) -> None:
        super().__init__(*told, **more)
        self.fields["key"].choices = [(key, ": ".join(identifier(key))) for key in keys]  # type: ignore[attr-defined]


class Decision(forms.Form):
    """Anything that is decided of who is who."""

    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("It is kept with the decision."))


class Other(Decision):
    """A decision about two customers."""

    other = forms.CharField(
        label=_("The other customer"), max_length=200, help_text=_("An identifier or a customer id."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    field_order = ("other", "reason")


class Split(Decision):
    """Identifiers that are another person's."""

    keys = forms.MultipleChoiceField(label=_("What is another person's"), widget=forms.CheckboxSelectMultiple)
    field_order = ("keys", "reason")

    def __init__(self, keys: Sequence[str], *told: Any, **more: Any) -> None:
        super().__init__(*told, **more)
        self.fields["keys"].choices = [(key, ": ".join(identifier(key))) for key in keys]  # type: ignore[attr-defined]


class Forget(forms.Form):
    """The last question before a person is forgotten."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("It is kept, so do not name the person in it.")
    )
    customer_id = forms.CharField(
        label=_("Type the customer's id again"), max_length=64, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )  # fmt: skip

    def __init__(self, who: str, *told: Any, **more: Any) -> None:
        super().__init__(*told, **more)
        self.who = who

    def clean_customer_id(self) -> str:
        said: str = self.cleaned_data["customer_id"].strip()
        if said != self.who:
            raise forms.ValidationError(_("That is not this customer's id."))
        return said
