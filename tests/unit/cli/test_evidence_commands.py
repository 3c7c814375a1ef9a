"""`hubreach pack` and `hubreach figure`: files, the same again from a manifest, every wrong option told at once."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from analysis.cli.main import app


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def test_a_pack_and_its_manifest_are_written_and_made_again(tmp_path):
    first, again = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    assert run("pack", "thurrock", "--sections", "data", "--draws", "100", "--to", first).exit_code == 0
    manifest = tmp_path / "a.manifest.json"
    assert json.loads(manifest.read_text())["request"]["scenario"]["need"]["draws"] == 100
    answer = run("pack", "--from", manifest, "--to", again)
    assert answer.exit_code == 0
    assert "those of the manifest" in answer.stderr
    assert first.read_bytes() == again.read_bytes()


def test_a_section_left_out_is_told_and_the_rest_is_written(tmp_path):
    path = tmp_path / "a.xlsx"
    answer = run(
        "pack",
        "thurrock",
        "--sections",
        "data,options",
        "--options",
        "no-such",
        "--draws",
        "100",
        "--to",
        path,
    )
    assert answer.exit_code == 0
    assert "Left out: Options." in answer.stderr
    assert path.read_bytes()[:2] == b"PK"


def test_wrong_options_are_told_at_once(tmp_path):
    answer = run("pack", "--to", tmp_path / "a.doc")
    assert answer.exit_code == 2
    assert "a place or --from is needed" in answer.stderr
    assert "'.doc' is not a format" in answer.stderr


@pytest.mark.parametrize("kind", ["svg", "pdf"])
def test_a_figure_is_written(tmp_path, kind):
    path = tmp_path / f"map.{kind}"
    answer = run(
        "figure",
        "thurrock",
        "map-early-help-ward-number",
        "--sections",
        "need",
        "--draws",
        "100",
        "--to",
        path,
    )
    assert answer.exit_code == 0
    assert path.read_bytes()[:4] in (b"<svg", b"%PDF")


def test_an_unknown_figure_lists_those_there_are(tmp_path):
    answer = run(
        "figure", "thurrock", "moon", "--sections", "need", "--draws", "100", "--to", tmp_path / "a.svg"
    )
    assert answer.exit_code == 2
    assert "pyramid, ages, map-early-help-ward-number" in answer.stderr
