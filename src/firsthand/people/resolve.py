"""Who is who: all strong identifiers that were told of one interaction are one person's, unless something speaks against it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from firsthand.people.again import Before, find_affected, merged, shared_again
from firsthand.people.apart import Label, components
from firsthand.people.ids import named, nobodys
from firsthand.people.told import graph, part, shared
from firsthand.people.verdicts import linked_keys
from firsthand.tables import CustomerIds, People, ToReview

Row = dict[str, Any]


@dataclass(frozen=True)
class IdentifierRules:
    """What a home declares of its customers' identifiers.

    one_per_person: kinds (`customer_number`, or `shop/customer_number` as that source tells it) of which nobody has two.
    most_holders: an identifier held by more people than this links nobody.  country: whose phone numbers are told
    without a country (ISO 3166), or blank.
    """

    one_per_person: Sequence[str] = ()
    most_holders: int = 4
    country: str = ""


def resolve(
    connection: duckdb.DuckDBPyConnection,
    rules: IdentifierRules = IdentifierRules(),
    given: pa.Table | None = None,
    verdicts: Sequence[Row] = (),
    retired: Callable[[str], bool] = nobodys,
    before: Before | None = None,
) -> tuple[pa.Table, pa.Table]:
    """The customer of every strong identifier that the record holds, and what a person should look at.

    Needs the table `told` (see `told_together`).  given: tables.CustomerIds.  verdicts: those of tables.WhoIsWho that hold.
    retired: ids that nobody may get again (see `named`).  before: what came out of it last time; then only what may have changed is worked
    out again, with the same outcome, and leaves the table `affected` (see `find_affected`).
    Two identifiers belong together if a chain of interactions, or of verdicts, links them; never through an identifier
    that many share, never two values of what each person has one of, and never against a verdict.
    Returns tables.People, and tables.ToReview. Leaves the tables `common` and `parted` (see `part`) in the connection.
    """
    kinds = [entry.rpartition("/")[2] for entry in rules.one_per_person]
    held = CustomerIds.schema().empty_table() if given is None else given
    if before is None:
        common = shared(connection, kinds, rules.most_holders)
        part(connection, common)
        nodes, links = graph(connection)
    else:
        common = shared_again(connection, kinds, rules.most_holders, before)
        part(connection, common)
        find_affected(connection, held, verdicts, before)
        nodes, links = graph(connection, among="affected")
    number = dict(zip(nodes.column("key").to_pylist(), range(nodes.num_rows), strict=True)) if verdicts else {}
    one, other, times = (links.column(name).to_numpy() for name in ("one", "other", "times"))
    decided = _decided(verdicts, number)
    if decided:
        extra = np.array(decided, dtype=np.int64)
        one, other = np.concatenate([one, extra[:, 0]]), np.concatenate([other, extra[:, 1]])
        times = np.concatenate([times, extra[:, 2]])
    labels = labels_of(connection, rules.one_per_person, verdicts, number)
    held_by = _holders(connection, held, nodes.num_rows) if labels else None
    stands = None if held_by is None else (held_by[one] == held_by[other]) & (held_by[one] != "")
    component, refused = components(nodes.num_rows, one, other, times, labels, stands)
    people = named(connection, nodes, component, held, retired).cast(People.schema())
    name = nodes.column("key")
    review = [
        {"key": name[each.one].as_py(), "other": name[each.other].as_py(), "reason": each.reason, "detail": each.detail, "count": each.times}
        for each in refused
    ] + [
        {"key": row["key"], "other": None, "reason": "shared", "detail": f"held by {row['holders']} people", "count": row["holders"]}
        for row in common.to_pylist()
    ]  # fmt: skip
    to_review = pa.Table.from_pylist(review, schema=ToReview.schema())
    return (people, to_review) if before is None else merged(connection, people, to_review, before)


def _holders(connection: duckdb.DuckDBPyConnection, given: pa.Table, size: int) -> np.ndarray:
    """The customer id that each node was given last; blank where it was given none. Needs the table `nodes`."""
    connection.register("given", given)
    told = connection.execute(
        "SELECT number, arg_max(customer_id, given_at) AS holder FROM given JOIN nodes USING (key) GROUP BY number"
    ).fetchnumpy()
    holders = np.full(size, "", dtype=object)
    holders[told["number"]] = told["holder"]
    return holders


CERTAIN = 2**40
"""What a person's decision weighs against interactions; a model's weighs less than one interaction."""


def _decided(verdicts: Sequence[Row], number: Mapping[str, int]) -> list[tuple[int, int, int]]:
    """Links that were decided, each as a chain through the identifiers that it links."""
    links = []
    for verdict in verdicts:
        if verdict["verdict"] == "same":
            named = [number[key] for key in linked_keys(verdict) if key in number]
            weight = CERTAIN if verdict["probability"] is None else 0
            links += [(a, b, weight) for a, b in pairwise(named)]
    return links


def labels_of(
    connection: duckdb.DuckDBPyConnection, one_per_person: Sequence[str], verdicts: Sequence[Row], number: Mapping[str, int]
) -> dict[int, list[Label]]:  # fmt: skip
    """What nodes say of their persons: what nobody has two of, and decisions that some are different people.

    Needs the tables `told` and `nodes` (number, key).  number: the same for decisions, which may be empty without any.
    """
    labels: dict[int, list[Label]] = defaultdict(list)
    for entry in one_per_person:
        source, _, kind = entry.rpartition("/")
        found = connection.execute(
            """
            SELECT DISTINCT number, substr(key, len($kind) + 2) AS value
            FROM (SELECT DISTINCT unnest(keys) AS key FROM told WHERE $source IN ('', source)) JOIN nodes USING (key)
            WHERE starts_with(key, $kind || '=')
            """,
            {"kind": kind, "source": source},
        ).fetchall()
        for node, value in found:
            labels[node].append(Label(entry, value, "one_per_person", exact=False))
    for verdict in verdicts:
        if verdict["verdict"] == "different":
            for side in ("keys", "others"):
                for key in verdict[side]:
                    if key in number:
                        label = Label(f"decision {verdict['decision_id']}", side, "decided_different", exact=True)
                        labels[number[key]].append(label)
    return labels
