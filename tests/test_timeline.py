"""The timeline: newest versions, in order, as the map knows them; and who is who."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import duckdb
import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firsthand.jobs.identify import record, untold
from firsthand.jobs.import_files import import_files
from firsthand.journeys import ExperienceMap, timeline
from firsthand.journeys.map import Touchpoint
from firsthand.journeys.timeline import newest, steps
from firsthand.lake import connect, files
from firsthand.people import resolve, told_together
from firsthand.sources import format_named
from firsthand.tables import KIND_VALUE, TEXT_MAP, Interactions
from spec import lives, rows

NO_MAP = ExperienceMap((), (), {})


def told(text):
    """Interactions, each with a number of its own and a version as old as itself, if none is given."""
    table = lives(text, Interactions)
    return table.mutate(row=table.position, version=ibis.coalesce(table.version, table.occurred_at))


def owned(interactions, **by_event):
    """The interactions, with the key of whose each is, by the name of its event."""
    cases = [(interactions.event == event, who) for event, who in by_event.items()]
    return interactions.mutate(key=ibis.cases(*cases, else_="ada") if cases else ibis.literal("ada"))


PEOPLE = {"key": ["ada", "bob"], "customer_id": ["ada", "bob"], "life": [1, 2]}


def life(text, *points, timezone="UTC", **by_event):
    stages = tuple(dict.fromkeys(point.stage for point in points))
    map_ = ExperienceMap(stages, points, {})
    return rows(timeline(owned(told(text), **by_event), ibis.memtable(pa.table(PEOPLE)), map_, timezone))


def point(name, *rules, **more):
    return Touchpoint(name, "use", "use", rules=rules, **more)


def test_the_newest_version_wins_whatever_came_last(spec):
    spec(
        given="""
            id | occurred_at | event
            a  | 2026-03-01  | first
        """,
        when=lambda _: newest(told("""
            id | occurred_at | version    | event
            a  | 2026-03-01  | 2026-03-02 | first
            a  | 2026-03-01  | 2026-03-04 | newest
            a  | 2026-03-01  | 2026-03-03 | second
            b  | 2026-03-01  | 2026-03-01 | alone
        """)),
        then="id | event\na | newest\nb | alone",
    )  # fmt: skip


def test_of_equal_versions_the_one_that_reached_us_later_wins_then_the_one_further_down():
    found = rows(newest(told("""
        id | occurred_at | version    | received_at | event
        a  | 2026-03-01  | 2026-03-02 | 2026-03-05  | later
        a  | 2026-03-01  | 2026-03-02 | 2026-03-04  | earlier
        b  | 2026-03-01  | 2026-03-02 | 2026-03-04  | above
        b  | 2026-03-01  | 2026-03-02 | 2026-03-04  | below
    """)))  # fmt: skip
    assert {row["interaction_id"]: row["event"] for row in found} == {"a": "later", "b": "below"}


def test_events_of_equal_time_keep_the_order_of_their_file():
    found = life("id | occurred_at | event\nz | 2026-03-01 | one\na | 2026-03-01 | two\nm | 2026-03-01 | three")
    assert [(row["event"], row["step"]) for row in found] == [("one", 1), ("two", 2), ("three", 3)]


def test_a_row_knows_what_comes_next_and_when():
    found = life("occurred_at | touchpoint\n2026-03-01 | asked\n2026-03-02 | told")
    assert [(row["next_touchpoint"], row["gap_seconds"]) for row in found] == [("told", 86_400), (None, None)]


def test_interactions_of_nobody_are_kept_and_have_no_place_in_a_life():
    found = life("occurred_at | event\n2026-01-01 | theirs\n2026-01-02 | theirs\n2026-03-01 | hers", theirs="nobody")
    assert [row["customer_id"] for row in found] == [None, None, "ada"]
    assert len({row["life"] for row in found}) == 3
    assert all(row[name] is None for row in found[:2] for name in ("step", "journey", "gap_seconds", "next_touchpoint"))


def test_a_long_pause_begins_a_new_journey():
    found = life("occurred_at\n2026-01-01\n2026-01-31\n2026-03-10\n2026-03-11")
    assert [row["journey"] for row in found] == [1, 1, 2, 2]


def journeys(text, **more):
    """The journeys of ada's life on a map of two stages."""
    points = [Touchpoint("bought", "buy", "purchase"), Touchpoint("used", "use", "use")]
    map_ = ExperienceMap(("buy", "use"), tuple(points), {}, **more)
    return [row["journey"] for row in rows(timeline(owned(told(text)), ibis.memtable(pa.table(PEOPLE)), map_, "UTC"))]


RETURNED_LATE = """
    occurred_at | touchpoint | subject
    2026-01-01  | bought     | order 7
    2026-03-01  | used       |
    2026-05-01  | bought     | order 7
    2026-05-02  | used       |
    2026-05-03  | bought     | order 8
"""


