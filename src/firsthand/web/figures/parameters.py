"""What each question can be asked with, read off what answers it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from firsthand.errors import UserError
from firsthand.jobs.designed_figures import designed_figures
from firsthand.jobs.funnel_figures import funnel_figures, retention_figures
from firsthand.jobs.path_figures import around_figures, variant_figures
from firsthand.web.figures.questions import QUESTIONS

HANDED_ON: dict[str, Callable[..., Any]] = {
    "variants": variant_figures, "around": around_figures, "funnel": funnel_figures, "retention": retention_figures,
    "designed": designed_figures,
}  # fmt: skip
"""Where a question hands its parameters on as they are: to what."""
TOO_WIDE = ("world", "period", "listed")
"""What no address says."""
LISTS = ("by", "steps", "without")
NUMBERS = ("within_days", "months", "most")
WHOLE = ("months", "most")


def parameters_of(question: str) -> dict[str, bool]:
    """The parameters of a question, and whether each must be given."""
    answering = [QUESTIONS[question], *([HANDED_ON[question]] if question in HANDED_ON else [])]
    found: dict[str, bool] = {}
    for function in answering:
        for name, one in inspect.signature(function).parameters.items():
            if one.kind is not one.VAR_KEYWORD and name not in TOO_WIDE:
                found[name] = found.get(name, False) or one.default is one.empty
    if question == "around":
        del found["steps"]  # a number there, and a list of touchpoints elsewhere
    return found


def kind_of(parameter: str) -> str:
    """`list`, `number` or `text`."""
    return "list" if parameter in LISTS else "number" if parameter in NUMBERS else "text"


def checked(question: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """What was told with a question. Raises UserError where it does not know a parameter, or lacks one that it needs."""
    known = parameters_of(question)
    for name in told:
        if name not in known:
            raise UserError(f'"{question}" has no parameter {name}. It has: {", ".join(known) or "none"}.')
    for name, needed in known.items():
        if needed and not told.get(name):
            raise UserError(f'"{question}" needs the parameter {name}.')
    return dict(told)
