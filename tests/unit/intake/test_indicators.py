"""Figures of the user's own: joined by any code, shared out by hand-checked rules, gaps kept as gaps.

The made-up place has six areas of 100 children: A1 and A2 in ward W1, A3 and A4 in W2, A5 and A6 in W3. A1 was
split into A1a (100 residents) and A1b (300).
"""

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.base.faults import HubreachError
from analysis.intake.indicators.files import Wanted, value_headings
from analysis.intake.indicators.reading import (
    IndicatorChoices,
    newer_areas,
    own_key,
    place_codes,
    prepare_indicator,
    unusable_words,
)
from analysis.need.checks import place_checks
from analysis.places.own_indicators import read_own_indicators, remove_own_indicator, save_own_indicator
from analysis.places.read import read_place
from analysis.targeting.indicators import indicator_values, indicators


def choices(*, measure="rate", fill="none", **wanted):
    return IndicatorChoices(
        "Lone parents",
        "per cent",
        "2023",
        "Census",
        wanted=Wanted(measure=measure, **wanted),
        fill=fill,
    )


def prepared(text, place, tmp_path, chosen=None, name="own.csv"):
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return prepare_indicator(path, place, chosen or choices())


def values_of(new):
    return [None if math.isnan(value) else round(value, 6) for value in new.held.table["value"]]


def test_missing_is_not_zero_and_suppressed_is_not_missing(small_place, tmp_path):
    text = "Area,Lone parents\nA1,10.5%\nA2,<5\nA3,0\na4,\nA6,*\nE01099999,nonsense\nE92000001,20\n"
    new = prepared(text, small_place, tmp_path)
    assert values_of(new) == [10.5, None, 0, None, None, None]
    assert list(new.held.table["status"]) == [
        "value",
        "suppressed",
        "value",
        "missing",
        "missing",
        "suppressed",
    ]
    assert new.left_out == ("1 LSOAs of elsewhere", "1 areas of other kinds")
    assert new.held.about.cautions == (
        "2 of 6 LSOAs (33% of children) suppressed at the source",
        "2 of 6 LSOAs (33% of children) without a value, which is not zero",
    )
    assert not new.held.is_whole
    assert "4 small areas have no value" in unusable_words(new.held)
    assert new.wards.loc["W1", "children_known"] == 0.5


def test_gaps_are_filled_only_when_asked_with_the_mean_of_the_ward(small_place, tmp_path):
    text = "Area,Lone parents\nA1,10\nA3,20\nA4,40\n"
    new = prepared(text, small_place, tmp_path, choices(fill="ward"))
    # W1 has 10; W3 has nothing, so the mean of the place: (10 + 20 + 40) / 3.
    assert values_of(new) == [10, 10, 20, 40, 23.333333, 23.333333]
    assert list(new.held.table["status"]).count("filled") == 3
    assert new.held.is_whole
    assert "3 of 6 LSOAs (50% of children) without a value, which is not zero" in new.held.about.cautions


def test_counts_of_wards_become_rates_by_children_with_a_caution(small_place, tmp_path):
    new = prepared("WD,Referrals\nW1,20\nW2,10\nW3,0\n", small_place, tmp_path, choices(measure="count"))
    assert values_of(new) == [100, 100, 50, 50, 0, 0]
    assert new.held.about.geography == "ward"
    assert "each stands for all LSOAs of its ward" in new.held.about.cautions[0]


def test_few_registrations_that_stand_for_many_children_are_flagged(small_place, tmp_path):
    text = "Area,Share,Registered\nA1,10,90\nA2,20,19\nA3,30,20\nA4,40,9\nA5,50,50\nA6,60,50\n"
    new = prepared(text, small_place, tmp_path, choices(value="share", base="registered"))
    assert list(new.held.table["status"]) == ["value", "few", "value", "few", "value", "value"]
    assert "2 of 6 LSOAs (33% of children) whose value rests on few" in new.held.about.cautions[0]
    assert new.held.is_whole


def test_a_count_with_a_base_is_a_rate_of_the_base(small_place, tmp_path):
    text = "Area,Free meals,Pupils\n" + "".join(f"A{n},{n},{10 * n + 10}\n" for n in range(1, 7))
    new = prepared(text, small_place, tmp_path, choices(measure="count", value="Free meals", base="Pupils"))
    assert values_of(new) == [round(1000 * n / (10 * n + 10), 6) for n in range(1, 7)]


