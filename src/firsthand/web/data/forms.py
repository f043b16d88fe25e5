"""Forms of uploads and mappings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from firsthand.capture.steps import QUESTION_KINDS
from firsthand.jobs.guess_mapping import EPOCHS, FORMATS
from firsthand.jobs.mapping_draft import COMMA, MEANINGS, UNITS, ColumnDraft, Draft, faults_of
from firsthand.web.data.files import kept_mappings
from firsthand.web.data.imports import UPLOADED

Row = dict[str, Any]
CHANNELS = ("web", "app", "store", "phone", "email", "chat", "social", "post", "delivery", "billing", "survey", "campaign", "partner")  # fmt: skip

GROUPS = {
    "when": _("When"), "what": _("What happened"), "who": _("Who it was"), "about": _("What it is about"),
    "measured": _("What it took"), "said": _("What was said"), "beside": _("Beside that"),
}  # fmt: skip
WORDS = {
    "time": _("when it happened"), "moment": _("another moment: when that happened"), "promised_for": _("by when it was promised"),
    "kept_at": _("when the promise was kept"), "version": _("when the record was last changed"), "event": _("what happened"),
    "channel": _("channel"), "touchpoint": _("touchpoint"), "direction": _("direction"), "customer_number": _("customer number"),
    "email": _("e-mail address"), "phone": _("phone number"), "loyalty_card": _("loyalty card"), "user_id": _("user id"),
    "anonymous_id": _("cookie or device"), "first_name": _("first name"), "last_name": _("last name"), "name": _("whole name"),
    "date_of_birth": _("date of birth"), "street": _("street"), "postcode": _("postcode"), "city": _("city"),
    "other_identifier": _("another identifier"), "order": _("order"), "case": _("case or ticket"), "product": _("product"),
    "invoice": _("invoice"), "contract": _("contract"), "amount": _("amount of money"), "currency": _("currency"),
    "wait_seconds": _("time waited"), "duration_seconds": _("time it took"), "question": _("question"),
    "question_kind": _("kind of question"), "score": _("score"), "scale_low": _("lowest score of the scale"),
    "scale_high": _("highest score of the scale"), "answer": _("answer in words"), "text": _("the customer's own words"),
    "language": _("language"), "employee": _("employee"), "team": _("team"), "circumstance": _("circumstance"),
}  # fmt: skip
WRITTEN = (
    (_("Times"), ("", *FORMATS, *EPOCHS)), (_("Numbers"), (COMMA, *(f"{COMMA}, {unit}" for unit in UNITS if unit != "seconds"))),
    (_("Units of waits"), UNITS),
)  # fmt: skip


def meanings() -> list[tuple[Any, list[tuple[str, Any]]]]:
    """What a column may mean, in groups, for a list to choose from."""
    return [(GROUPS[group], [(meaning, WORDS[meaning]) for meaning in each]) for group, each in MEANINGS.items()]


def ways_of_writing(now: str) -> list[tuple[Any, list[tuple[str, Any]]]]:
    """How values may be written, for a list to choose from; with what is chosen now, if that is not among them."""
    groups = [(title, [(way, _way(way)) for way in ways]) for title, ways in WRITTEN]
    known = any(now == way for _title, ways in WRITTEN for way in ways)
    return groups if known else [*groups, (_("As told"), [(now, now)])]


def _way(way: str) -> str:
    """A way of writing, in the user's language."""
    return ", ".join(gettext(part) for part in way.split(", ")) if way else gettext("as usual (ISO 8601, 1234.50)")


class Upload(forms.Form):
    """A file, and what it is."""

    file = forms.FileField(label=_("File"))
    format = forms.ChoiceField(label=_("Format"), choices=lambda: [(known.name, f"{known.name}: {_(known.about)}") for known in UPLOADED], initial="csv")  # fmt: skip
    kept = forms.ChoiceField(
        label=_("Mapping"), required=False, choices=lambda: [("", _("make one on the next page")), *((name, name) for name in kept_mappings())],
        help_text=_("For csv, jsonl and parquet: which column means what. The other formats need none."),
    )  # fmt: skip
    source = forms.CharField(
        label=_("Name of the source"), required=False, max_length=200, help_text=_("Else the mapping's or the file's.")
    )
    customer = forms.CharField(
        label=_("What names the customer"), required=False, max_length=200,
        help_text=_("For xes an attribute, for ocel2 an object type. Leave it empty for other formats."),
    )  # fmt: skip

    def clean(self) -> Row:
        told: Row = super().clean() or {}
        if told.get("customer") and told.get("format") not in ("xes", "ocel2"):
            self.add_error("customer", gettext("Only logs (xes, ocel2) say it here; elsewhere the mapping does."))
        return told


