"""`hubreach workshop`: list, export, delete, purge, from the command line."""

from __future__ import annotations

import datetime as dt

import docx
import pytest
import typer
from openpyxl import load_workbook
from typer.testing import CliRunner

from analysis.base.faults import HubreachError
from analysis.cli import workshop as commands
from analysis.workshop.addresses import join_urls, local_addresses, qr_svg
from analysis.workshop.retention import close_workshop
from analysis.workshop.workshops import list_workshops


@pytest.fixture
def say(hall, monkeypatch):
    app = typer.Typer()
    commands.register(app)
    monkeypatch.setattr(commands, "shared_store", lambda: hall.store)
    return lambda *words, **more: CliRunner().invoke(app, ["workshop", *words], **more)


def test_list_shows_what_is_in_the_store(hall, say):
    result = say("list", "--format", "csv")
    assert result.exit_code == 0
    header, row = result.stdout.splitlines()[:2]
    assert header.startswith("workshop_id,place,title")
    assert row.startswith(f"{hall.id},wirral,Hubs for Wirral")


def test_export_writes_the_record(hall, say, tmp_path):
    hall.vote(hall.ask("name"), 1, "north")
    file = tmp_path / "record.xlsx"
    assert say("export", hall.id[:8], "--out", str(file)).exit_code == 0
    sheet = load_workbook(file)["results"]
    assert ["name", "north", "North", "people", 1] in [
        [cell.value for cell in row] for row in sheet.iter_rows()
    ]
    wrong = say("export", hall.id, "--out", str(tmp_path / "record.doc"))
    assert isinstance(wrong.exception, HubreachError)
    assert isinstance(say("export", "zzz", "--out", str(file)).exception, HubreachError)


def test_export_writes_a_word_summary_of_what_may_leave_the_room(hall, say, tmp_path):
    for person, hub in enumerate(("north", "north", "south"), start=1):
        hall.vote(hall.ask("name"), person, hub)
    hall.vote(hall.ask("age"), 1, "25-44")
    hall.vote(hall.ask("words"), 1, "A **secret** wish")
    file = tmp_path / "record.docx"
    result = say("export", hall.id, "--out", str(file))
    assert result.exit_code == 0, result.exception
    document = docx.Document(file)
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "Hubs for Wirral" in text
    assert "3 answered; 3 by phone and 0 on paper could answer." in text
    assert "secret" not in text
    cells = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    assert [row for row in cells if row[0] in {"North", "South", "East"} and len(row) == 2][:3] == [
        ["North", "2"],
        ["South", "1"],
        ["East", "0"],
    ]
    assert ["25-44", "[c]"] in cells
    assert ["Four hubs", ""] in cells


def test_delete_asks_first(hall, say):
    assert say("delete", hall.id, input="n\n").exit_code == 1
    assert list_workshops(hall.store).index.tolist() == [hall.id]
    assert say("delete", hall.id, "--yes").exit_code == 0
    assert list_workshops(hall.store).empty


def test_purge_deletes_what_is_overdue(hall, say):
    assert "0 deleted" in say("purge").stdout
    close_workshop(hall.store, hall.id, moment=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    assert hall.id in say("purge").stdout
    assert list_workshops(hall.store).empty


def test_the_screen_prints_local_addresses_and_a_public_one(monkeypatch):
    assert all(each.count(".") == 3 for each in local_addresses())
    monkeypatch.setenv("HUBREACH_PUBLIC_URL", "https://hubs.example.gov.uk/")
    urls = join_urls("ABC", 8501)
    assert urls[0] == "https://hubs.example.gov.uk/join/ABC"
    assert urls[1] == f"http://{local_addresses()[0]}:8501/join/ABC"
    monkeypatch.setenv("HUBREACH_PUBLIC_URL", "hubs.example.gov.uk")
    with pytest.raises(HubreachError, match="no web address"):
        join_urls("ABC", 8501)


def test_the_qr_code_is_a_picture_that_needs_nothing_else():
    svg = qr_svg("http://192.168.1.20:8501/join/ABCDEFGHJKMNPQRTWXYZ", size_px=330)
    assert svg.startswith("<svg")
    assert 'width="330.0"' in svg
