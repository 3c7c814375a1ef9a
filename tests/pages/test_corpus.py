"""Files as councils have them, each through library, command and page: one figure, one question or one refusal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from analysis.base.faults import HubreachError
from analysis.cli.file_answers import UNKNOWN, file_answers
from analysis.cli.main import app
from analysis.intake.files.mappings import Answers
from analysis.intake.own.preview import preview_own, preview_sentences
from analysis.intake.own.reading import OwnChoices, england_alone, prepare_own
from analysis.places.place import Place
from analysis.places.read import read_place
from pages.shared.layout import plain_markdown
from tests.pages.conftest import OpenPage, labelled
from tests.pages.corpus import CHILDREN, SITES, WARDS, Case

CASES = {**CHILDREN, **WARDS, **SITES}
MIME = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@pytest.fixture(autouse=True)
def _own_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HUBREACH_DATA_DIR", str(tmp_path / "data"))


def rutland() -> Place:
    return england_alone(read_place("rutland"))


def written(case: Case, tmp_path: Path) -> Path:
    path = tmp_path / case.name
    path.write_bytes(case.make(rutland()))
    return path


def choices(case: Case, path: Path) -> OwnChoices:
    said = list(zip(case.options[::2], case.options[1::2], strict=True))
    columns, where = ([text for option, text in said if option == name] for name in ("--column", "--where"))
    answers = file_answers(columns, where, [path]).get(path.name, Answers())
    unknown = UNKNOWN[dict(said).get("--unknown-kinds", "possible")]
    return OwnChoices("Register", "The council", "2026", "", answers, unknown)


def told(case: Case, path: Path) -> tuple[int | None, str]:
    """What the library makes of a file: its figure, and what it says."""
    try:
        own = prepare_own(case.kind, path, rutland(), choices(case, path))  # type: ignore[arg-type]
    except HubreachError as error:
        return None, str(error)
    table, words = own.table, " ".join(own.about.notes)
    if case.kind == "sites":
        return int((table["is_open"] == "yes").sum()), words
    if case.kind == "wards":
        return table["ward_name"].nunique(), words
    return int(table.filter(like="children_").to_numpy().sum()), words


@pytest.mark.parametrize("name", list(CASES))
def test_the_library_gives_what_is_right(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    figure, words = told(case, written(case, tmp_path))
    assert figure == case.right, words
    for part in case.said:
        assert part in words


@pytest.mark.parametrize("name", list(CASES))
def test_the_command_says_the_same(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    path = written(case, tmp_path)
    figure, words = told(case, path)
    call = ["own", "rutland", f"--{case.kind}", str(path), *case.options, "--dry-run", "--format", "json"]
    result = CliRunner().invoke(app, call)
    if figure is None:
        assert result.exit_code == 2
        assert words.splitlines()[1] in result.stderr
        return
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    for note in preview_of(case, path):
        assert note in answer["meta"]["notes"]
    if case.kind == "children":
        assert answer["rows"][-1]["own"] == figure


def preview_of(case: Case, path: Path) -> list[str]:
    england = rutland()
    return list(
        preview_sentences(preview_own(england, prepare_own(case.kind, path, england, choices(case, path))))
    )  # type: ignore[arg-type]


# The boxes of the page are tried one by one in the tests of the pages: here what needs none.
@pytest.mark.parametrize("name", [name for name, case in CASES.items() if not case.options])
def test_the_page_says_the_same(name: str, tmp_path: Path, run_page: OpenPage) -> None:
    case = CASES[name]
    path = written(case, tmp_path)
    figure, words = told(case, path)
    page = run_page("method", place="rutland")
    if case.kind != "children":
        page.button_group(key="own_file_kind").set_value(case.kind).run()
    kind = MIME.get(path.suffix[1:], "text/csv")
    page.file_uploader(key=f"own_file_{case.kind}").set_value((path.name, path.read_bytes(), kind)).run()
    for key, value in {"title": "Register", "source": "The council", "vintage": "2026"}.items():
        page.text_input(key=f"own_file_{key}").set_value(value)
    page.button(key="own_file_look").click().run()
    assert not page.exception
    if figure is None:
        assert plain_markdown(words.splitlines()[1].removeprefix("  - ")) in page.error[0].value
        return
    shown = "\n".join(str(element.value) for element in page.markdown)
    for note in preview_of(case, path):
        assert plain_markdown(note) in shown


def test_rows_that_differ_by_year_are_chosen_in_a_box(tmp_path: Path, run_page: OpenPage) -> None:
    path = written(CHILDREN["two years"], tmp_path)
    page = run_page("method", place="rutland")
    page.file_uploader(key="own_file_children").set_value((path.name, path.read_bytes(), "text/csv")).run()
    for key, value in {"title": "Register", "source": "The council", "vintage": "2026"}.items():
        page.text_input(key=f"own_file_{key}").set_value(value)
    page.button(key="own_file_look").click().run()
    assert "differ by Year" in page.error[0].value
    labelled(page.multiselect, "Year").set_value(["2024"]).run()
    page.button(key="own_file_look").click().run()
    assert not page.error
    assert any(plain_markdown("8,012 children in Rutland") in str(text.value) for text in page.markdown)
