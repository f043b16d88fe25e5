"""Small groups are not shown, nor what would tell them by subtraction."""

from __future__ import annotations

import ibis
import pytest
from click.testing import CliRunner

from firsthand.cli import command
from firsthand.jobs.figures import Period, figures
from firsthand.jobs.funnel_figures import funnel_figures
from firsthand.jobs.import_files import import_files
from firsthand.jobs.promise_figures import promise_figures
from firsthand.jobs.world import world
from firsthand.measures import NPS
from firsthand.privacy import suppress
from firsthand.sources import format_named
from spec import cells, rows


def shown(text: str, *by: str, apart: tuple[str, ...] = ()) -> set[str]:
    """Which groups of a text table are shown, where ten customers are the fewest."""
    header, body = cells(text)
    table = [dict(zip(header, line, strict=True)) | {"respondents": int(line[-1]), "value": 0.5} for line in body]
    found = rows(suppress(ibis.memtable(table), minimum=10, apart=apart, by=by))
    assert all(row["suppressed"] == (row["respondents"] is None) == (row["value"] is None) for row in found)
    return {" ".join(row[key] for key in (*apart, *by)) for row in found if not row["suppressed"]}


@pytest.mark.parametrize(
    ("customers", "left"),
    [
        ((10, 20, 30, 40), "abcd"),
        ((9, 20, 30, 40), "cd"),
        ((20, 9, 30, 20), "cd"),
        ((9, 8, 30, 40), "cd"),
        ((2, 1, 30, 40), "d"),
        ((1, 1, 1, 1), ""),
    ],
    ids=[
        "none is small", "one alone takes the next smallest with it", "of equals the first by name",
        "two are ten together", "two that are too few together take a third", "all are small",
    ],
)  # fmt: skip
def test_what_is_left_of_the_total_never_tells_a_small_group(customers, left):
    table = "\n".join(["channel | customers", *(f"{name} | {n}" for name, n in zip("abcd", customers, strict=True))])
    assert shown(table, "channel") == set(left)


@pytest.mark.parametrize("customers", [9, 10])
def test_a_group_that_is_alone_stands_or_falls_by_itself(customers):
    assert shown(f"channel | customers\nweb | {customers}", "channel") == ({"web"} if customers == 10 else set())


def test_each_question_has_a_total_of_its_own():
    table = """
        question | channel | customers
        how      | web     | 9
        how      | app     | 20
        how      | store   | 30
        why      | web     | 15
        why      | app     | 20
    """
    assert shown(table, "channel", apart=("question",)) == {"how store", "why web", "why app"}


def test_with_two_keys_each_row_and_column_is_guarded():
    table = """
        region | month | customers
        north  | may   | 5
        north  | june  | 20
        north  | july  | 30
        south  | may   | 40
        south  | june  | 50
        south  | july  | 60
        west   | may   | 41
        west   | june  | 51
        west   | july  | 61
    """
    assert shown(table, "region", "month") == {"north july", "south july", "west may", "west june", "west july"}


MAPPING = """
source: survey
interactions:
  - id: {column: id}
    occurred_at: {column: at}
    event: {constant: Answered}
    channel: {column: how}
    identifiers: {email: {column: mail}}
    question: {constant: Would you tell a friend?}
    question_kind: {constant: nps}
    score: {column: score}
    scale_low: {constant: 0}
    scale_high: {constant: 10}
"""


def test_a_figure_that_subtraction_would_tell_is_not_shown(home, tmp_path):
    ways = ["web"] * 3 + ["app"] * 12 + ["store"] * 11 + ["phone"] * 20
    lines = [f"{n},2026-03-01T10:00:00Z,{how},p{n}@x.org,{n % 11}" for n, how in enumerate(ways)]
    (tmp_path / "survey.yaml").write_text(MAPPING)
    (tmp_path / "survey.csv").write_text("\n".join(["id,at,how,mail,score", *lines]))
    import_files(home, [tmp_path / "survey.csv"], format_named("csv"), mapping_file=tmp_path / "survey.yaml")
    with world(home) as opened:
        (whole,), parts = figures(opened, [NPS]), figures(opened, [NPS], by=["channel"])
    told = {row["by"]["channel"]: row["observations"] for row in parts}
    assert (whole["observations"], told) == (46, {"web": None, "app": 12, "store": None, "phone": 20})


def test_answers_of_nobody_known_count_as_one_respondent_each(home, tmp_path):
    lines = [f"{n},2026-03-01T10:00:00Z,{'web' if n < 10 else 'app'},,{n % 11}" for n in range(19)]
    (tmp_path / "survey.yaml").write_text(MAPPING)
    (tmp_path / "survey.csv").write_text("\n".join(["id,at,how,mail,score", *lines]))
    import_files(home, [tmp_path / "survey.csv"], format_named("csv"), mapping_file=tmp_path / "survey.yaml")
    with world(home) as opened:
        ((whole,), parts) = figures(opened, [NPS]), figures(opened, [NPS], by=["channel"])
    assert (whole["customers"], whole["observations"], whole["suppressed"]) == (0, 19, False)
    assert [row["suppressed"] for row in parts] == [True, True]


