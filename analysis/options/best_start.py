"""Best Start Family Hubs: the siting test for today and every option, denominators, the site list, a return's rows."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from analysis.base.faults import FaultList
from analysis.base.schema import Schema
from analysis.options.applied import apply_option
from analysis.options.option import Option
from analysis.options.reached import option_counted
from analysis.places.deciles import DECILES, idaci_deciles, idaci_vintage
from analysis.places.place import Place
from analysis.scenario.terms import Terms

TARGET = 0.7
MOST_DISADVANTAGED = 0.3
NEAR_EDGE_M = 100.0
NEAR_CUT = 0.01
"""A neighbourhood within a hundredth of England's ranks of the line is called borderline."""
SITING = Schema(
    "option",
    {
        "name": ("text", "Name of the option"),
        "hubs": ("whole", "Open sites that count as hubs"),
        "outside_place": ("whole", "Of these, in none of the place's neighbourhoods: not placed, not inside"),
        "inside_england": ("whole", "In the 30% most disadvantaged neighbourhoods of England by IDACI"),
        "share_england": ("number", "Of all hubs, 0 to 1; NaN without a hub"),
        "inside_own": ("whole", "In the 30% most disadvantaged of the place's own neighbourhoods"),
        "share_own": ("number", "Of all hubs, 0 to 1; NaN without a hub"),
        "borderline": (
            "whole",
            "Hubs that would change sides by 100 m, or by a hundredth of England's ranks",
        ),
        "short": ("whole", "Hubs that would have to stand inside (England's 30%) instead for 70%"),
        "wards_without": ("whole", "Wards with no hub"),
    },
)
BAND_NOTE = "The return's ages 0-2 and 3-4 stand together in the children held here, and people over 17 are not counted"
HUBS = Schema(
    "site_id",
    {
        "name": ("text", "Name of the site"),
        "postcode": ("text", "Postcode, where known"),
        "status": ("text", "Active, Planned to be opened or Closed, as this option has it"),
        "kind": ("text", "Kind of site here; the programme's type is the council's to say"),
        "area_code": ("text", "Neighbourhood that it stands in; empty outside the place"),
        "area_name": ("text", "Its name"),
        "ward_name": ("text", "Its ward"),
        "idaci_decile": (
            "text",
            "1 the most deprived tenth of England, 10 the least; empty outside the place",
        ),
        "inside_england": ("flag", "Whether in the 30% most disadvantaged of England"),
        "inside_own": ("flag", "Whether in the 30% most disadvantaged of the place"),
        "borderline": ("flag", "Whether 100 m, or a hundredth of England's ranks, would change its side"),
    },
)


@dataclass(frozen=True, eq=False)
class BestStart:
    """The siting test of some options.

    Parameters
    ----------
    place : Place
    table : DataFrame
        As `SITING` says, an option a row.
    hubs : dict of str to DataFrame
        As `HUBS` says, by option.
    vintage : str
        Edition of IDACI.
    """

    place: Place
    table: pd.DataFrame
    hubs: dict[str, pd.DataFrame]
    vintage: str

    @property
    def sites(self) -> pd.DataFrame:
        """The hubs of every option, index `option`; `option_name`, `site_id` and the columns of `HUBS`: the list to export."""
        frames = [
            each.reset_index().assign(option=slug, option_name=str(self.table.loc[slug, "name"]))
            for slug, each in self.hubs.items()
        ]
        return pd.concat(frames).set_index("option")[["option_name", "site_id", *HUBS.columns]]


def siting_test(place: Place, options: Mapping[str, Option], terms: Terms | None = None) -> BestStart:
    """Share of hubs in the 30% most disadvantaged areas by IDACI, for each option.

    The target that is reported, 70%, is not confirmed: neither the index nor whether 30% is of England's or
    of the council's own areas has been published, so both are worked out.

    Parameters
    ----------
    place : Place
    options : mapping of str to Option
        By slug; "today" among them where it is asked for.
    terms : Terms, optional
        Kinds of site that count as hubs; those that count by default if left out.

    Raises
    ------
    HubreachError
        If no edition holds IDACI.
    """
    terms = terms or Terms()
    hubs = {
        slug: hub_list(place, option_counted(apply_option(option, place), terms, place))
        for slug, option in options.items()
    }
    rows = {slug: _tested(options[slug].name, each, place) for slug, each in hubs.items()}
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("option")
    return BestStart(place, SITING.checked(table), hubs, idaci_vintage(place))


