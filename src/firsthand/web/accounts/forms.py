"""Forms for the first start, and those of django-allauth that would lead to a mail that nobody sends."""

from __future__ import annotations

import secrets
from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _


class Welcome(forms.Form):
    """The organisation's name and its first administrator. expected: the code that a visitor from elsewhere must know."""

    code = forms.CharField(
        label=_("The code of the first start"), max_length=60, strip=True,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("It was printed when the website was started, and stands in first-start.code in the home."),
    )  # fmt: skip
    organisation = forms.CharField(label=_("Name of your organisation"), max_length=120)
    name = forms.CharField(label=_("Your name"), max_length=120, required=False)
    email = forms.EmailField(label=_("Your e-mail address"))
    password = forms.CharField(
        label=_("A password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least ten characters."), validators=[],
    )  # fmt: skip

    def __init__(self, *args: Any, expected: str | None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.expected = expected
        if expected is None:
            del self.fields["code"]

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if not secrets.compare_digest(code.encode(), str(self.expected).encode()):
            raise forms.ValidationError(_("This is not the code."))
        return code

    def clean_password(self) -> Any:
        password = self.cleaned_data["password"]
        validate_password(password)
        return password


FORGOTTEN = _("Forgotten? An administrator gives you a new one.")


class NoMail:
    """A form of django-allauth that offers no mail to who forgot the password. asked: the field that asks for it."""

    asked = "password"
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields[self.asked].help_text = FORGOTTEN


class Login(NoMail, LoginForm):
    pass


class ChangePassword(NoMail, ChangePasswordForm):
    asked = "oldpassword"


class Reauthenticate(NoMail, ReauthenticateForm):
    pass
