"""Several places beside each other: need of each on one national curve, or by its own tiers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.base.faults import Fault, HubreachError
from analysis.base.schema import Schema
from analysis.benchmark.national_fit import national_areas
from analysis.need.estimate import NeedEstimate
from analysis.need.rates import Floats, NoRateCurveError, fit_curve
from analysis.places.england.editions import children_editions, with_children
from analysis.places.england.opening import VINTAGES
from analysis.places.england.tables import authorities
from analysis.places.manifest import Tier
from analysis.places.place import Place
from analysis.scenario.need_settings import NeedSettings, default_settings

MOST_DEPRIVED_FIFTH = 0.8
TIER_RATES = Schema(
    "place",
    {
        "name": ("text", "Name of the place"),
        "tier": ("text", "Key of the tier of need"),
        "tier_name": ("text", "Name of the tier in that place"),
        "children": ("whole", "Children in the tier"),
        "rate": ("number", "Children in the tier per 1,000 children"),
        "low": ("number", "Lower end of the interval of the rate"),
        "high": ("number", "Upper end"),
    },
)


def tiers_on_one_curve(
    children: Mapping[str, Floats],
    position: Mapping[str, Floats],
    tiers: Sequence[Tier],
    fitted_on: tuple[Floats, Floats] | None = None,
) -> dict[str, tuple[Tier, ...]]:
    """Tiers of each of several places when prevalence and gradient hold for all of them together, or for others.

    The curve is fitted once, on the small areas of every place or on those that are given. A place's prevalence is its children's mean
    rate on that curve; asked for with the same gradient, it gives the same curve again. So every small area
    has the rate of the one curve, and the counts of all places add up to the prevalence.

    Parameters
    ----------
    children, position : mapping of str to ndarray
        By place: children of its small areas, and their national positions (0 to 1).
    tiers : sequence of Tier
    fitted_on : (ndarray, ndarray), optional
        Children and national positions of the small areas for which prevalence and gradient hold, such as all
        England's; those of the places together if left out.

    Returns
    -------
    dict
        By place.

    Raises
    ------
    HubreachError
        If prevalence and gradient cannot hold together.
    """
    everyone, everywhere = fitted_on or (
        np.concatenate(list(children.values())),
        np.concatenate([position[key] for key in children]),
    )
    found: dict[str, list[Tier]] = {key: [] for key in children}
    for tier in tiers:
        try:
            curve = fit_curve(everyone, everywhere, tier.prevalence, tier.gradient)
        except NoRateCurveError as error:
            fault = Fault("tiers", None, tier.key, str(error), "Lower one of the two")
            raise HubreachError("One curve of need cannot be fitted.", [fault]) from error
        for key, people in children.items():
            rate = float(people @ curve.rate(position[key]) / max(people.sum(), 1.0))
            found[key].append(tier.model_copy(update={"prevalence": rate}))
    return {key: tuple(held) for key, held in found.items()}


def settings_on_national_curve(places: Sequence[Place], settings: NeedSettings) -> dict[str, NeedSettings]:
    """Settings of several places on one national curve, by slug: the same assumptions everywhere.

    Prevalence and gradient of `settings` hold for all England's children (mid-2024); what share of a place's
    children that makes follows from its deprivation (IMD). Each keeps the editions of `settings` where it has
    them, else its own first choice.

    Raises
    ------
    HubreachError
        If prevalence and gradient cannot hold together.
    """
    found = {}
    for place in places:
        edition = settings.children if settings.children in children_editions(place) else ""
        vintage = settings.vintage if settings.vintage in place.vintages else default_settings(place).vintage
        held = with_children(place, edition)
        tiers = tiers_on_one_curve(
            {place.slug: held.areas["children"].to_numpy(float)},
            {place.slug: held.deprivation(vintage)["imd_position"].to_numpy(float)},
            settings.tiers,
            england_children(vintage if vintage in VINTAGES else max(VINTAGES)),
        )[place.slug]
        found[place.slug] = replace(settings, tiers=tiers, vintage=vintage, basis="imd", children=edition)
    return found


def england_children(vintage: str) -> tuple[Floats, Floats]:
    """Children 0-17 (mid-2024) and national positions by IMD of all England's small areas."""
    areas = national_areas(vintage, "imd")
    total = authorities()["children_mid2024"].to_numpy(float)
    return areas.share * total[areas.authority], areas.position


def tier_rates(estimates: Sequence[NeedEstimate]) -> pd.DataFrame:
    """Rates of each tier in several places, with ranges: a row a place and tier.

    Returns
    -------
    DataFrame
        As `TIER_RATES` says, places in the order given, mildest tier first.
    """
    rows = []
    for estimate in estimates:
        scale = 1000 / max(estimate.place.children, 1)
        for tier in estimate.settings.tiers:
            value, low, high = estimate.total(tier.key)
            rates = (value * scale, low * scale, high * scale)
            rows.append((estimate.place.slug, estimate.place.name, tier.key, tier.name, value, *rates))
    table = pd.DataFrame(rows, columns=["place", *TIER_RATES.columns]).set_index("place")
    return TIER_RATES.checked(table)


def most_deprived_share(estimate: NeedEstimate) -> float:
    """Share of a place's children (0 to 1) who live in the most deprived fifth of England's neighbourhoods."""
    children = estimate.place.areas["children"]
    position = estimate.place.deprivation(estimate.settings.vintage)["imd_position"]
    return float(children[position > MOST_DEPRIVED_FIFTH].sum() / max(children.sum(), 1))