def test_what_is_about_one_order_is_one_journey_however_long_it_was_silent():
    assert journeys(RETURNED_LATE) == [1, 2, 1, 3, 3]


def test_only_the_kinds_of_subject_that_the_map_names_make_a_journey():
    assert journeys(RETURNED_LATE, journey_subjects=("contract",)) == [1, 2, 3, 3, 3]
    assert journeys(RETURNED_LATE, journey_subjects=()) == [1, 2, 3, 3, 3]


def test_the_pause_that_a_journey_outlasts_is_that_of_the_stage_before_it():
    life = "occurred_at | touchpoint\n2026-01-01 | used\n2026-03-01 | bought\n2026-05-01 | used"
    assert journeys(life) == [1, 2, 3]
    assert journeys(life, journey_pauses={"use": 90}) == [1, 1, 2]
    assert journeys(life, journey_pauses={"buy": 90}) == [1, 2, 2]


def test_the_circumstances_of_an_order_hold_for_all_that_is_about_it():
    found = life("""
        occurred_at | subject        | circumstances | event
        2026-01-01  | order 7        |               | opened the shop
        2026-01-02  | order 7        | need=gift     | ordered
        2026-01-03  | order 7        | need=late     | changed
        2026-01-04  | order 7        |               | delivered
        2026-01-05  | order 8        |               | another order
        2026-01-06  |                |               | about nothing
        2026-01-07  | order 7        |               | of nobody
    """, **{"of nobody": "nobody"})  # fmt: skip
    assert {row["event"]: dict(row["situation"] or {}) for row in found} == {
        "opened the shop": {"need": "gift"}, "ordered": {"need": "gift"}, "changed": {"need": "late"}, "delivered": {"need": "gift"},
        "another order": {}, "about nothing": {}, "of nobody": {},
    }  # fmt: skip


def test_columns_in_which_nobody_told_anything_may_be_left_out_of_the_sorting():
    told_of = owned(told("""
        occurred_at | event   | subject
        2026-01-03  | later   | order 7
        2026-01-01  | earlier |
    """))  # fmt: skip
    people = ibis.memtable(pa.table(PEOPLE))
    whole, spared = (rows(timeline(told_of, people, NO_MAP, "UTC", empty)) for empty in ((), ("channel", "circumstances", "text", "amount")))  # fmt: skip
    assert spared == whole
    assert [row["event"] for row in spared] == ["earlier", "later"]


def test_what_nobody_told_is_known_from_the_files(home, tmp_path):
    listed = tmp_path / "told.csv"
    mapping = tmp_path / "map.yaml"
    listed.write_text("id,at,who,words\n1,2026-01-01,kim,\n2,2026-01-02,kim,good\n", "utf-8")
    mapping.write_text("source: s\ninteractions:\n  - {id: {column: id}, occurred_at: {column: at}, event: {constant: told}, text: {column: words}, identifiers: {user_id: {column: who}}}\n", "utf-8")  # fmt: skip
    import_files(home, [listed], format_named("csv"), mapping_file=mapping)
    with connect(home.lake) as connection:
        empty = untold(connection, files(home.lake, Interactions.table_name))
        assert untold(connection, []) == []
    assert {"amount", "score", "employee"} <= set(empty)
    assert not {"text", "identifiers", "occurred_at", "interaction_id"} & set(empty)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-01-31T22:30", date(2026, 1, 31)),
        ("2026-01-31T23:30", date(2026, 2, 1)),
        ("2026-03-28T23:30", date(2026, 3, 29)),  # the night in which the clock is put forward
        ("2026-03-29T21:30", date(2026, 3, 29)),
        ("2026-03-29T22:30", date(2026, 3, 30)),
        ("2026-10-24T22:30", date(2026, 10, 25)),  # and back
        ("2026-10-25T22:30", date(2026, 10, 25)),
        ("2026-10-25T23:30", date(2026, 10, 26)),
    ],
)
def test_the_day_is_the_local_one(moment, day):
    (found,) = life(f"occurred_at\n{moment}", timezone="Europe/Berlin")
    assert found["day"] == day


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        ({"source": "shop"}, True),
        ({"source": ["till", "shop"]}, True),
        ({"event": "Order Completed", "source": "till"}, False),
        ({"event": "Order Completed", "channel": "web"}, True),
        ({"channel": "phone"}, False),
        ({"direction": "inbound"}, False),
        ({"properties": {"how": "express"}}, True),
        ({"properties": {"how": ["slow", "express"], "paid": "true"}}, True),
        ({"properties": {"how": "express", "absent": "x"}}, False),
    ],
    ids=str,
)
def test_a_rule_fits_where_every_key_of_it_holds(rule, fits):
    (found,) = life(
        'occurred_at | source | event | channel | properties\n2026-03-01 | shop | Order Completed | web | {"how": "express", "paid": true}',
        point("known", rule),
    )
    assert (found["touchpoint"], found["recognised"]) == ("known" if fits else None, fits)


