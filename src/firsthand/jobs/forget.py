"""A person is forgotten: all that the home holds of one customer goes, and does not come back with the same file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

import duckdb
from phonenumbers import NumberParseException, national_significant_number, parse

from firsthand.errors import NobodyFound, UserError
from firsthand.jobs.erase import Plan, erase, erasing
from firsthand.jobs.gone import home_opened, plan
from firsthand.jobs.home import Home
from firsthand.jobs.secret import keyed
from firsthand.jobs.who_is_who import customer
from firsthand.people import written_alike
from firsthand.people.identifiers import key_of

Row = dict[str, Any]
SHORTEST = 4
"""Shorter values (a customer number 17) stand in rejected records for anything: they are not looked for there."""


def forget_person(home: Home, who: str, *, by: str, reason: str) -> Row:
    """Forgets a customer: everything of theirs is deleted from the home's tables; what stays is in docs/explanation/forgetting.md.

    who: a customer id or an identifier, which need not be in the record: consents and rejected records may name it.
    Returns erasure_id, customer_id, erased_at, by, why, rows (how many of which table), not_looked_for (identifiers that are too
    short to be found in rejected records). Stopped at any point and done again, it completes.
    Raises UserError where nothing is found, or `by` or the reason is missing or names the person.
    """
    if not by.strip() or not reason.strip():
        raise UserError("Say who does it and why: --by NAME --why TEXT")
    with erasing(home) as finished:
        try:
            made, found, short = plan_for(home, who, by=by, reason=reason)
        except UserError:
            key = written_alike(who, home.settings.country)
            for erasure, named in finished:
                if who in named or key in named:
                    return _outcome(erasure, named[0], [])
            raise
        return _outcome(erase(home, made), found, short)


def plan_for(home: Home, who: str, *, by: str, reason: str) -> tuple[Plan, str | None, list[str]]:
    """What forgetting somebody would do, the customer's id (None where no interaction tells of them), and what is not looked for."""
    found, keys = whose(home, who)
    connection = home_opened(home)
    try:
        con = connection.con
        tell_gone(con, keys, int(found[1:], 16) if found else 0)
        values = told_values(con, home.settings.country)
        pattern, short = spelled(values)
        named = spelled({*values, *((("id", found),) if found else ())})[0]
        if named and re.search(named, reason):
            raise UserError("The reason names the person. It is kept when the person is forgotten: say it without.")
        con.execute("CREATE TEMP TABLE gone_rejections (rejection_id VARCHAR)")
        if pattern:
            con.execute(f"INSERT INTO gone_rejections {NAMING}", {"pattern": pattern})
        customer_hash = keyed(home)("customer", found) if found else None
        made = plan(home, con, who=[*([found] if found else []), *keys], kind="person", by=by, why=reason, customer_hash=customer_hash)  # fmt: skip
    finally:
        connection.disconnect()
    if not made.erasure["rows"]:
        raise UserError(f'Nothing in this home is of "{who}" (expected a customer id, or an identifier such as email=kim@example.org).')  # fmt: skip
    return made, found, short


NAMING = "SELECT rejection_id FROM rejected WHERE regexp_matches(concat_ws(chr(10), raw, message), $pattern)"
"""Rejected records that hold one of the identifiers that a pattern looks for."""


def whose(home: Home, who: str) -> tuple[str | None, list[str]]:
    """The customer and all identifiers; of an identifier that the record does not hold, itself alone."""
    try:
        return customer(home, who)
    except NobodyFound:
        key = written_alike(who, home.settings.country)
        if key is None:
            raise
        return None, [key]


def tell_gone(con: duckdb.DuckDBPyConnection, keys: Iterable[str], life: int) -> None:
    """Makes the tables of `gone.plan` but that of rejected records, of one customer: interactions whose newest version is theirs, with
    all versions, and older versions of others' that were told of them."""
    con.execute("CREATE TEMP TABLE gone_keys (key VARCHAR)")
    con.executemany("INSERT INTO gone_keys VALUES (?)", [[key] for key in keys])
    con.execute(f"CREATE TEMP TABLE gone_ids AS SELECT DISTINCT interaction_id FROM lives WHERE life = {life}")
    con.execute("""
        CREATE TEMP TABLE gone_rows AS SELECT interaction_id, content_hash, text FROM record
        WHERE key IN (FROM gone_keys) OR interaction_id IN (FROM gone_ids)
    """)
    con.execute("CREATE TEMP TABLE wordless AS FROM gone_rows LIMIT 0")


def told_values(con: duckdb.DuckDBPyConnection, country: str) -> set[tuple[str, str]]:
    """The person's strong identifiers as kind and value, as they were told and as they are written alike."""
    found = con.execute(f"""
        SELECT DISTINCT e.kind, trim(e.value) FROM (
            SELECT unnest(identifiers) AS e FROM record SEMI JOIN gone_rows USING (interaction_id, content_hash)
        ) WHERE {key_of("e", country)} IN (FROM gone_keys)
        UNION SELECT split_part(key, '=', 1), substr(key, strpos(key, '=') + 1) FROM gone_keys
    """).fetchall()
    return {(kind, value) for kind, value in found}


def spelled(values: Iterable[tuple[str, str]]) -> tuple[str, list[str]]:
    """A regular expression that finds identifiers as whole words, phones however they are divided; and what is too short for that."""
    patterns, short = set(), []
    for kind, value in sorted(values):
        digits = _national(value) if kind == "phone" else ""
        if len(value) < SHORTEST:
            short.append(f"{kind}={value}")
        elif len(digits) >= 6:
            patterns.add(r"(?:^|\D)0{0,2}\d{0,3}[ ()./-]*" + r"[ ()./-]*".join(digits) + r"(?:\D|$)")
        else:
            for spelling in {value, json.dumps(value)[1:-1]}:
                patterns.add(rf"(?:^|[^0-9A-Za-z._+%-]){re.escape(spelling)}(?:$|[^0-9A-Za-z.-]|\.(?:$|[^0-9A-Za-z]))")
    return (f"(?i){'|'.join(sorted(patterns))}" if patterns else ""), short


def _national(value: str) -> str:
    try:
        return national_significant_number(parse(value, None))
    except NumberParseException:
        return ""


def _outcome(erasure: Row, found: str | None, short: list[str]) -> Row:
    told = {name: erasure[name] for name in ("erasure_id", "erased_at", "by", "why", "rows")}
    return {"customer_id": found, **told, "not_looked_for": short}
