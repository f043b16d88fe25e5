"""What the core says of a mistake, and of a record that was put aside, in the user's language."""

from __future__ import annotations

import re

from django.utils.translation import gettext, gettext_noop

from firsthand.web.figures.sentences import known, met, sort_of

SENTENCES = [
    gettext_noop('--{option} "{text}" is not a date (expected 2026-03-31).'),
    gettext_noop('--{option} "{text}" is not a date (expected 2026-03-31 or 2026-03-31T12:00).'),
    gettext_noop('as_of: "{text}" is not a date (expected 2026-03-31 or 2026-03-31T12:00).'),
    gettext_noop('--{option} "{text}" cannot be asked for (expected a day from {day} to {other_day}).'),
    gettext_noop("{day} is after {other_day}: put the earlier day first."),
    gettext_noop('"{text}" is no period (expected 2026-01-01..2026-03-31).'),
    gettext_noop('"{text}" is nothing to group by. There are: {names}.'),
    gettext_noop("Name each group once: {names}."),
    gettext_noop(
        '"{text}" selects nothing (expected KEY=VALUE, where KEY is {names}, property:NAME, circumstance:NAME or topic; such as channel=app).'
    ),
    gettext_noop("This cannot be had for one {key} alone; it speaks of whole lives. Leave that filter out."),
    gettext_noop(
        '"{text}" is no group of customers (expected KEY=VALUE, where KEY is what --by takes, or first:KEY=VALUE; such as first:channel=app).'
    ),
    gettext_noop("Nobody is in the group {group}. Values of {key} are: {names}."),
    gettext_noop("The group {group} has fewer than {number} customers; by employee that is not shown."),
    gettext_noop("{group} is compared with no group: name it with --group, such as --group first:channel=app."),
    gettext_noop("A funnel has at least two steps, and in any order they must differ: --step visit --step purchase"),
    gettext_noop('Nobody was at "{name}" until then. There are: {names}.'),
    gettext_noop('Nobody was at "{name}" then. There are: {names}.'),
    gettext_noop('"{name}" is no kind. There are: {names}.'),
    gettext_noop('--without "{name}" is no kind of touchpoint. There are: {names}.'),
    gettext_noop('The map has no journey "{name}". There are: {names}.'),
    gettext_noop("The map has no journeys. Declare in {file} how one is meant to go (journeys: name and path)."),
    gettext_noop("{name} and {other_name} are one customer already: {who}. See: firsthand people why {more}"),
    gettext_noop(
        "{name} and {other_name} were not joined: something keeps them apart{why}. See: firsthand people review"
    ),
    gettext_noop("{who} does not have {names}. There are: {other_names}."),
    gettext_noop("These are all identifiers of {who}: name only those that are another person's."),
    gettext_noop('"{name}" is no decision that holds. See: firsthand people decisions'),
    gettext_noop(
        "{name} and {other_name} are one customer: {who}. Name what is another person's: firsthand people split {more}"
    ),
    gettext_noop("The reason names the person. It is kept when the person is forgotten: say it without."),
    gettext_noop("Say who does it and why: --by NAME --why TEXT"),
    gettext_noop(
        'Nothing in this home is of "{who}" (expected a customer id, or an identifier such as email=kim@example.org).'
    ),
    gettext_noop('"{who}" is no strong identifier (expected email=kim@example.org). Consent is kept by identifier.'),
    gettext_noop(
        '"{who}" is no customer id and no identifier of the record (expected c0123456789abcde or email=kim@example.org).'
    ),
    gettext_noop('"{who}" leads to {number} customers: {names}. Name one of them.'),
    gettext_noop("The map was changed meanwhile. Nothing was saved: look at what changed, then save again."),
    gettext_noop("Say who says so: --by NAME"),
    gettext_noop("No comment of this home was read yet. Read them with: firsthand voice read --home …"),
    gettext_noop('"{name}" is no theme. There are: {names}.'),
    gettext_noop("Too few customers speak of {name} for its words to be shown. Describe it: --description “…”"),
    gettext_noop('There is a topic "{name}" already in {file}. Choose another name.'),
    gettext_noop(
        '"{name}" is no comment: no interaction of that id has a text. `firsthand voice search` and `show person --json` give the ids.'
    ),
    gettext_noop("Say what to look for, such as: firsthand voice search “parcel left in the rain”"),
    gettext_noop(
        "The comments of this home were read with {name}, and {other_name} is installed or set. Vectors of two encoders are never mixed: read them anew with firsthand voice read."
    ),
    gettext_noop("Reading what customers say needs more packages ({name}): pip install {more}"),
    gettext_noop(
        "There are no topics to group by: no {file}. Write one (docs/reference/topics.md), then: firsthand voice read --home …"
    ),
    gettext_noop("The map has no version {number}. See them with: firsthand map history"),
    gettext_noop("Say who changes the map, and why."),
    gettext_noop('"{name}" is no touchpoint of this map any more.'),
    gettext_noop("map.yaml is written in a way that this touchpoint cannot be changed by itself. Edit the whole map."),
    gettext_noop("map.yaml is no map yet. Edit the whole map."),
    gettext_noop('"{name}" stands on the map twice'),
    gettext_noop('"{name}" is no {sort} of this map (there are: {names})'),
    gettext_noop('another journey is called "{name}"'),
    gettext_noop('"{name}" stands in this journey twice'),
    gettext_noop('"{name}" stands in the list twice'),
    gettext_noop('"{name}" would stand under itself'),
    gettext_noop("not YAML: {why}"),
    gettext_noop("stands twice, on line {number} already; say it once"),
    gettext_noop("expected {sort}, found {other_sort} ({text})"),
    gettext_noop("expected {sort}, found {other_sort}"),
    gettext_noop("{names} stand together where one of them is expected"),
    gettext_noop("'{name}' is a required property"),
    gettext_noop("'{name}' is not one of [{names}]"),
    gettext_noop("Additional properties are not allowed ({names} were unexpected)"),
    gettext_noop("Additional properties are not allowed ({names} was unexpected)"),
    gettext_noop(
        "interactions {number} and {other_number} have the same id and event, so one would overwrite the other. Give them different events, or add a column to one id"
    ),
    gettext_noop("`each` goes with identifiers and subjects only"),
    gettext_noop("{text} is no time zone (try Europe/Berlin)"),
    gettext_noop('"{text}" is no time format (try %Y-%m-%d %H:%M:%S, or epoch_seconds)'),
    gettext_noop("a delimiter is one ASCII character, no quote and no line break"),
    gettext_noop("{text} is no encoding (try latin-1)"),
    gettext_noop("{text} cannot be read; save the file as UTF-8"),
    gettext_noop("Give the source a name, such as shop."),
    gettext_noop("Say which column tells when it happened."),
    gettext_noop("Say what happened: choose the column that tells it, or one event for all rows."),
    gettext_noop("Only one column can mean this; {name} does already."),
    gettext_noop("A promise needs its number: choose the number of each row, or a column with the order or case."),
    gettext_noop("{file}: there is a header and no row below it. Choose a file with rows."),
    gettext_noop("{file}: there is no such file."),
    gettext_noop("{file}: there is no such file or folder."),
    gettext_noop("{file}: the file is damaged ({why})."),
    gettext_noop("{file}: the file is UTF-16, which cannot be read. Save it as UTF-8 (in Excel: “CSV UTF-8”)."),
    gettext_noop("{file}: this is a workbook or an archive, no text. Save the sheet as “CSV UTF-8”."),
    gettext_noop("{file}: this is no text. Choose a CSV file."),
    gettext_noop("{file} is not here any more: files are deleted after the import. Upload it again."),
    gettext_noop("Records of this format need the mended mapping."),
    gettext_noop("This import was begun already."),
    gettext_noop("{file}: no object is of the type {text}. Types here: {names}."),
    gettext_noop("{file}: none of its first {number} events has the attribute {text}. There are: {names}."),
    gettext_noop("Other imports were faster a hundred times in a row; nothing of this batch was written. Try again."),
    gettext_noop(
        "The lake {file} could not be written: {why}. What was there stays as it was; do the same again once there is room, and it goes on where it stopped."
    ),
    gettext_noop('{file}: currency = "{text}" is no code of three letters, such as EUR.'),
    gettext_noop('{file}: country = "{text}" is no country (expected a code such as DE).'),
    gettext_noop('{file}: timezone = "{text}" is no time zone (try Europe/Berlin).'),
    gettext_noop("{file}: {name} = {text}: it must be at most {number}."),
    gettext_noop("{file}: minimum_group must be at least 2, and vacuum_grace_hours at least 0."),
    gettext_noop(
        "{file}: keep_interactions_days, keep_text_days and keep_rejected_days must be at least 0 (0: for ever)."
    ),
    gettext_noop('"{text}" is no e-mail address.'),
    gettext_noop('"{text}" is no role. There are: {names}.'),
    gettext_noop("{text} is there already."),
    gettext_noop("Somebody must remain administrator."),
    gettext_noop("Figures on single employees are off. An administrator can turn them on under Settings, Privacy."),
    gettext_noop("Figures by {names} are not told here: it has too many values, or too few customers have each."),
    gettext_noop("That was so for fewer than {number} customers: what became of so few is not told."),
    gettext_noop('"{text}" is too small or too large.'),
    gettext_noop('"{text}" is not a whole number.'),
    gettext_noop('"{text}" is not a number.'),
    gettext_noop("The address holds a control character."),
    gettext_noop('"{text}" has no parameter {name}. It has: {names}.'),
    gettext_noop('"{text}" needs the parameter {name}.'),
    gettext_noop('"{text}" is no list of this answer. There are: {names}.'),
    gettext_noop('"{text}" is no measure. There are: {names}.'),
    gettext_noop('the record has no id (column "{name}", expected a value: it is the record\'s id)'),
    gettext_noop('the record has no time (column "{name}", expected a time)'),
    gettext_noop('the record does not say what happened (column "{name}", expected the name of what happened)'),
    gettext_noop('"{text}" is not a date (column "{name}", expected format {more})'),
    gettext_noop('"{text}" is not a number (column "{name}", expected a number)'),
    gettext_noop('"{text}" is not a number (column "{name}", expected a number {more})'),
    gettext_noop('"{text}" is out of range (column "{name}", expected a time between {number} and {other_number})'),
    gettext_noop('"{text}" is out of range (column "{name}", expected a number from {number} to {other_number})'),
    gettext_noop('"{text}" is no direction (column "{name}", expected one of {names})'),
    gettext_noop('"{text}" is no kind of question (column "{name}", expected one of {names})'),
    gettext_noop('"{text}" is no state of a promise (column "{name}", expected one of {names})'),
    gettext_noop(
        "the record speaks of a promise but not of which ({name}, expected a promise_id, so that what became of the promise can be told)"
    ),
    gettext_noop("the record speaks of a promise but not of what became of it ({name}, expected {names})"),
    gettext_noop("the record makes a promise without a date ({name}, expected by when it was promised)"),
    gettext_noop(
        '"{text}" is not on the scale (column "{name}", expected a score on the scale that scale_low and scale_high tell)'
    ),
    gettext_noop('"{text}" is no currency (column "{name}", expected a code of three letters, such as EUR)'),
    gettext_noop(
        "the mapping names {names}, which the header lacks. It has: {other_names}. Mend the mapping and import the file again"
    ),
    gettext_noop("{number} columns, expected {other_number} as in the header"),
    gettext_noop("{number} columns; at most {other_number} are read. {more}"),
    gettext_noop("a quote that is opened is never closed"),
    gettext_noop("a line ends with a carriage return alone; expected a line feed, or both"),
    gettext_noop(
        "not {name}: byte {text} at position {number}; if the file is Latin-1, say `read: {{encoding: latin-1}}` in the mapping"
    ),
    gettext_noop(
        "not UTF-8: byte {text} at position {number}; save the file as UTF-8 (iconv -f latin1 -t utf-8 does, where it is Latin-1) and import it again"
    ),
    gettext_noop("the file is UTF-16, which is not read; save it as UTF-8 (iconv -f utf-16 -t utf-8) and import that"),
    gettext_noop("not JSON: {why}; expected one object a line"),
    gettext_noop("not JSON: {why}; expected a document that is one object"),
    gettext_noop("JSON, but {sort}; expected an object"),
    gettext_noop("the file is empty; expected {more}"),
    gettext_noop("the file has no columns"),
    gettext_noop("not a Parquet file: {why}"),
    gettext_noop("the file is damaged: {why}; the rows before are in"),
    gettext_noop("the file ends early ({why}); this line is not whole"),
    gettext_noop("the file ends early ({why}); the lines before are in"),
    gettext_noop("the file ends early ({why}); expected a whole JSON document"),
    gettext_noop("longer than {number} MiB; expected one record a line"),
    gettext_noop("the row has {number} bytes; at most {other_number} are read"),
    gettext_noop("the event has {number} bytes; at most {other_number} are read"),
    gettext_noop("a value of more than {number} million characters; none so long is read"),
    gettext_noop("the log breaks off: {why}; the events before are in"),
    gettext_noop("the log breaks off: {why}"),
    gettext_noop("the outermost element is <{name}>; expected <log>, as in an export of event logs"),
    gettext_noop("no OCEL 2.0 log; expected the lists `events` and `objects`"),
    gettext_noop("no event; expected an object with id, type, time, attributes and relationships"),
    gettext_noop('"{name}" is no {sort}. There are: {names}.'),
]
"""What it says; the first that fits is it."""
SORTS = [
    gettext_noop("keys with values"),
    gettext_noop("a list"),
    gettext_noop("a text"),
    gettext_noop("a number"),
    gettext_noop("a whole number"),
    gettext_noop("true or false"),
    gettext_noop("nothing"),
    gettext_noop("null"),
    gettext_noop("a date"),
]
"""What a value in YAML or JSON is called there."""
KNOWN = known(SENTENCES, {"number": r"[\d,.]+", "day": r"\d{4}-\d\d-\d\d", "option": r"\w+", "sort": "[a-z ]+"})
PLACES = [
    re.compile(r"(?:(?P<file>[^\n]+?), )?line (?P<line>\d+): (?:(?P<key>[\w.]+): )?(?P<said>.+)"),
    re.compile(r"(?P<file>[^:]+): (?P<said>.+)"),
]
"""What stands before a sentence: file, line and key."""


def in_words(text: str) -> str:
    """What was said, in the user's language; lines that are not known there as they are."""
    return "\n".join(_line(line) for line in text.split("\n"))


def _line(line: str) -> str:
    if said := _sentence(line):
        return said
    for place in PLACES:
        if (found := place.fullmatch(line)) and (said := _sentence(found["said"])):
            return _placed(found.groupdict()) + said
    return line


def _sentence(text: str) -> str | None:
    """A sentence in the user's language, with or without its full stop; None where it is not known."""
    found, stop = met(text, KNOWN), ""
    if found is None and text.endswith("."):
        found, stop = met(text[:-1], KNOWN), "."
    if found is None:
        return None
    sentence, gaps = found
    told = {name: gettext(value) if sort_of(name) == "sort" else value for name, value in gaps.items()}
    return gettext(sentence).format(**told) + stop


def _placed(found: dict[str, str | None]) -> str:
    line = gettext("line %(line)s") % {"line": found["line"]} if found.get("line") else None
    where = ", ".join(filter(None, (found["file"], line)))
    return "".join(f"{part}: " for part in (where, found.get("key")) if part)