def test_the_first_touchpoint_that_fits_wins():
    points = point("by channel", {"channel": "web"}), point("by event", {"event": "ordered"})
    (found,) = life("occurred_at | event | channel\n2026-03-01 | ordered | web", *points)
    assert found["touchpoint"] == "by channel"


def test_where_no_rule_fits_the_senders_touchpoint_stands():
    (found,) = life("occurred_at | touchpoint\n2026-03-01 | queued", point("queued", {"event": "x"}, owner="store"))
    assert (found["touchpoint"], found["owner"], found["recognised"]) == ("queued", "store", False)


def test_the_channel_of_the_map_stands_in_where_the_sender_names_none():
    points = point("called", {"source": "calls"}, channel="phone"), point("asked", {"source": "x"})
    found = life("occurred_at | source | channel\n2026-03-01 | calls | -\n2026-03-02 | calls | chat", *points)
    assert [row["channel"] for row in found] == ["phone", "chat"]


moments = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 10**10)), min_size=1, max_size=40)


@settings(max_examples=15, deadline=None)
@given(moments)
def test_steps_count_each_life_and_gaps_sum_to_its_span(told_of):
    start = datetime(2026, 1, 1, tzinfo=UTC)
    placed = [
        {"row": n, "interaction_id": str(n), "life": ord(who), "customer_id": who, "touchpoint": None,
         "recognised": False, "subjects": None, "circumstances": None, "position": n, "occurred_at": start + timedelta(microseconds=us)}
        for n, (who, us) in enumerate(told_of)
    ]  # fmt: skip
    fields = [*((name, pa.string()) for name in ("interaction_id", "customer_id", "touchpoint")),
              *((name, pa.int64()) for name in ("row", "life", "position")),
              ("recognised", pa.bool_()), ("subjects", KIND_VALUE), ("circumstances", TEXT_MAP), ("occurred_at", pa.timestamp("us", "UTC"))]  # fmt: skip
    found = rows(steps(ibis.memtable(pa.Table.from_pylist(placed, schema=pa.schema(fields))), NO_MAP))
    for who in {who for who, _ in told_of}:
        mine, times = [row for row in found if row["customer_id"] == who], [us for other, us in told_of if other == who]
        assert sorted(row["step"] for row in mine) == list(range(1, len(times) + 1))
        assert sum(row["gap_seconds"] or 0 for row in mine) == pytest.approx((max(times) - min(times)) / 1e6)


def people(*identifiers):
    """Which of some interactions are one customer's, by what is said of each: letters, one per customer."""
    said = [[{"kind": kind, "value": value} for kind, value in one.items()] for one in identifiers]
    records = [{"interaction_id": str(n), "content_hash": "", "identifiers": one} for n, one in enumerate(said)]
    connection = duckdb.connect()
    connection.register("told_of", pa.Table.from_pylist(records, schema=Interactions.schema()))
    told_together(connection, "told_of", "")
    found_people, _review = resolve(connection)
    connection.register("people", found_people)
    record(connection, "told_of")
    found = dict(
        connection.execute("SELECT interaction_id, customer_id FROM record JOIN people USING (key)").fetchall()
    )
    letters: dict[str, str] = {}
    return "".join(
        "-" if str(n) not in found else letters.setdefault(found[str(n)], "abcdef"[len(letters)])
        for n in range(len(said))
    )


@pytest.mark.parametrize(
    ("identifiers", "customers"),
    [
        (({"email": "a@x"}, {"email": "b@x"}), "ab"),
        (({"email": "a@x"}, {"email": "a@x", "phone": "030111"}, {"phone": "030 111", "card": "7"}, {"card": "7"}), "aaaa"),
        (({"card": "7"}, {"email": "z@x"}, {"email": "z@x", "card": "7"}), "aaa"),
        (({"email": "Ada@X.org"}, {"email": " ada@x.ORG "}), "aa"),
        (({"phone": "+49 30 / 12-3"}, {"phone": "+4930123"}), "aa"),
        (({"customer_number": "a7"}, {"customer_number": "A7"}), "ab"),
        (({"customer_number": "7"}, {"loyalty_card": "7"}), "ab"),
        (({"email": "a@x", "name": "Kim"}, {"email": "b@x", "name": "Kim"}), "ab"),
        (({"name": "Kim", "city": "Bonn"}, {"ip": "::1"}), "--"),
        (({"email": " "}, {"email": ""}, {"phone": "()"}, {}), "----"),
        (({"email": "", "card": "7"}, {"email": "", "card": "8"}), "ab"),
    ],
    ids=[
        "different e-mails are different customers", "a chain of identifiers is one", "a later link joins earlier ones",
        "e-mails are compared without case and blanks", "phones as E.164", "numbers as they are written",
        "the same value of another kind is none", "weak kinds never join", "weak kinds make nobody", "blanks make nobody",
        "blanks do not join",
    ],
)  # fmt: skip
def test_who_is_who(identifiers, customers):
    assert people(*identifiers) == customers
