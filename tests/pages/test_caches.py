"""What the dashboard keeps is found again only while the files that it was made of are the same."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest

from pages.shared.loading import place_stamp
from tests.conftest import write_small_place

ROOT = Path(__file__).resolve().parents[2]
CACHES = {"cache_resource", "cache_data"}
# Made of nothing but their arguments, which are all of their key: texts, and names that are a digest of a content.
OF_THEIR_ARGUMENTS = {"_allocation", "load_payback", "load_appraisal", "_area_grid"}
# Made of no file.
OF_NOTHING = {"all_jobs", "delete_overdue"}


def cached_functions():
    for path in sorted((ROOT / "pages").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.FunctionDef):
                continue
            for decorator in node.decorator_list:
                call = decorator.func if isinstance(decorator, ast.Call) else decorator
                if isinstance(call, ast.Attribute) and call.attr in CACHES:
                    yield pytest.param(node, decorator, id=f"{path.stem}.{node.name}")


@pytest.mark.parametrize(("function", "decorator"), list(cached_functions()))
def test_every_kept_answer_has_the_stamp_of_its_files_in_its_key(function, decorator):
    arguments = {argument.arg for argument in function.args.args}
    if function.name in OF_NOTHING:
        assert arguments == set()
    elif function.name in OF_THEIR_ARGUMENTS:
        assert not arguments & {"slug", "path", "place"}
    else:
        # An argument whose name begins with an underscore is no part of the key.
        assert "stamp" in arguments
    hashed = [word.value for word in getattr(decorator, "keywords", ()) if word.arg == "hash_funcs"]
    assert "id" not in {node.id for value in hashed for node in ast.walk(value) if isinstance(node, ast.Name)}


def test_a_place_has_another_stamp_when_a_file_comes_goes_or_is_replaced_by_an_older_one(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("HUBREACH_DATA_DIR", str(tmp_path))
    folder = tmp_path / "places" / "sampleton"
    write_small_place(folder)
    stamps = [place_stamp("sampleton")]
    assert place_stamp("sampleton") == stamps[0]
    os.utime(folder / "sites.csv", (1_000_000_000, 1_000_000_000))
    stamps.append(place_stamp("sampleton"))
    (folder / "note.txt").write_text("new")
    stamps.append(place_stamp("sampleton"))
    (folder / "changes.csv").unlink()
    stamps.append(place_stamp("sampleton"))
    (folder / "indicators").mkdir()
    (folder / "indicators" / "own.csv").write_text("area_code,value\n")
    stamps.append(place_stamp("sampleton"))
    assert len(set(stamps)) == 5
