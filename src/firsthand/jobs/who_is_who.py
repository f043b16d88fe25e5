"""Who is who, looked at and decided by people: why two are one, join, split, undo, what to review."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from firsthand.errors import NobodyFound, UserError
from firsthand.jobs.home import Home
from firsthand.jobs.identify import decisions, retired, told_again
from firsthand.jobs.known import known
from firsthand.jobs.refresh import refresh
from firsthand.jobs.weighed_links import weighed_customers, weighed_decisions
from firsthand.lake import connect, delta
from firsthand.lake.read import rows
from firsthand.people import written_alike
from firsthand.people.evidence import chain, links
from firsthand.people.ids import free_id
from firsthand.people.parting import falls_apart, sides, together
from firsthand.tables import CustomerIds, ProbablePeople, ToReview, WhoIsWho

Row = dict[str, Any]


def customer(home: Home, who: str) -> tuple[str, list[str]]:
    """The customer that an id or an identifier (`email=kim@example.org`) leads to, and all identifiers of that customer.

    An id that was given up for an older one leads to that. An identifier may be written as people do: an e-mail in capitals, a
    phone as it is dialled; both also without their kind, a phone then with its country. Raises NobodyFound where
    that is nobody, or several.
    """
    refresh(home)
    key = written_alike(who, home.settings.country)
    with known(home) as connection:
        lives: set[int] = set()
        for question, name in zip(_LEADS_TO, (key or who, who, who, who), strict=True):
            lives = lives or {life for (life,) in connection.execute(question, {"who": name}).fetchall()}
        found = connection.execute(
            "SELECT customer_id, list(key ORDER BY key) FROM people SEMI JOIN (SELECT unnest($lives) AS life) USING (life) GROUP BY customer_id",
            {"lives": sorted(lives)},
        ).fetchall()
    if len(found) == 1:
        return found[0][0], found[0][1]
    if found:
        raise NobodyFound(
            f'"{who}" leads to {len(found)} customers: {", ".join(row[0] for row in found)}. Name one of them.'
        )
    raise NobodyFound(f'"{who}" is no customer id and no identifier of the record (expected c0123456789abcde or email=kim@example.org).')  # fmt: skip


_LEADS_TO = (
    "SELECT DISTINCT life FROM people WHERE key = $who",
    "SELECT DISTINCT life FROM people WHERE customer_id = $who",
    "SELECT DISTINCT life FROM people WHERE lower(key) = lower($who)",
    "SELECT DISTINCT life FROM (FROM given WHERE customer_id = $who) JOIN people USING (key)",
)
"""From what was said to lives, the first that leads anywhere."""


def why(home: Home, one: str, other: str) -> Row:
    """Whether two are one customer, and the evidence: the chain of links from the one to the other, or what stands between them.

    `evidence` is what a model weighs: of the links that one decided, or of two customers whom the newest one can compare.
    """
    (a, keys), (b, others) = customer(home, one), customer(home, other)
    named, named_other = (written_alike(each, home.settings.country) for each in (one, other))
    start = [named] if named in keys else keys
    ends = [named_other] if named_other in others else others
    held = sorted({*keys, *others})
    with connect(home.lake) as connection:
        told_again(home, connection)
        found = links(connection, held, decisions(home))
    steps = chain(found, start, ends) if a == b else []
    return {
        "same": a == b, "customers": sorted({a, b}), "identifiers": held, "chain": steps, "links": found,
        "refused": _refused(home, {*held}),
        "evidence": weighed_decisions(home, steps) if a == b else weighed_customers(home, a, b),
    }  # fmt: skip


def _refused(home: Home, keys: set[str]) -> list[Row]:
    """What was told of these identifiers together and not linked."""
    return [row for row in rows(home.lake, ToReview).to_pylist() if {row["key"], row["other"]} <= keys]


def join(home: Home, one: str, other: str, *, by: str, reason: str) -> Row:
    """Decides that two customers are one person; the older id stays. Raises UserError where they are already, or may not be."""
    (a, keys), (b, others) = customer(home, one), customer(home, other)
    if a == b:
        raise UserError(f"{one} and {other} are one customer already: {a}. See: firsthand people why {one} {other}")
    decision = _decide(home, [("same", keys, others)], by, reason)
    (now, _), (then, _) = customer(home, a), customer(home, b)
    if now != then:
        refusals = _refused(home, {*keys, *others})
        _decide(home, [("undone", [], [])], by, "it was refused", undoes=decision)
        against = "".join(f" ({row['detail']})" for row in refusals[:1])
        raise UserError(
            f"{a} and {b} were not joined: something keeps them apart{against}. See: firsthand people review"
        )
    return {"decision": decision, "customer_id": now, "joined": [a, b]}


def split(home: Home, who: str, identifiers: Sequence[str], *, by: str, reason: str) -> Row:
    """Decides that some identifiers are not this customer's but another person's, who gets an id of their own.

    What is linked only with them goes along (see people.parting.sides); all others stay one customer.
    Raises UserError where the customer does not have them, or has no others.
    """
    found, keys = customer(home, who)
    country = home.settings.country
    identifiers = [written_alike(each, country) or each for each in identifiers]
    strange = [key for key in identifiers if key not in keys]
    if strange:
        raise UserError(f"{found} does not have {', '.join(strange)}. There are: {', '.join(keys)}.")
    if not set(keys) - set(identifiers):
        raise UserError(f"These are all identifiers of {found}: name only those that are another person's.")
    with connect(home.lake) as connection:
        told_again(home, connection)
        told = together(connection, keys, decisions(home))
    going, rest = sides(told, keys, identifiers, written_alike(who, country))
    taken = set(rows(home.lake, CustomerIds).column("customer_id").to_pylist())
    fresh = free_id(min(identifiers), taken, retired(home))
    given = [{"key": key, "customer_id": fresh, "given_at": datetime.now(UTC)} for key in going]
    delta.add(home.lake, CustomerIds, given)
    held: list[Verdict] = [
        ("same", parts, []) for parts in (falls_apart(told, side) for side in (going, rest)) if parts
    ]
    decision = _decide(home, [("different", going, rest), *held], by, reason)
    return {
        "decision": decision, "customer_id": customer(home, rest[0])[0], "split_off": customer(home, going[0])[0],
        "identifiers": going, "came_along": [key for key in going if key not in identifiers],
    }  # fmt: skip


def undo(home: Home, decision: str, *, by: str, reason: str) -> Row:
    """Takes a decision back. Raises UserError where it does not hold."""
    if decision not in {row["decision_id"] for row in decisions(home)}:
        raise UserError(f'"{decision}" is no decision that holds. See: firsthand people decisions')
    return {"decision": _decide(home, [("undone", [], [])], by, reason, undoes=decision), "undone": decision}


def apart(home: Home, one: str, other: str, *, by: str, reason: str) -> Row:
    """Decides that two customers are different people, whatever comes. Raises UserError where they are one already."""
    (a, keys), (b, others) = customer(home, one), customer(home, other)
    if a == b:
        raise UserError(
            f"{one} and {other} are one customer: {a}. Name what is another person's: firsthand people split {a} …"
        )
    return {"decision": _decide(home, [("different", keys, others)], by, reason), "apart": [a, b]}


def review(home: Home) -> list[Row]:
    """What a person should look at: what was told together, most often told first, and what a model found probable."""
    refresh(home)
    told = [row | {"probability": None} for row in rows(home.lake, ToReview).to_pylist()]
    told.sort(key=lambda row: (-row["count"], row["key"], row["other"] or ""))
    return [*told, *probable(home)]


def probable(home: Home) -> list[Row]:
    """Pairs that a model found probable and did not join, and of which nobody has decided since, the most probable first."""
    pairs = rows(home.lake, ProbablePeople).to_pylist()
    apart = [row for row in decisions(home) if row["verdict"] == "different"] if pairs else []
    leads = leads_to(home, [key for row in pairs for key in (row["key"], row["other"])] + [key for row in apart for key in (*row["keys"], *row["others"])])  # fmt: skip
    decided = {
        frozenset((leads.get(key), leads.get(other))) for row in apart for key in row["keys"] for other in row["others"]
    }
    found: dict[frozenset[str | None], Row] = {}
    for row in pairs:
        pair = frozenset((leads.get(row["key"]), leads.get(row["other"])))
        if len(pair) == 2 and None not in pair and pair not in decided:
            better = pair not in found or found[pair]["probability"] < row["probability"]
            found[pair] = row | {"count": 0} if better else found[pair]
    return sorted(found.values(), key=lambda row: (-row["probability"], row["key"], row["other"]))


def leads_to(home: Home, keys: Iterable[str]) -> dict[str, str]:
    """The customer that each of some identifiers leads to now, of those that lead to one."""
    with known(home) as connection:
        named = connection.execute(
            "SELECT key, customer_id FROM people SEMI JOIN (SELECT unnest($keys::VARCHAR[]) AS key) USING (key)",
            {"keys": list({*keys})},
        ).fetchall()
    return dict(named)


Verdict = tuple[str, list[str], list[str]]
"""What is decided, and of which identifiers: the one side, and the other."""


def _decide(home: Home, verdicts: Sequence[Verdict], by: str, reason: str, undoes: str | None = None) -> str:
    """Writes a decision down: a row for each verdict, which hold and are undone together. Returns its name."""
    decision, now = f"d{uuid.uuid4().hex[:12]}", datetime.now(UTC)
    delta.add(home.lake, WhoIsWho, [{
        "decision_id": decision, "verdict": verdict, "keys": keys, "others": others, "probability": None, "undoes": undoes,
        "by": by, "why": reason, "decided_at": now,
    } for verdict, keys, others in verdicts])  # fmt: skip
    return decision
