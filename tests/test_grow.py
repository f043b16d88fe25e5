"""The timeline grows by the lives that changed, and is then what it would be if all were made anew."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

import pytest
from deltalake.exceptions import CommitFailedError
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from firsthand.errors import UserError
from firsthand.jobs import grow, who_is_who
from firsthand.jobs.home import Home, create_home, open_home
from firsthand.jobs.import_files import import_files
from firsthand.jobs.refresh import backend, refresh
from firsthand.jobs.timeline_files import layers, timeline_of
from firsthand.lake import delta
from firsthand.lake.read import rows, version
from firsthand.sources import format_named
from firsthand.tables import People, Timeline, ToReview

MAPPING = """
source: shop
interactions:
  - id: {column: id}
    version: {column: version}
    occurred_at: {column: at}
    identifiers: {email: {column: email}, phone: {column: phone}, customer_number: {column: number}, anonymous_id: {column: browser}}
    event: {column: event}
    subjects: {order: {column: order}}
"""
MAP = """
stages: [buy, use]
journey_pauses: {use: 3}
touchpoints:
  - {name: bought, stage: buy, kind: purchase, channel: web, rules: [{event: Bought}]}
  - {name: used, stage: use, kind: use, rules: [{event: Used}]}
"""


@pytest.fixture(autouse=True)
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Growing is for few among many; here the many are few."""
    monkeypatch.setattr(grow, "MOST_ARRIVED", 1e9)
    monkeypatch.setattr(grow, "MOST_CHANGED", 1e9)


def made(folder: Path, most_holders: int = 2) -> Home:
    home = create_home(folder / "home", one_per_person=["customer_number"], most_holders=most_holders, country="DE")
    (folder / "m.yaml").write_text(MAPPING)
    home.map_file.write_text(MAP)
    return home


def tell(home: Home, told: list[tuple]) -> None:
    folder = home.folder.parent
    file = folder / f"{len(list(folder.glob('*.csv')))}.csv"
    lines = [f"{i},2026-02-{v:02},2026-01-{d:02},{','.join(more)}" for i, v, d, *more in told]
    file.write_text("\n".join(["id,version,at,email,phone,number,event,order,browser", *lines]) + "\n")
    import_files(home, [file], format_named("csv"), mapping_file=folder / "m.yaml")


def timeline(home: Home) -> list[tuple]:
    columns = [name for name in Timeline.columns if name != "received_at"]
    return sorted(asked(home, *columns), key=repr)


def outcome(home: Home) -> list[tuple]:
    """The timeline, who is who, and what a person should look at."""
    who = [tuple(row.values()) for table in (People, ToReview) for row in rows(home.lake, table).to_pylist()]
    return [*timeline(home), *sorted(who, key=repr)]


def asked(home: Home, *columns: str, over: dict | None = None) -> list[tuple]:
    table = timeline_of(backend(home), *layers(home, over))
    return [tuple(row.values()) for row in table.select(*columns).to_pyarrow().to_pylist()]


def rebuilt(home: Home) -> list[tuple]:
    """The same home's outcome, made as a whole in a copy."""
    copy = home.folder.parent / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(home.folder, copy)
    other = open_home(copy)
    refresh(other, anyway=True)
    return outcome(other)


def base(home: Home) -> int | None:
    return version(home.lake, "timeline")


emails = ["", "n/a", *[f"{v}@x.org" for v in "abcdefgh"]]
phones = ["", "0", "030 1234", "+49301234", "0049 30 1234", "030 5678", "(030) 9012"]
numbers = ["", "0", "guest", *[f"n{v}{v}{v}" for v in "abcdefgh"]]
row = st.tuples(
    st.integers(1, 30), st.integers(1, 9), st.integers(1, 28), st.sampled_from(emails), st.sampled_from(phones),
    st.sampled_from(numbers), st.sampled_from(["Bought", "Used", "Other"]), st.sampled_from(["", "7", "8"]),
    st.sampled_from(["", "kiosk", "laptop", "mobile"]),
)  # fmt: skip


def decide(home: Home, one: str, other: str) -> None:
    """Somebody joins two customers, or splits them, whichever they are not; nothing where the record does not know both."""
    with suppress(UserError):
        if who_is_who.why(home, one, other)["same"]:
            who_is_who.split(home, one, [other], by="kim", reason="two people")
        else:
            who_is_who.join(home, one, other, by="kim", reason="one person")


@settings(
    max_examples=5,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    batches=st.lists(st.lists(row, min_size=1, max_size=24), min_size=2, max_size=4),
    decided=st.lists(st.tuples(st.sampled_from(emails[2:]), st.sampled_from(emails[2:])), min_size=3, max_size=3),
)
def test_a_timeline_that_grew_is_the_one_that_is_made_anew(tmp_path_factory, batches, decided):
    home = made(tmp_path_factory.mktemp("grown"))
    tell(home, batches[0])
    refresh(home)
    whole = base(home)
    for batch, pair in zip(batches[1:], decided, strict=False):
        decide(home, *(f"email={each}" for each in pair))
        tell(home, batch)
        refresh(home)
    assert outcome(home) == rebuilt(home)
    assert base(home) == whole  # it did grow


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = made(tmp_path_factory.mktemp("three"))
    tell(home, [(1, 1, 1, "ada@x.org", "", "", "Bought", "7", ""), (2, 1, 2, "", "030123", "", "Used", "", ""), (3, 1, 3, "bo@x.org", "", "", "Used", "", "")])  # fmt: skip
    refresh(home)
    return home


