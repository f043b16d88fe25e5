"""A life for the page: what is shown of it, day by day, with runs of the same folded; and its picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.http import QueryDict
from django.utils.formats import date_format, number_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firsthand.web.customers.words import CHANNELS, KINDS, STATES, SUBJECTS, UNKNOWN, said
from firsthand.web.figures.drawing import life_picture
from firsthand.web.figures.figure import Figure, duration, rounded

Row = dict[str, Any]
SHOWN = 100
"""How many interactions a page shows at most."""
RUN = 4
"""From so many of the same on one is folded."""
TELLING = ("text", "score", "answer", "amount", "signals", "promise_state", "wait_seconds")
"""What has one of these is never folded."""


@dataclass(frozen=True)
class Part:
    """The part of a life that an address asks for. signs: where something `good` or `bad` shows.  before: only what comes before this step."""

    channel: str = ""
    kind: str = ""
    journey: str = ""
    signs: str = ""
    before: int | None = None

    @classmethod
    def of(cls, query: QueryDict) -> Part:
        before = query.get("before", "")
        return cls(
            query.get("channel", ""), query.get("kind", ""), query.get("journey", ""), query.get("signs", ""),
            int(before) if before.isdecimal() and len(before) < 12 else None,
        )  # fmt: skip

    @property
    def narrowed(self) -> bool:
        return bool(self.channel or self.kind or self.journey or self.signs)

    def query(self, before: int | None = None) -> str:
        """As it stands in an address."""
        told = [(key, getattr(self, key)) for key in ("channel", "kind", "journey", "signs") if getattr(self, key)]
        told += [("before", str(before))] if before is not None else []
        return "?" + urlencode(told) if told else "?"

    def chosen(self, life: Iterable[Row]) -> list[Row]:
        """Those interactions that it asks for, whenever they were."""
        return [
            row for row in life
            if (not self.channel or row.get("channel", UNKNOWN) == self.channel)
            and (not self.kind or row.get("kind", UNKNOWN) == self.kind)
            and (not self.journey or str(row.get("journey")) == self.journey)
            and (not self.signs or any(each["good"] == (self.signs == "good") for each in row.get("signals", [])))
        ]  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """What a page shows of a life. days: the newest first, each with the journeys of the day and its runs in their order.

    earlier, later: how many interactions are not shown, and from where on they are (steps for `before`; None: from the newest).
    """

    days: list[tuple[date, list[int], list[Row]]]
    count: int
    earlier: int
    earlier_before: int | None
    later: int
    later_before: int | None


def shown(life: Sequence[Row], part: Part) -> Shown:
    """The newest interactions that a part asks for."""
    chosen = part.chosen(life)
    until = [row for row in chosen if part.before is None or row["step"] < part.before]
    rows, later = until[-SHOWN:], chosen[len(until) :]
    days = []
    for day, each in groupby(rows, key=lambda row: _at(row).date()):
        told = [_told(row) for row in each]
        days.append((day, sorted({row["journey"] for row in told if "journey" in row}), _runs(told)))
    return Shown(
        days[::-1], len(rows), len(until) - len(rows), rows[0]["step"] if rows else None,
        len(later), later[SHOWN]["step"] if len(later) > SHOWN else None,
    )  # fmt: skip


def _at(row: Row) -> datetime:
    return datetime.fromisoformat(row["occurred_at"])


def _told(row: Row) -> Row:
    """An interaction as the template shows it."""
    details = [f"{said(SUBJECTS, each['kind'])} {each['value']}" for each in row.get("subjects", [])]
    if "amount" in row:
        details.append(f"{rounded(row['amount'], 2)} {row.get('currency', '')}".strip())
    if "wait_seconds" in row:
        details.append(_("waited %(time)s") % {"time": duration(row["wait_seconds"])})
    if "duration_seconds" in row:
        details.append(_("took %(time)s") % {"time": duration(row["duration_seconds"])})
    if "promise_state" in row:
        state = said(STATES, row["promise_state"])
        by = datetime.fromisoformat(row["promised_for"]) if "promised_for" in row else None
        details.append(
            _("%(state)s for %(day)s") % {"state": state, "day": date_format(by, "DATE_FORMAT")} if by else state
        )
    return row | {
        "at": _at(row),
        "name": row.get("touchpoint") or row.get("event") or _("not on the map"),
        "channel_said": said(CHANNELS, row.get("channel")),
        "details": details,
        "score_said": _score(row),
        "bad": [each for each in row.get("signals", []) if not each["good"]],
        "good": [each for each in row.get("signals", []) if each["good"]],
    }


def _score(row: Row) -> str:
    if "score" not in row:
        return str(row.get("answer", ""))
    score = f"{row['score']:g}"
    if "scale_low" in row and "scale_high" in row:
        return _("%(score)s on a scale from %(low)s to %(high)s") % {"score": score, "low": f"{row['scale_low']:g}", "high": f"{row['scale_high']:g}"}  # fmt: skip
    return score


def _runs(rows: list[Row]) -> list[Row]:
    """Interactions of a day; `RUN` and more of the same in a row, of which nothing else was told, are one with `folded`."""

    def same(row: Row) -> Any:
        return (
            row["step"]
            if any(name in row for name in TELLING)
            else (row["name"], row.get("channel"), row.get("journey"))
        )

    found: list[Row] = []
    for _same, each in groupby(rows, key=same):
        run = list(each)
        found += [run[0] | {"folded": run, "until": run[-1]["at"]}] if len(run) >= RUN else run
    return found


def choices(life: Sequence[Row], name: str) -> list[tuple[str, str, int]]:
    """What a life can be filtered by: value, words, how many interactions; the most first."""
    words = CHANNELS if name == "channel" else KINDS
    counted = Counter(row.get(name, UNKNOWN) for row in life)
    return [(value, said(words, value), count) for value, count in counted.most_common()]


def over_time(life: Sequence[Row]) -> Figure | None:
    """The picture of a whole life, and the table behind it; None where nothing happened."""
    if not life:
        return None
    moments = [
        {"at": _at(row), "channel": row.get("channel", UNKNOWN), "bad": any(not each["good"] for each in row.get("signals", []))}
        | {"good": any(each["good"] for each in row.get("signals", []))}
        for row in life
    ]  # fmt: skip
    channels = {value: words for value, words, _count in choices(life, "channel")}
    bad, good = sum(row["bad"] for row in moments), sum(row["good"] for row in moments)
    said_of = {"first": _day(moments[0]["at"]), "last": _day(moments[-1]["at"])}
    title = " ".join([
        ngettext("%(n)s interaction", "%(n)s interactions", len(life)) % {"n": number_format(len(life), force_grouping=True)},
        ngettext("on %(n)s channel", "on %(n)s channels", len(channels)) % {"n": len(channels)},
        _("from %(first)s to %(last)s;") % said_of,
        ngettext("something bad shows at %(n)s of them", "something bad shows at %(n)s of them", bad) % {"n": number_format(bad, force_grouping=True)},
    ])  # fmt: skip
    rows = []
    for channel, words in channels.items():
        mine = [row for row in moments if row["channel"] == channel]
        rows.append([words, len(mine), _day(mine[0]["at"]), _day(mine[-1]["at"]), sum(row["bad"] for row in mine), sum(row["good"] for row in mine)])  # fmt: skip
    return Figure(
        title=title,
        picture=life_picture(moments, {name: words[:1].upper() + words[1:] for name, words in channels.items()}, title),
        head=[_("channel"), _("interactions"), _("first"), _("last"), _("with something bad"), _("with something good")],
        rows=rows,
        note=_("Each dot is something that happened, a larger one several. A triangle below the line: something bad shows there (%(bad)s); a diamond above it: something good (%(good)s).")
        % {"bad": number_format(bad, force_grouping=True), "good": number_format(good, force_grouping=True)},
    )  # fmt: skip


def _day(at: datetime) -> str:
    return date_format(at, "DATE_FORMAT")
