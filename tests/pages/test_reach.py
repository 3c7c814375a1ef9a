"""Reach without a browser: the answer, the gaps, what is in the address, and every way of travel."""

from __future__ import annotations

import re

import pytest

from analysis.need.estimate import estimate_need
from analysis.places.barriers import Barrier, change_barriers
from analysis.places.crossings import Crossing, change_crossings
from analysis.places.read import read_place
from analysis.reach.answer import ReachAnswer, answer_reach, gap_list, named_areas
from analysis.reach.coverage import coverage_by
from analysis.reach.demand import estimated_demand
from analysis.reach.maps import minute_classes
from analysis.reach.selection import choose_sites
from analysis.reach.travel import straight_line_matrix
from analysis.reach.words import reach_answer
from analysis.render.estimates import rounded_estimates
from analysis.scenario.need_settings import default_settings
from analysis.scenario.terms import Terms
from tests.conftest import REAL_PLACES
from tests.pages.conftest import OpenPage, answer


def expected_view(slug: str, minutes: float = 20.0, mode: str = "walk", **terms: object) -> ReachAnswer:
    place = read_place(slug)
    asked = Terms(minutes, mode, **{"kinds": ("family hub",), **terms})
    return answer_reach(estimate_need(place, default_settings(place)), asked)


def table(app, column: str):
    """The first table on the page that has a column."""
    return next(frame.value for frame in app.dataframe if column in frame.value.columns)


PARTS = {
    "How many": "p90_minutes",
    "Each site": "need_unique",
    "Capacity": "",
    "A ward's view": "",
    "Water and crossings": "certainty",
    "If assumptions were others": "highest_share",
}
"""A column of what each tab shows, by its label."""


@pytest.mark.parametrize("slug", REAL_PLACES)
def test_every_place_gets_its_answer_map_gaps_and_tabs(run_page: OpenPage, slug: str) -> None:
    app = run_page("reach", place=slug)
    assert not app.exception
    assert not app.error
    view = expected_view(slug)
    assert answer(app) == reach_answer(view)
    covered = int(view.summary.loc["children", "covered"])
    assert f"{covered:,} of {read_place(slug).children:,} children" in answer(app)
    gaps = table(app, "need_not_reached")
    expected = rounded_estimates(gap_list(view))
    assert list(gaps["need_not_reached"]) == list(expected["need_not_reached"])
    assert gaps["need_not_reached"].is_monotonic_decreasing
    assert [tab.label for tab in app.tabs] == list(PARTS)
    # Only the open tab is worked out, and each tab holds what its label says.
    for label, column in PARTS.items():
        app.session_state["reach_part"] = label
        app.run()
        assert not app.exception
        shown = {name for frame in app.dataframe for name in frame.value.columns}
        assert {each for each in PARTS.values() if each in shown} == ({column} if column else set())


@pytest.mark.parametrize(
    ("page", "key"),
    [("reach", "reach_part"), ("need", "need_part"), ("benchmark", "benchmark_part"), ("method", "part")],
)
def test_a_tab_that_is_not_there_is_told_and_the_first_one_opens(
    run_page: OpenPage, page: str, key: str
) -> None:
    app = run_page(page, place="thurrock", **{key: "Nonsense"})
    assert not app.exception
    assert app.session_state[key] == app.tabs[0].label
    told = " ".join(str(box.value) for box in app.warning)
    assert f"{key.replace('_', ' ')} “Nonsense”: not known here" in told
    typed = run_page(page, place="thurrock", **{key: app.tabs[1].label.lower().replace(" ", "-")})
    assert typed.session_state[key] == app.tabs[1].label


def test_what_is_chosen_in_a_tab_is_still_chosen_after_another(run_page: OpenPage) -> None:
    app = run_page("reach", place="thurrock")
    app.button_group(key="covered").set_value("ward").run()
    for label in ("Each site", "How many"):
        app.session_state["reach_part"] = label
        app.run()
    assert app.button_group(key="covered").value == "ward"
    assert len(table(app, "under_fives_covered")) == len(read_place("thurrock").names("ward"))


def test_gaps_and_coverage_add_up_to_everybody() -> None:
    view = expected_view("wirral")
    for by in ("ward", "lsoa", "locality"):
        missed = gap_list(view, by)
        assert missed["need_not_reached"].sum() == view.summary.loc["early_help", "not_covered"]
        assert missed["children_not_reached"].sum() == view.summary.loc["children", "not_covered"]
        assert (missed["nearest_minutes"] > 20).all()
    _, rows = minute_classes(view)
    children = [int(count.replace(",", "")) for *_, count in rows]
    assert sum(children) == 67_431
    assert sum(children[:2]) == view.summary.loc["children", "covered"]


