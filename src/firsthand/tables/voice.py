"""What was understood of the words of customers: derived, but for what people decided (labels, themes, models)."""

import pyarrow as pa

from firsthand.tables.column import TIMESTAMP, Column, Table

string = pa.string()
place = pa.int64()
SPAN = [pa.field("begin", place), pa.field("end", place)]
PERSONAL = pa.list_(pa.struct([pa.field("kind", string), *SPAN]))
NUMBERS = [pa.field("probability", pa.float64()), pa.field("sentiment", pa.float64())]
JUDGED = pa.list_(pa.struct([pa.field("about", string), pa.field("value", string), *NUMBERS, *SPAN]))
MOOD = [pa.field(name, pa.float64()) for name in ("negative", "neutral", "positive")]
PART = pa.list_(pa.struct([*SPAN, pa.field("clause", pa.bool_()), *MOOD]))
TOPIC = pa.list_(pa.struct([pa.field("topic", string), *NUMBERS, *SPAN]))


class Readings(Table, name="readings", sort="derived"):
    """What was understood of a text, once for all who wrote it word for word; places are those of `masked_text`.

    Rows of an older `reader` than the home's are read anew.
    """

    text_hash = Column(string, "MD5 of the text as it was told.")
    reader = Column(string, "The models that read it, each with its version.")
    language = Column(string, "ISO 639-1; `und` where it cannot be told.")
    language_probability = Column(pa.float64(), "How sure that is.")
    understood = Column(pa.bool_(), "Whether it is one of the languages that are understood; else nothing is judged.")
    masked_text = Column(string, "The text, personal data masked (`[email]`).")
    cut = Column(pa.bool_(), "Whether it was too long and its end was not read.")
    personal_data = Column(PERSONAL, "What was masked: its kind, and its place in the text before.")
    negative = Column(pa.float64(), "Probability that it is negative; null where not understood.")
    neutral = Column(pa.float64(), "Probability that it is neutral.")
    positive = Column(pa.float64(), "Probability that it is positive.")
    sentiment = Column(pa.float64(), "From -1 (negative) to 1 (positive).")
    label = Column(string, "`negative`, `neutral`, `positive` or `unsure`.")
    judgements = Column(
        JUDGED, "What the customer wants (`want`), effort (`effort`) and flags (`flag`), each with its place."
    )
    parts = Column(PART, "Its sentences, each with its clauses behind it where it has several: place and mood.")
    encoder = Column(string, "The encoder of `vectors`.")
    vectors = Column(pa.binary(), "A vector for each part, float16, one after the other.")


class TopicsFound(Table, name="topics_found", sort="derived"):
    """Which topics a text is about: none is an answer, and an empty list."""

    text_hash = Column(string, "The text, as in `readings`.")
    model = Column(string, "What judged it: a hash of topics, labels, and encoder.")
    topics = Column(TOPIC, "Each topic: how probable, how it was there (-1 to 1), and the sentence that it rests on.")


class ThemesFound(Table, name="themes_found", sort="derived"):
    """Which theme a text belongs to."""

    text_hash = Column(string, "The text, as in `readings`.")
    theme_id = Column(string, "The theme; null: unassigned.")
    similarity = Column(pa.float64(), "To the centre of the theme, up to 1.")
    letter = Column(place, "Texts of the same number are one letter: a form, a bot.")


class Themes(Table, name="themes", sort="decisions"):
    """Decision: a theme and where it lies, so that it is known again. The newest row of a theme holds; ids are never used again."""

    theme_id = Column(string, "Its name for ever.")
    words = Column(pa.list_(string), "The words that it is named by.")
    encoder = Column(string, "The encoder of `centre`.")
    centre = Column(pa.binary(), "Where it lies, float32.")
    texts = Column(place, "How many texts it held.")
    found_at = Column(TIMESTAMP, "When it was found, or found again.")


class Labels(Table, name="labels", sort="decisions"):
    """Decision: what a person says of a comment. The newest of a comment and a value holds."""

    interaction_id = Column(string, "The comment.")
    about = Column(string, "`topic` or `sentiment`.")
    value = Column(string, "The topic, or `negative`, `neutral`, `positive`.")
    right = Column(pa.bool_(), "Whether the comment is about it; false: it is not.")
    by = Column(string, "Who says so.")
    why = Column(string, "The reason given, if any.")
    labelled_at = Column(TIMESTAMP, "When.")


class VoiceModels(Table, name="voice_models", sort="decisions"):
    """Decision: a model of the home's topics, taken or refused. The newest that was taken, of the list as it stands, is used."""

    model_id = Column(string, "Its name.")
    trained_at = Column(TIMESTAMP, "When.")
    topics_hash = Column(string, "SHA-256 of the list of topics that it was made of.")
    encoder = Column(string, "The encoder whose vectors it takes.")
    texts = Column(place, "How many texts of the home it has seen.")
    labels = Column(place, "On how many labels it was trained.")
    accuracy = Column(pa.float64(), "Share of the labels that it got right, cross-validated; null without labels.")
    low = Column(pa.float64(), "Lower end of its 95 % interval.")
    high = Column(pa.float64(), "Upper end of its 95 % interval.")
    taken = Column(pa.bool_(), "Whether it replaced the one before.")
    why = Column(string, "Why, in words.")
    by = Column(string, "Who had it trained.")
    model = Column(pa.binary(), "The model: arrays and JSON, no code.")


class SentimentModels(Table, name="sentiment_models", sort="decisions"):
    """Decision: a model of sentiment that the home's labels taught, taken or refused. The newest that was taken judges what is read."""

    model_id = Column(string, "Its name.")
    trained_at = Column(TIMESTAMP, "When.")
    base = Column(string, "The model that it was made of, with its version; with another one it is not used.")
    encoder = Column(string, "The encoder whose vectors it takes.")
    labels = Column(place, "On how many labels it was trained.")
    accuracy = Column(pa.float64(), "Share of the labels that it got right, cross-validated.")
    low = Column(pa.float64(), "Lower end of its 95 % interval.")
    high = Column(pa.float64(), "Upper end of its 95 % interval.")
    taken = Column(pa.bool_(), "Whether it replaced the one before.")
    why = Column(string, "Why, in words.")
    by = Column(string, "Who had it trained.")
    model = Column(pa.binary(), "The model: arrays and JSON, no code.")
