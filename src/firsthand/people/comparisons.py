"""How two values of a kind are compared: levels of likeness, the closest first, as Splink takes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from firsthand.people.fields import Field

Level = tuple[str, str]
"""SQL over `{}_l` and `{}_r`, and what it is called."""


def _typos(most: int) -> str:
    """At most so many letters wrong, missing, too many or swapped. The dear function only sees what two cheap ones let through."""
    return (
        "CASE WHEN jaro_winkler_similarity({0}_l, {0}_r) < 0.65 THEN FALSE "
        f"WHEN levenshtein({{0}}_l, {{0}}_r) > {2 * most} THEN FALSE ELSE damerau_levenshtein({{0}}_l, {{0}}_r) <= {most} END"
    )


EXACT: Level = ("{0}_l = {0}_r", "the same")
ONE_TYPO: Level = (_typos(1), "one typo")
TWO_TYPOS: Level = (_typos(2), "two typos")
NAME: tuple[Level, ...] = (
    ("jaro_winkler_similarity({0}_l, {0}_r) >= 0.92", "almost the same"),
    ("starts_with({0}_l, {0}_r) OR starts_with({0}_r, {0}_l)", "one begins as the other"),
    ("jaro_winkler_similarity({0}_l, {0}_r) >= 0.8", "alike"),
)
LEVELS: dict[str, tuple[Level, ...]] = {
    "first_name": (EXACT, *NAME),
    "surname": (EXACT, *NAME),
    "birth_date": (
        EXACT,
        ONE_TYPO,
        ("left({0}_l, 4) = left({0}_r, 4) AND substr({0}_l, 5, 2) = right({0}_r, 2) AND substr({0}_r, 5, 2) = right({0}_l, 2)", "day and month swapped"),
        TWO_TYPOS,
        ("left({0}_l, 4) = left({0}_r, 4) OR right({0}_l, 4) = right({0}_r, 4)", "the same year, or the same day"),
    ),
    "street": (EXACT, ("jaro_winkler_similarity({0}_l, {0}_r) >= 0.92", "almost the same"), ("jaro_winkler_similarity({0}_l, {0}_r) >= 0.8", "alike")),
    "house_number": (EXACT, ("levenshtein({0}_l, {0}_r) <= 1", "one typo")),
    "postcode": (EXACT, ONE_TYPO, ("left({0}_l, 2) = left({0}_r, 2)", "begins the same")),
    "city": (EXACT, ("jaro_winkler_similarity({0}_l, {0}_r) >= 0.88", "almost the same")),
    "email": (
        EXACT,
        ("split_part({0}_l, '@', 1) = split_part({0}_r, '@', 1)", "the same before the @"),
        TWO_TYPOS,
        ("jaro_winkler_similarity(split_part({0}_l, '@', 1), split_part({0}_r, '@', 1)) >= 0.88", "alike before the @"),
    ),
    "phone": (EXACT, ("right({0}_l, 7) = right({0}_r, 7)", "the same last seven digits"), ONE_TYPO),
    "identifier": (EXACT, ONE_TYPO, TWO_TYPOS),
    "attribute": (EXACT,),
    "text": (EXACT, ("jaro_winkler_similarity({0}_l, {0}_r) >= 0.92", "almost the same"), ("jaro_winkler_similarity({0}_l, {0}_r) >= 0.8", "alike")),
}  # fmt: skip

SWAPPED = "the values of two columns swapped"
USUAL_CHANCE = {
    "first_name": 0.01, "surname": 0.003, "birth_date": 1e-4, "street": 1e-3, "house_number": 0.02, "postcode": 2e-3,
    "city": 0.02, "email": 1e-5, "phone": 1e-5, "identifier": 1e-5, "attribute": 0.3, "text": 0.01,
}  # fmt: skip
"""How often two people agree by chance, where there are too few records to see it: a starting point that data override."""


def comparisons(fields: Sequence[Field]) -> list[dict[str, Any]]:
    """One comparison for each field, the closest level first, as in Splink's settings."""
    return [_comparison(field, fields) for field in fields]


def _comparison(field: Field, fields: Sequence[Field]) -> dict[str, Any]:
    exact, *others = LEVELS[field.kind]
    levels = [exact, *_swapped(field, fields), *others]
    name = field.name
    return {
        "output_column_name": name,
        "comparison_levels": [
            {
                "sql_condition": f"{name}_l IS NULL OR {name}_r IS NULL",
                "label_for_charts": "not known",
                "is_null_level": True,
            },
            *(_level(name, condition, label) for condition, label in levels),
            {"sql_condition": "ELSE", "label_for_charts": "different"},
        ],
    }


def _level(name: str, condition: str, label: str) -> dict[str, Any]:
    level: dict[str, Any] = {"sql_condition": condition.format(name), "label_for_charts": label}
    if label == EXACT[1]:
        level["tf_adjustment_column"] = name
    return level


def _swapped(field: Field, fields: Sequence[Field]) -> list[Level]:
    """A level for a value that stands in the sister column: first name and surname, two lines of an address."""
    kinds = ("first_name", "surname") if field.kind in ("first_name", "surname") else (field.kind,)
    if field.kind not in ("first_name", "surname", "street", "phone", "email"):
        return []
    alike = [other.name for other in fields if other.kind in kinds]
    sisters = [alike[(alike.index(field.name) + 1) % len(alike)]] if len(alike) > 1 else []
    # One direction only: the comparison of the sister column looks the other way, so that no agreement counts twice.
    return [(f"{{0}}_l = {sister}_r", SWAPPED) for sister in sisters]
