"""What a user may ask, and what of an answer is told to whom: who may see no customer is told no id of one, or of what they said or did."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied

from firsthand.web.audit.record import note
from firsthand.web.figures.answers import Answers, Asked, answers
from firsthand.web.figures.filters import Filters
from firsthand.web.figures.questions import NEEDS

OF_CUSTOMERS = {"customer_id", "interaction_id"}


def told(user: Any, filters: Filters, **asked: str | Asked) -> Answers:
    """The answers to questions, as a user may have them; that somebody got a list of customers is in the audit log.

    filters, asked: as in `answers`. Raises PermissionDenied where the user may not ask one of the questions.
    """
    questions = {key: each if isinstance(each, str) else each[0] for key, each in asked.items()}
    if not all(user.may(NEEDS.get(question, "see_figures")) for question in questions.values()):
        raise PermissionDenied
    found = answers(filters, **asked)
    for question in questions.values():
        if NEEDS.get(question) == "list_customers":
            note(by=user, did="listed customers", about=f"{question}{filters.query}")
    documents = {key: _told(document, user, questions[key]) for key, document in found.documents.items()}
    return replace(found, documents=documents)


def _told(answer: Any, user: Any, question: str) -> Any:
    if user.may("see_customer") or (question == "to_label" and user.may("label_comments")):
        return answer
    return _without(answer)


def _without(part: Any) -> Any:
    if isinstance(part, dict):
        return {key: _without(value) for key, value in part.items() if key not in OF_CUSTOMERS}
    return [_without(each) for each in part] if isinstance(part, list) else part
