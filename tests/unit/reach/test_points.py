"""People stand at the weighted points of their area: shares against a calculation of their own, sums, and limits."""

import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from analysis.need.estimate import estimate_need
from analysis.places.england.tables import table_path
from analysis.places.points import centre_points
from analysis.places.read import read_place
from analysis.reach.answer import answer_reach, straight_travel
from analysis.reach.demand import people_at_points, people_by_age, tier_columns, whole_people
from analysis.reach.maps import minute_classes
from analysis.reach.travel import at_points
from analysis.scenario.terms import Terms
from analysis.scenario.travel import TravelSettings

METRES_A_MINUTE = 80.0
DETOUR = 1.3


@pytest.fixture(scope="module", params=["leeds", "rutland", "kent"])
def answer(request):
    return answer_reach(estimate_need(read_place(request.param)), Terms(minutes=20, detour=DETOUR))


def own_calculation(answer) -> tuple[pd.Series, pd.Series]:
    """Share within 20 minutes and mean minutes by area: straight from the file, point by point, in plain loops."""
    rows = pq.read_table(table_path("demand_points")).to_pydict()
    hubs = list(zip(answer.sites["easting"], answer.sites["northing"], strict=True))
    wanted = set(answer.areas.index)
    inside, total, walked = {}, {}, {}
    for code, east, north, share in zip(
        rows["area_code"], rows["easting"], rows["northing"], rows["share"], strict=True
    ):
        if code not in wanted:
            continue
        metres = min(np.hypot(east - e, north - n) for e, n in hubs)
        minutes = metres * DETOUR / METRES_A_MINUTE
        total[code] = total.get(code, 0.0) + share
        inside[code] = inside.get(code, 0.0) + share * (minutes <= 20)
        walked[code] = walked.get(code, 0.0) + share * minutes
    codes = sorted(total)
    return (
        pd.Series([inside[code] / total[code] for code in codes], codes),
        pd.Series([walked[code] / total[code] for code in codes], codes),
    )


def test_shares_and_minutes_equal_a_calculation_of_their_own(answer):
    share, minutes = own_calculation(answer)
    assert answer.serves is None
    assert 0 < share.between(1e-9, 1 - 1e-9).mean() < 1
    np.testing.assert_allclose(answer.area_share.to_numpy(), share.to_numpy(), rtol=0, atol=1e-9)
    np.testing.assert_allclose(
        answer.area_nearest["nearest_minutes"].to_numpy(), minutes.to_numpy(), rtol=0, atol=1e-6
    )
    covered = (share * answer.areas["children"]).sum()
    assert answer.summary.loc["children", "covered"] == pytest.approx(covered, abs=1e-6)
    assert answer.by("ward")["children_covered"].sum() == pytest.approx(covered, abs=1e-6)


def test_everybody_of_an_area_stands_somewhere_once(answer):
    for measure in ["children", "under_fives", *tier_columns(answer.areas)]:
        by_area = answer.demand[measure].groupby(answer.demand["area_code"]).sum()
        np.testing.assert_allclose(by_area.to_numpy(), answer.areas[measure].to_numpy(), rtol=0, atol=1e-9)
    assert len(answer.demand) == len(answer.points) > 4 * len(answer.areas) - 1
    printed = whole_people(answer.by("ward"))
    wards = answer.areas.groupby("ward_code")["children"].sum()
    pd.testing.assert_series_equal(printed["children"], wards, check_names=False)


def test_more_minutes_never_lessen_reach(answer):
    shares = [
        answer_reach(answer.estimate, replace(answer.terms, minutes=minutes)).area_share.to_numpy()
        for minutes in (5, 10, 20, 40)
    ]
    for fewer, more in itertools.pairwise(shares):
        assert (more >= fewer).all()
        assert more.sum() > fewer.sum()


def test_where_ages_differ_each_age_of_a_point_has_its_own_sites(answer):
    """With every site for ages 5 to 10 alone, the share is that band's children at the same points."""
    sites = answer.all_sites.assign(age_from=5.0, age_to=10.0)
    one = answer_reach(answer.estimate, answer.terms, sites=sites)
    assert len(one.demand) == 4 * len(answer.points)
    expected = answer.area_share * answer.areas["children_5_10"] / answer.areas["children"]
    np.testing.assert_allclose(one.area_share.to_numpy(), expected.to_numpy(), rtol=0, atol=1e-9)
    demand, covered, nearest = answer.rows_by_age()
    assert list(demand.index) == list(one.demand.index) == list(covered.index) == list(nearest.index)
    band = demand["age_band"] == "children_5_10"
    pd.testing.assert_series_equal(covered[band], one.covered[band])


