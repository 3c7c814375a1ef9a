"""Crossings and barriers of a place: what comes with the product, a folder's own, and changes with undo."""

import pytest
import shapely

from analysis.base.faults import FaultList, HubreachError
from analysis.places.barriers import barriers_of_rows, place_barriers
from analysis.places.crossings import (
    Crossing,
    bundled_crossings,
    change_crossings,
    crossing_table,
    crossings_of_rows,
    find_crossing,
    place_crossings,
    read_crossings,
    replaced,
    starting_crossings,
    with_crossing,
)
from analysis.places.read import read_place

HEADER = "name,water,kind,walk,cycle,drive,wait_minutes,easting,northing,certainty,source\n"
OLD = Crossing(name="Old Bridge", kind="bridge", easting=430_000, northing=433_000)


def crossings_of(folder) -> tuple[Crossing, ...]:
    faults = FaultList("crossings")
    found = place_crossings(folder, ["E08000035"], faults)
    assert not len(faults)
    return found


def test_listed_crossings_say_how_sure_they_are_and_a_ferry_waits_15_minutes():
    medway = {each.name: each for each in bundled_crossings(["E06000035"])}
    bridge, tunnel = medway["Rochester Bridge (A2)"], medway["Medway Tunnel (A289)"]
    assert (bridge.walk, bridge.cycle, bridge.drive, bridge.wait_minutes) == (True, True, True, 0)
    assert (tunnel.walk, tunnel.cycle, tunnel.drive) == (False, False, True)
    assert bridge.certainty.startswith("high")
    assert "not surveyed" in bridge.source
    ferry = next(each for each in bundled_crossings(["E06000026"]) if each.name == "Torpoint Ferry")
    assert (ferry.walk, ferry.drive, ferry.wait_minutes) == (True, False, 15)
    assert bundled_crossings(["E08000035"]) == ()


def test_a_folders_own_list_stands_in_the_stead_of_what_comes_with_the_product(tmp_path):
    text = "Ford Bridge,River Aire,Bridge,Yes,no,NO,,430100,433200,surveyed,Highways\nFerry,,ferry,yes,yes,no,,430500,433200,,\n"
    (tmp_path / "crossings.csv").write_text(HEADER + text)
    faults = FaultList("crossings")
    bridge, ferry = starting_crossings(tmp_path, ["E06000035"], faults)
    assert not len(faults)
    assert (bridge.name, bridge.kind, bridge.walk, bridge.cycle, bridge.wait_minutes) == (
        "Ford Bridge",
        "bridge",
        True,
        False,
        0,
    )
    assert (bridge.certainty, bridge.source, ferry.wait_minutes) == ("surveyed", "Highways", 15)


def test_every_fault_of_a_list_has_its_row_and_column(tmp_path):
    text = (
        "Ford Bridge,,viaduct,yes,no,no,,430100,433200,,\nFord Bridge,,bridge,maybe,no,no,,430100,,,\n"
        "Quay,,ferry,yes,no,no,900,430100,2,,\n"
    )
    path = tmp_path / "crossings.csv"
    path.write_text(HEADER + text)
    faults = FaultList("crossings")
    assert read_crossings(path, faults) == ()
    assert {(fault.row, fault.column) for fault in faults} == {
        (2, "kind"),
        (3, "name"),
        (3, "walk"),
        (3, "northing"),
        (4, "wait_minutes"),
    }
    kind = next(fault for fault in faults if fault.column == "kind")
    assert "'viaduct'" in kind.found
    assert kind.remedy == "Use one of: bridge, tunnel, bridge and tunnel, ferry"


def test_hours_of_a_list_are_read_however_they_are_written_or_refused_with_their_row(tmp_path):
    path = tmp_path / "crossings.csv"
    head = "name,kind,walk,cycle,drive,hours,easting,northing\n"
    ends = ",430100,433200\n"
    path.write_text(f"{head}A,ferry,yes,yes,no,07:00 – 22:45{ends}B,ferry,yes,yes,no,{ends}")
    faults = FaultList("crossings")
    assert [each.hours for each in read_crossings(path, faults)] == ["07:00-22:45", ""]
    path.write_text(f"{head}A,ferry,yes,yes,no,07:00-22:45{ends}B,ferry,yes,yes,no,till late{ends}")
    assert read_crossings(path, faults) == ()
    assert [(fault.file, fault.row, fault.column) for fault in faults] == [("crossings.csv", 3, "hours")]


