"""The walls of the house, proved from the imports: data flows one way, and no library room knows streamlit."""

import ast
import functools
import graphlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from pages.shared.catalogue import CATALOGUE, SCREEN

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "base",
    "places",
    "intake",
    "render",
    "scenario",
    "need",
    "targeting",
    "benchmark",
    "reach",
    "siting",
    "options",
    "commissioning",
    "workshop",
    "national",
    "report",
    "cli",
)
FOLDERS = ("analysis", "pages", "tests", "data")


def python_files():
    files = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in [*ROOT.glob("*.py"), *files] if "__pycache__" not in path.parts]


@functools.cache
def nodes(path):
    """Everything that stands in a file."""
    return list(ast.walk(ast.parse(path.read_text("utf-8"), str(path))))


@functools.cache
def imported(path):
    """Full dotted names of everything that a file imports, wherever in it the import stands."""
    names = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return names


def rooms_of(names):
    parts = [name.split(".") for name in names]
    return {part[1] for part in parts if part[0] == "analysis" and len(part) > 1}


def test_every_folder_of_the_library_is_a_known_room():
    folders = {path.name for path in (ROOT / "analysis").iterdir() if path.is_dir()}
    assert folders - {"__pycache__"} <= set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_from_rooms_to_its_left(room):
    allowed = set(ROOMS[: ROOMS.index(room) + 1])
    wrong = {
        str(path.relative_to(ROOT)): sorted(rooms_of(imported(path)) - allowed)
        for path in (ROOT / "analysis" / room).rglob("*.py")
        if rooms_of(imported(path)) - allowed
    }
    assert wrong == {}


# What stands beside the model modules of a question and shows its answer, by the end of its name.
SHOWN_BY = ("words", "tables", "figures", "maps", "paper")
QUESTIONS = ROOMS[ROOMS.index("need") : ROOMS.index("report")]
# Files that mix the model with how it is shown; this list only gets shorter.
MIXED = {
    "options/difference_view.py",
    "options/view.py",
    "reach/sites.py",
}


def test_only_words_tables_figures_and_maps_of_a_question_know_how_things_look():
    users = {
        str(path.relative_to(ROOT / "analysis"))
        for room in QUESTIONS
        for path in (ROOT / "analysis" / room).rglob("*.py")
        if "render" in rooms_of(imported(path)) and path.stem.split("_")[-1] not in SHOWN_BY
    }
    assert users == MIXED


def test_no_room_imports_a_page_or_a_test():
    wrong = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "analysis").rglob("*.py")
        if {name.split(".")[0] for name in imported(path)} & {"pages", "app", "tests"}
    }
    assert wrong == set()


def test_streamlit_is_imported_only_by_the_app_its_pages_and_their_tests():
    users = {
        path.relative_to(ROOT).parts[0]
        for path in python_files()
        if any(name.split(".")[0] == "streamlit" for name in imported(path))
    }
    assert users <= {"app.py", "pages", "tests"}
    library = {name.split(".")[0] for path in (ROOT / "analysis").rglob("*.py") for name in imported(path)}
    assert "streamlit" not in library
    assert {"pandas", "numpy", "analysis"} <= library


def test_only_rooms_stand_in_the_library():
    assert {path.stem for path in (ROOT / "analysis").glob("*.py")} == {"__init__"}


def test_no_rule_in_the_library_is_about_one_council():
    # A source may be named in a sentence; a value that is the name itself would be a special case.
    names = {path.parent.name for path in (ROOT / "data" / "places").glob("*/decisions.toml")}
    assert names
    wrong = {
        f"{path.relative_to(ROOT)}: {node.value}"
        for path in (ROOT / "analysis").rglob("*.py")
        for node in nodes(path)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.lower() in names
    }
    assert wrong == set()


def modules():
    """Every module of the library and the pages by its dotted name."""
    folders = ("analysis", "pages")
    paths = [ROOT / "app.py", *(path for folder in folders for path in (ROOT / folder).rglob("*.py"))]
    names = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in paths}
    return {name.removesuffix(".__init__"): path for name, path in names.items()}


