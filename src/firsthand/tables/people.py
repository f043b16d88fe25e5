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

    decision_id = Column(
        string,
        "Its name. A split has a row that parts the sides, and one for each side that only the other held together.",
    )
    verdict = Column(string, "`same`, `different` or `undone`.")
    keys = Column(
        pa.list_(string),
        "Identifiers of the one side, `kind=value`; of a model's, the first is the one that it links by.",
    )
    others = Column(pa.list_(string), "Identifiers of the other side.")
    probability = Column(pa.float64(), "How sure a model was; null where a person decided.")
    undoes = Column(string, "The decision that no longer holds.")
    by = Column(string, "Who decided: a person, or a model and its version.")
    why = Column(string, "The reason given.")
    decided_at = Column(TIMESTAMP, "When.")


class PeopleModels(Table, name="people_models", sort="decisions"):
    """Decision: a model by which weak identifiers are compared, as it was trained. It holds no person's values."""

    model_id = Column(string, "Its name.")
    trained_at = Column(TIMESTAMP, "When.")
    records = Column(pa.int64(), "On how many customers of whom something weak was told.")
    pairs = Column(pa.int64(), "How many pairs of them were compared.")
    threshold = Column(pa.float64(), "From which probability on two customers are joined.")
    why = Column(string, "How the threshold was chosen.")
    expected_precision = Column(pa.float64(), "Which share of the joined pairs it expects to be right; null for none.")
    expected_recall = Column(
        pa.float64(), "Which share of one person's pairs it expects to join, at most; null for none."
    )
    model = Column(string, "Fields, rules, levels and what each weighs, as JSON.")


class Consents(Table, name="consents", sort="decisions"):
    """Decision: that somebody agreed to be contacted at an identifier for a purpose, or opted out.

    What was said last of an identifier and a purpose holds, for that identifier alone, whoever it turns out to belong to.
    """

    key = Column(string, "The identifier, `kind=value`, written alike.")
    purpose = Column(string, "What for: newsletter, survey, …")
    given = Column(pa.bool_(), "Whether they agreed; false: they opted out.")
    said_at = Column(TIMESTAMP, "When they said so.")
    by = Column(string, "Who or what says so.")
    told_at = Column(TIMESTAMP, "When it was written down.")


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


class ComparedPeople(Table, name="compared_people", sort="derived"):
    """Whom `people match` has compared, and by what, so that only who is new, or of whom something else was told, is looked at again."""

    customer_id = Column(string, "The customer.")
    told_hash = Column(string, "Hash of the identifiers and interactions by which the customer was known.")
    anchor = Column(
        string, "The identifier most often told with what was compared; null where nothing that tells was told."
    )
    values_hash = Column(string, "Hash of what was compared of the customer.")
    first_name = Column(string, "What was compared: the value most often told, written alike.")
    surname = Column(string, "The same of the surname.")
    birth_date = Column(string, "The same of the date of birth, as eight digits.")
    street = Column(string, "The same of the street.")
    postcode = Column(string, "The same of the postcode.")
    city = Column(string, "The same of the city.")
    email = Column(string, "The same of an e-mail that only this customer has.")
    phone = Column(string, "The same of a phone that only this customer has.")
    model_id = Column(string, "The model that compared it.")


class ProbablePeople(Table, name="probable_people", sort="derived"):
    """Pairs of customers that `people match` found probable and did not join; `people review` lists them."""

    key = Column(string, "An identifier of the one.")
    other = Column(string, "An identifier of the other.")
    probability = Column(pa.float64(), "How probable it is that they are one person.")
    reason = Column(string, "`probable` (below the threshold) or `one_per_person`.")
    detail = Column(string, "What stood against it, in words.")
    model_id = Column(string, "The model that compared them.")
