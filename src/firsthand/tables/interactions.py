"""The record: what was told to us, accepted once or put aside with a reason."""

import pyarrow as pa

from firsthand.tables.column import KIND_VALUE, MONEY, TEXT_MAP, TIMESTAMP, Column, Table

string = pa.string()
number = pa.float64()


class Interactions(Table, name="interactions", sort="record"):
    """One thing that happened between a customer and the organisation, on one channel, at one time.

    Only `capture` adds to it. Never edited: a correction is a row of the same `interaction_id` with a
    newer `version`; both stay readable.
    """

    interaction_id = Column(
        string,
        "The source and the sender's id; else a hash of source, raw record and its ordinal among identical records of that file.",
    )
    content_hash = Column(
        string, "Hash of all that was said. Same id and hash: a duplicate. Same id, other hash: a correction."
    )
    version = Column(TIMESTAMP, "The sender's time of update, else `received_at`. The newest wins, ties by `position`.")
    occurred_at = Column(TIMESTAMP, "When it happened for the customer.")
    received_at = Column(TIMESTAMP, "When it reached us.")
    position = Column(pa.int64(), "Order within the file or request; events of equal time keep it.")
    source = Column(string, "Which export or sender.")
    event = Column(string, "The sender's own name for it, such as `Order Completed`.")
    channel = Column(
        string,
        "How: web, app, store, phone, email, chat, social, post, delivery, billing, survey, campaign, partner. Only what the sender said.",
    )
    touchpoint = Column(string, "What sort of moment, only if the sender said so.")
    identifiers = Column(KIND_VALUE, "All that says who it was: kind (email, phone, customer_number …) and value.")
    direction = Column(string, "`inbound` (the customer came to us), `outbound` or `internal`.")
    subjects = Column(KIND_VALUE, "What it is about: order, case, product, invoice, contract.")
    wait_seconds = Column(number, "Waiting as the customer felt it.", "s")
    duration_seconds = Column(number, "Time spent.", "s")
    amount = Column(MONEY, "Money that changed hands (purchase, fee, refund).", "`currency`")
    currency = Column(string, "ISO 4217 code of `amount`. Figures are per currency, never summed across.")
    employee = Column(string, "Who served the customer.")
    team = Column(string, "The team that served the customer.")
    promise_id = Column(string, "Which promise this interaction made, moved, kept or withdrew.")
    promised_for = Column(TIMESTAMP, "By when it was promised; a date only means the end of that local day.")
    promise_state = Column(string, "`made`, `moved`, `kept`, `withdrawn_by_us` or `withdrawn_by_customer`.")
    question = Column(string, "The question that was answered.")
    question_kind = Column(
        string, "nps, csat, ces, ease, emotion, effective, confidence, expected, expectation or other."
    )
    score = Column(number, "The answer as a number on the scale.")
    scale_low = Column(number, "The lowest value the scale allows.")
    scale_high = Column(number, "The highest value the scale allows.")
    answer = Column(string, "The answer as it was given, where it is not a number.")
    text = Column(string, "The customer's own words.")
    language = Column(string, "Language of `text`, if the sender said so (ISO 639-1).")
    circumstances = Column(TEXT_MAP, "What situation the customer was in, where known.")
    properties = Column(string, "Whatever else the sender said, as a JSON object; never dropped.")


class Rejected(Table, name="rejected", sort="record"):
    """A record that was not taken in, with the reason, where it stands, and the record itself.

    Listed by `firsthand rejected`, tried again by `firsthand retry`.
    """

    rejection_id = Column(string, "Hash of source, file, line, reason and raw record: a second import adds none twice.")
    rejected_at = Column(TIMESTAMP, "When it was put aside.")
    source = Column(string, "Which export or sender.")
    format = Column(string, "The format the file was read as.")
    file = Column(string, "Name of the file.")
    customer = Column(string, "What named the customer, where the import said so with `--customer`.")
    line = Column(
        pa.int64(),
        "Line of the file (or number of the record, where a format has no lines); 0 for the file as a whole.",
    )
    column = Column(string, "Column or path of the value that was at fault, if one was.")
    reason = Column(string, "Short name of the reason; see the reference.")
    message = Column(string, "What was found, what was expected, and what to do next.")
    raw = Column(string, "The record as it came, as JSON or text, up to 64 KiB.")
    retriable = Column(pa.bool_(), "Whether the raw record is whole, so that `retry` can read it again.")


class Retried(Table, name="retried", sort="decisions"):
    """Decision: a rejected record was tried again and got in. It leaves the list, not the record."""

    rejection_id = Column(string, "The rejection that is settled.")
    retried_at = Column(TIMESTAMP, "When it got in.")