def test_the_named_areas_are_added_up_from_their_wards() -> None:
    view = expected_view("thurrock")
    named = named_areas(view)
    place = read_place("thurrock")
    assert list(named.index) == [area.name for area in place.manifest.priority.areas]
    hubs = choose_sites(place.sites, kinds=["family hub"])
    costs = straight_line_matrix(place.points, hubs)
    wards = coverage_by(costs, estimated_demand(view.estimate), 20, "ward").set_index("area_name")
    belhus = wards.loc["Belhus"]
    assert named.loc["Belhus", "children_covered"] == belhus["children_covered"]
    least = named["share_covered"].idxmin()
    assert f"of the seven named areas, **{least}** has the fewest who do" in reach_answer(view)
    short = expected_view("thurrock", 5)
    nobody = named_areas(short).query("children_covered == 0").index
    assert all(name in reach_answer(short) for name in nobody)


def test_the_address_carries_minutes_mode_filters_and_ward(run_page: OpenPage) -> None:
    app = run_page(
        "reach",
        place="thurrock",
        minutes="10",
        mode="drive",
        ages="0-4",
        ward="Tilbury St Chads",
        reach_part="A ward's view",
    )
    view = expected_view("thurrock", 10, "drive", ages="0-4")
    assert answer(app) == reach_answer(view)
    assert "children aged 0 to 4" in answer(app)
    assert "10-minute drive" in answer(app)
    place = read_place("thurrock")
    assert int(view.summary.loc["children", "total"]) == int(place.areas["children_0_4"].sum())
    assert app.selectbox(key="ward").value == place.names("ward")[lambda n: n == "Tilbury St Chads"].index[0]
    nearest = table(app, "drive_minutes")
    assert nearest.loc["family hub", "site_name"] == "Tilbury Family Hub"


def test_the_slider_moves_the_answer_and_never_down(run_page: OpenPage) -> None:
    app = run_page("reach", place="medway")
    shares = []
    for minutes in (10, 20, 40):
        app.slider(key="minutes").set_value(minutes).run()
        shares.append(int(re.search(r"\((\d+)%\)", answer(app))[1]))
    assert shares == sorted(shares)
    assert shares[0] < shares[2]


def test_a_closed_hub_is_lost_in_answer_and_table_by_the_same_number(run_page: OpenPage) -> None:
    app = run_page("reach", place="thurrock", site="Tilbury Family Hub")
    view = expected_view("thurrock")
    lost = int(view.site_table.loc["tilbury-family-hub", "children_unique"])
    assert lost > 0
    app.button(key="toggle-site").click().run()
    assert not app.exception
    covered = int(view.summary.loc["children", "covered"]) - lost
    assert f"**{covered:,} of 45,381 children" in answer(app)
    assert table(app, "p90_minutes")["covered"].iloc[0] == covered
    assert "1 change to today's sites" in " ".join(caption.value for caption in app.caption)
    assert app.button(key="toggle-site").label == "Open this site"


def test_services_that_no_site_states_are_told_not_counted_as_zero(run_page: OpenPage) -> None:
    app = run_page("reach", place="thurrock", ward="Belhus", reach_part="A ward's view")
    told = " ".join(box.value for box in app.info)
    assert "None of the 15 open sites states which services it holds" in told
    assert not any("Family Nurse Partnership" in frame.value.columns for frame in app.dataframe)
    none = run_page("reach", place="wirral", reach_part="A ward's view")
    assert "lists no core offer" in " ".join(box.value for box in none.info)


def test_a_service_filter_that_nothing_meets_says_so(run_page: OpenPage) -> None:
    app = run_page("reach", place="thurrock", services="Family Nurse Partnership")
    assert not app.exception
    assert "**none of 45,381 children** in Thurrock is within reach" in answer(app)
    assert "15 open sites state no services" in " ".join(box.value for box in app.info)


def test_speed_detour_and_fixed_minutes_are_visible_and_count(run_page: OpenPage) -> None:
    app = run_page("reach", place="plymouth")
    before = answer(app)
    assert app.slider(key="speed_walk").value == 4.8
    assert app.slider(key="detour").value == 1.2
    app.slider(key="fixed_walk").set_value(5.0).run()
    assert answer(app) != before
    app.slider(key="fixed_walk").set_value(0.0).run()
    assert answer(app) == before


def times_of(place, minutes: float, hub: str) -> bytes:
    rows = [f"{code},{hub},{minutes}" for code in place.areas.index]
    return "\n".join(["origin,destination,minutes", *rows]).encode()


def test_a_travel_table_comes_into_force_and_a_faulty_one_leaves_it_there(run_page: OpenPage) -> None:
    place = read_place("thurrock")
    app = run_page("reach", place="thurrock", way="table")
    assert "No table is in use" in " ".join(box.value for box in app.info)
    hub = "tilbury-family-hub"
    app.file_uploader(key="times-upload").set_value(("t.csv", times_of(place, 5, hub), "text/csv")).run()
    assert not app.error
    assert "**45,381 of 45,381 children (100%)**" in answer(app)
    kept = app.query_params["times"]
    faulty = times_of(place, 5, hub).replace(b",5\n", b",minus\n", 2) + b"\nE99999999,tilbury-family-hub,4"
    app.file_uploader(key="times-upload").set_value(("bad.csv", faulty, "text/csv")).run()
    words = " ".join(box.value for box in app.error)
    assert "those in use stay in use" in words
    assert "row 2" in words
    assert "E99999999" in words
    assert app.query_params["times"] == kept
    assert "**45,381 of 45,381 children (100%)**" in answer(app)


