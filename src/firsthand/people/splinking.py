"""Splink, as it is used here: quiet, on our connection, with frequencies of our own."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from firsthand.people.comparisons import USUAL_CHANCE
from firsthand.people.learning import KNOWN_PEOPLE

Settings = dict[str, Any]


def settings_of(comparisons: list[dict[str, Any]], rules: Sequence[str]) -> Settings:
    """Settings of a model that is not trained yet. rules: blocking rules as SQL over `l` and `r`."""
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "unique_id",
        "comparisons": comparisons,
        "blocking_rules_to_generate_predictions": [{"blocking_rule": rule} for rule in rules],
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": True,
    }


def linker(
    connection: duckdb.DuckDBPyConnection, people: str, settings: Settings, sharing: Mapping[str, float] | None = None
) -> Any:
    """A Splink linker on a table of people.

    sharing: for each field with frequencies, how much of its agreement is between different people, from 0 (a value
    belongs to one person, however many records hold it) to 1 (each record that holds it may be another person).
    """
    logging.getLogger("splink").setLevel(logging.CRITICAL)
    from splink import DuckDBAPI, Linker

    api = DuckDBAPI(connection=connection)
    # The name is registered anew each time: Splink refuses a display name that was used before.
    made = Linker(api.register(people, dataset_display_name="people"), settings, log_level=None)
    for comparison in settings["comparisons"]:
        name = comparison["output_column_name"]
        if any("tf_adjustment_column" in level for level in comparison["comparison_levels"]):
            table = _frequencies(connection, people, name, 1.0 if sharing is None else sharing[name])
            made.table_management.register_term_frequency_lookup(api.register(table), name)
    return made


def _frequencies(connection: duckdb.DuckDBPyConnection, people: str, name: str, shared: float) -> str:
    """How often another person has each value too (see `learning.frequency`). Returns the table's name."""
    usual = USUAL_CHANCE[re.sub(r"_\d+$", "", name)]
    table = f"frequencies_{name}"
    connection.execute(f"""
        CREATE OR REPLACE TABLE {table} AS
        SELECT {name}, ((count(*) - 1) * {shared} + {KNOWN_PEOPLE * usual})
            / ((SELECT count({name}) FROM {people}) + {KNOWN_PEOPLE}) AS tf_{name}
        FROM {people} WHERE {name} IS NOT NULL GROUP BY {name}
    """)
    return table


def compared(linked: Any, pairs: str, *, at_least: float | None = None) -> str:
    """Compares the pairs of a table and scores them. Returns the name of the table of predictions.

    pairs: SQL name of a table with join_key_l, join_key_r and match_key.  at_least: leaves out what is less probable.
    """
    table = linked._db_api.register(pairs)
    linked.table_management.register_blocked_pairs_for_predict(table)
    found = linked.inference.predict(threshold_match_probability=at_least, warning_mode="never")
    return str(found.physical_name)


def blocked(linked: Any) -> str:
    """Finds the pairs that the rules of the settings bring. Returns the name of their table."""
    return str(linked.inference.compute_blocked_pairs_for_predict().physical_name)
