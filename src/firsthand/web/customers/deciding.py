"""Why some records are one person, and what people decide of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from firsthand.errors import UserError
from firsthand.jobs import who_is_who
from firsthand.jobs.find_customers import find_customers
from firsthand.jobs.home import Home, open_home
from firsthand.jobs.identify import decisions
from firsthand.jobs.weighed_links import weighed_decisions
from firsthand.web.accounts.rights import needs
from firsthand.web.audit.record import note
from firsthand.web.customers.afterwards import refresh_later
from firsthand.web.customers.forms import Decision, Other, Split
from firsthand.web.customers.named import of_one_customer
from firsthand.web.customers.words import identifier
from firsthand.web.figures.drawing import picture
from firsthand.web.figures.faults import in_words
from firsthand.web.figures.figure import Figure, percent

Row = dict[str, Any]
PAGE = 25
LINKS_SHOWN = 30


@needs("list_customers")
def review(request: HttpRequest) -> HttpResponse:
    """Pairs that might be one person, and identifiers in doubt."""
    home = open_home(settings.HOME)
    pages = Paginator(who_is_who.review(home), PAGE)
    shown = pages.get_page(request.GET.get("page"))
    note(by=request.user, did="saw whom to review", about=f"{len(shown)} of {pages.count}")  # type: ignore[arg-type]
    return render(
        request,
        "customers/review.html",
        {"shown": shown, "rows": told_to_review(home, list(shown)), "count": pages.count},
    )


def told_to_review(home: Home, found: Sequence[Row]) -> list[Row]:
    """Rows of `review` with both identifiers in words, the customers they lead to, and what is in doubt."""
    leads = who_is_who.leads_to(home, [key for row in found for key in (row["key"], row["other"]) if key])
    return [
        row | {
            "one": identifier(row["key"]), "two": identifier(row["other"]) if row["other"] else None,
            "customer_id": leads.get(row["key"], ""), "other_id": leads.get(row["other"] or "", ""), "doubt": _doubt(row),
        }
        for row in found
    ]  # fmt: skip


def _doubt(row: Row) -> str:
    if not row["other"]:
        return _("links nobody: %(why)s") % {"why": _(row["detail"])}
    told = (
        _("%(share)s probable") % {"share": percent(row["probability"], 1)}
        if row.get("probability") is not None
        else _("told together %(n)s times") % {"n": number_format(row["count"], force_grouping=True)}
    )
    against = {
        "one_per_person": _("but nobody has two of these: %(detail)s"),
        "decided_different": _("but it was decided that they are different people: %(detail)s"),
    }.get(row["reason"], "%(detail)s")
    return f"{told}, {against % {'detail': _(row['detail'])}}"


@needs("see_customer")
@of_one_customer
def why(request: HttpRequest, who: str, identifiers: list[str]) -> HttpResponse:
    """Identifiers, links and decisions of a customer; held against another one, what speaks for and against one person."""
    other = ""
    if request.GET.get("with"):
        if not request.user.may("decide_who_is_who"):  # type: ignore[union-attr]
            raise PermissionDenied
        found = find_customers(open_home(settings.HOME), request.GET["with"])
        other = found[0] if len(found) == 1 and found[0] != who else ""
        if not other:
            messages.info(request, _("The other customer is not there, or is the same as this one by now."))
    return _why(request, who, identifiers, other)


def _why(
    request: HttpRequest, who: str, identifiers: list[str], other: str = "", wrong: dict[str, forms.Form] | None = None
) -> HttpResponse:
    """The page; wrong: forms that were sent and cannot be done, by action."""
    for each in (who, *([other] if other else [])):
        note(by=request.user, did="saw who is who", customer=each)  # type: ignore[arg-type]
    home = open_home(settings.HOME)
    found = who_is_who.why(home, who, other or who)
    own = {*identifiers}
    held = [row for row in decisions(home) if own & {*row["keys"], *row["others"]}]
    if not request.user.may("decide_who_is_who"):  # type: ignore[union-attr]
        held, found["refused"] = [row | _own_side(row, own) for row in held], []
    chosen = next(
        (row for row in held if row["decision_id"] == request.GET.get("decision") and row["probability"] is not None),
        None,
    )
    evidence = (
        found["evidence"] if other else weighed_decisions(home, [{"decision": chosen["decision_id"]}]) if chosen else []
    )
    links = [row | {"one": identifier(row["key"]), "two": identifier(row["other"])} for row in found["links"]]
    bound = wrong or {}
    return render(
        request,
        "customers/why.html",
        {
            "who": who,
            "identifiers": [identifier(key) for key in identifiers],
            "other": other,
            "others": [identifier(key) for key in found["identifiers"] if key not in own] if other else [],
            "links": links[:LINKS_SHOWN],
            "more_links": links[LINKS_SHOWN:],
            "refused": told_to_review(home, found["refused"]),
            "decisions": _decided(held, bound),
            "evidence": [_weighed(row) for row in evidence],
            "chosen": chosen,
            "join": bound.get("join") or Other(initial={"other": other}, auto_id="id_join_%s"),
            "apart": bound.get("apart") or Other(initial={"other": other}, auto_id="id_apart_%s"),
            "split": bound.get("split") or (Split(identifiers, auto_id="id_split_%s") if len(identifiers) > 1 else None),
        },
        status=422 if bound else 200,
    )  # fmt: skip


def _own_side(row: Row, own: set[str]) -> Row:
    """A decision as those see it who see one customer at a time: of other people it says that there are some, and no more."""
    if {*row["keys"], *row["others"]} <= own:
        return {}
    return {side: [key for key in row[side] if key in own] for side in ("keys", "others")} | {"probability": None}


def _decided(held: Sequence[Row], bound: dict[str, forms.Form]) -> list[Row]:
    """Decisions, the newest first, each with what it says of which identifiers, and the form that takes it back."""
    found: dict[str, Row] = {}
    for row in sorted(held, key=lambda row: row["decided_at"], reverse=True):
        name = row["decision_id"]
        undo = bound.get(name) or Decision(auto_id=f"id_{name}_%s")
        said = found.setdefault(name, row | {"undo": undo, "verdicts": []})
        sides = [[identifier(key) for key in row[side]] for side in ("keys", "others") if row[side]]
        said["verdicts"].append({"verdict": row["verdict"], "sides": sides})
    return list(found.values())


def _weighed(row: Row) -> Figure:
    rows: list[list[Any]] = [[_("before anything is known"), "", "", "", _bits(row["prior_bits"])]]
    rows += [[_(step["field"].replace("_", " ")), _(step["level"]), step["one_value"], step["other_value"], _bits(step["bits"])] for step in row["fields"]]  # fmt: skip
    if row["alike_bits"]:
        rows.append([_("people who are alike for a reason"), "", "", "", _bits(row["alike_bits"])])
    rows.append([_("together"), "", "", "", _bits(row["total_bits"])])
    return Figure(
        title=_("One person with a probability of %(share)s") % {"share": percent(row["probability"], 1)},
        picture=picture("waterfall", _without_values(row)),
        head=[_("compared"), _("how alike"), _("of the one"), _("of the other"), _("bits")],
        rows=rows,
        note=_("Weighed by model %(model)s. Each bit doubles the odds that it is one person.")
        % {"model": row["model"]},
    )


def _without_values(row: Row) -> Row:
    """What the picture shows: pictures are kept in memory, names and addresses are not."""
    fields = [{name: step[name] for name in ("field", "level", "bits")} for step in row["fields"]]
    return {name: row[name] for name in ("prior_bits", "alike_bits", "total_bits", "probability")} | {"fields": fields}


def _bits(value: float) -> str:
    return f"{value:+.1f}".replace("-", "−")


@needs("decide_who_is_who")
@of_one_customer
def decide(request: HttpRequest, who: str, identifiers: list[str]) -> HttpResponse:
    """Joins with another customer, splits identifiers off, keeps apart, or takes a decision back."""
    if request.method != "POST":
        return redirect("why", who)
    action = request.POST.get("action", "")
    home = open_home(settings.HOME)
    name, form, carry_out = _asked(home, request, action, who, identifiers)
    if form.is_valid():
        try:
            found, said, others = carry_out(form.cleaned_data)
        except UserError as fault:
            form.add_error(None, in_words(str(fault)))
        else:
            for each in (who, *others):
                note(by=request.user, did=DID[action], customer=each, about=f"decision {found['decision']}")  # type: ignore[arg-type]
            refresh_later()
            messages.success(request, said)
            return redirect("why", who)  # an id that was given up leads on to the one it belongs to now
    return _why(request, who, identifiers, wrong={name: form})


DID = {
    "join": "joined customers", "split": "split a customer", "apart": "kept customers apart", "undo": "took a decision back",
}  # fmt: skip
"""What the audit log says of each action."""
Outcome = tuple[Row, str, list[str]]


def _asked(
    home: Home, request: HttpRequest, action: str, who: str, identifiers: list[str]
) -> tuple[str, forms.Form, Callable[[Row], Outcome]]:
    """The name of the form that was sent, the form, and what carries it out."""
    by = request.user.email  # type: ignore[union-attr]

    def join(told: Row) -> Outcome:
        other = _one(home, told["other"])
        found = who_is_who.join(home, who, other, by=by, reason=told["reason"])
        return found, _("They are one customer now: %(customer)s.") % {"customer": found["customer_id"]}, [other]

    def apart(told: Row) -> Outcome:
        other = _one(home, told["other"])
        return who_is_who.apart(home, who, other, by=by, reason=told["reason"]), _("They stay two customers, whatever is told later."), [other]  # fmt: skip

    def split(told: Row) -> Outcome:
        found = who_is_who.split(home, who, told["keys"], by=by, reason=told["reason"])
        said = _("The identifiers are %(customer)s now.") % {"customer": found["split_off"]}
        if found["came_along"]:
            said += " " + _("What only they link went along: %(n)s more.") % {"n": len(found["came_along"])}
        return found, said, [found["split_off"]]

    def undo(told: Row) -> Outcome:
        return who_is_who.undo(home, decision, by=by, reason=told["reason"]), _("The decision no longer holds."), []

    if action in ("join", "apart"):
        return action, Other(request.POST, auto_id=f"id_{action}_%s"), join if action == "join" else apart
    if action == "split":
        return action, Split(identifiers, request.POST, auto_id="id_split_%s"), split
    decision = request.POST.get("decision", "")
    mine = {row["decision_id"] for row in decisions(home) if {*identifiers} & {*row["keys"], *row["others"]}}
    if action != "undo" or decision not in mine:
        raise UserError(_("There is no such decision of this customer, or it no longer holds."))
    return decision, Decision(request.POST, auto_id=f"id_{decision}_%s"), undo


def _one(home: Home, told: str) -> str:
    """The one customer that somebody named. Raises UserError where nobody is found, or several are."""
    found = find_customers(home, told)
    if len(found) != 1:
        raise UserError(
            _("“%(told)s” leads to %(n)s customers; name one by an identifier or id.") % {"told": told, "n": len(found)}
        )
    return found[0]