PROMISES = """
source: shop
interactions:
  - id: {column: id}
    occurred_at: {constant: "2026-03-01T10:00:00Z"}
    event: {constant: Promised}
    employee: {column: who}
    identifiers: {email: {column: mail}}
    promise_id: {column: id}
    promised_for: {column: due}
    promise_state: {constant: made}
"""


@pytest.fixture
def promised(home, tmp_path):
    """Promises that employees made: one to each customer, some of them due before April, the others in May."""
    made = {"ann": (20, 0), "bob": (3, 0), "cid": (12, 0), "dan": (30, 0), "eve": (4, 20), "fay": (0, 40)}
    lines = [
        f"{who}{n},{who},{who}{n}@x.org,2026-0{3 if n < due else 5}-10T10:00:00Z"
        for who, (due, later) in made.items()
        for n in range(due + later)
    ]
    (tmp_path / "shop.yaml").write_text(PROMISES)
    (tmp_path / "shop.csv").write_text("\n".join(["id,who,mail,due", *lines]))
    import_files(home, [tmp_path / "shop.csv"], format_named("csv"), mapping_file=tmp_path / "shop.yaml")
    return home


def test_promises_by_employee_hide_the_counts_that_would_tell_the_share(promised):
    with world(promised, "2026-04-01") as opened:
        groups = promise_figures(opened, by=["employee"])["groups"]
    told = {row["by"]["employee"]: (row["made"], row["overdue"], row["suppressed"]) for row in groups}
    assert told == {
        "ann": (20, 20, False),
        "bob": (None, None, True),  # three customers
        "cid": (None, None, True),  # the next smallest
        "dan": (30, 30, False),
        "eve": (None, None, True),  # four customers whose promise could be judged
        "fay": (40, 0, False),
    }
    for row in groups:
        assert (row["kept_share"] or {}).get("value") == (0 if row["by"]["employee"] in ("ann", "dan") else None)


def test_promises_by_employee_are_printed_with_what_may_not_be_shown_left_blank(promised):
    said = CliRunner().invoke(command, ["show", "promises", "--by", "employee", "--home", str(promised.folder)])
    assert said.exit_code == 0, said.output
    (bob,) = [line for line in said.output.splitlines() if "bob" in line]
    assert bob.split() == ["bob", "too", "few", "to", "show"]


def test_promises_by_owner_are_shown_however_few(promised):
    with world(promised, "2026-04-01") as opened:
        (row,) = promise_figures(opened, by=["owner"], period=Period.of("2026-03-10", "2026-03-10"))["groups"]
    assert (row["made"], row["suppressed"]) == (69, False)


SERVED = """
source: desk
interactions:
  - id: {column: id}
    occurred_at: {column: at}
    event: {column: what}
    employee: {column: who}
    identifiers: {email: {column: mail}}
"""
DESK = """
stages: [ask]
touchpoints:
  - {name: asked, stage: ask, kind: question, rules: [{event: asked}]}
  - {name: helped, stage: ask, kind: contact, rules: [{event: helped}]}
"""


def test_a_funnel_by_employee_shows_nothing_of_small_groups_and_no_time_that_few_took(home, tmp_path):
    lines = []
    for who, (began, reached) in {"ann": (20, 12), "bob": (1, 1), "cid": (12, 6), "dan": (30, 3)}.items():
        lines += [f"a{who}{n},2026-03-01T10:00:00Z,asked,{who},{who}{n}@x.org" for n in range(began)]
        lines += [f"h{who}{n},2026-03-01T11:00:00Z,helped,{who},{who}{n}@x.org" for n in range(reached)]
    (tmp_path / "desk.yaml").write_text(SERVED)
    (tmp_path / "desk.csv").write_text("\n".join(["id,at,what,who,mail", *lines]))
    home.map_file.write_text(DESK)
    import_files(home, [tmp_path / "desk.csv"], format_named("csv"), mapping_file=tmp_path / "desk.yaml")
    with world(home) as opened:
        found = funnel_figures(opened, ["asked", "helped"], by=["employee"])["groups"]
    told = {row["by"]["employee"]: (row["suppressed"], [step["customers"] for step in row["steps"]]) for row in found}
    assert told == {"ann": (False, [20, 12]), "bob": (True, [None, None]), "cid": (True, [None, None]), "dan": (False, [30, 3])}  # fmt: skip
    after = {row["by"]["employee"]: row["steps"][1] for row in found}
    assert {who: step["median_seconds"] for who, step in after.items()} == {"ann": 3600, "bob": None, "cid": None, "dan": None}  # fmt: skip
    assert after["bob"]["of_first"]["value"] is after["cid"]["of_previous"]["value"] is None
    asked = ["show", "funnel", "--step", "asked", "--step", "helped", "--by", "employee", "--home", str(home.folder)]
    (line,) = [row for row in CliRunner().invoke(command, asked).stdout.splitlines() if row.split()[:2] == ["bob", "helped"]]  # fmt: skip
    assert line.split() == ["bob", "helped", *["too", "few", "to", "show"] * 2]