def packages_of(name):
    """Itself and every package that Python opens before it."""
    parts = name.split(".")
    return {".".join(parts[:end]) for end in range(1, len(parts) + 1)}


def loaded_by_module():
    """What each module makes Python load, a package's own file before its modules, however late it is asked for."""
    paths = modules()
    return {
        name: {each for asked in {name, *imported(path)} for each in packages_of(asked) & set(paths)} - {name}
        for name, path in paths.items()
    }


def test_no_modules_import_each_other_in_a_circle():
    # Two threads that meet a circle from two ends get a module that is half there: a server's first visitors.
    loads = loaded_by_module()
    assert "analysis.base.faults" in loads["analysis.places.read"]
    circle = None
    try:
        graphlib.TopologicalSorter(loads).prepare()
    except graphlib.CycleError as error:
        circle = error.args[1]
    assert circle is None


# What only a server, a store or a file of one kind needs: who asks for an estimate in a notebook loads none of it.
SERVERS = {"streamlit", "starlette", "uvicorn"}
STORES = {"alembic", "sqlalchemy", "psycopg"}
PAPERS = {"docx", "pptx", "typst", "kaleido"}
STORE_ROOMS = ("workshop", "report", "cli")


def room_modules(rooms):
    own = [name for name in modules() if name.startswith("analysis.") and name.split(".")[1] in rooms]
    return [name for name in own if ".migrations" not in name and not name.endswith("__main__")]


# In this order: what each adds to a Python that holds those before it.
STAGES = {
    "estimate": ["analysis.need.estimate", "analysis.places.read"],
    "no store": room_modules(set(ROOMS) - set(STORE_ROOMS)),
    "no server": room_modules(set(STORE_ROOMS)),
    "server": ["app", "pages.preload"],
}
ALL_PAGES = "[each.result() for each in pages.preload.imports.of_all()]"


@functools.cache
def loaded_by_stage():
    """What a new Python holds after each stage; after the last, all that the pages import as well."""
    steps = {stage: f"import {', '.join(names)}" for stage, names in STAGES.items()}
    steps["server"] += f"; {ALL_PAGES}"
    lines = [f"{step}; print(*sys.modules)" for step in steps.values()]
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(["import sys", *lines])],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return dict(zip(STAGES, (set(line.split()) for line in done.stdout.splitlines()), strict=True))


@pytest.mark.parametrize(
    ("stage", "refused"),
    [
        ("estimate", SERVERS | STORES | PAPERS | {"matplotlib", "plotly"}),
        ("no store", SERVERS | STORES),
        ("no server", SERVERS),
    ],
)
def test_what_only_a_server_a_store_or_a_paper_needs_is_loaded_by_nobody_else(stage, refused):
    loaded = loaded_by_stage()[stage]
    assert set(STAGES[stage]) | {"pandas"} <= loaded
    assert loaded & refused == set()


def test_a_server_that_answers_has_nothing_of_the_house_left_to_import():
    loads = loaded_by_module()
    pages = [entry.path.removesuffix(".py") for entry in (*CATALOGUE, SCREEN)]
    scripts = {"pages.navigation", "pages.light", *(f"pages.{page.replace('/', '.')}" for page in pages)}
    wanted, seen = [*scripts, "app"], set()
    while wanted:
        name = wanted.pop()
        if name not in seen:
            seen.add(name)
            wanted += loads[name]
    assert len(seen) > 200
    assert seen - scripts - loaded_by_stage()["server"] == set()


def test_no_date_is_written_in_a_way_that_only_some_systems_know():
    # %-d is an error on Windows, %#d anywhere else: `date_words` says a day.
    wrong = {
        f"{path.relative_to(ROOT)}: {node.value}"
        for path in python_files()
        if path != Path(__file__)
        for node in nodes(path)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if re.search(r"%[-#][aAbBdHIjmMpSUwWyY]", node.value)
    }
    assert wrong == set()


def test_the_dashboard_starts_without_pop_ups_reports_or_tracebacks():
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    assert settings["logger"]["hideWelcomeMessage"] is True
    assert settings["browser"]["gatherUsageStats"] is False
    assert settings["client"]["showErrorDetails"] == "none"