class Retry(forms.Form):
    """Which rejected records are tried again, and by which mapping."""

    format = forms.ChoiceField(label=_("Read as"), choices=lambda: [(known.name, known.name) for known in UPLOADED])
    source = forms.CharField(label=_("Source"), required=False, max_length=200)
    mapping = forms.FileField(
        label=_("The mended mapping"), required=False, help_text=_("A YAML file; or choose a kept one.")
    )
    kept = forms.ChoiceField(label=_("Kept mapping"), required=False, choices=lambda: [("", "–"), *((name, name) for name in kept_mappings())])  # fmt: skip


class Says(forms.Form):
    """What is said for all rows of a file at once."""

    source = forms.CharField(label=_("Name of the source"), max_length=200, required=False)
    event = forms.CharField(label=_("What happened, if no column tells it"), max_length=200, required=False)
    channel = forms.ChoiceField(label=_("Channel, if no column tells it"), required=False, choices=[("", "–"), *((each, each) for each in CHANNELS)])  # fmt: skip
    direction = forms.ChoiceField(label=_("Direction"), required=False, choices=[
        ("", "–"), ("inbound", _("inbound: the customer came to us")), ("outbound", _("outbound: we came to the customer")), ("internal", _("internal")),
    ])  # fmt: skip
    id_column = forms.ChoiceField(label=_("Number of each row at the sender"), required=False, help_text=_("With it, a later export corrects what was told; without, every row counts."))  # fmt: skip
    timezone = forms.CharField(
        label=_("Time zone of times that name none"), required=False, help_text=_("Empty: the home's.")
    )
    currency = forms.CharField(label=_("Currency"), required=False, max_length=3)
    question = forms.CharField(label=_("Question"), required=False, max_length=300)
    question_kind = forms.ChoiceField(
        label=_("Kind of question"), required=False, choices=[("", "–"), *((each, each) for each in QUESTION_KINDS)]
    )
    scale_low = forms.CharField(label=_("Lowest score of the scale"), required=False, max_length=12)
    scale_high = forms.CharField(label=_("Highest score of the scale"), required=False, max_length=12)
    encoding = forms.CharField(label=_("Encoding"), required=False, max_length=30, help_text=_("Empty: UTF-8."))
    delimiter = forms.CharField(label=_("Between columns stands"), required=False, max_length=1, strip=False, help_text=_("Empty: seen from the header."))  # fmt: skip
    properties = forms.BooleanField(label=_("Keep the other columns beside"), required=False)

    def __init__(self, draft: Draft, data: QueryDict | None = None) -> None:
        told = {
            "source": draft.source,
            "id_column": draft.id_column,
            "timezone": draft.timezone,
            "properties": draft.properties,
        }
        super().__init__(data, initial=told | dict(draft.constants) | dict(draft.reading))
        field = self.fields["id_column"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", gettext("none")), *((column.name, column.name) for column in draft.columns)]

    def clean_timezone(self) -> str:
        zone = str(self.cleaned_data["timezone"])
        if zone and zone not in available_timezones():
            raise forms.ValidationError(gettext("This is no time zone (try Europe/Berlin)."))
        return zone


SAYS = ("event", "channel", "direction", "currency", "question", "question_kind", "scale_low", "scale_high")


class MappingForm:
    """A draft as a form: what is said for all rows, and for each column what it means and how it is written."""

    def __init__(self, draft: Draft, data: QueryDict | None = None) -> None:
        self.draft = draft if data is None else _changed(draft, data)
        self.says = Says(draft, data)
        self.faults: dict[str, list[str]] = {}

    def is_valid(self) -> bool:
        """Whether a mapping can be made of it; what is lacking is told at the field or the column."""
        if not self.says.is_valid():
            return False
        told = self.says.cleaned_data
        self.draft = replace(
            self.draft, source=told["source"], id_column=told["id_column"], timezone=told["timezone"],
            constants={key: told[key] for key in SAYS if told[key]}, properties=told["properties"],
            reading={key: told[key] for key in ("encoding", "delimiter") if told[key]},
        )  # fmt: skip
        for where, message in faults_of(self.draft):
            if where in self.says.fields:
                self.says.add_error(where, message)
            else:
                self.faults.setdefault(where, []).append(message)
        return not self.faults and self.says.is_valid()

    @property
    def lacking(self) -> list[str]:
        """What is lacking of the columns as a whole."""
        return self.faults.get("time", [])

    def rows(self) -> Iterator[Row]:
        for number, column in enumerate(self.draft.columns):
            yield {"number": number, "column": column, "ways": ways_of_writing(column.written), "faults": self.faults.get(column.name, [])}  # fmt: skip


def _changed(draft: Draft, data: QueryDict) -> Draft:
    known = {meaning for each in MEANINGS.values() for meaning in each}

    def changed(number: int, column: ColumnDraft) -> ColumnDraft:
        meaning = data.get(f"meaning-{number}", column.meaning)
        return replace(
            column, meaning=meaning if meaning in known else "", written=data.get(f"written-{number}", column.written)
        )

    return replace(draft, columns=tuple(changed(number, column) for number, column in enumerate(draft.columns)))