def test_newer_areas_come_by_residents_and_counts_by_sum(small_place, tmp_path):
    text = "LSOA21CD,Figure\nA1a,10\nA1b,30\n" + "".join(f"A{n},{n}\n" for n in range(2, 7))
    assert values_of(prepared(text, small_place, tmp_path))[0] == 25  # (10 x 100 + 30 x 300) / 400
    assert values_of(prepared(text, small_place, tmp_path, choices(measure="count")))[0] == 400
    gap = prepared(text.replace("A1b,30", "A1b,c"), small_place, tmp_path)
    assert values_of(gap)[0] is None
    assert gap.held.table["status"]["A1"] == "suppressed"
    assert place_codes(small_place, newer_areas(small_place))["LSOA"] >= {"A1a", "A1b", "A1"}


def test_msoa_values_stand_for_their_lsoas(real_places, tmp_path):
    place = real_places["thurrock"]
    codes = sorted(set(place.areas["msoa_code"]))
    text = "MSOA21CD,Score\n" + "".join(f"{code},{n}\n" for n, code in enumerate(codes))
    new = prepared(text, place, tmp_path)
    assert new.held.about.geography == "MSOA"
    expected = place.areas["msoa_code"].map({code: float(n) for n, code in enumerate(codes)})
    pd.testing.assert_series_equal(new.held.table["value"], expected, check_names=False)


def test_every_fault_of_a_file_is_told_with_row_column_and_value(small_place, tmp_path):
    text = "\nCode,Figure\nA1,=1+1\nA2,3\nA2,4\nelsewhere,5\n,6\nA3,1e99\n"
    with pytest.raises(HubreachError) as caught:
        prepared(text, small_place, tmp_path)
    told = [(fault.file, fault.row, fault.column, fault.found) for fault in caught.value.faults]
    assert told == [
        ("own.csv", 6, "Code", "'ELSEWHERE' is no code of an area"),
        ("own.csv", 7, "Code", "a value without a code"),
        ("own.csv", 5, "Code", "1 code stands in more than one row: A2 in rows 4, 5"),
        ("own.csv", 3, "Figure", "'=1+1' is not a number"),
        ("own.csv", 8, "Figure", "'1e99' is not a number"),
    ]
    assert all(fault.remedy for fault in caught.value.faults)


@pytest.mark.parametrize(
    ("text", "chosen", "found"),
    [
        ("Code,A,B\nA1,1,2\n", choices(), "several columns could be the values: 'A', 'B'"),
        ("Code,A\nA1,word\n", choices(), "no column of numbers: none"),
        ("Code,A\nA1,1\n", choices(value="C"), "there is no such column"),
        ("Name,A\nNowhere,1\n", choices(), "no column of codes of LSOAs, MSOAs or wards"),
        ("Code,A\nE01099999,1\n", choices(), "none of its 1 codes of a LSOA is in this place"),
        ("Code,A\nA1,1.5\n", choices(measure="count"), "'1.5' is not a whole number"),
        ("Code,A\nA1,-2\n", choices(measure="count"), "'-2' is less than 0"),
        ("", choices(), "empty"),
        ("PK\x03\x04nonsense", choices(), "archive"),
        ('Code,A\nA1,"1\n', choices(), ""),
    ],
)
def test_a_table_that_cannot_be_used_is_one_message(small_place, tmp_path, text, chosen, found):
    with pytest.raises(HubreachError) as caught:
        prepared(text, small_place, tmp_path, chosen)
    assert found in str(caught.value)
    assert caught.value.faults


def test_an_indicator_without_source_vintage_or_unit_is_refused(small_place, tmp_path):
    with pytest.raises(HubreachError) as caught:
        prepared("Code,A\nA1,1\n", small_place, tmp_path, IndicatorChoices("", "", "", ""))
    assert [fault.column for fault in caught.value.faults] == ["name", "vintage", "source", "unit"]


