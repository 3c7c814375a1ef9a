"""All 153 authorities, without their shapes: small areas add up to every level, whatever is assumed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.base.faults import HubreachError
from analysis.need.estimate import estimate_need
from analysis.places.england.grounds import grounds
from analysis.places.england.opening import england_place
from analysis.places.england.tables import authorities
from analysis.places.place import LEVELS, sum_by
from analysis.scenario.need_settings import default_settings, with_tiers

ENGLAND_CHILDREN = 12_183_016
EVERY_AUTHORITY = []


@pytest.fixture(scope="module", autouse=True)
def every_authority():
    """The 153 authorities as places with figures, without shapes and sites."""
    authority_grounds = [ground for ground in grounds().values() if ground.kind == "authority"]
    EVERY_AUTHORITY[:] = [england_place(ground, figures_only=True) for ground in authority_grounds]
    yield
    EVERY_AUTHORITY.clear()


def test_areas_belong_to_one_ward_one_locality_and_the_place():
    assert len(EVERY_AUTHORITY) == 153
    assert sum(len(place.areas) for place in EVERY_AUTHORITY) == 33_755
    published = authorities()["children_mid2024"]
    for place in EVERY_AUTHORITY:
        assert place.children == published[place.manifest.authority], place.name
        assert place.areas.drop_duplicates("ward_code")["ward_name"].is_unique, place.name
        assert not place.areas.isna().any(axis=None), place.name
        # In a county the districts are the localities, elsewhere the whole place is one.
        localities = place.areas["locality_code"].nunique()
        assert localities == max(1, len(place.manifest.localities)) == len(place.districts), place.name


@given(
    early_help=st.floats(0.0, 0.3),
    specialist=st.floats(0.0, 0.1),
    gradients=st.tuples(st.floats(1.0, 8.0), st.floats(1.0, 12.0)),
    vintage=st.sampled_from(["2025", "2019"]),
    basis=st.sampled_from(["imd", "idaci"]),
)
@settings(max_examples=6)
def test_need_adds_up_in_every_authority_for_any_assumption(
    early_help, specialist, gradients, vintage, basis
):
    children, impossible = 0, 0
    for place in EVERY_AUTHORITY:
        tiers = dict(zip(("early_help", "specialist"), (early_help, specialist), strict=True))
        asked = with_tiers(default_settings(place), tiers, dict(zip(tiers, gradients, strict=True)))
        asked = asked.__class__(**{**vars(asked), "vintage": vintage, "basis": basis})
        children += place.children
        try:
            counts = estimate_need(place, asked).counts
        except HubreachError:
            impossible += 1  # the tiers exceed all children of some area, which is told
            continue
        sums = {level: sum_by(place, counts, level).sum() for level in LEVELS}
        for key, share in tiers.items():
            wanted = int(share * place.children + 0.5)
            assert {int(sums[level][key]) for level in LEVELS} == {wanted}, (place.name, key)
        assert (counts.sum(axis=1) <= place.areas["children"]).all(), place.name
        assert (counts >= 0).all(axis=None), place.name
    assert children == ENGLAND_CHILDREN
    if early_help + specialist <= 0.2 and max(gradients) <= 5:
        assert impossible == 0
