"""Old spellings of options: each still works, says its new name, and stands for an option that there is."""

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from analysis.base.faults import HubreachError
from analysis.cli.main import app
from analysis.cli.spelling import OLD_SPELLINGS, respelled

RENAMED = [(path, old, new) for path, names in OLD_SPELLINGS.items() for old, new in names.items()]


def command_at(path):
    found = get_command(app)
    for name in path:
        found = found.get_command(None, name)
    return found


@pytest.mark.parametrize(("path", "old", "new"), RENAMED)
def test_the_new_spelling_is_an_option_and_the_old_one_is_not(path, old, new):
    spellings = {spelling for parameter in command_at(path).params for spelling in parameter.opts}
    assert new in spellings
    assert old not in spellings


@pytest.mark.parametrize(("path", "old", "new"), RENAMED)
def test_an_old_spelling_is_replaced_with_a_note(path, old, new):
    changed, notes = respelled([*path, "place", old, "value"])
    assert changed == [*path, "place", new, "value"]
    assert notes == [f"{old} is called {new} now; the old name works for one more version."]
    assert respelled([*path, f"{old}=value"])[0] == [*path, f"{new}=value"]
    assert respelled([*path, "--", old]) == ([*path, "--", old], [])
    with pytest.raises(HubreachError, match="An option is given twice"):
        respelled([*path, old, "one", new, "other"])


def test_a_command_called_by_an_old_spelling_answers_and_says_so(tmp_path):
    sites = tmp_path / "mine.csv"
    sites.write_text("site_id,name,kind,postcode\nhub,Hub,hub,RM18 8EY\n", "utf-8")
    result = CliRunner().invoke(app, ["sites", "thurrock", "--sites", str(sites), "--format", "csv"])
    assert result.exit_code == 0, result.output
    assert "hub" in result.stdout
    assert "--sites is called --sites-file now" in result.stderr
    assert "called" not in result.stdout
    twice = CliRunner().invoke(app, ["sites", "thurrock", "--sites", "a.csv", "--sites-file", "b.csv"])
    assert twice.exit_code == 2
    assert "Give --sites-file only" in twice.stderr