def hub_list(place: Place, sites: pd.DataFrame) -> pd.DataFrame:
    """Sites with the neighbourhood and decile that they stand in, as `HUBS` says."""
    position = place.deprivation(idaci_vintage(place))["idaci_position"]
    inside = position >= 1 - MOST_DISADVANTAGED
    own = position.rank(ascending=False, method="first") <= MOST_DISADVANTAGED * len(position)
    shapes = place.boundaries.geometry
    tree = shapely.STRtree(shapes.to_numpy())
    points = np.asarray(shapely.points(sites[["easting", "northing"]].to_numpy(float)))
    site, area = tree.query(points, predicate="intersects")
    area_of = pd.Series(shapes.index[area], index=sites.index[site]).groupby(level=0).first()
    area_of = area_of.reindex(sites.index)
    site, area = tree.query(points, predicate="dwithin", distance=NEAR_EDGE_M)
    around = pd.Series(inside.reindex(shapes.index[area]).to_numpy(), index=sites.index[site])
    mixed = around.groupby(level=0).nunique().reindex(sites.index, fill_value=0) > 1
    at_cut = (position - (1 - MOST_DISADVANTAGED)).abs() <= NEAR_CUT
    known = area_of.notna()
    codes = area_of.fillna("")
    stage = sites["stage"].map(lambda each: "Active" if each == "existing" else "Planned to be opened")
    table = pd.DataFrame(
        {
            "name": sites["name"].astype(str),
            "postcode": sites["postcode"].fillna("").astype(str),
            "status": stage.where(sites["is_open"].astype(bool), "Closed"),
            "kind": sites["kind"].astype(str),
            "area_code": codes,
            "area_name": codes.map(place.areas["area_name"]).fillna(""),
            "ward_name": codes.map(place.areas["ward_name"]).fillna(""),
            "idaci_decile": codes.map(idaci_deciles(place)).fillna(""),
            "inside_england": codes.map(inside).eq(True),
            "inside_own": codes.map(own).eq(True),
            "borderline": known & (mixed | codes.map(at_cut).eq(True)),
        }
    ).rename_axis("site_id")
    return HUBS.checked(table)


def _tested(name: str, hubs: pd.DataFrame, place: Place) -> dict[str, object]:
    count, inside, own = len(hubs), int(hubs["inside_england"].sum()), int(hubs["inside_own"].sum())
    # 70% of 10 is 7.000000000000001 in floats: a hub is not missing by that.
    short = max(0, math.ceil(round(TARGET * count, 6)) - inside)
    return {
        "name": name,
        "hubs": count,
        "outside_place": int((hubs["area_code"] == "").sum()),
        "inside_england": inside,
        "share_england": inside / count if count else float("nan"),
        "inside_own": own,
        "share_own": own / count if count else float("nan"),
        "borderline": int(hubs["borderline"].sum()),
        "short": short,
        "wards_without": len(set(place.areas["ward_name"]) - set(hubs["ward_name"])),
    }


def denominators(place: Place) -> pd.DataFrame:
    """Resident children by IDACI decile and age: what a return's users can be set against.

    The return's bands 0-2, 3-4 and 18-25 cannot be made of the ages that are held here: under-fives stand
    together, and people over 17 are not counted.

    Returns
    -------
    DataFrame
        Index `idaci_decile` ("1" to "10", and "all"); `decile_name`, `areas` (neighbourhoods), `children_0_4`,
        `children_5_17`.

    Raises
    ------
    HubreachError
        If no edition holds IDACI, or the place's files hold no ages.
    """
    bands = list(place.age_bands)
    if "children_0_4" not in bands:
        faults = FaultList(place.name)
        faults.add("no children by age", "Give the place's children by age (hubreach own)")
        faults.raise_if_any("There are no denominators by age.")
    older = [band for band in bands if band != "children_0_4"]
    counts = pd.DataFrame(
        {
            "areas": 1,
            "children_0_4": place.areas["children_0_4"],
            "children_5_17": place.areas[older].sum(axis=1),
        }
    )
    table = counts.groupby(idaci_deciles(place)).sum().reindex(DECILES.index, fill_value=0)
    table.loc["all"] = table.sum()
    names = [*DECILES, "All"]
    table.insert(0, "decile_name", names)
    return table.rename_axis("idaci_decile")
