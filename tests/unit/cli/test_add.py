"""`hubreach add` on a made-up country."""

import pytest
from typer.testing import CliRunner

from analysis.cli.main import app
from tests.unit.intake.conftest import ALDERTON, country, own_data, wards, write_official

__all__ = ["country", "own_data"]


@pytest.fixture
def run(country, own_data):
    def invoke(*more, name="Alderton", lookup=None):
        given = {
            "--authority": ALDERTON,
            "--imd": country.file7_2019,
            "--boundaries": country.boundaries_2011,
            "--lookup": lookup or country.wards_2011,
        }
        options = [str(part) for pair in given.items() for part in pair]
        return CliRunner().invoke(app, ["add", name, *options, *map(str, more)])

    return invoke


def test_a_preview_shows_and_saves_nothing(run, own_data):
    answer = run("--preview", "--format", "csv")
    assert answer.exit_code == 0
    assert answer.stdout.splitlines()[0] == "file,holds,rows,left_out"
    assert "wards_2011.csv,wards 2019 of LSOA 2011,6," in answer.stdout
    assert "Alderton (E06000901): 4 small areas (LSOA 2011), 2 wards, 0 sites." in answer.stderr
    assert "1,000 children: Dependent children aged 0-15, mid-2015." in answer.stderr
    assert "Population-weighted IMD 2019: 23.333 (no File 10 to compare it with)." in answer.stderr
    assert not (own_data / "places").exists()


def test_an_added_place_answers_every_command(run):
    assert run().exit_code == 0
    for command in (["check"], ["need", "--by", "place"], ["sites"], ["reach"], ["target"]):
        answer = CliRunner().invoke(app, [command[0], "alderton", *command[1:]])
        assert answer.exit_code == 0, answer.output
    need = CliRunner().invoke(app, ["need", "alderton", "--by", "place", "--format", "csv"])
    assert need.stdout.splitlines()[1].startswith("E06000901,Alderton,1000,150,")
    assert "Children: Dependent children aged 0-15, mid-2015" in need.stderr


def test_an_official_average_stands_beside_ours(run, country):
    answer = run("--preview", "--imd", country.file10_2019)
    assert "Population-weighted IMD 2019: 23.333 (official average 23.333)." in answer.stderr


def test_a_second_place_of_the_name_is_refused_before_anything_is_read(run):
    assert run().exit_code == 0
    answer = run()
    assert answer.exit_code == 2
    assert "alderton is there already" in answer.stderr
    assert run("--replace").exit_code == 0


def test_columns_that_are_told_are_remembered_until_they_are_forgotten(run, tmp_path):
    """The hint of the refusal is followed as it stands."""
    strange = wards([f"E0100000{n}" for n in range(1, 7)], "11", "19").rename(columns={"WD19CD": "Patch"})
    path = write_official(strange, tmp_path / "zones.csv")
    refused = run("--preview", lookup=path)
    assert refused.exit_code == 2
    assert "--column ward_code=HEADING" in refused.stderr
    assert run("--column", "ward_code=Patch", lookup=path).exit_code == 0
    again = run("--preview", lookup=path)
    assert again.exit_code == 0
    assert "zones.csv: columns as before, ward_code=Patch" in again.stderr
    assert run("--preview", "--forget-columns", lookup=path).exit_code == 2
    assert run("--preview", lookup=path).exit_code == 2


@pytest.mark.parametrize(
    ("column", "found"),
    [
        ("zones.csv", "is not [FILE:]MEANING=HEADING"),
        ("lsoa_code=Zone", "no file has a column headed 'Zone'"),
        ("other.csv:lsoa_code=Zone", "no file 'other.csv' was given"),
    ],
)
def test_a_column_that_cannot_be_meant(run, column, found):
    answer = run("--column", column)
    assert answer.exit_code == 2
    assert found in answer.stderr


def test_a_file_that_is_missing_is_one_message(run, tmp_path):
    answer = run("--imd", tmp_path / "nowhere.csv")
    assert answer.exit_code == 2
    assert "nowhere.csv: the file is missing. Check its name and folder" in answer.stderr
