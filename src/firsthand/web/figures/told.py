"""What of an answer is told to whom: who may see no customer is told no customer's id, and no id of what they said or did."""

from __future__ import annotations

from typing import Any

OF_CUSTOMERS = {"customer_id", "interaction_id"}


def told(answer: Any, user: Any, question: str) -> Any:
    """An answer to a question as a user may have it."""
    if user.may("see_customer") or (question == "to_label" and user.may("label_comments")):
        return answer
    return _without(answer)


def _without(part: Any) -> Any:
    if isinstance(part, dict):
        return {key: _without(value) for key, value in part.items() if key not in OF_CUSTOMERS}
    return [_without(each) for each in part] if isinstance(part, list) else part
