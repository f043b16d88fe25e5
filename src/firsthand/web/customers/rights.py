"""A person's rights: to have all that is held of them, and to be forgotten."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from firsthand.errors import UserError
from firsthand.jobs.export_person import export_person
from firsthand.jobs.forget import forget_person, plan_for
from firsthand.jobs.home import open_home
from firsthand.web.accounts.rights import needs
from firsthand.web.audit.forgotten import tell_no_more
from firsthand.web.audit.record import note
from firsthand.web.customers.afterwards import refresh_later
from firsthand.web.customers.forms import Forget
from firsthand.web.customers.named import of_one_customer
from firsthand.web.figures.faults import in_words

Row = dict[str, Any]


@needs("export_customer")
@of_one_customer
def export(request: HttpRequest, who: str, identifiers: list[str]) -> HttpResponse:
    """Everything that the home holds of a customer, as a file (JSON)."""
    if request.method != "POST":
        return redirect("customer", who)
    found = export_person(open_home(settings.HOME), who)
    note(by=request.user, did="exported a customer", customer=who)  # type: ignore[arg-type]
    response = HttpResponse(
        json.dumps(found, ensure_ascii=False, indent=2, default=_told), content_type="application/json; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{who}.json"'
    return response


def _told(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


@needs("forget_customer")
@of_one_customer
def forget(request: HttpRequest, who: str, identifiers: list[str]) -> HttpResponse:
    """Says what goes and what stays; forgets the customer once reason and id are given."""
    home = open_home(settings.HOME)
    form = Forget(who, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            found = forget_person(home, who, by=request.user.email, reason=form.cleaned_data["reason"])  # type: ignore[union-attr]
        except UserError as fault:
            form.add_error("reason", in_words(str(fault)))
        else:
            note(by=request.user, did="forgot a customer", customer=who, about=f"erasure {found['erasure_id']}")  # type: ignore[arg-type]
            tell_no_more(home)
            refresh_later()
            messages.success(request, _("The person is forgotten (%(erasure)s).") % {"erasure": found["erasure_id"]})
            if found["not_looked_for"]:
                messages.warning(
                    request,
                    _("Some identifiers were too short to be looked for in rejected records: look there yourself."),
                )
            return redirect("customers")
    goes, _who, short = plan_for(home, who, by=request.user.email, reason="-")  # type: ignore[union-attr]
    return render(
        request,
        "customers/forget.html",
        {"who": who, "form": form, "goes": goes.erasure["rows"], "short": short, "hours": home.settings.vacuum_grace_hours},
        status=422 if form.is_bound else 200,
    )  # fmt: skip
