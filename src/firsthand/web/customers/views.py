"""Finding a customer, and one life over all channels."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from firsthand.errors import NobodyFound, UserError
from firsthand.jobs import consents
from firsthand.jobs.find_customers import find_customers
from firsthand.jobs.home import open_home
from firsthand.jobs.person import person
from firsthand.jobs.who_is_who import review
from firsthand.lake.read import rows
from firsthand.tables import Consents
from firsthand.web.accounts.rights import needs
from firsthand.web.audit.record import note
from firsthand.web.customers import words
from firsthand.web.customers.deciding import told_to_review
from firsthand.web.customers.forms import Consent, Search
from firsthand.web.customers.life import Part, choices, over_time, shown
from firsthand.web.customers.named import of_one_customer, unknown
from firsthand.web.figures.answers import Asked
from firsthand.web.figures.faults import in_words
from firsthand.web.figures.figure import download
from firsthand.web.figures.page import Page, local_today

Row = dict[str, Any]
FIRST_TO_REVIEW = 5
PROMISES_SHOWN = 10


def questions() -> dict[str, str | Asked]:
    """What the page asks when nothing is filtered."""
    return {"troubled": "customers"}


@needs("see_customer")
def customers(request: HttpRequest) -> HttpResponse:
    """Finds one customer by any identifier. Those who may list customers see who had bad experiences lately, and whom to review.

    What is typed is sent, not put into the address: it names a person.
    """
    form = Search(request.POST or None)
    several: list[str] = []
    if request.method == "POST" and form.is_valid():
        found = find_customers(open_home(settings.HOME), form.cleaned_data["who"])
        if len(found) == 1:
            return redirect("customer", found[0])
        if not found:
            form.add_error(
                "who", _("Nobody in the record has this. Look for typing errors, or try another of their identifiers.")
            )
        elif request.user.may("list_customers"):  # type: ignore[union-attr]
            several = found
        else:
            form.add_error(
                "who",
                _("This leads to several customers. Name another identifier, or the kind as well: customer_number=17."),
            )
    context: Row = {"form": form, "several": several}
    if request.user.may("list_customers"):  # type: ignore[union-attr]
        page = Page.of(request)
        context["page"] = page
        context["troubled"] = page.ask(**questions()).troubled
        context["download"] = download("customers", page.filters, rows="customers")
        reviewed = review(page.home)
        context["to_review"] = told_to_review(page.home, reviewed[:FIRST_TO_REVIEW])
        context["reviewed"] = len(reviewed)
        note(by=request.user, did="saw whom to review", about=f"{len(context['to_review'])} of {len(reviewed)}")  # type: ignore[arg-type]
    return render(
        request, "customers/customers.html", context, status=200 if form.is_valid() or not form.is_bound else 422
    )


@needs("see_customer")
def customer(request: HttpRequest, who: str) -> HttpResponse:
    """One life: identifiers, promises, consent, and everything that happened, by day."""
    try:
        found = person(open_home(settings.HOME), who)
    except NobodyFound:
        return unknown(request)
    if found["customer_id"] != who:
        return redirect("customer", found["customer_id"])
    return _life(request, found, Consent(found["identifiers"]))


def _life(request: HttpRequest, found: Row, form: Consent, status: int = 200) -> HttpResponse:
    note(by=request.user, did="saw a customer", customer=found["customer_id"])  # type: ignore[arg-type]
    life, part = found["life"], Part.of(request.GET)
    part_shown = shown(life, part)
    promises = [
        row | {"words": words.said(words.PROMISES, row["state"]), "due": datetime.fromisoformat(row["promised_for"])}
        for row in reversed(found["promises"])
    ]  # fmt: skip
    promises.sort(key=lambda row: row["state"] not in ("overdue", "not_due"))
    return render(
        request,
        "customers/customer.html",
        {
            "who": found["customer_id"],
            "identifiers": [words.identifier(key) for key in found["identifiers"]],
            "count": found["interactions"],
            "promises": promises[:PROMISES_SHOWN],
            "more_promises": promises[PROMISES_SHOWN:],
            "picture": over_time(life),
            "part": part,
            "shown": part_shown,
            "earlier": part.query(part_shown.earlier_before),
            "later": part.query(part_shown.later_before),
            "channels": choices(life, "channel"),
            "kinds": choices(life, "kind"),
            "journeys": sorted({row["journey"] for row in life if "journey" in row}, reverse=True),
            "consents": [row | {"where": words.identifier(row["key"])} for row in found["consents"]],
            "purposes": _purposes(),
            "consent_form": form,
            "as_of": found["as_of"],
        },
        status=status,
    )


def _purposes() -> list[str]:
    """For what consent was asked so far."""
    told = rows(open_home(settings.HOME).lake, Consents).column("purpose").unique()
    return sorted(purpose for purpose in told.to_pylist() if purpose)


@needs("see_customer")
@of_one_customer
def consent(request: HttpRequest, who: str, identifiers: list[str]) -> HttpResponse:
    """Writes down what the customer said of being contacted."""
    if request.method != "POST":
        return redirect("customer", who)
    form = Consent(identifiers, request.POST)
    home = open_home(settings.HOME)
    if form.is_valid() and form.cleaned_data["at"] and form.cleaned_data["at"] > local_today(home):
        form.add_error("at", _("That day has not come yet."))
    if form.is_valid():
        told = form.cleaned_data
        given = told["given"] == "yes"
        try:
            consents.consent(
                home, told["key"], purpose=" ".join(told["purpose"].split()), given=given,
                by=request.user.email,  # type: ignore[union-attr]
                at=told["at"].isoformat() if told["at"] and told["at"] != local_today(home) else None,
            )  # fmt: skip
        except UserError as wrong:
            form.add_error(None, in_words(str(wrong)))
        else:
            note(by=request.user, did="recorded consent" if given else "recorded an opt-out", customer=who)  # type: ignore[arg-type]
            messages.success(request, _("It is written down."))
            return redirect("customer", who)
    return _life(request, person(home, who), form, status=422)
