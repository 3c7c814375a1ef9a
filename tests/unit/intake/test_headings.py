"""Headings of official tables, whatever their year, case and spacing."""

import pytest

from analysis.intake.files.headings import ages, heading


@pytest.mark.parametrize(
    ("text", "field", "year"),
    [
        ("LSOA code (2011)", "lsoa_code", "2011"),
        ("LSOA11CD", "lsoa_code", "2011"),
        ("lsoa21cd", "lsoa_code", "2021"),
        ("LSOA 2021 Code", "lsoa_code", "2021"),
        ("\ufeffLSOA  code\n(2021)", "lsoa_code", "2021"),
        ('"LSOA Code"', "lsoa_code", ""),
        ("Lower layer Super Output Areas Code", "lsoa_code", ""),
        ("2011 LSOA Code", "lsoa_code", "2011"),
        ("LSOA name (2011)", "lsoa_name", "2011"),
        ("MSOA11CD", "msoa_code", "2011"),
        ("WD24CD", "ward_code", "2024"),
        ("wd19nm", "ward_name", "2019"),
        ("Ward Code (2023)", "ward_code", "2023"),
        ("Local Authority District code (2019)", "district_code", "2019"),
        ("LA Code (2021 boundaries)", "district_code", "2021"),
        ("LAD 2021 Name", "district_name", "2021"),
        ("Index of Multiple Deprivation (IMD) Score", "imd_score", ""),
        ("Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived)", "imd_rank", ""),
        ("IMD Decile", "imd_decile", ""),
        (
            "Income Deprivation Affecting Children Index (IDACI) Rank (where 1 is most deprived)",
            "idaci_rank",
            "",
        ),
        ("Income Deprivation Affecting Children Index (IDACI) Score (rate)", "idaci_rate", ""),
        ("Income Score (rate)", "income_rate", ""),
        ("Education, Skills and Training Score", "education_score", ""),
        ("Living Environment Score - exponentially transformed", "transformed_living_environment", ""),
        ("Total population: mid 2015 (excluding prisoners)", "population", "2015"),
        ("Total population: mid 2022", "population", "2022"),
        ("Dependent Children aged 0-15: mid 2022", "children_0_15", "2022"),
        ("IMD - Average score ", "average_score", ""),
        ("CHGIND", "change", ""),
        ("CHNGIND", "change", ""),
        ("RUC11CD", "rural_urban", "2011"),
    ],
)
def test_a_heading_is_known_in_every_dress(text, field, year):
    found = heading(text, 4)
    assert (found.field, found.year, found.position) == (field, year, 4)


@pytest.mark.parametrize(
    "text",
    [
        "Income Rank (where 1 is most deprived)",
        "Population aged 16-59: mid 2015 (excluding prisoners)",
        "Older population aged 60 and over: mid 2015 (excluding prisoners)",
        "Income Deprivation Affecting Older People (IDAOPI) Rank (where 1 is most deprived)",
        "LSOA11NMW",
        "",
        "=cmd()",
    ],
)
def test_other_headings_stay_unknown(text):
    assert heading(text, 0) is None


def test_single_ages_of_persons_and_of_each_sex():
    found = ages(["LSOA Code", "All Ages", "0", "Age 5", "Aged 17 years", "90+", "F0", "M16", "2011"])
    assert [(age.age, age.sex, age.open_ended) for age in found] == [
        (0, "", False),
        (5, "", False),
        (17, "", False),
        (90, "", True),
        (0, "f", False),
        (16, "m", False),
    ]
