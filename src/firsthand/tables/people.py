"""Who is who: ids once given and what people and models decided (never rebuilt), and what follows from them (derived)."""

import pyarrow as pa

from firsthand.tables.column import TIMESTAMP, Column, Table

string = pa.string()


class CustomerIds(Table, name="customer_ids", sort="decisions"):
    """Decision: the customer id that an identifier was given when it was first met, or when it was split off.

    The newest row of an identifier holds. When two customers turn out to be one, the id given first stays for both.
    """

    key = Column(string, "The identifier, `kind=value`, written alike.")
    customer_id = Column(string, "The customer's id: never changed, never used again for another.")
    given_at = Column(TIMESTAMP, "When it was given.")


class WhoIsWho(Table, name="who_is_who", sort="decisions"):
    """Decision: that some identifiers are one person's (`same`) or are not (`different`), or that a decision no longer holds (`undone`)."""

    decision_id = Column(string, "Its name.")
    verdict = Column(string, "`same`, `different` or `undone`.")
    keys = Column(pa.list_(string), "Identifiers of the one side, `kind=value`.")
    others = Column(pa.list_(string), "Identifiers of the other side.")
    probability = Column(pa.float64(), "How sure a model was; null where a person decided.")
    undoes = Column(string, "The decision that no longer holds.")
    by = Column(string, "Who decided: a person, or a model and its version.")
    why = Column(string, "The reason given.")
    decided_at = Column(TIMESTAMP, "When.")


class IdentifierSets(Table, name="identifier_sets", sort="derived"):
    """Identifiers that were told of one interaction, by whom and how often: what links are made of."""

    source = Column(string, "Who told it.")
    keys = Column(pa.list_(string), "The identifiers, `kind=value`, written alike, in the order told.")
    interactions = Column(pa.int64(), "Of how many interactions.")


class People(Table, name="people", sort="derived"):
    """Which customer each identifier leads to."""

    key = Column(string, "The identifier, `kind=value`, written alike.")
    customer_id = Column(string, "The customer.")
    life = Column(pa.int64(), "The customer as a number, as in `timeline`.")


class ToReview(Table, name="to_review", sort="derived"):
    """What a person should look at: identifiers that were told together but are not linked, and why."""

    key = Column(string, "An identifier.")
    other = Column(string, "The identifier it was told with; null where `key` alone is in doubt.")
    reason = Column(string, "`one_per_person`, `decided_different` or `shared`.")
    detail = Column(string, "What stood against it, in words.")
    count = Column(pa.int64(), "In how many interactions they were told together, or by how many people it is held.")
