"""One life: everything that a customer and the organisation had to do with each other, in order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import ibis.expr.types as ir
from ibis import _

from firsthand.jobs.consents import consents_of
from firsthand.jobs.engines import DUCKDB
from firsthand.jobs.home import Home
from firsthand.jobs.one_life import PROMISE, in_their_order, one_life
from firsthand.jobs.signal_files import signals_of
from firsthand.jobs.who_is_who import customer
from firsthand.jobs.world import World, rows_of, world
from firsthand.journeys.promises import promises as promises_of
from firsthand.journeys.signals import Lives
from firsthand.journeys.signals import found as signals_in
from firsthand.voice import installed

Row = dict[str, Any]
MOMENT = (
    "interaction_id", "step", "journey", "channel", "touchpoint", "stage", "kind", "owner", "source", "event", "direction",
    "wait_seconds", "duration_seconds", "amount", "currency", "employee", "promise_id", "promise_state", "question",
    "score", "scale_low", "scale_high", "answer", "text", "subjects", "circumstances",
)  # fmt: skip


def person(home: Home, who: str, as_of: str | None = None, engine: str = DUCKDB) -> Row:
    """A customer's life until `as_of`: identifiers, what became of promises, and every interaction, the earliest first.

    Each interaction has the `signals` that show there, looked for in this life alone.
    who: a customer id or an identifier (`email=kim@example.org`). What is null is left out of `life`.
    Raises NobodyFound where it leads to none.
    """
    found, identifiers = customer(home, who)
    zone = ZoneInfo(home.settings.timezone)
    moment, number = home.as_of(as_of), int(found[1:], 16)
    columns = ("occurred_at", "promised_for", *MOMENT)
    told = one_life(home, number, moment, columns) if engine == DUCKDB else None
    life, promises, signals = told or _worked_out(home, number, moment, engine, columns)
    shown: dict[int, list[Row]] = {}
    for row in signals:
        shown.setdefault(row["step"], []).append({name: row[name] for name in ("signal", "title", "good", "evidence")})
    for row in life:
        row["text"] = shown_words(row["text"])
        for name in ("occurred_at", "promised_for"):
            row[name] = row[name].astimezone(zone).isoformat() if row[name] else None
        row["signals"] = shown.get(row["step"], [])
        row["circumstances"] = dict(row["circumstances"] or [])
        row["amount"] = None if row["amount"] is None else float(row["amount"])
    for row in promises:
        row["promised_for"] = row["promised_for"].astimezone(zone).isoformat()
    return {
        "customer_id": found,
        "identifiers": identifiers,
        "consents": consents_of(home, identifiers),
        "interactions": len(life),
        "promises": promises,
        "life": [{name: value for name, value in row.items() if value not in (None, [], {})} for row in life],
        "as_of": moment.isoformat(),
    }


def _worked_out(
    home: Home, number: int, moment: datetime, engine: str, columns: Sequence[str]
) -> tuple[list[Row], list[Row], list[Row]]:
    """What `one_life` returns, on any engine and whatever the home's signals do."""
    with world(home, moment.isoformat(), engine) as opened:
        life = rows_of(opened.seen.timeline.filter(_.life == number).select(*columns), ["step"])
        made = [row["promise_id"] for row in life if row["promise_id"]]
        # of promises, what was told by whomever: a carrier may not know the customer
        about = opened.connection.create_table(
            "one_life", opened.seen.timeline.filter((_.life == number) | _.promise_id.isin(made)), temp=True
        )
        state = promises_of(about, opened.as_of, home.settings.timezone).select(*PROMISE)
        promises = rows_of(state, ["promised_for", "promise_id"]) if made else []
        return life, promises, _signals(opened, about, number)


def _signals(opened: World, about: ir.Table, number: int) -> list[Row]:
    zone, seen, signals = opened.home.settings.timezone, opened.seen, signals_of(opened.home)
    lives = Lives(about, lambda: promises_of(about, seen.as_of, zone), seen.touchpoints, seen.as_of)
    shown = signals_in(lives, signals).filter(_.life == number)
    return in_their_order(rows_of(shown.select("signal", "step", "evidence")), signals)


def shown_words(text: str | None) -> str | None:
    """What a customer wrote, personal data masked where the extra `voice` is installed; without it, as it was told."""
    if not text or not installed():
        return text
    from firsthand.voice.personal_data import masked
    from firsthand.voice.plain import plain

    return masked(plain(text))[0]
