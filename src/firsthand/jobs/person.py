"""One life: everything that a customer and the organisation had to do with each other, in order."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from ibis import _

from firsthand.jobs.engines import DUCKDB
from firsthand.jobs.home import Home
from firsthand.jobs.who_is_who import customer
from firsthand.jobs.world import rows_of, world
from firsthand.journeys.promises import promises as promises_of

Row = dict[str, Any]
MOMENT = (
    "interaction_id", "step", "journey", "channel", "touchpoint", "stage", "kind", "owner", "source", "event", "direction",
    "wait_seconds", "duration_seconds", "amount", "currency", "employee", "promise_id", "promise_state", "question",
    "score", "scale_low", "scale_high", "answer", "text", "subjects", "circumstances",
)  # fmt: skip


PROMISE = ("promise_id", "touchpoint", "owner", "promised_for", "state", "late_seconds")


def person(home: Home, who: str, as_of: str | None = None, engine: str = DUCKDB) -> Row:
    """A customer's life until `as_of`: identifiers, what became of promises, and every interaction, the earliest first.

    who: a customer id or an identifier (`email=kim@example.org`). What is null is left out of `life`.
    Raises UserError where nobody is found.
    """
    found, identifiers = customer(home, who)
    zone = ZoneInfo(home.settings.timezone)
    with world(home, as_of, engine) as opened:
        number = int(found[1:], 16)
        mine = opened.seen.timeline.filter(_.life == number)
        life = rows_of(mine.select("occurred_at", "promised_for", *MOMENT), ["step"])
        made = [row["promise_id"] for row in life if row["promise_id"]]
        told = opened.seen.timeline.filter(_.promise_id.isin(made))  # by whomever: a carrier may not know the customer
        state = promises_of(told, opened.as_of, home.settings.timezone).select(*PROMISE)
        promises = rows_of(state, ["promised_for", "promise_id"]) if made else []
        moment = opened.as_of
    for row in life:
        for name in ("occurred_at", "promised_for"):
            row[name] = row[name].astimezone(zone).isoformat() if row[name] else None
        row["circumstances"] = dict(row["circumstances"] or [])
        row["amount"] = None if row["amount"] is None else float(row["amount"])
    for row in promises:
        row["promised_for"] = row["promised_for"].astimezone(zone).isoformat()
    return {
        "customer_id": found,
        "identifiers": identifiers,
        "interactions": len(life),
        "promises": promises,
        "life": [{name: value for name, value in row.items() if value not in (None, [], {})} for row in life],
        "as_of": moment.isoformat(),
    }
