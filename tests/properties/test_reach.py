"""What must hold of reach on any place: generated areas, sites and travel."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.base.history import parse_history
from analysis.places.sites.duplicates import label_kinds, merge_duplicates
from analysis.places.sites.edits import (
    SiteHistory,
    apply_edits,
    change_site,
    close_site,
    move_site,
    open_site,
    rename_site,
)
from analysis.places.sites.values import sites_of_rows
from analysis.reach.catchments import DECAYS, MatrixPairs, StraightLinePairs, floating_catchment, site_ratios
from analysis.reach.coverage import coverage_by, covered_areas, nearest_sites
from analysis.reach.demand import FIFTHS, demand_frame, deprivation_fifths, measure_columns
from analysis.reach.loads import loss_if_closed, site_figures
from analysis.reach.summary import reach_summary, weighted_quantile
from analysis.reach.travel import straight_line_matrix
from analysis.scenario.travel import TravelSettings

KINDS = ("family hub", "children's centre", "outreach", "school (primary)")
COVERED = ["children_covered", "under_fives_covered", "early_help_covered"]
metres = st.integers(0, 40).map(lambda step: 100.0 * step)
few = settings(max_examples=40, deadline=None)
fewest = settings(max_examples=20, deadline=None)


@st.composite
def places(draw):
    """A demand frame and sites; coordinates lie on a coarse grid so that ties are common."""
    areas = draw(st.integers(1, 12))
    codes = [f"E{number:03d}" for number in range(areas)]

    def column(values):
        return draw(st.lists(values, min_size=areas, max_size=areas))

    young, old = column(st.integers(0, 50)), column(st.integers(0, 200))
    ward = column(st.sampled_from(["W1", "W2", "W3"]))
    frame = pd.DataFrame(
        {
            "area_name": codes,
            "ward_code": ward,
            "ward_name": ward,
            "locality_code": "L",
            "locality_name": "L",
            "place_code": "P",
            "place_name": "P",
            "population_mid2015": column(st.integers(0, 3000)),
            "children": [a + b for a, b in zip(young, old, strict=True)],
            "children_0_4": young,
            "easting": column(metres),
            "northing": column(metres),
        },
        index=pd.Index(codes, name="area_code"),
    )
    need = pd.DataFrame({"early_help": column(st.integers(0, 30))}, index=frame.index)
    position = pd.Series(column(st.sampled_from([0.1, 0.3, 0.5, 0.9])), index=frame.index)
    return demand_frame(frame, need, position), draw(site_frames())


@st.composite
def site_frames(draw, smallest=1):
    rows = {}
    for number in range(draw(st.integers(smallest, 6))):
        rows[f"s{number}"] = {
            "name": draw(st.sampled_from(["Hub", "Centre", "Oak"])),
            "kind": draw(st.sampled_from(KINDS)),
            "postcode": draw(st.sampled_from(["", "AA1 1AA", "BB1 1BB"])),
            "easting": draw(metres),
            "northing": draw(metres),
            "capacity_families": draw(st.sampled_from([10.0, 20.0])),
        }
    return sites_of_rows(rows)


@fewest
@given(places(), st.integers(1, 60), st.integers(1, 60), st.floats(1.0, 2.0), st.floats(1.0, 2.0))
def test_reach_never_falls_as_minutes_rise_sites_are_added_or_detour_falls(place, one, other, wide, narrow):
    demand, sites = place
    fewer, more = sorted((one, other))
    low, high = sorted((wide, narrow))
    near = straight_line_matrix(demand, sites, TravelSettings(detour=low))
    far = straight_line_matrix(demand, sites, TravelSettings(detour=high))
    for by in ("lsoa", "ward", "fifth", "place"):
        base = coverage_by(far, demand, fewer, by)[COVERED]
        assert (coverage_by(far, demand, more, by)[COVERED] >= base).all(axis=None)
        assert (coverage_by(near, demand, fewer, by)[COVERED] >= base).all(axis=None)
        assert (base >= coverage_by(far.iloc[:, 1:], demand, fewer, by)[COVERED]).all(axis=None)
        assert (coverage_by(far[[]], demand, more, by)[COVERED] == 0).all(axis=None)


@fewest
@given(places(), st.integers(1, 60))
def test_every_level_adds_up_to_the_place(place, minutes):
    demand, sites = place
    costs = straight_line_matrix(demand, sites)
    summary = reach_summary(costs, demand, minutes)
    for by in ("lsoa", "ward", "locality", "fifth", "place"):
        table = coverage_by(costs, demand, minutes, by)
        assert table["children"].sum() == demand["children"].sum()
        for measure in measure_columns(demand):
            assert table[f"{measure}_covered"].sum() == summary.loc[measure, "covered"]
    assert (summary["covered"] + summary["not_covered"]).tolist() == summary["total"].tolist()


@few
@given(places(), st.randoms(use_true_random=False))
def test_each_area_has_one_nearest_site_whatever_the_order(place, random):
    demand, sites = place
    costs = straight_line_matrix(demand, sites)
    nearest = nearest_sites(costs)
    shuffled = list(costs.columns)
    random.shuffle(shuffled)
    pd.testing.assert_frame_equal(nearest_sites(costs[shuffled]), nearest)
    for code, row in nearest.iterrows():
        ties = [site for site in costs.columns if costs.loc[code, site] == costs.loc[code].min()]
        assert row["nearest_site"] == min(ties)
        assert row["nearest_minutes"] == costs.loc[code].min()


@few
@given(places(), st.integers(1, 60))
def test_loads_add_up_to_need_and_losses_are_what_closing_loses(place, minutes):
    demand, sites = place
    costs = straight_line_matrix(demand, sites)
    table = site_figures(costs, demand, sites, minutes, measure="early_help")
    assert table["need_assigned"].sum() == demand["early_help"].sum()
    assert (table["need_assigned_within"] <= table["need_within"]).all()
    covered = reach_summary(costs, demand, minutes)["covered"]
    lost = loss_if_closed(costs, demand, minutes)
    for site in costs.columns:
        without = reach_summary(costs.drop(columns=site), demand, minutes)["covered"]
        assert lost.loc[site].tolist() == (covered - without).tolist()
        assert table.loc[site, "need_unique"] == lost.loc[site, "early_help"]


@few
@given(places(), st.sampled_from(DECAYS), st.floats(1.0, 60.0))
def test_catchments_hand_out_exactly_the_capacity_that_need_can_use(place, decay, minutes):
    demand, sites = place
    need, capacity = demand["early_help"].astype(float), sites["capacity_families"]
    pairs = MatrixPairs(straight_line_matrix(demand, sites), minutes)
    ratios = site_ratios(pairs, need, capacity, minutes, decay)
    access = floating_catchment(pairs, need, capacity, minutes, decay)
    used = capacity[ratios > 0].sum()
    np.testing.assert_allclose((access * need).sum(), used, rtol=1e-9, atol=1e-9)
    assert access[~covered_areas(pairs.costs, minutes)].eq(0).all()
    by_tree = StraightLinePairs(demand, sites, TravelSettings(), minutes)
    np.testing.assert_allclose(floating_catchment(by_tree, need, capacity, minutes, decay), access, rtol=1e-9)


@few
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2000)), min_size=1, max_size=15))
def test_fifths_follow_deprivation_and_hold_about_a_fifth(pairs):
    codes = [f"a{number:02d}" for number in range(len(pairs))]
    position = pd.Series([rank / 10 for rank, _ in pairs], index=codes)
    people = pd.Series([count for _, count in pairs], index=codes)
    fifths = deprivation_fifths(position, people)
    assert fifths.between(1, FIFTHS).all()
    ordered = sorted(codes, key=lambda code: (-position[code], code))
    assert [fifths[code] for code in ordered] == sorted(fifths)
    held = people.groupby(fifths).sum()
    assert (held <= people.sum() / FIFTHS + people.max()).all()


@few
@given(
    st.lists(st.tuples(st.floats(0, 100), st.integers(0, 9)), min_size=1, max_size=20), st.floats(0.01, 1.0)
)
def test_a_quantile_is_the_least_value_with_enough_weight(pairs, share):
    values, weights = np.array([v for v, _ in pairs]), np.array([float(w) for _, w in pairs])
    found = weighted_quantile(values, weights, share)
    if weights.sum() == 0:
        assert np.isnan(found)
        return
    held = weights[values <= found].sum() / weights.sum()
    below = weights[values < found].sum() / weights.sum()
    assert held >= share - 1e-9
    assert below < share + 1e-9


@few
@given(site_frames())
def test_merging_twice_changes_nothing_and_no_label_is_lost(sites):
    merged = merge_duplicates(sites, KINDS)
    pd.testing.assert_frame_equal(merge_duplicates(merged, KINDS), merged)
    labels = set(merged["kind"]) | {kind for cell in merged["labels"] for kind in label_kinds(cell)}
    assert labels == set(sites["kind"])
    assert set(merged.index) <= set(sites.index)
    schools = sites["kind"].str.startswith("school") & (sites["postcode"] == "")
    assert set(sites.index[schools]) <= set(merged.index)


edits = st.one_of(
    st.builds(close_site, st.just("s0")),
    st.builds(open_site, st.just("s0")),
    st.builds(
        rename_site, st.just("s0"), st.text(min_size=1).filter(lambda text: any(c.isalnum() for c in text))
    ),
    st.builds(
        lambda n: change_site("s0", {"capacity_families": n}), st.one_of(st.none(), st.integers(0, 10**6))
    ),
    st.builds(
        lambda e, n: move_site("s0", easting=e, northing=n), st.integers(1, 600_000), st.integers(1, 10**6)
    ),
)


@few
@given(site_frames(), st.lists(edits, max_size=6))
def test_undoing_everything_and_doing_it_again_ends_where_it_was(sites, changes):
    history = SiteHistory(done=tuple((change,) for change in changes))
    after = apply_edits(sites, history)
    back = history
    for _ in changes:
        back = back.undo()
    pd.testing.assert_frame_equal(apply_edits(sites, back), sites)
    for _ in changes:
        back = back.redo()
    pd.testing.assert_frame_equal(apply_edits(sites, back), after)
    pd.testing.assert_frame_equal(apply_edits(sites, parse_history(history.text, SiteHistory)), after)
