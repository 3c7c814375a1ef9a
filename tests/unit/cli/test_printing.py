"""Printing: values as they are, text that stays text, gaps that stay gaps."""

import importlib
import json
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import typer
from typer.main import get_group

from analysis.base.faults import HubreachError
from analysis.cli.main import ROOMS
from analysis.cli.printing import print_frame

ROOT = Path(__file__).parents[3]
FRAME = pd.DataFrame(
    {"name": ["=1+1", "[red]Hub[/red]\x1b"], "minutes": [1234.5, np.inf], "open": [True, False]},
    index=pd.Index(["-a", "b"], name="site_id"),
)


def test_csv_is_inert_and_exact(capsys):
    print_frame(FRAME, "csv", notes=["Source: here"])
    captured = capsys.readouterr()
    assert captured.out.splitlines()[:2] == ["site_id,name,minutes,open", "'-a,'=1+1,1234.5,True"]
    assert captured.err == "Source: here\n"


def test_json_has_nulls_for_what_json_cannot_say(capsys):
    print_frame(FRAME, "json", notes=["Source: here"], meta={"seed": 1})
    answer = json.loads(capsys.readouterr().out)
    assert answer["meta"] == {"seed": 1, "notes": ["Source: here"]}
    assert answer["rows"][0] == {"site_id": "-a", "name": "=1+1", "minutes": 1234.5, "open": True}
    assert answer["rows"][1]["minutes"] is None


def test_a_table_shows_text_as_text(capsys):
    print_frame(FRAME, "table", title="Sites")
    out = capsys.readouterr().out
    assert out.startswith("Sites\n")
    assert "[red]Hub[/red]" in out
    assert "\x1b" not in out
    assert "1,234" in out
    assert "yes" in out


def test_a_table_may_show_less_than_the_data(capsys):
    print_frame(FRAME, "table", shown=FRAME[["open"]])
    assert "minutes" not in capsys.readouterr().out


def test_a_frame_is_not_changed():
    before = FRAME.copy(deep=True)
    print_frame(FRAME, "csv")
    assert FRAME.equals(before)


def test_a_file_that_cannot_be_written(tmp_path):
    with pytest.raises(HubreachError, match="The answer was not written"):
        print_frame(FRAME, "csv", tmp_path)


# A command whose libraries print as they are imported and as they work, from Python and from C.
LOUD = """
import ctypes, os, sys
import analysis.cli.main as main, analysis.cli.places as places
quiet = places.own_places
def loud():
    print("words of a library in Python")
    os.write(1, b"words past Python's stream\\n")
    if os.name == "posix":
        ctypes.CDLL(None).puts(b"words of a library in C")
    return quiet()
places.own_places = loud
sys.argv = ["hubreach", *sys.argv[1:]]
main.main()
"""


def test_nothing_but_the_answer_reaches_standard_output_whatever_a_library_prints():
    command = [sys.executable, "-c", LOUD, "places", "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3])
    assert "thurrock" in {row["place"] for row in json.loads(done.stdout)["rows"]}
    assert "words of a library in Python" in done.stderr
    assert "words past Python's stream" in done.stderr
    if sys.platform != "win32":
        assert "words of a library in C" in done.stderr


def test_help_is_an_answer_too():
    command = [sys.executable, "-m", "analysis.cli", "need", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3])
    assert "--prevalence" in done.stdout
    assert done.stderr == ""


def test_the_version_is_that_of_the_package():
    command = [sys.executable, "-m", "analysis.cli", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3])
    assert done.stdout == f"hubreach {metadata.version('hubreach')}\n"


def test_the_list_of_commands_imports_no_room_and_leaves_none_out() -> None:
    script = "import sys; from analysis.cli.main import app; app(['--help'], standalone_mode=False); print('pandas' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.splitlines()[-1] == "False"
    for room, names in ROOMS.items():
        rooms_own = typer.Typer()
        importlib.import_module(f"analysis.cli.{room}").register(rooms_own)
        assert list(get_group(rooms_own).commands) == list(names)
        assert all(f"  {name} " in done.stdout for name in names)