def test_streets_without_the_extra_are_refused_in_words(run_page: OpenPage, monkeypatch) -> None:
    monkeypatch.setattr("analysis.reach.network.LIBRARIES", ("no_such_library",))
    app = run_page("reach", place="medway", way="streets")
    assert not app.exception
    assert "pip install 'hubreach[network]'" in " ".join(box.value for box in app.warning)
    assert answer(app) == reach_answer(expected_view("medway"))


def test_an_unknown_table_in_a_link_is_told_and_straight_lines_used(run_page: OpenPage) -> None:
    app = run_page("reach", place="wirral", way="table", times="../../secret")
    assert "not kept here" in app.error[0].value
    assert answer(app) == reach_answer(expected_view("wirral"))


def test_crossings_are_gone_round_closed_in_the_address_and_changed_with_undo(run_page: OpenPage) -> None:
    tunnel = Crossing(name="Foot Tunnel", kind="tunnel", easting=538_330, northing=178_060)
    change_crossings("tower-hamlets", lambda history: history.changed((), (tunnel,), "Added Foot Tunnel"))
    view = expected_view("tower-hamlets")
    shut = expected_view("tower-hamlets", closed=("Foot Tunnel",))
    app = run_page("reach", place="tower-hamlets", closed="Foot Tunnel", reach_part="Water and crossings")
    assert not app.exception
    assert answer(app) == reach_answer(shut)
    assert any(shut.line in caption.value for caption in app.caption)
    app.multiselect(key="closed").set_value([]).run()
    assert answer(app) == reach_answer(view)
    assert "straight line round water, detour" in view.line
    assert any(view.line in caption.value for caption in app.caption)
    app.button(key="crossings-undo").click().run()
    assert read_place("tower-hamlets").crossings == ()
    assert any("unchecked" in caption.value for caption in app.caption)
    app.button(key="crossings-redo").click().run()
    assert read_place("tower-hamlets").crossings == (tunnel,)


def test_the_points_are_shown_on_the_map_and_said_in_words(run_page: OpenPage) -> None:
    app = run_page("reach", place="tower-hamlets", points="true")
    assert not app.exception
    assert app.toggle(key="points").value
    assert any("filled where within reach" in caption.value for caption in app.caption)
    app.toggle(key="points").set_value(False).run()
    assert not any("filled where within reach" in caption.value for caption in app.caption)


def test_a_ferry_that_does_not_run_at_the_hour_is_no_crossing_on_the_page(run_page: OpenPage) -> None:
    ferry = Crossing(name="Ferry", kind="ferry", easting=538_330, northing=178_060, hours="07:00-19:00")
    change_crossings("tower-hamlets", lambda history: history.changed((), (ferry,), "Added Ferry"))
    app = run_page("reach", place="tower-hamlets", time="22:00")
    assert not app.exception
    assert answer(app) == reach_answer(expected_view("tower-hamlets", time="22:00"))
    assert any("at 22:00 without Ferry" in caption.value for caption in app.caption)
    app.selectbox(key="time").set_value("Any time").run()
    assert answer(app) == reach_answer(expected_view("tower-hamlets"))
    change_crossings("tower-hamlets", lambda history: history.back_to_start())


def test_a_barrier_is_gone_round_on_the_page_and_taken_back(run_page: OpenPage) -> None:
    site = expected_view("leeds", kinds=None).sites.iloc[0]
    east, north = float(site["easting"]) - 300, float(site["northing"])
    railway = Barrier(name="Railway", kind="railway", corners=((east, north - 1000), (east, north + 1000)))
    before = expected_view("leeds", kinds=None)
    change_barriers("leeds", lambda history: history.changed((), (railway,), "Added Railway"))
    view = expected_view("leeds", kinds=None)
    assert view.summary.loc["children", "covered"] < before.summary.loc["children", "covered"]
    app = run_page("reach", place="leeds", reach_part="Water and crossings")
    assert not app.exception
    assert answer(app) == reach_answer(view)
    assert any("Lines go round this barrier too: Railway (railway)." in each.value for each in app.caption)
    app.button(key="barriers-undo").click().run()
    assert read_place("leeds").barriers == ()
    assert answer(app) == reach_answer(before)


def test_every_fault_of_a_link_is_told_at_once_also_where_the_controls_are_folded(run_page: OpenPage) -> None:
    folded = {"ages": "zz", "services": "Magic", "kind_leeds": "castle", "closed": "Old Bridge"}
    for page in ("reach", "sites"):
        app = run_page(page, place="Leeds", mode="fly", **folded)
        assert not app.exception
        told = app.warning[0].value
        assert all(
            words in told
            for words in (
                "mode “fly”",
                "ages “zz”",
                "services “Magic”",
                "kind leeds “castle”",
                "closed “Old Bridge”",
            )
        ), told
    fine = run_page("reach", place="Leeds", ages="0-4", mode="drive")
    assert not fine.warning
    closed = run_page("reach", place="Wirral", closed="Duke Street bridge")
    assert not closed.warning
