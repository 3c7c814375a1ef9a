"""The columns that every command prints as CSV: other people's sheets are built on them, so they stay as they are."""

import pytest
from typer.testing import CliRunner

from analysis.cli.main import app
from tests.conftest import write_small_place

AREA = "area_code,area_name"
TIERS = ("early_help", "specialist")
NEED = ",".join(
    f"{tier}_{part}"
    for tier in TIERS
    for part in ("children", "low", "high", "rate_per_1000", "rank", "p_top")
)
BESIDE = ",".join(f"{tier}_{part}" for tier in TIERS for part in ("children", "low", "high", "rate_per_1000"))
FAMILIES = "families,families_low,families_high"
REACH = (
    "children,children_covered,under_fives_covered,early_help_covered,specialist_covered,share_covered,"
    "nearest_site,nearest_minutes,mean_minutes"
)

COLUMNS = {
    "places": "place,name,state,small_areas,wards,localities,children,sites,vintages,decisions",
    "check sampleton": "check,result,expected,found,source",
    "need sampleton --by lsoa": f"{AREA},children,{NEED},{FAMILIES}",
    "need sampleton --by ward": f"{AREA},children,{NEED},{FAMILIES}",
    "need sampleton --by locality": f"{AREA},children,{NEED},{FAMILIES}",
    "need sampleton --by place": f"{AREA},children,{NEED},{FAMILIES}",
    "data sampleton": "key,group,title,unit,more_need,finest,measure,weight,vintage,publisher,source,licence,status,note",
    "data sampleton --indicator imd_score": f"{AREA},value,low,high,rank,england_percentile,count,parts,parts_missing",
    "data sampleton --indicator imd_score --against children --by lsoa": f"{AREA},value,second_value,first_third,"
    "second_third",
    "data sampleton --indicator reach_need_left_out": f"{AREA},value,low,high,rank,england_percentile,count,parts,"
    "parts_missing",
    "area sampleton Ash": "line,part,what,said,note,value,low,high,bar",
    "beside sampleton": f"place,name,children,most_deprived_share,vintage,{BESIDE},{FAMILIES}",
    "beside sampleton --own-tiers": f"place,name,children,most_deprived_share,vintage,{BESIDE},{FAMILIES}",
    "benchmark leeds": "authority_code,authority_name,year,observed,expected,ratio,low,high,neighbour",
    "benchmark leeds --trend": "authority_code,authority_name,year,observed,expected,ratio,low,high,neighbour",
    "benchmark leeds --list": "outcome,short,unit,first_year,last_year,authorities",
    "best-start sampleton": "option,name,hubs,outside_place,inside_england,share_england,inside_own,share_own,borderline,"
    "short,wards_without",
    "best-start sampleton --show sites": f"option,option_name,site_id,name,postcode,status,kind,{AREA},ward_name,idaci_decile,"
    "inside_england,inside_own,borderline",
    "best-start sampleton --show denominators": "idaci_decile,decile_name,areas,children_0_4,children_5_17",
    "spending leeds": "authority_code,authority_name,neighbour,children,early_help_gbp,early_help_per_child_gbp,looked_after,"
    "looked_after_gbp,per_looked_after_gbp",
    "target sampleton": f"{AREA},children,need,need_share,cumulative_share,children_share,p_top",
    "target sampleton --show priority": f"{AREA},named_as,part,rank,need,rate_per_1000,p_top,verdict",
    "target sampleton --show parts": f"{AREA},priority_area,ward_name,need,rank,inside",
    "target sampleton --show concentration": f"{AREA},children_share,need_share",
    "target sampleton --show composite": f"{AREA},composite,rank,rank_median,rank_low,rank_high,p_top",
    "target sampleton --show hot-spots --by lsoa": f"{AREA},value,neighbours_mean,local_moran,p_value,cut_off,kind",
    "indicator list sampleton": "key,name,direction,unit,vintage,source,geography,value,few,filled,suppressed,"
    "missing,in_index,cautions",
    "sites sampleton": "site_id,name,kind,postcode,easting,northing,lon,lat,services,age_from,age_to,hours_per_week,"
    "capacity_families,annual_cost_gbp,condition,ownership,stage,is_open,labels,source,urn",
    "reach sampleton --by lsoa": f"{AREA},{REACH}",
    "reach sampleton --by ward": f"{AREA},{REACH}",
    "reach sampleton --by fifth": f"{AREA},{REACH}",
    "reach sampleton --by site": "site_id,name,kind,children_within,under_fives_within,need_within,need_assigned,"
    "need_assigned_within,families_assigned,capacity_families,load,need_shared,need_unique,children_unique,mean_minutes",
    "reach sampleton --show summary": "measure,total,covered,not_covered,share_covered,mean_minutes,median_minutes,"
    "p90_minutes,longest_minutes",
    "reach sampleton --show gaps": f"{AREA},ward_name,need_not_reached,children,nearest_site,nearest_minutes",
    "reach sampleton --show overlap": "site_id,ash-hub,cedar-hub",
    "reach sampleton --show access": f"{AREA},sites_per_1000_children_in_need",
    "reach sampleton --show flips": f"{AREA},children,share_in_force,lowest_share,highest_share,flips_with",
    "reach sampleton --show sensitivity": "assumption,value,in_force,children_covered,children_share,"
    "under_fives_share,early_help_share,specialist_share,what",
    "reach sampleton --show ward-kinds --ward Ash": "kind,nearest_site,site_name,walk_minutes,cycle_minutes,drive_minutes",
    "reach sampleton --show ward-services --ward Ash": "service,nearest_site,site_name,walk_minutes,cycle_minutes,"
    "drive_minutes",
    "site sampleton --choose 1": "site_id,name,kind,need_within,need_only_here,need_assigned,extra_minutes_without",
    "site sampleton --choose 1 --alternatives 1": "rank,sites,objective,gives_up,gives_up_share,joins,leaves,status",
    "frontier sampleton --choose 1-2": "choose,objective,share,gained,sites,n_sites,status,bound,gap,is_knee",
    "boundaries sampleton --areas 2": "ward_code,ward_name,need,today,area",
    "options sampleton": "slug,name,sites,source",
    "compare thurrock three-hubs": "option,name,children,children_covered,share_covered,early_help_covered,"
    "specialist_covered,children_0_4_covered,children_5_10_covered,children_11_15_covered,children_16_17_covered,"
    "mean_minutes,p90_minutes,longest_minutes,worst_ward,worst_ward_minutes,share_gap,minutes_gap,need_unique,"
    "need_shared,sites_open,largest_load,services_mean,services_least,annual_cost_gbp,cost_per_child_gbp,"
    "cost_per_family_gbp,costs_known",
    "compare thurrock three-hubs --by ward": f"option,name,{AREA},{REACH}",
    "compare thurrock three-hubs --by age": "option,name,age,children,covered,share_covered,mean_minutes,p90_minutes,"
    "longest_minutes",
    "difference thurrock three-hubs today": f"{AREA},children,under_fives,minutes_before,minutes_after,minutes_change,"
    "covered_before,covered_after,children_gaining,children_losing",
    "cost wirral": "year,start,end,cash_gbp,present_value_gbp",
    "cost wirral --show totals": "years,extensions_taken,end,cash_gbp,present_value_gbp",
    "cost wirral --show unit-costs": "unit,count,count_low,count_high,cost_gbp,cost_low_gbp,cost_high_gbp",
    "cost wirral --show log": "subject,parameter,value,source,confirm_with",
    "allocate sampleton --envelope 1000": f"{AREA},need,share,allocation_gbp",
    "allocate sampleton --envelope 1000 --by site": f"{AREA},need,share,allocation_gbp",
    "allocate sampleton --envelope 1000 --workings": f"{AREA},need,supplement,weighted_need,share,before_limits_gbp,"
    "lower_limit_gbp,upper_limit_gbp,held_by,allocation_gbp",
}


@pytest.fixture(scope="module")
def small_data(tmp_path_factory):
    """A user's data folder that holds the made-up place."""
    folder = tmp_path_factory.mktemp("columns")
    write_small_place(folder / "places" / "sampleton")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUBREACH_DATA_DIR", str(folder))
        yield folder


@pytest.mark.usefixtures("small_data")
@pytest.mark.parametrize("command", COLUMNS)
def test_a_command_prints_the_columns_that_it_always_printed(command):
    result = CliRunner().invoke(app, [*command.split(), "--format", "csv"])
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[0] == COLUMNS[command]