def test_headings_that_could_be_values_are_offered(small_place, tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("Code,Name,A,B\nA1,Ash,1,c\nA2,Ash,2,3\n", "utf-8")
    assert value_headings(path, place_codes(small_place, newer_areas(small_place))) == ["A", "B"]


def test_it_is_kept_beside_the_place_read_with_it_and_taken_away(small_folder, tmp_path):
    place = read_place(small_folder)
    new = prepared("Code,A\n" + "".join(f"A{n},{n}\n" for n in range(1, 7)), place, tmp_path)
    save_own_indicator(place.folder, new.held)
    with pytest.raises(HubreachError, match="is there already"):
        save_own_indicator(place.folder, new.held)
    again = read_place(small_folder)
    assert again.own_indicators[0].about == new.held.about
    assert indicators(again, "2019")["own_lone_parents"].direction == 1
    assert list(indicators(again, "2025"))[-1] == "own_lone_parents"
    # Wards: means of 1 and 2, 3 and 4, 5 and 6 by children, who are 100 each.
    assert list(indicator_values(again, "2019", "ward")["own_lone_parents"]) == [1.5, 3.5, 5.5]
    remove_own_indicator(place.folder, "own_lone_parents")
    assert read_place(small_folder).own_indicators == ()
    with pytest.raises(HubreachError, match="There are: none"):
        remove_own_indicator(place.folder, "own_lone_parents")


def test_one_with_gaps_is_kept_but_enters_no_index(small_folder, tmp_path):
    place = read_place(small_folder)
    save_own_indicator(place.folder, prepared("Code,A\nA1,1\nA2,2\n", place, tmp_path).held)
    again = read_place(small_folder)
    assert again.own_indicators[0].coverage["missing"] == 4
    assert "own_lone_parents" not in indicators(again, "2019")


def test_one_that_was_spoiled_by_hand_is_named_and_left_out(small_folder, tmp_path):
    place = read_place(small_folder)
    path = save_own_indicator(place.folder, prepared("Code,A\nA1,1\nA2,2\n", place, tmp_path).held)
    path.write_text("area_code,value,status\nA1,,value\nA2,2,wrong\n", "utf-8")
    with pytest.raises(HubreachError) as caught:
        read_own_indicators(place.folder, place.areas)
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [
        (3, "status"),
        (2, "value"),
        (None, "area_code"),
    ]
    opened = read_place(small_folder)
    assert opened.own_indicators == ()
    assert opened.left_out == caught.value.faults
    assert "hubreach indicator remove" in opened.left_out[0].remedy
    failed = place_checks(opened).query("result == 'failed'")
    assert any("left out" in found for found in failed["found"])


def test_names_make_keys():
    assert own_key("Free school meals, %") == "own_free_school_meals"


@settings(max_examples=12)
@given(st.lists(st.integers(0, 50), min_size=3, max_size=3))
def test_counts_of_wards_add_up_again(tmp_path_factory, small_place, counts):
    text = "WD,N\n" + "".join(f"W{n + 1},{count}\n" for n, count in enumerate(counts))
    new = prepared(text, small_place, tmp_path_factory.getbasetemp(), choices(measure="count"))
    people = new.held.table["value"] * small_place.areas["children"] / 1000
    assert list(people.groupby(small_place.areas["ward_code"]).sum().round(6)) == counts


def test_a_decimal_comma_is_never_taken_for_thousands(small_place, tmp_path):
    with pytest.raises(HubreachError) as caught:
        prepared('Area,Rate\nA1,"25,8"\nA2,7\nA3,8\nA4,9\n', small_place, tmp_path)
    (fault,) = caught.value.faults
    assert (fault.row, fault.found) == (2, "'25,8' is not a number")
    assert "Write decimals with a point" in fault.remedy
    grouped = prepared('Area,People\nA1,"1,296.50"\nA2,12 000\n', small_place, tmp_path)
    assert values_of(grouped)[:2] == [1296.5, 12000]


def test_figures_without_a_code_in_the_first_row_are_no_heading(small_place, tmp_path):
    with pytest.raises(HubreachError) as caught:
        prepared("Area,Rate\n,25.8\nA1,7\n", small_place, tmp_path)
    assert [(fault.row, fault.found) for fault in caught.value.faults] == [(2, "a value without a code")]


def test_wards_that_take_the_mean_of_the_place_are_named(small_place, tmp_path):
    cautions = prepared(
        "Area,Rate\nA1,10\nA3,20\nA4,40\n", small_place, tmp_path, choices(fill="ward")
    ).held.about.cautions
    name = small_place.areas.loc[small_place.areas["ward_code"] == "W3", "ward_name"].iloc[0]
    assert cautions[-1].endswith(f"wards without any value take the mean of {small_place.name}: {name}")
    whole = prepared(
        "Area,Rate\nA1,10\nA3,20\nA5,40\n", small_place, tmp_path, choices(fill="ward")
    ).held.about.cautions
    assert whole[-1] == "gaps are filled with the mean of their ward by children"


def test_of_sheets_of_two_years_the_later_is_read_and_it_is_said(small_place, tmp_path):
    path = tmp_path / "years.xlsx"
    with pd.ExcelWriter(path) as book:
        for year in ("2019", "2023"):
            table = pd.DataFrame({"Area": ["E01015921", "A1", "A2"], "Rate": [1, 2, 3]})
            table.to_excel(book, sheet_name=year, index=False)
        pd.DataFrame({"Notes": ["made up"]}).to_excel(book, sheet_name="Notes", index=False)
    left_out = prepare_indicator(path, small_place, choices()).left_out
    assert left_out[-1] == "Of its sheets those of 2023 were read, and those of 2019 were not"


@pytest.mark.parametrize(
    ("heading", "said", "direction", "words"),
    [
        ("IMD_Decile", None, -1, "1 is the most deprived"),
        ("Rank (1 is least deprived)", None, 1, "1 is the least deprived"),
        ("IMD decile", True, 1, "as you said"),
        ("Lone parents", None, 1, ""),
        ("Lone parents", False, -1, ""),
    ],
)
def test_ranks_and_deciles_set_which_way_need_runs(small_place, tmp_path, heading, said, direction, words):
    text = f"Area,{heading}\n" + "".join(f"A{n},{n}\n" for n in range(1, 7))
    chosen = IndicatorChoices("Deprivation", "decile", "2025", "MHCLG", said)
    about = prepared(text, small_place, tmp_path, chosen).held.about
    assert about.direction == direction
    assert words in " ".join(about.cautions)
    assert bool(words) == any(heading in caution for caution in about.cautions)


LONG = "Area,Household language Code,Household language,Year,Observation\n" + "".join(
    f"A{n},{code},{words},2021,{n * value}\n"
    for n in range(1, 7)
    for code, words, value in ((0, "All adults", 10), (1, "Some adults", 3), (2, "No adults", 2))
)


def test_categories_are_asked_about_chosen_and_added_up(small_place, tmp_path):
    with pytest.raises(HubreachError) as caught:
        prepared(LONG, small_place, tmp_path, choices(measure="count"))
    (fault,) = caught.value.faults
    assert fault.options == ("All adults", "No adults", "Some adults")
    assert '--where "Household language=All adults"' in fault.remedy
    one = choices(measure="count", where={"household language": ["no adults"]})
    assert values_of(prepared(LONG, small_place, tmp_path, one)) == [20, 40, 60, 80, 100, 120]
    two = choices(measure="count", where={"Household language": ["No adults", "Some adults"]})
    new = prepared(LONG, small_place, tmp_path, two)
    assert values_of(new) == [50, 100, 150, 200, 250, 300]
    assert "No adults and Some adults were added up" in new.left_out[0]


def test_rates_by_sex_are_those_of_both_or_are_asked_about(small_place, tmp_path):
    rows = [
        (f"A{n}", sex, value)
        for n in range(1, 7)
        for sex, value in (("Girls", 1), ("Boys", 3), ("Persons", n))
    ]
    text = "Area,Sex,Rate\n" + "".join(f"{area},{sex},{value}\n" for area, sex, value in rows)
    assert values_of(prepared(text, small_place, tmp_path)) == [1, 2, 3, 4, 5, 6]
    apart = "\n".join(line for line in text.splitlines() if "Persons" not in line)
    with pytest.raises(HubreachError) as caught:
        prepared(apart, small_place, tmp_path)
    assert caught.value.faults[0].options == ("Boys", "Girls")


@pytest.mark.parametrize("letter", ["W01", "S01", "95GG"])
def test_another_nation_is_refused_by_its_name(small_place, tmp_path, letter):
    codes = ["95GG01S1", "95GG01S2"] if letter == "95GG" else [f"{letter}00000{n}" for n in (1, 2)]
    with pytest.raises(HubreachError, match=r"Wales|Scotland|Northern Ireland"):
        prepared("Code,Rate\n" + "".join(f"{code},1\n" for code in codes), small_place, tmp_path)


def test_a_denominator_may_stand_in_another_row(small_place, tmp_path):
    asked = choices(
        measure="count",
        where={"household language": ["no adults"]},
        base="Household language=All adults",
    )
    new = prepared(LONG, small_place, tmp_path, asked)
    # 2n of 10n households, per 1,000.
    assert values_of(new) == [200] * 6


def test_rates_of_several_categories_are_not_added_up(small_place, tmp_path):
    two = choices(where={"Household language": ["No adults", "Some adults"]})
    with pytest.raises(HubreachError, match="its figures do not add up"):
        prepared(LONG, small_place, tmp_path, two)


@pytest.mark.parametrize(
    ("heading", "figures", "said"),
    [
        ("IMD rank", [1, 2, 3, 4, 5, 6], "as if the 6 areas of the file were all there are"),
        ("IMD rank", [40_000, 2, 3, 4, 5, 6], "go up to 40,000, and England has 33,755"),
        ("WIMD rank", [7, 2, 3, 4, 5, 9], "an index of another nation"),
        ("Decile", [0, 2, 3, 4, 5, 9], "deciles run from 1 to 10, and these from 0 to 9"),
        ("Rate", [-1, 2, 3, 4, 5, 6], "-1 stands in 1 row and seems to mean that there is no figure"),
        ("Rate", [9999, 9999, 3, 4, 5, 6], "9999 stands in 2 rows"),
    ],
)
def test_numbers_that_are_not_what_they_seem_are_told(small_place, tmp_path, heading, figures, said):
    rows = "".join(f"A{n},{figure}\n" for n, figure in enumerate(figures, start=1))
    new = prepared(f"Area,{heading}\n{rows}", small_place, tmp_path)
    assert any(said in caution for caution in new.held.about.cautions)


def test_per_cent_signs_on_some_cells_alone_are_refused(small_place, tmp_path):
    text = "Area,Rate\n" + "".join(f"A{n},{'12%' if n % 2 else 0.12}\n" for n in range(1, 7))
    with pytest.raises(HubreachError, match="some of its figures have a per cent sign and others have none"):
        prepared(text, small_place, tmp_path)


def test_a_decile_that_runs_against_the_index_is_told(real_places, tmp_path):
    place = real_places["thurrock"]
    rank = place.deprivation(place.vintages[-1])["imd_rank"].rank(pct=True)
    reversed_decile = (10 * (1 - rank)).astype(int).clip(0, 9) + 1
    text = reversed_decile.rename("IMD decile").rename_axis("LSOA").to_csv()
    said = prepared(text, place, tmp_path).held.about.cautions
    assert any("most need are those that the Index" in caution for caution in said)
    right = (11 - reversed_decile).rename("IMD decile").rename_axis("LSOA").to_csv()
    assert not any(
        "Look at this" in caution for caution in prepared(right, place, tmp_path).held.about.cautions
    )


def test_wards_may_be_told_by_their_names(small_place, tmp_path):
    wards = small_place.areas["ward_name"].unique()
    new = prepared(
        "Ward,Rate\n" + "".join(f"{ward},{n}\n" for n, ward in enumerate(wards)), small_place, tmp_path
    )
    assert new.held.about.geography == "ward"
    assert new.held.table["value"].notna().all()


def test_a_rate_on_areas_of_2011_says_so_and_one_gap_does_not(tmp_path):
    place = read_place("rutland")
    rates = pd.Series(range(26), place.areas.index, name="rate").rename_axis("LSOA")
    words = "the file is on LSOAs of 2011"
    older = rates[~rates.index.str.startswith("E01035")].to_csv()
    assert any(words in caution for caution in prepared(older, place, tmp_path).held.about.cautions)
    gap = rates.astype(object).where(rates.index != "E01035106", "").to_csv()
    assert not any(words in caution for caution in prepared(gap, place, tmp_path).held.about.cautions)
