"""What speaks for and against a pair being one person, field by field, in bits: each bit doubles the odds."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np

from firsthand.people.comparisons import USUAL_CHANCE
from firsthand.people.fields import Field
from firsthand.people.learning import bits, field_weights
from firsthand.people.levels import UNKNOWN, compare
from firsthand.people.model import Model, agreement, learnt_of

Row = dict[str, Any]


def weigh(connection: duckdb.DuckDBPyConnection, people: str, model: Model, pairs: str) -> list[Row]:
    """The evidence on pairs, as a model weighs it.

    people, pairs: SQL names of a table of people with the model's fields, and of pairs (one, other, weight).
    Returns for each pair, in the order of the numbers: one, other; `prior_bits`, how probable a match is before anything
    is known; `fields`, each with `field`, `level`, `one_value`, `other_value`, `bits` and `factor` (2 to the bits);
    `alike_bits`, what people who are alike for a reason take away; `total_bits`, their sum; `probability`.
    """
    comparisons = model["settings"]["comparisons"]
    fields = [Field(each["name"], each["kind"]) for each in model["fields"]]
    found = compare(connection, people, comparisons, pairs)
    learnt = learnt_of(model)
    known, _ = agreement(connection, people, fields)
    usual = [USUAL_CHANCE[field.kind] for field in fields]
    worth, totals = field_weights(learnt, found, known, usual), bits(learnt, found, known, usual)
    prior = float(np.log2(learnt.prior / max(1 - learnt.prior - sum(each.prior for each in learnt.alike), 1e-9)))
    names = ", ".join(field.name for field in fields)
    named = f"SELECT unique_id, {names} FROM {people} SEMI JOIN (SELECT one AS unique_id FROM {pairs} UNION SELECT other FROM {pairs}) USING (unique_id)"
    values = {row["unique_id"]: row for row in connection.execute(named).to_arrow_table().to_pylist()}
    weighed = []
    for at in np.lexsort((found.other, found.one)):
        one, other = int(found.one[at]), int(found.other[at])
        steps = [
            {
                "field": field.name,
                "level": _label(comparison, int(levels[at])),
                "one_value": values[one][field.name],
                "other_value": values[other][field.name],
                "bits": round(float(weights[at]), 2),
                "factor": float(f"{2 ** float(weights[at]):.3g}"),
            }
            for field, comparison, levels, weights in zip(fields, comparisons, found.levels, worth, strict=True)
        ]
        total, told = float(totals[at]), sum(float(weights[at]) for weights in worth)
        weighed.append({
            "one": one, "other": other, "prior_bits": round(prior, 2), "fields": steps,
            "alike_bits": round(total - prior - told, 2), "total_bits": round(total, 2), "probability": float(1 / (1 + 2**-total)),
        })  # fmt: skip
    return weighed


def levels_of(model: Model) -> list[Row]:
    """What each level of each field is worth to a model: `field`, `level`, `matches` and `strangers` (the shares of pairs
    at that level among them), `bits` and `factor`. Of the same value it is the mean: a rare one weighs more."""
    rows = []
    for comparison in model["settings"]["comparisons"]:
        for level in comparison["comparison_levels"][1:]:
            m, u = level["m_probability"], level["u_probability"]
            label = level["label_for_charts"]
            rows.append({
                "field": comparison["output_column_name"], "level": label, "matches": m, "strangers": u,
                "bits": round(float(np.log2(m / u)), 2), "factor": float(f"{m / u:.3g}"),
                "seen": f"{comparison['output_column_name']}: {label}" not in model["unseen"],
            })  # fmt: skip
    return rows


def _label(comparison: Row, level: int) -> str:
    levels = comparison["comparison_levels"]
    return str(levels[0 if level == UNKNOWN else level + 1]["label_for_charts"])