@pytest.fixture
def homes() -> pd.DataFrame:
    """Two points in each of areas a to f, three quarters of the people 100 m west of the centre, the rest 300 m east."""
    rows = [
        (area, 400_000.0 + 500 * number + east, 300_000.0, share)
        for number, area in enumerate("abcdef")
        for east, share in ((-100.0, 0.75), (300.0, 0.25))
    ]
    points = pd.DataFrame(rows, columns=["area_code", "easting", "northing", "share"])
    return points.set_axis([f"{area}.{1 + number % 2}" for number, area in enumerate(points["area_code"])])


def test_people_are_shared_over_the_points_of_their_area(demand, homes):
    rows = people_at_points(demand, homes)
    assert rows.loc[["a.1", "a.2", "c.1"], "children"].tolist() == [75.0, 25.0, 225.0]
    assert rows.loc["b.2", ["early_help", "children_0_4", "easting"]].tolist() == [5.0, 15.0, 400_800.0]
    assert rows["area_code"].tolist() == [code[0] for code in homes.index]
    by_age = people_at_points(people_by_age(demand), homes)
    assert by_age.index[:5].tolist() == [
        "a.1|children_0_4",
        "a.1|children_5_10",
        "a.1|children_11_15",
        "a.1|children_16_17",
        "a.2|children_0_4",
    ]
    assert by_age["children"].sum() == demand["children"].sum()
    assert by_age.loc["c.2|children_5_10", "children"] == 22.5


def test_one_point_an_area_is_what_a_centre_was(demand, areas):
    assert people_at_points(demand, centre_points(areas)) is demand


def test_a_table_by_area_holds_for_every_point_of_it(costs, homes):
    spread = at_points(costs, homes)
    assert spread.loc["b.2"].tolist() == spread.loc["b.1"].tolist() == costs.loc["b"].tolist()


def test_points_of_their_own_by_hand(small_place):
    """Six squares of 100 children: a quarter of those of the first move 10 km east, out of everybody's reach."""
    centre = small_place.points
    first = str(centre.index[0])
    moved = centre.loc[[first, first]].assign(share=[0.75, 0.25])
    moved["easting"] += [0.0, 10_000.0]
    points = pd.concat([moved.set_axis([f"{first}.1", f"{first}.2"]), centre.iloc[1:]])
    place = replace(small_place, own_points=points)
    near = TravelSettings("walk", speed_kmh=6.0, detour=1.0)
    for changed in (small_place, place):
        estimate = estimate_need(changed)
        travel = straight_travel(changed, changed.sites, near)
        reach = answer_reach(estimate, Terms(minutes=60, kinds=()), travel=travel)
        share = reach.area_share[first]
        assert share == (0.75 if changed is place else 1.0)
        assert (reach.area_share.iloc[1:] == 1).all()
        assert reach.summary.loc["children", "covered"] == 600 - 25 * (changed is place)
        assert reach.area_nearest.index.tolist() == list(small_place.areas.index)


def test_the_legend_counts_children_where_they_live(answer):
    """Its classes within the limit are the answer's children, though an area has one colour."""
    fill, rows = minute_classes(answer)
    counted = {words: int(children.replace(",", "")) for _, words, children in rows}
    reached = sum(children for words, children in counted.items() if words.endswith("reached"))
    assert reached == round(answer.summary.loc["children", "covered"])
    assert sum(counted.values()) == round(answer.areas["children"].sum())
    assert fill.index.equals(answer.areas.index)


def test_a_map_of_a_plan_for_some_ages_shows_the_minutes_of_those_it_serves(small_place):
    youth = small_place.sites.assign(age_from=11.0, age_to=17.0)
    estimate = estimate_need(small_place)
    answer = answer_reach(estimate, Terms(), sites=youth)
    everyone = answer_reach(estimate, Terms())
    # 60 of 100 children of each area are younger: for most there is no way, and that is no news about the others.
    assert answer.serves_a_part
    assert not everyone.serves_a_part
    assert np.isinf(answer.area_nearest["nearest_minutes"]).all()
    pd.testing.assert_frame_equal(answer.served_nearest, everyone.area_nearest)
    pd.testing.assert_frame_equal(everyone.served_nearest, everyone.area_nearest)
