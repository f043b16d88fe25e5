"""Comments in files: read in portions, answered row by row, and gone on with where a run was stopped."""

from __future__ import annotations

import csv

import pytest

from firsthand.errors import SourceError
from firsthand.jobs import comment_files
from firsthand.jobs.comment_files import Answers, Comments, question_of, write_unreadable


def rows_of(comments):
    return [row for portion in comments.portions() for row in portion]


def test_rows_are_numbered_where_no_column_names_them(tmp_path):
    file = tmp_path / "said.csv"
    file.write_text('who,said\nada,"Fine, thanks"\nbob,\n', "utf-8")
    assert rows_of(Comments(file, "said")) == [{"id": "1", "text": "Fine, thanks"}, {"id": "2", "text": ""}]
    assert rows_of(Comments(file, "said", id="who"))[1] == {"id": "bob", "text": ""}


def test_portions_hold_every_row_once_in_order(tmp_path, monkeypatch):
    monkeypatch.setattr(comment_files, "PORTION", 3)
    file = tmp_path / "said.csv"
    file.write_text("id,said\n" + "".join(f"{n},word {n}\n" for n in range(8)), "utf-8")
    assert [row["id"] for row in rows_of(Comments(file, "said", id="id"))] == [str(n) for n in range(8)]


def test_a_column_that_is_not_there_is_named_with_those_that_are(tmp_path):
    file = tmp_path / "said.csv"
    file.write_text("id,comment\n1,hello\n", "utf-8")
    with pytest.raises(SourceError, match='no column "said"'):
        rows_of(Comments(file, "said"))


def test_a_line_that_cannot_be_read_is_listed_and_the_others_are_read(tmp_path):
    file = tmp_path / "said.csv"
    file.write_bytes("id,said\n1,größer\n".encode() + "2,schön\n3,nett\n".encode("latin-1"))
    comments = Comments(file, "said", id="id")
    assert [row["id"] for row in rows_of(comments)] == ["1", "3"]
    listed = write_unreadable(comments.unreadable, file, tmp_path / "out.csv")
    (row,) = csv.DictReader(listed.open(encoding="utf-8"))
    assert (row["line"], row["reason"]) == ("3", "not_utf8")


def test_a_file_of_which_nothing_is_utf_8_is_latin_1(tmp_path):
    file = tmp_path / "said.csv"
    file.write_bytes("id,said\n1,gut\n2,schön\n".encode("latin-1"))
    comments = Comments(file, "said", id="id")
    assert [row["text"] for row in rows_of(comments)] == ["gut", "schön"]
    assert (comments.encoding, comments.unreadable) == ("latin-1", [])


def test_a_run_that_was_stopped_goes_on_where_it_was(tmp_path):
    out, file = tmp_path / "out.csv", tmp_path / "said.csv"
    file.write_text("id,said\n1,a\n2,b\n3,c\n", "utf-8")
    question = question_of(file, "reader 1")
    first = Answers(out, ["id"], question)
    first.add([{"id": "1"}, {"id": "2"}], ["understood", "not_understood"])
    with out.with_name("out.csv.part").open("a", encoding="utf-8") as torn:
        torn.write("3,half a ro")
    assert not out.exists()
    second = Answers(out, ["id"], question)
    assert (second.done, dict(second.counts)) == (2, {"understood": 1, "not_understood": 1})
    second.add([{"id": "3"}], ["understood"])
    second.finish()
    assert [row["id"] for row in csv.DictReader(out.open(encoding="utf-8"))] == ["1", "2", "3"]
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []


@pytest.mark.parametrize("changed", ["file", "settings"])
def test_another_question_begins_anew(tmp_path, changed):
    out, file = tmp_path / "out.csv", tmp_path / "said.csv"
    file.write_text("id,said\n1,a\n", "utf-8")
    Answers(out, ["id"], question_of(file, "reader 1")).add([{"id": "1"}], ["understood"])
    if changed == "file":
        file.write_text("id,said\n1,another\n", "utf-8")
    again = Answers(out, ["id"], question_of(file, "reader 2" if changed == "settings" else "reader 1"))
    assert again.done == 0
