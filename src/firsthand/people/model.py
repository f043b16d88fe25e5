"""Who is who, as a model: trained on a table of people, kept as a dictionary, used on any table with the same fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb
import numpy as np

from firsthand.people.comparisons import USUAL_CHANCE, comparisons
from firsthand.people.fields import Field
from firsthand.people.learning import Alike, Facts, Learnt, agree_somewhere, learn, probabilities
from firsthand.people.levels import compare, random_pairs, some_of
from firsthand.people.rules import Rule, choose_rules
from firsthand.people.splinking import Settings, blocked, compared, linker, settings_of

Model = dict[str, Any]
"""`settings` (Splink's), `sharing` (see `splinking.linker`), `alike` (see `learning`), `fields`, `rules`, `unseen`, `training`: plain values, as JSON keeps them."""

CHANCE_PAIRS = 1_000_000
PAIRS_OF_A_RULE = 30_000
NEGLIGIBLE = 1e-3


def train(
    connection: duckdb.DuckDBPyConnection,
    people: str,
    fields: Sequence[Field],
    *,
    known: tuple[str, str] | None = None,
    seed: int = 1,
) -> tuple[Model, str]:
    """Trains a model, and finds the pairs to compare on the way.

    people: SQL name of a table with `unique_id`, numbered from 0 without gaps, and a column for each field.
    known: SQL names of a table of records with the same columns, and of one of pairs of them (one, other, weight) that are
    known to be one person's, if there are any.
    Returns the model and the SQL name of the table of pairs.
    """
    records = connection.execute(f"SELECT count(*) FROM {people}").fetchall()[0][0]
    rules = choose_rules(connection, people, fields, seed=seed)
    compares = comparisons(fields)
    settings = settings_of(compares, [rule.sql for rule in rules])
    pairs = blocked(linker(connection, people, settings))
    random_pairs(connection, records, CHANCE_PAIRS, seed=seed, into="random_pairs")
    some_of(connection, pairs, PAIRS_OF_A_RULE if len(rules) > 1 else CHANCE_PAIRS * 2, into="some_pairs")
    filled, exact = agreement(connection, people, fields)
    sizes = [len(comparison["comparison_levels"]) - 1 for comparison in compares]
    facts = Facts(records, [field.kind for field in fields], sizes, filled, exact)
    chance = compare(connection, people, compares, "random_pairs")
    found = compare(connection, people, compares, "some_pairs") if rules[0].keys else chance
    same = None if known is None else compare(connection, known[0], compares, known[1])
    model = _model(settings, rules, fields, learn(found, chance, facts, same))
    if same is not None:
        model["training"]["known_pairs"] = len(same.weights)
    return model, pairs


def predict(
    connection: duckdb.DuckDBPyConnection,
    people: str,
    model: Model,
    *,
    pairs: str | None = None,
    new_from: int | None = None,
) -> str:
    """Scores pairs by a model.

    pairs: SQL name of a table of pairs (join_key_l, join_key_r, match_key); else those that the model's rules bring.
    new_from: the first `unique_id` of the records that are new: then only pairs with one of them. (The greater of two is the right one.)
    Returns the SQL name of a table with unique_id_l, unique_id_r and match_probability; what is not probable at all is
    left out. The next call makes it anew.
    """
    settings: Settings = dict(model["settings"])
    if new_from is not None:
        rules = [f"{rule['blocking_rule']} AND r.unique_id >= {new_from}" for rule in settings["blocking_rules_to_generate_predictions"]]  # fmt: skip
        settings["blocking_rules_to_generate_predictions"] = [{"blocking_rule": rule} for rule in rules]
    linked = linker(connection, people, settings | {"retain_intermediate_calculation_columns": False}, model["sharing"])
    return _weighed(connection, people, model, compared(linked, pairs or blocked(linked), at_least=NEGLIGIBLE))


def _weighed(connection: duckdb.DuckDBPyConnection, people: str, model: Model, scored: str) -> str:
    """Splink's scores, lowered where a pair is rather of two people alike for a reason, whom Splink does not know. Returns the table's name.

    Where two records are alike in nothing, they are no pair, however common matches are.
    """
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE probable AS SELECT unique_id_l AS one, unique_id_r AS other, 1.0 AS weight FROM {scored} ORDER BY 1, 2"
    )
    fields = [Field(each["name"], each["kind"]) for each in model["fields"]]
    found = compare(connection, people, model["settings"]["comparisons"], "probable")
    known, _ = agreement(connection, people, fields)
    match = probabilities(learnt_of(model), found, known, [USUAL_CHANCE[field.kind] for field in fields])
    sizes = [len(comparison["comparison_levels"]) - 1 for comparison in model["settings"]["comparisons"]]
    match = np.where(agree_somewhere(found, sizes, [field.kind for field in fields]), match, 0.0)
    connection.register("weighed", {"one": found.one, "other": found.other, "match": match})
    connection.execute(f"""
        CREATE OR REPLACE TABLE scored_pairs AS
        SELECT one AS unique_id_l, other AS unique_id_r, match AS match_probability FROM weighed WHERE match >= {NEGLIGIBLE}
    """)
    connection.unregister("weighed")
    return "scored_pairs"


