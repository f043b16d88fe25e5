"""What the API tells, as far as its shape is fixed. The documents of figures are those of docs/reference/json.md."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]


class Fault(Schema):
    """Why nothing else is told."""

    error: str


class Me(Schema):
    """Whose token it is, and what they may do."""

    email: str
    name: str
    role: str
    teams: list[str]
    rights: list[str]
    organisation: str


class Parameter(Schema):
    """A parameter of a question. list: it may be given several times."""

    name: str
    kind: Literal["text", "number", "list"]
    required: bool


class Question(Schema):
    """Something that can be asked. right: what it takes to ask it."""

    question: str
    right: str
    parameters: list[Parameter]


class Questions(Schema):
    """All questions, and the filters that each of them takes."""

    filters: list[str]
    questions: list[Question]


class Answer(Schema):
    """A document as `firsthand show … --json` prints it. renewing: it is of before the last change and being worked out anew."""

    model_config = ConfigDict(extra="allow")

    as_of: Moment
    renewing: bool


class Customer(Schema):
    """One life over all channels, as `firsthand show person --json` prints it."""

    customer_id: str
    identifiers: list[str]
    consents: list[dict[str, Any]]
    interactions: int
    promises: list[dict[str, Any]]
    life: list[dict[str, Any]]
    as_of: Moment


class Rejections(Schema):
    """What was put aside and not settled, as `firsthand rejected --json` prints it."""

    total: int
    rejected: list[dict[str, Any]]


class Point(Schema):
    """A touchpoint."""

    name: str
    stage: str
    kind: str
    channel: str | None = None
    owner: str | None = None
    expectation: str | None = None
    rules: list[dict[str, Any]]
    standard: dict[str, Any]
    contradicts: list[str]


class Path(Schema):
    """How a journey is meant to go: steps in order, each one touchpoint or several that are as good."""

    name: str
    path: list[list[str]]
    beside: list[str]
    within_days: float


class Map(Schema):
    """The experience map, as map.yaml says it."""

    stages: list[str]
    touchpoints: list[Point]
    teams: dict[str, dict[str, Any]]
    blind_spots: list[str]
    journeys: list[Path]