@pytest.fixture
def home(three: Home, tmp_path: Path) -> Home:
    """Three lives: that of Ada, of a phone and of Bo."""
    shutil.copytree(three.folder.parent, tmp_path, dirs_exist_ok=True)
    return open_home(tmp_path / "home")


def customers(home: Home) -> dict[str, str]:
    return {name.split(":")[-1]: customer for name, customer in asked(home, "interaction_id", "customer_id")}


def test_two_lives_become_one_when_something_links_them(home):
    before, whole = customers(home), base(home)
    tell(home, [(4, 1, 4, "ada@x.org", "030123", "", "Used", "", "")])
    refresh(home)
    found = customers(home)
    assert found["1"] == found["2"] == found["4"] in (before["1"], before["2"])
    assert found["3"] == before["3"]
    assert base(home) == whole
    assert outcome(home) == rebuilt(home)


def test_a_correction_takes_an_interaction_from_one_life_to_another(home):
    tell(home, [(1, 2, 1, "bo@x.org", "", "", "Bought", "7", "")])
    refresh(home)
    assert customers(home)["1"] == customers(home)["3"]
    assert outcome(home) == rebuilt(home)


def test_what_a_person_decides_needs_no_making_anew(home):
    whole = base(home)
    who_is_who.join(home, "email=ada@x.org", "phone=030 123", by="kim", reason="she said so")
    assert customers(home)["1"] == customers(home)["2"]
    assert outcome(home) == rebuilt(home)
    who_is_who.split(home, "email=ada@x.org", ["phone=030 123"], by="kim", reason="she was wrong")
    assert customers(home)["1"] != customers(home)["2"]
    assert outcome(home) == rebuilt(home)
    assert base(home) == whole


def test_an_identifier_that_too_many_hold_stops_linking_what_it_linked(home):
    tell(
        home,
        [(4, 1, 4, "ada@x.org", "030123", "", "Used", "", ""), (5, 1, 5, "bo@x.org", "030123", "", "Used", "", "")],
    )
    refresh(home)
    assert len(set(customers(home).values())) == 1
    tell(home, [(6, 1, 6, "cy@x.org", "030123", "", "Used", "", "")])
    refresh(home)
    found = customers(home)
    assert len({found["1"], found["3"], found["6"]}) == 3
    assert found["2"] is None
    assert outcome(home) == rebuilt(home)


def test_an_identifier_that_turns_out_to_be_one_persons_links_again(tmp_path):
    home = made(tmp_path, most_holders=4)
    tell(home, [(n, 1, n, f"{name}@x.org", "030 1234", "", "Used", "", "") for n, name in enumerate("abc", 1)])
    tell(home, [(4, 1, 4, "", "030 1234", "", "Used", "", "")])
    refresh(home)
    assert customers(home)["4"] is None, "three e-mails may be three people"
    tell(home, [(5, 1, 5, "", "+49301234", "n1", "Used", "", "")])
    refresh(home)
    assert len(set(customers(home).values())) == 1, "one number is one person"
    assert outcome(home) == rebuilt(home)


def test_much_that_is_new_and_a_changed_map_make_all_anew(home, monkeypatch):
    monkeypatch.setattr(grow, "MOST_ARRIVED", 0.05)
    whole = base(home)
    tell(home, [(9, 1, 9, "di@x.org", "", "", "Used", "", "")])
    refresh(home)
    assert base(home) == whole + 1
    home.map_file.write_text(MAP.replace("Used", "Else"))
    refresh(home)
    assert base(home) == whole + 2


def test_a_record_that_was_compacted_makes_all_anew(home):
    tell(home, [(4, 1, 4, "ada@x.org", "", "", "Used", "", "")])
    whole = base(home)
    delta.compact(home.lake)
    tell(home, [(5, 1, 5, "ada@x.org", "", "", "Used", "", "")])
    refresh(home)
    assert base(home) == whole + 1
    assert len(timeline(home)) == 5


def test_an_overlay_tells_which_version_of_the_timeline_it_lies_over(home):
    """A reader that opened the old overlay reads the old base, whatever was made since."""
    before = delta.made_from(home.lake, grow.Overlay)
    tell(home, [(4, 1, 4, "ada@x.org", "", "", "Used", "", "")])
    refresh(home, anyway=True)
    assert len(asked(home, "interaction_id", over=before)) == 3
    assert len(timeline(home)) == 4


def test_who_is_overtaken_by_another_refresh_looks_once_more_what_is_left_to_do(home, monkeypatch):
    write, faster = delta.write_deltalake, iter([True])

    def written(*args, **told):
        if next(faster, False):
            raise CommitFailedError("a concurrent transaction added new data")
        return write(*args, **told)

    monkeypatch.setattr(delta, "write_deltalake", written)
    assert refresh(home, anyway=True)
    assert not refresh(home)
    assert next(faster, False) is False
