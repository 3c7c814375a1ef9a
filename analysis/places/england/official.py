"""Published totals that the tables of England must reproduce: when they are compiled, and in the tests."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.base.faults import FaultList
from analysis.places.england.tables import AREAS_2025, BANDS_MID2024

ONS_MID2024 = "ONS mid-2024 population estimates"
CENSUS_2021 = "Census 2021 (TS007A)"
FILE_10 = "English Indices of Deprivation 2025, File 10"
ENGLAND_CHILDREN_MID2024 = 12_183_016
ENGLAND_AGED_0_15_CENSUS2021 = 10_483_159
# Children aged 0-17 in mid-2024 as the ONS publishes them, and LSOAs of 2021: copied by hand, so that a mistake in the
# table of authorities itself would be seen.
AUTHORITIES_BY_HAND = {
    "E06000034": (46_271, 100),
    "E06000026": (52_113, 164),
    "E08000015": (66_223, 209),
    "E06000035": (68_774, 169),
    "E08000035": (176_239, 488),
    "E10000016": (355_390, 938),
}
SHARE_TOLERANCE = 0.0001


def report_totals(tables: Mapping[str, pd.DataFrame]) -> None:
    """Compare tables with the published totals.

    Parameters
    ----------
    tables : mapping
        `areas`, `deprivation_2025`, `districts`, `authorities`, `demand_points`.

    Raises
    ------
    HubreachError
        With every total that is not reproduced.
    """
    areas, councils = tables["areas"], tables["authorities"].set_index("authority_code")
    faults = FaultList("tables of England")

    def expect(what: str, found: float, expected: float, source: str, tolerance: float = 0) -> None:
        if not abs(found - expected) <= tolerance:
            faults.add(
                f"{what}: {found:,.6g}, and {source} has {expected:,.6g}",
                "Compile them from the official files",
            )

    children = areas[list(BANDS_MID2024.values())].sum(axis=1)
    expect("LSOAs of 2021", areas["area_code"].nunique(), AREAS_2025, "the ONS")
    expect("children in England", children.sum(), ENGLAND_CHILDREN_MID2024, ONS_MID2024)
    aged = areas["children_0_15_census2021"].sum()
    expect("aged 0-15 in England", aged, ENGLAND_AGED_0_15_CENSUS2021, CENSUS_2021)
    by_authority = children.groupby(areas["authority_code"]).agg(["sum", "size"])
    for council in tables["authorities"].to_dict("records"):
        found = by_authority["sum"].get(council["authority_code"], 0)
        expect(f"children in {council['authority_name']}", found, council["children_mid2024"], ONS_MID2024)
    for code, (total, number) in AUTHORITIES_BY_HAND.items():
        name = councils["authority_name"].get(code, code)
        expect(f"children in {name}", by_authority["sum"].get(code, 0), total, ONS_MID2024)
        expect(f"LSOAs of {name}", by_authority["size"].get(code, 0), number, "the ONS")
    figures = tables["deprivation_2025"]
    tenth = figures["imd_decile"].eq(1).groupby(figures["district_code"]).mean()
    for _, district in tables["districts"].iterrows():
        expect(
            f"share of areas in the most deprived tenth, {district['district_name']}",
            tenth.get(district["district_code"], float("nan")),
            district["imd_share_most_deprived_tenth"],
            FILE_10,
            SHARE_TOLERANCE,
        )
    shares = tables["demand_points"].groupby("area_code")["share"].sum()
    expect("areas with demand points", len(shares), AREAS_2025, "the ONS")
    expect("largest error of an area's shares", (shares - 1).abs().max(), 0, "arithmetic", 1e-5)
    faults.raise_if_any("The tables of England do not reproduce the official totals.")
