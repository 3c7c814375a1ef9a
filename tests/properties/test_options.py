"""What must hold of options: any sites, any limit, any text."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.need.estimate import estimate_need
from analysis.options.changes import SiteChanges, changes_text, read_changes
from analysis.options.comparison import children_by_age, comparison_by, option_figures
from analysis.options.difference import (
    OUTCOMES,
    area_difference,
    column_of,
    difference_by,
    main_outcomes,
    row_difference,
    site_moves,
)
from analysis.options.files import option_text, parse_option
from analysis.options.measures import best_and_worst, figure_list
from analysis.options.option import OTHERS, Catchment, Option, OptionSite
from analysis.options.reached import option_reaches
from analysis.places.manifest import Locality
from analysis.scenario.need_settings import default_settings
from analysis.scenario.terms import Terms
from analysis.scenario.travel import MODES

few = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
slugs = st.from_regex(r"[a-z0-9][a-z0-9-]{0,12}", fullmatch=True)
words = st.text(min_size=1, max_size=20).filter(lambda text: any(c.isalnum() and c.isascii() for c in text))
years = st.one_of(st.none(), st.integers(1, 30))


@pytest.fixture(scope="module")
def estimate(real_places):
    place = real_places["thurrock"]
    return estimate_need(place, default_settings(place))


@st.composite
def options(draw, site_ids):
    """Some of a place's sites, open, with ages and kinds now and then."""
    chosen = draw(st.lists(st.sampled_from(site_ids), max_size=6, unique=True))
    ages = st.sampled_from([{}, {"age_from": 0.0, "age_to": 5.0}, {"kind": "outreach"}])
    sites = tuple(OptionSite(site_id, draw(ages)) for site_id in chosen)
    return Option("Plan", draw(slugs), sites, others=draw(st.sampled_from(OTHERS)))


@few
@given(st.data(), st.integers(3, 40), st.sampled_from(MODES), st.floats(0, 5))
def test_differences_mirror_and_count_every_child(estimate, data, minutes, mode, least):
    pair = [data.draw(options(list(estimate.place.sites.index))) for _ in range(2)]
    before, after = option_reaches(estimate, pair, Terms(float(minutes), mode))
    there, back = area_difference(before, after, least), area_difference(after, before, least)
    pd.testing.assert_series_equal(there["children_gaining"], back["children_losing"], check_names=False)
    pd.testing.assert_series_equal(there["children_losing"], back["children_gaining"], check_names=False)
    np.testing.assert_allclose(there["minutes_change"], -back["minutes_change"])
    # Children of one area and age move together; those of another age in it can lose where these gain.
    rows = row_difference(before, after, least)
    outcomes = rows["outcome"]
    assert set(outcomes) <= set(OUTCOMES)
    both = rows[["children_gaining", "children_losing"]]
    assert (both.min(axis=1) == 0).all()
    assert (both.sum(axis=1) == rows["children"].where(outcomes != "unchanged", 0)).all()
    assert rows["children"].sum() == there["children"].sum() == estimate.place.children
    assert rows["children_losing"].sum() == there["children_losing"].sum()
    assert set(main_outcomes(rows).index.astype(str)) == set(there.index)
    same = area_difference(before, before, least)
    assert (same[["minutes_change", "children_gaining", "children_losing"]] == 0).all(axis=None)
    for by in ("ward", "fifth", "place"):
        table = difference_by(before, after, by, least)
        assert table[[column_of(name) for name in OUTCOMES]].sum().sum() == estimate.place.children
        assert table["children_gaining"].sum() == there["children_gaining"].sum()
        assert table["children_losing"].sum() == there["children_losing"].sum()
    assert site_moves(before, after)["children"].sum() == estimate.place.children


@few
@given(st.data(), st.integers(3, 40))
def test_what_is_covered_is_the_same_in_every_table(estimate, data, minutes):
    plans = [data.draw(options(list(estimate.place.sites.index))) for _ in range(2)]
    if plans[0].slug == plans[1].slug:
        plans = plans[:1]
    reaches = option_reaches(estimate, plans, Terms(float(minutes), "walk"))
    figures = option_figures(reaches)
    for reach in reaches:
        row = figures.loc[reach.option.slug]
        for by in ("ward", "locality", "fifth", "place", "lsoa"):
            assert comparison_by([reach], by)["children_covered"].sum() == row["children_covered"]
        by_age = children_by_age(reach)
        assert by_age["children"].sum() == row["children"]
        assert by_age["covered"].sum() <= row["children_covered"]
        assert row["need_unique"] + row["need_shared"] == row["early_help_covered"]
    marks = best_and_worst(figures, figure_list(estimate))
    assert ((marks == "best").sum(axis=1) > 0).equals((marks == "worst").sum(axis=1) > 0)


@few
@given(
    words,
    words,
    st.lists(st.tuples(slugs, years, years, st.booleans()), max_size=5, unique_by=lambda item: item[0]),
    st.lists(slugs, max_size=3, unique=True),
    st.booleans(),
)
def test_the_text_of_any_option_reads_back(name, source, sites, kinds, illustration):
    listed = tuple(OptionSite(site_id, {}, new, opens, closes) for site_id, opens, closes, new in sites)
    catchment = Catchment(
        mode="drive", minutes=12.5, minutes_by_kind=dict.fromkeys(kinds, 3.0), citywide_kinds=tuple(kinds)
    )
    areas = tuple(Locality(name=kind, wards=(kind, f"{kind}-2")) for kind in kinds)
    option = Option(name, "plan", listed, source, "", illustration, "closed", catchment, areas)
    again = parse_option(option_text(option))
    assert (again.sites, again.catchment, again.localities) == (listed, catchment, areas)
    assert parse_option(option_text(again)) == again


@few
@given(st.dictionaries(slugs, st.lists(slugs, min_size=1, max_size=4, unique=True), max_size=3), st.randoms())
def test_changes_for_a_look_read_back(by_option, random):
    changes = {}
    for slug, sites in by_option.items():
        cut = random.randint(0, len(sites))
        changes[slug] = SiteChanges(tuple(sites[:cut]), tuple(sites[cut:]))
    assert read_changes(changes_text(changes)) == changes