def test_barriers_are_lines_in_order_of_their_rows(tmp_path):
    path = tmp_path / "barriers.csv"
    path.write_text(
        "name,kind,easting,northing\nDocks,docks,0,0\nDocks,docks,10,0\nM1,motorway,5,5\nDocks,docks,10,20\n"
    )
    faults = FaultList("barriers")
    (docks,) = place_barriers(tmp_path, faults)
    assert (docks.name, docks.kind) == ("Docks", "docks")
    assert docks.line.equals(shapely.LineString([(0, 0), (10, 0), (10, 20)]))
    assert [(fault.row, fault.column) for fault in faults] == [(4, "name")]


def test_barriers_that_were_typed_are_read_whole_or_refused_with_their_rows():
    good = {"name": "M1", "kind": "motorway", "corners": "430000,433000; 430000,434000"}
    (line,) = barriers_of_rows([good])
    assert line.corners == ((430_000, 433_000), (430_000, 434_000))
    (degrees,) = barriers_of_rows([good | {"corners": "-1.5491,53.8008; -1.5491,53.8100"}])
    assert degrees.corners[0] == pytest.approx((429_800, 433_900), abs=200)
    with pytest.raises(HubreachError) as raised:
        barriers_of_rows(
            [good, good | {"corners": "430000,433000"}, {"name": "A1", "corners": "1,2;5,900000"}]
        )
    assert [(fault.row, fault.column) for fault in raised.value.faults] == [(2, "corners"), (3, "kind")]
    with pytest.raises(HubreachError, match="'M1' stands twice"):
        barriers_of_rows([good, good])


def test_changes_are_kept_for_the_place_and_taken_back(tmp_path):
    folder = tmp_path / "some-place"
    before = crossings_of(folder)
    assert before == ()
    added = with_crossing(before, OLD)
    change_crossings(folder.name, lambda kept: kept.changed(before, added, "Added Old Bridge"))
    closed = replaced(added, "old bridge", OLD.model_copy(update={"is_open": False}))
    change_crossings(folder.name, lambda kept: kept.changed(added, closed, "Closed Old Bridge"))
    assert [(each.name, each.is_open) for each in crossings_of(folder)] == [("Old Bridge", False)]
    change_crossings(folder.name, lambda kept: kept.undo())
    assert crossings_of(folder) == (OLD,)
    change_crossings(folder.name, lambda kept: kept.changed(added, replaced(added, OLD.name, None)))
    assert crossings_of(folder) == ()
    with pytest.raises(HubreachError, match="somebody with the same link made a change"):
        change_crossings(folder.name, lambda kept: kept.undo(), seen="of long ago")


def test_a_crossing_is_found_by_its_name_however_spelled_and_stands_once():
    assert find_crossing((OLD,), " old bridge") is OLD
    with pytest.raises(HubreachError, match=r"'New Bridge' is not known. There are: Old Bridge"):
        find_crossing((OLD,), "New Bridge")
    with pytest.raises(HubreachError, match="'OLD bridge' is there already"):
        with_crossing((OLD,), OLD.model_copy(update={"name": "OLD bridge"}))
    table = crossing_table((OLD,))
    assert table.loc[0, ["name", "walk", "drive", "is_open"]].tolist() == ["Old Bridge", "yes", "yes", "yes"]


def test_a_place_has_the_crossings_of_its_authorities():
    assert [each.kind for each in read_place("plymouth").crossings].count("bridge") == 5
    wirral = read_place("wirral")
    assert [barrier.name for barrier in wirral.barriers] == ["Birkenhead docks"]
    assert read_place("leeds").crossings == ()


def test_rows_that_were_typed_become_crossings_or_name_their_row_and_column():
    blank = {"water": None, "wait_minutes": float("nan"), "certainty": ""}
    ferry, bridge = crossings_of_rows(
        [
            {
                "name": "Ferry",
                "kind": "ferry",
                "easting": 430_000,
                "northing": 433_000,
                "drive": False,
                **blank,
            },
            OLD.model_dump(),
        ]
    )
    assert bridge == OLD
    assert (ferry.wait_minutes, ferry.walk, ferry.drive, ferry.is_open) == (15, True, False, True)
    with pytest.raises(HubreachError) as refused:
        crossings_of_rows([OLD.model_dump(), {"name": "old bridge", "kind": "ford", "easting": -1}])
    assert {(fault.row, fault.column) for fault in refused.value.faults} == {
        (2, "kind"),
        (2, "easting"),
        (2, "northing"),
    }
    with pytest.raises(HubreachError, match="'Old Bridge' stands twice"):
        crossings_of_rows([OLD.model_dump(), OLD.model_dump()])
