"""The page on which a user makes and revokes tokens for the API."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from firsthand.web.accounts.rights import needs
from firsthand.web.api.models import ApiToken
from firsthand.web.api.tokens import make_token, revoke_token


class NewToken(forms.Form):
    """A name for a token, and for how long it holds."""

    name = forms.CharField(label=_("What it is for"), max_length=80)
    days = forms.IntegerField(label=_("For how many days"), min_value=1, max_value=366, initial=90)


@needs("own_account")
@never_cache
def tokens(request: HttpRequest) -> HttpResponse:
    """The user's tokens; a new one is shown once, in the answer to the form that made it."""
    form, text = NewToken(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        _token, text = make_token(by=request.user, name=told["name"], days=told["days"])  # type: ignore[arg-type]
        form = NewToken()
    mine = ApiToken.objects.filter(user=request.user)
    return render(request, "api/tokens.html", {"form": form, "tokens": mine, "text": text})


@needs("own_account")
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revokes one of the user's own tokens."""
    token = get_object_or_404(ApiToken, pk=pk, user=request.user)
    revoke_token(token=token, by=request.user)  # type: ignore[arg-type]
    return redirect("tokens")


@needs("administer")
@require_POST
def revoke_of(request: HttpRequest, user: int, pk: int) -> HttpResponse:
    """Revokes a token of somebody's; their page under Settings lists them."""
    revoke_token(token=get_object_or_404(ApiToken, pk=pk, user=user), by=request.user)  # type: ignore[arg-type]
    return redirect("settings_person", user)
