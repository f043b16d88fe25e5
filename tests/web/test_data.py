"""Data: sources and their freshness, uploads over a mapping and a preview to an import, what was put aside and retried."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from firsthand.jobs.home import Home
from firsthand.jobs.rejections import open_rejections
from firsthand.sources import mapping

ROWS = """number,at,mail,total
N1,2026-02-01 10:00,ada@example.com,1.50
N2,2026-02-02 10:00,dora@example.com,2.50
N3,2026-02-30 10:00,dora@example.com,2.50
"""


@pytest.fixture
def analyst(client_as: Callable[..., Any], own_home: Home) -> Any:
    client = client_as("analyst")
    client.home = own_home
    return client


def sent(client: Any, data: bytes | str, name: str = "visits.csv", **more: str) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    body = data.encode() if isinstance(data, str) else data
    return client.post("/data/upload/", {"file": SimpleUploadedFile(name, body), "format": "csv"} | more)


def newest() -> Any:
    from firsthand.web.data.models import Import

    return Import.objects.first()


def answers(client: Any, pk: int, **changed: str) -> dict[str, str]:
    """What the form of a mapping sends as it stands, with some of it changed."""
    from firsthand.web.data.forms import MappingForm
    from firsthand.web.data.imports import draft_of

    form = MappingForm(draft_of(newest()))
    told = {f"meaning-{row['number']}": row["column"].meaning for row in form.rows()}
    told |= {f"written-{row['number']}": row["column"].written for row in form.rows()}
    said = {name: form.says.get_initial_for_field(field, name) for name, field in form.says.fields.items()}
    return told | {name: str(value) for name, value in said.items() if value} | changed


def worked(pk: int) -> Any:
    """The import after the background work did it."""
    from firsthand.web.data.tasks import run_import

    run_import.call(pk)
    return newest()


def page(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_sources_are_told_with_counts_and_freshness(analyst: Any) -> None:
    told = page(analyst.get("/data/"))
    assert "1 source" in told
    assert ">shop<" in told
    assert "The map knows every interaction." in told
    document = analyst.get("/figures/sources.csv").content.decode().splitlines()
    assert document[0].startswith("source,interactions,customers")


def test_from_a_file_over_its_mapping_and_a_preview_to_interactions(analyst: Any) -> None:
    uploads = analyst.home.folder / "uploads"
    there = sent(analyst, ROWS).headers["Location"]
    it = newest()
    assert there == f"/data/imports/{it.pk}/mapping/"
    (file,) = [path for path in uploads.rglob("*") if path.is_file()]
    assert (file.read_text("utf-8"), file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (
        ROWS,
        0o600,
        0o700,
    )
    assert "visits.csv" in page(analyst.get(there))
    assert analyst.post(there, answers(analyst, it.pk, source="diary", event="Visited")).status_code == 302
    seen = page(analyst.get(f"/data/imports/{it.pk}/preview/"))
    assert "tell 2 interactions; 1 would be put aside" in seen
    assert "not a date" in seen
    assert "dora@example.com" in seen
    assert not (analyst.home.folder / "mappings").exists(), "nothing is done before it is begun"
    assert analyst.post(f"/data/imports/{it.pk}/begin/").headers["Location"] == f"/data/imports/{it.pk}/"
    assert "hx-get" in page(analyst.get(f"/data/imports/{it.pk}/"))
    done = worked(it.pk)
    assert (done.state, done.tally["accepted"], done.tally["rejected"], done.source) == (
        "done",
        2,
        {"not_a_date": 1},
        "diary",
    )
    assert not file.exists(), "the file is deleted"
    assert "hx-get" not in page(analyst.get(f"/data/imports/{it.pk}/progress/")), "the page stops asking"
    assert mapping.load(analyst.home.folder / "mappings" / "diary.yaml").source == "diary"
    assert "source: diary" in analyst.get("/data/mappings/diary.yaml").content.decode()
    assert "visits.csv" in page(analyst.get("/data/imports/"))


def test_a_second_import_adds_nothing_and_a_kept_mapping_leads_to_the_preview(analyst: Any) -> None:
    sent(analyst, ROWS)
    analyst.post(f"/data/imports/{newest().pk}/begin/")
    worked(newest().pk)
    there = sent(analyst, ROWS, kept="visits.yaml").headers["Location"]
    assert there == f"/data/imports/{newest().pk}/preview/"
    analyst.post(f"/data/imports/{newest().pk}/begin/")
    assert (worked(newest().pk).tally["accepted"], newest().tally["duplicate"]) == (0, 2)


def test_a_mapping_can_be_written_as_yaml(analyst: Any) -> None:
    there = sent(analyst, ROWS).headers["Location"]
    wrong = analyst.post(there, {"yaml": "source: diary\ninteractions: [{event: {constant: A}}]"})
    assert wrong.status_code == 400
    assert "mapping, line 2" in page(wrong)
    assert str(analyst.home.folder) not in page(wrong)
    text = "source: diary\ninteractions:\n- {occurred_at: {column: at}, event: {constant: Written}}\n"
    assert analyst.post(there, {"yaml": text}).status_code == 302
    assert "Written" in page(analyst.get(f"/data/imports/{newest().pk}/preview/"))


def test_columns_that_the_file_lacks_are_told_in_the_preview(analyst: Any) -> None:
    there = sent(analyst, ROWS).headers["Location"]
    analyst.post(there, {"yaml": "source: d\ninteractions:\n- {occurred_at: {column: att}, event: {constant: W}}\n"})
    seen = page(analyst.get(f"/data/imports/{newest().pk}/preview/"))
    assert "missing column" in seen
    assert "is it &quot;at&quot;?" in seen


def test_what_the_form_lacks_is_told_where_it_lacks(analyst: Any) -> None:
    there = sent(analyst, ROWS).headers["Location"]
    none = analyst.post(there, answers(analyst, newest().pk, **{"meaning-1": ""}))
    assert none.status_code == 400
    assert "Say which column tells when it happened." in page(none)
    twice = analyst.post(there, answers(analyst, newest().pk, **{"meaning-0": "time"}))
    assert "Only one column can mean this" in page(twice)
    zone = analyst.post(there, answers(analyst, newest().pk, timezone="Mars"))
    assert "This is no time zone" in page(zone)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        ("a,b\n1,2\n".encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04", "workbook"),
        (b"a,b\n", "no row below"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_and_not_kept(data: bytes, said: str, analyst: Any) -> None:
    answer = sent(analyst, data)
    assert answer.status_code == 400
    assert said in page(answer)
    assert newest() is None
    assert list((analyst.home.folder / "uploads").rglob("*")) == []


def test_a_file_in_latin_1_is_read(analyst: Any) -> None:
    sent(analyst, "at,wo\n2026-01-01,Köln\n2026-01-02,Gießen\n".encode("latin-1"))
    assert "encoding: cp1252" in newest().mapping
    assert "Köln" in page(analyst.get(f"/data/imports/{newest().pk}/mapping/"))


def test_a_name_of_a_file_leads_nowhere_else(analyst: Any) -> None:
    from firsthand.web.data.files import safe_name

    assert safe_name("../../etc/passwd") == "passwd"
    assert safe_name("..\\..\\a<b>.csv") == "a_b_.csv"
    assert safe_name("...") == "file"
    assert safe_name("漢" * 140 + ".csv").endswith("漢.csv")
    assert len(safe_name("漢" * 140 + ".csv").encode()) <= 150


def test_nothing_is_left_of_an_upload_that_cannot_be_written(own_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from firsthand.web.data import files

    monkeypatch.setattr(files, "safe_name", lambda _name: "x" * 300)
    with pytest.raises(OSError, match="too long"):
        files.keep_upload(SimpleUploadedFile("a.csv", b"a"))
    assert [*(own_home.folder / "uploads").iterdir()] == []


def test_a_format_with_a_mapping_of_its_own_goes_straight_on(analyst: Any) -> None:
    line = '{"type": "track", "event": "Looked", "anonymousId": "a1", "timestamp": "2026-01-01T10:00:00Z", "messageId": "m1"}\n'
    there = sent(analyst, line, "log.jsonl", format="segment").headers["Location"]
    assert there == f"/data/imports/{newest().pk}/"
    assert newest().state == "waiting"
    assert worked(newest().pk).tally["accepted"] == 1


def test_an_import_that_cannot_be_done_says_why_and_can_be_tried_again(analyst: Any) -> None:
    sent(analyst, ROWS)
    analyst.post(f"/data/imports/{newest().pk}/begin/")
    (analyst.home.folder / "uploads" / newest().folder / "visits.csv").unlink()
    failed = worked(newest().pk)
    assert failed.state == "failed"
    assert "Upload it again" in page(analyst.get(f"/data/imports/{failed.pk}/"))


def test_one_import_is_begun_once(analyst: Any) -> None:
    sent(analyst, ROWS)
    analyst.post(f"/data/imports/{newest().pk}/begin/")
    again = analyst.post(f"/data/imports/{newest().pk}/begin/", follow=True)
    assert "begun already" in page(again)
    assert worked(newest().pk).tally["accepted"] == 2
    assert worked(newest().pk).tally["accepted"] == 2, "a task that comes twice does nothing"


def test_an_upload_can_be_taken_back(analyst: Any) -> None:
    sent(analyst, ROWS)
    folder = analyst.home.folder / "uploads" / newest().folder
    assert folder.is_dir()
    analyst.post(f"/data/imports/{newest().pk}/remove/")
    assert (newest(), folder.exists()) == (None, False)


def test_rejected_records_are_listed_masked_and_retried_with_a_mended_mapping(analyst: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from firsthand import voice

    text = ROWS.replace("2026-02-30 10:00", "02.03.2026 10:00")
    sent(analyst, text)
    pk = newest().pk
    analyst.post(f"/data/imports/{pk}/begin/")
    worked(pk)
    told = page(analyst.get("/data/rejected/?source=visits"))
    assert "1 record was put aside" in told
    assert "visits.csv" in told
    assert "line 4" in told
    assert ("dora@example.com" in told) == (not voice.installed())
    assert "None of this source" in page(analyst.get("/data/rejected/?source=visits&reason=not_a_number"))
    without = analyst.post("/data/retry/", {"format": "csv", "source": "visits"}, follow=True)
    assert "need the mended mapping" in page(without)
    mended = newest().mapping.replace("{column: at}", '{column: at, format: ["%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M"]}')
    analyst.post(
        "/data/retry/", {"format": "csv", "source": "visits", "mapping": SimpleUploadedFile("m.yaml", mended.encode())}
    )
    assert newest().retry
    assert worked(newest().pk).tally["accepted"] == 1
    assert open_rejections(analyst.home, source="visits")[0] == 0


def test_imports_stand_in_the_audit_log_without_what_is_in_them(analyst: Any) -> None:
    from firsthand.web.audit.models import Entry

    sent(analyst, ROWS, "dora@example.com.csv")
    analyst.post(f"/data/imports/{newest().pk}/begin/")
    entries = list(Entry.objects.filter(by=analyst.person))
    assert {entry.did for entry in entries} == {"uploaded a file", "began an import"}
    assert not any("dora" in entry.about and "@" in entry.about for entry in entries)


@pytest.mark.parametrize("address", ["/data/imports/1/", "/data/imports/1/begin/", "/data/imports/1/mapping.yaml", "/data/mappings/a.yaml"])  # fmt: skip
def test_who_may_not_import_sees_nothing_of_it(address: str, client_as: Callable[..., Any], home: Home) -> None:
    assert client_as("viewer").get(address).status_code == 403
    assert client_as("service").get(address).status_code == 403


def test_a_kept_mapping_is_found_by_its_name_alone(analyst: Any) -> None:
    (Path(analyst.home.folder) / "mappings").mkdir()
    for name in ("none.yaml", "..%2ffirsthand.toml", "firsthand.toml"):
        assert analyst.get(f"/data/mappings/{name}").status_code == 404