def learnt_of(model: Model) -> Learnt:
    """The parameters of a kept model."""
    levels = [comparison["comparison_levels"][1:] for comparison in model["settings"]["comparisons"]]
    m, u = ([np.array([level[f"{each}_probability"] for level in field]) for field in levels] for each in "mu")
    alike = [
        Alike(each["name"], each["prior"], [None if part is None else np.array(part) for part in each["levels"]])
        for each in model["alike"]
    ]
    sharing = np.array(list(model["sharing"].values()))
    return Learnt(model["settings"]["probability_two_random_records_match"], m, u, alike, sharing)


def agreement(
    connection: duckdb.DuckDBPyConnection, people: str, fields: Sequence[Field]
) -> tuple[list[int], list[float]]:
    """For each field, how many records have it, and which share of their pairs agree on it exactly."""
    known, exact = [], []
    for field in fields:
        count, same = connection.execute(f"""
            SELECT sum(c)::BIGINT, sum(c * (c - 1) / 2) FROM (SELECT count(*) AS c FROM {people} WHERE {field.name} IS NOT NULL GROUP BY {field.name})
        """).fetchall()[0]
        known.append(count or 0)
        exact.append((same or 0) / max(1, (count or 0) * ((count or 0) - 1) / 2))
    return known, exact


def _model(settings: Settings, rules: Sequence[Rule], fields: Sequence[Field], learnt: Learnt) -> Model:
    unseen = []
    for at, comparison in enumerate(settings["comparisons"]):
        _null, *levels = comparison["comparison_levels"]
        for level, (m, u) in enumerate(zip(learnt.m[at], learnt.u[at], strict=True)):
            levels[level]["m_probability"], levels[level]["u_probability"] = float(m), float(u)
            if not learnt.seen[at][level]:
                unseen.append(f"{comparison['output_column_name']}: {levels[level]['label_for_charts']}")
    settings["probability_two_random_records_match"] = learnt.prior
    return {
        "settings": settings,
        "sharing": {field.name: float(share) for field, share in zip(fields, learnt.sharing, strict=True)},
        "alike": [
            {
                "name": each.name,
                "prior": each.prior,
                "levels": [None if part is None else part.tolist() for part in each.levels],
            }
            for each in learnt.alike
        ],
        "fields": [{"name": field.name, "kind": field.kind, "columns": list(field.columns)} for field in fields],
        "rules": [{"rule": rule.words, "sql": rule.sql, "pairs": rule.pairs} for rule in rules],
        "unseen": unseen,
        "training": {"rounds": learnt.rounds, "expected_matches": round(learnt.matches, 1), "settled": learnt.settled},
    }
