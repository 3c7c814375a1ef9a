"""Tables of sites that are brought in become changes."""

import pandas as pd

from analysis.intake.own.sites import edits_of_table
from analysis.places.sites.edits import SiteHistory, apply_edits


def test_an_upload_changes_the_sites_it_names_and_adds_the_others(small_place, tmp_path):
    path = tmp_path / "sites.csv"
    table = pd.DataFrame(
        {
            "site_id": ["ash-hub", ""],
            "name": ["Ash Hub", "=1+1"],
            "kind": ["hub", "outreach"],
            "easting": [560500, 562500],
            "northing": [181500, 180500],
            "capacity_families": [120, None],
        }
    )
    table.to_csv(path, index=False)
    edits, _ = edits_of_table(path, small_place, small_place.sites)
    assert [(edit.action, edit.site_id) for edit in edits] == [("change", "ash-hub"), ("add", "1-1")]
    after = apply_edits(small_place.sites, SiteHistory(done=(edits,)))
    assert after.loc["ash-hub", "capacity_families"] == 120
    assert after.loc["1-1", "name"] == "=1+1"
    assert after.loc["cedar-hub", "is_open"]


def test_a_download_of_the_sites_uploaded_again_changes_nothing(real_place, tmp_path):
    from analysis.base.text import inert_frame

    path = tmp_path / "sites.csv"
    inert_frame(real_place.sites).to_csv(path, encoding="utf-8-sig")
    assert edits_of_table(path, real_place, real_place.sites)[0] == ()
