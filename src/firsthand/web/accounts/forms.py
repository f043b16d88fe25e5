"""Forms for the first start."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _


class Welcome(forms.Form):
    """The organisation's name and its first administrator."""

    organisation = forms.CharField(label=_("Name of your organisation"), max_length=120)
    name = forms.CharField(label=_("Your name"), max_length=120, required=False)
    email = forms.EmailField(label=_("Your e-mail address"))
    password = forms.CharField(
        label=_("A password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least ten characters."), validators=[],
    )  # fmt: skip

    def clean_password(self) -> Any:
        password = self.cleaned_data["password"]
        validate_password(password)
        return password
