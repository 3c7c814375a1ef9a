"""What the README shows works as it stands there."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from analysis.cli.main import app

README = (Path(__file__).resolve().parents[2] / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, flags=re.DOTALL)
COMMANDS = [
    line.split("  #")[0]
    for language, block in BLOCKS
    for line in block.splitlines()
    if language == "sh" and line.startswith("hubreach ")
]


def test_the_lines_in_python_run():
    (block,) = (block for language, block in BLOCKS if language == "python")
    held: dict[str, object] = {}
    last = block.strip().splitlines()[-1]
    exec(block, held)  # the README is part of this repository
    assert len(eval(last, held)) == 20


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_and_option_is_there(line):
    words = shlex.split(line)[1:]
    path = [word for word in words[:2] if not word.startswith("-") and word.islower()]
    name = path if path[:1] in (["national"], ["indicator"]) else path[:1]
    told = CliRunner().invoke(app, [*name, "--help"], env={"COLUMNS": "400"})
    assert told.exit_code == 0, told.output
    for word in words:
        if word.startswith("--"):
            assert word in told.output
