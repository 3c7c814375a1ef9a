"""A council's own figures: kept with undo, applied in place of England's, and named wherever they are used."""

import datetime as dt
import json

import pandas as pd
import pytest

from analysis.base.faults import FaultList, HubreachError
from analysis.need.checks import place_checks
from analysis.places.england.grounds import find_ground
from analysis.places.england.opening import england_place
from analysis.places.manifest import AGE_BANDS
from analysis.places.own.applied import with_own
from analysis.places.own.kept import (
    OwnFile,
    OwnTable,
    own_files,
    own_folder,
    own_history_path,
    redo_own,
    remove_own,
    save_own,
    undo_own,
)
from analysis.places.read import read_place
from analysis.places.sources import source_line

BANDS = list(AGE_BANDS)
KNOWN = {
    "title": "GP register",
    "source": "Rutland Council",
    "vintage": "January 2026",
    "file": "gp.csv",
    "added": dt.datetime(2026, 1, 31, 9, 30, tzinfo=dt.UTC),
}


@pytest.fixture(autouse=True)
def _own_data(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("HUBREACH_DATA_DIR", str(tmp_path))


@pytest.fixture(scope="module")
def england():
    return england_place(find_ground("rutland"), own_figures=False)


def children_table(place, more: int = 3) -> OwnTable:
    """Children of England's figures, and some more under-fives in every area."""
    table = place.areas[BANDS].assign(children_0_4=place.areas["children_0_4"] + more)
    return OwnTable(OwnFile(kind="children", **KNOWN), table.rename_axis("area_code").reset_index())


def site_table(*rows: tuple[str, str]) -> OwnTable:
    table = pd.DataFrame(
        {
            "site_id": [name.lower().replace(" ", "-") for name, _ in rows],
            "name": [name for name, _ in rows],
            "kind": [kind for _, kind in rows],
            "easting": 486_100.0,
            "northing": 308_800.0,
            "source": "Council's list",
        }
    )
    return OwnTable(OwnFile(kind="sites", **{**KNOWN, "title": "Council's list"}), table)


def applied(place, *own: OwnTable):
    faults = FaultList("own")
    after = with_own(place, {each.about.kind: each for each in own}, faults)
    assert not [str(fault) for fault in faults]
    return after


def test_own_children_replace_those_of_england_and_their_source_is_named(england):
    after = applied(england, children_table(england))
    assert after.children == england.children + 3 * len(england.areas)
    assert after.areas["children"].eq(after.areas[BANDS].sum(axis=1)).all()
    assert after.manifest.children_title == "Children aged 0-17, January 2026 (own figures)"
    line = source_line(after, ["children", *BANDS])
    assert line == "Source: GP register (Rutland Council, January 2026)"
    assert "mid-2024" in source_line(england, ["children", *BANDS])
    assert [about.kind for about in after.own_files] == ["children"]


def test_a_comma_in_the_vintage_does_not_part_the_title(england):
    own = children_table(england)
    about = own.about.model_copy(update={"vintage": "31 January, 2026"})
    after = applied(england, OwnTable(about, own.table))
    assert after.manifest.children_title.split(", ") == [
        "Children aged 0-17",
        "31 January 2026 (own figures)",
    ]


def test_own_sites_hold_every_site_of_their_kinds_and_others_stay(england):
    libraries = england.sites["kind"] == "public library"
    assert libraries.sum() > 1
    after = applied(england, site_table(("Oakham Library", "public library"), ("Youth Barn", "youth club")))
    kinds = after.sites["kind"]
    assert after.sites.loc[kinds == "public library", "name"].tolist() == ["Oakham Library"]
    assert after.sites.loc[kinds == "youth club", "name"].tolist() == ["Youth Barn"]
    pd.testing.assert_frame_equal(
        after.sites[~kinds.isin(["public library", "youth club"])], england.sites[~libraries]
    )
    assert after.sites.dtypes.equals(england.sites.dtypes)
    named = source_line(after, ["sites.csv:name"])
    assert "Council's list" in named
    assert "Arts Council" in source_line(england, ["sites.csv:name"])
    assert "Arts Council" not in named


def test_what_is_kept_is_read_with_the_place_and_removed_undone_and_done_again():
    before = read_place("rutland").children
    kept = save_own("rutland", children_table(read_place("rutland")))
    assert (own_folder("rutland") / kept.table).is_file()
    more = before + 3 * 26
    assert read_place("rutland").children == more
    remove_own("rutland", "children")
    assert read_place("rutland").children == before
    undo_own("rutland")
    assert read_place("rutland").children == more
    assert own_files("rutland") == (kept,)
    redo_own("rutland")
    assert own_files("rutland") == ()


def test_a_second_file_of_a_kind_takes_the_place_of_the_first_and_undo_brings_it_back():
    england = read_place("rutland")
    first = save_own("rutland", children_table(england, 3))
    second = save_own("rutland", children_table(england, 5))
    save_own("rutland", site_table(("Youth Barn", "youth club")))
    assert first.table != second.table
    assert [about.kind for about in own_files("rutland")] == ["children", "sites"]
    assert read_place("rutland").children == england.children + 5 * 26
    undo_own("rutland")
    undo_own("rutland")
    assert own_files("rutland") == (first,)


def test_nothing_of_a_kind_can_be_removed_where_there_is_none():
    with pytest.raises(HubreachError, match="there are no wards of its own") as error:
        remove_own("rutland", "wards")
    assert "There are: none" in str(error.value)


def test_a_district_next_door_keeps_the_figures_of_england():
    leicester = read_place("leicester").children
    save_own("rutland", children_table(read_place("rutland")))
    assert read_place("leicester").children == leicester


def test_the_check_tells_the_difference_and_is_no_fault():
    england = read_place("rutland")
    save_own("rutland", children_table(england))
    checks = place_checks(read_place("rutland"))
    own = checks.loc["Children of the council's own, beside the authority's published total"]
    assert (own["result"], own["found"]) == ("note", "Rutland 8,090: +78 children (+1.0%)")
    assert "failed" not in set(checks["result"])
    assert (checks.loc["Own figures in use: children by small area", "source"]) == "Rutland Council"


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (lambda text: text.replace("E01013787", "E01099999"), "2 areas are only in one"),
        (lambda text: text.replace(",", ",-", 1).replace("children_0_4", "x", 1), "column is missing"),
        (lambda _: "", "the file is empty"),
    ],
)
def test_a_kept_table_that_somebody_spoiled_is_one_clear_error(spoil, found):
    kept = save_own("rutland", children_table(read_place("rutland")))
    path = own_folder("rutland") / kept.table
    path.write_text(spoil(path.read_text()))
    with pytest.raises(HubreachError, match=found):
        read_place("rutland")
    # The way back needs nothing of it.
    remove_own("rutland", "children")
    assert read_place("rutland").own_files == ()


def test_a_record_that_names_another_file_is_refused():
    save_own("rutland", children_table(read_place("rutland")))
    path = own_history_path("rutland")
    kept = json.loads(path.read_text())
    kept["done"][0]["after"][0]["table"] = "../../../secret.csv"
    path.write_text(json.dumps(kept))
    with pytest.raises(HubreachError, match="table"):
        read_place("rutland")
