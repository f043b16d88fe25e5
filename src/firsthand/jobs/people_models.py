"""Models of who is who: kept as decisions, looked at."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from typing import Any

from firsthand.errors import UserError
from firsthand.jobs.home import Home
from firsthand.lake import delta
from firsthand.lake.read import rows
from firsthand.people.model import Model
from firsthand.people.weighing import levels_of
from firsthand.tables import PeopleModels

Row = dict[str, Any]


def models(home: Home) -> list[Row]:
    """The home's models, the newest first, as in tables.PeopleModels, `model` read."""
    found = sorted(rows(home.lake, PeopleModels).to_pylist(), key=lambda row: row["trained_at"], reverse=True)
    return [row | {"model": json.loads(row["model"])} for row in found]


def model_named(home: Home, name: str | None = None) -> Row:
    """A model by its name; the newest one where none is said. Raises UserError where there is none."""
    found = models(home)
    if not found:
        raise UserError("This home has no model yet. Train one with: firsthand people match --home …")
    for row in found:
        if name in (None, row["model_id"]):
            return row
    raise UserError(f'"{name}" is no model of this home. There are: {", ".join(row["model_id"] for row in found)}.')


def described(row: Row) -> Row:
    """A model for a reader: what it compares, by which rules, and what each level weighs."""
    model: Model = row["model"]
    return {
        **{name: value for name, value in row.items() if name != "model"},
        "probability_of_a_match": model["settings"]["probability_two_random_records_match"],
        "known_pairs": model["training"]["known_pairs"],
        "fields": [{"field": each["name"], "made_of": each["columns"]} for each in model["fields"]],
        "rules": [{"rule": each["rule"], "pairs": each["pairs"]} for each in model["rules"]],
        "alike": [{"name": each["name"], "share": each["prior"]} for each in model["alike"]],
        "levels": levels_of(model),
    }


def keep_model(home: Home, model: Model, **told: Any) -> str:
    """Writes a model down. told: the other columns of tables.PeopleModels. Returns its name."""
    name = f"m{uuid.uuid4().hex[:8]}"
    row = {"model_id": name, "trained_at": datetime.now(UTC), "model": json.dumps(model), **told}
    delta.add(home.lake, PeopleModels, [row])
    return name
