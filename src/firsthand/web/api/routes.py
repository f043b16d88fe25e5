"""What can be asked of the API."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from ninja import NinjaAPI, Path, Query
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import WithJsonSchema

from firsthand import __version__
from firsthand.errors import Busy, NobodyFound, UserError
from firsthand.jobs.home import Home, open_home
from firsthand.jobs.person import person
from firsthand.jobs.refresh import map_of
from firsthand.jobs.rejections import open_rejections
from firsthand.web.accounts.rights import open_to_all
from firsthand.web.accounts.roles import RIGHTS
from firsthand.web.api.access import FORBIDDEN, nobody, who_may
from firsthand.web.api.schemas import Answer, Customer, Fault, Map, Me, Questions, Rejections
from firsthand.web.audit.record import note
from firsthand.web.figures import parameters
from firsthand.web.figures.downloads import parameters as told_in
from firsthand.web.figures.filters import PLACES, Filters
from firsthand.web.figures.mistakes import AGAIN
from firsthand.web.figures.questions import NEEDS, QUESTIONS
from firsthand.web.figures.told import told

Row = dict[str, Any]
FILTERS = ("since", "until", *PLACES)
FAULTS = dict.fromkeys((400, 401, 403, 404), Fault)
Text = Annotated[str | None, Query(max_length=300)]
Named = Annotated[str, WithJsonSchema({"type": "string", "enum": list(QUESTIONS)})]
MANY = 1000

api = NinjaAPI(
    title="Firsthand", version=__version__, docs_url=None, urls_namespace="api", auth=nobody,
    description="Figures of one organisation's customer experience, to read. Tokens are made on /account/tokens/.",
)  # fmt: skip


def _home() -> Home:
    return open_home(settings.HOME)


def asked(address: str, right: str, told: Any) -> Callable[[Any], Any]:
    """Answers GET at an address to those who have a right."""
    return api.get(address, auth=who_may(right), response={200: told, **FAULTS}, exclude_unset=True)


@asked("/me", "own_account", Me)
def me(request: HttpRequest) -> Row:
    """Whose token it is, and what they may do."""
    user: Any = request.auth  # type: ignore[attr-defined]
    rights = [right for right in RIGHTS if user.may(right)]
    return {
        "email": user.email, "name": user.name, "role": user.role, "teams": user.teams, "rights": rights,
        "organisation": _home().settings.name,
    }  # fmt: skip


@asked("/figures", "see_figures", Questions)
def questions(request: HttpRequest) -> Row:
    """What can be asked, with the parameters and filters that it takes."""
    known = [
        {
            "question": name,
            "right": NEEDS.get(name, "see_figures"),
            "parameters": [
                {"name": each, "kind": parameters.kind_of(each), "required": needed}
                for each, needed in parameters.parameters_of(name).items()
            ],
        }
        for name in QUESTIONS
    ]
    return {"filters": list(FILTERS), "questions": known}


@asked("/figures/{question}", "see_figures", Answer)
def figures(
    request: HttpRequest,
    question: Named,
    since: Text = None, until: Text = None, channel: Text = None, stage: Text = None, touchpoint: Text = None,
    source: Text = None, owner: Text = None, topic: Text = None, circumstance: Text = None,
    by: Annotated[list[str], Query(max_length=4, description="Groups, such as month or channel.")] = [],  # noqa: B006
    chosen: Text = None, against: Text = None, within: Text = None, group: Text = None,
) -> HttpResponse:  # fmt: skip
    """The answer to a question, as pages show it, about the part of the world that the filters name.

    Other parameters that the question has (see /api/figures) are given in the same way. Small groups are suppressed.
    """
    if question not in QUESTIONS:
        raise Http404
    found = told(request.auth, Filters.of(request.GET), it=(question, told_in(question, request.GET)))  # type: ignore[attr-defined]
    return api.create_response(request, found.it | {"renewing": found.renewing}, status=200)  # whatever it holds


@asked("/customers/{customer_id}", "see_customer", Customer)
def customer(request: HttpRequest, customer_id: Annotated[str, Path(pattern="^c[0-9a-f]{15}$")]) -> Row:
    """One customer's life over all channels. That it was seen is in the audit log."""
    try:
        found = person(_home(), customer_id)
    except NobodyFound as unknown:
        raise Http404 from unknown
    note(by=request.auth, did="saw a customer", customer=found["customer_id"], about="by the API")  # type: ignore[attr-defined]
    return found


@asked("/rejected", "import_data", Rejections)
def rejected(
    request: HttpRequest, source: Text = None, reason: Text = None, limit: Annotated[int, Query(ge=1, le=MANY)] = 50
) -> Row:
    """What was put aside and not settled, the oldest first."""
    total, rows = open_rejections(_home(), source=source, reason=reason, limit=limit)
    note(by=request.auth, did="saw rejected records", about=f"{len(rows)} of {total}, by the API")  # type: ignore[attr-defined]
    return {"total": total, "rejected": rows}


@asked("/map", "see_figures", Map)
def experience_map(request: HttpRequest) -> Row:
    """The experience map."""
    return asdict(map_of(_home()))


def _fault(request: HttpRequest, status: int, said: str) -> HttpResponse:
    response = api.create_response(request, {"error": said}, status=status)
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(UserError)
def _mistake(request: HttpRequest, error: UserError) -> HttpResponse:
    return _fault(request, 400, str(error))


@api.exception_handler(Busy)
def _busy(request: HttpRequest, error: Busy) -> HttpResponse:
    response = _fault(request, 503, "The answer is being worked out. Ask again in a moment.")
    response["Retry-After"] = str(AGAIN)
    return response


@api.exception_handler(ValidationError)
def _wrong(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return _fault(request, 400, "; ".join(f"{each['loc'][-1]}: {each['msg']}" for each in error.errors) + ".")


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return _fault(request, 401, "Say who asks: Authorization: Bearer TOKEN. Tokens are made on /account/tokens/.")


@api.exception_handler(PermissionDenied)
def _forbidden(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return _fault(request, 403, FORBIDDEN)


@api.exception_handler(HttpError)
def _refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    return _fault(request, error.status_code, str(error))


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return _fault(request, 404, "There is no such thing.")


patterns, app_name, namespace = api.urls
for _pattern in patterns:
    _pattern.callback = open_to_all(
        login_not_required(never_cache(_pattern.callback))
    )  # it asks who may by itself, see api.access
