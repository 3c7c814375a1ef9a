"""Several places beside each other: need of each, by its own tiers or on one curve for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.base.faults import Fault, HubreachError
from analysis.base.schema import Schema
from analysis.need.estimate import NeedEstimate
from analysis.need.rates import Floats, NoRateCurveError, fit_curve
from analysis.places.england.editions import children_editions, with_children
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
    children: Mapping[str, Floats], position: Mapping[str, Floats], tiers: Sequence[Tier]
) -> dict[str, tuple[Tier, ...]]:
    """Tiers of each of several places when prevalence and gradient hold for all of them together.

    The curve is fitted once, on the small areas of every place. A place's prevalence is its children's mean
    rate on that curve; asked for with the same gradient, it gives the same curve again. So every small area
    has the rate of the one curve, and the counts of all places add up to the prevalence.

    Parameters
    ----------
    children, position : mapping of str to ndarray
        By place: children of its small areas, and their national positions (0 to 1).
    tiers : sequence of Tier

    Returns
    -------
    dict
        By place.

    Raises
    ------
    HubreachError
        If prevalence and gradient cannot hold together.
    """
    everyone = np.concatenate(list(children.values()))
    everywhere = np.concatenate([position[key] for key in children])
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


def settings_on_one_curve(places: Sequence[Place], settings: NeedSettings) -> dict[str, NeedSettings]:
    """Settings of several places on one curve, by slug, after those of one of them.

    Each keeps the editions of `settings` where it has them, else its own first choice.

    Raises
    ------
    HubreachError
        If prevalence and gradient cannot hold together.
    """
    own = {place.slug: default_settings(place) for place in places}
    editions = {
        place.slug: settings.children if settings.children in children_editions(place) else ""
        for place in places
    }
    places = [with_children(place, editions[place.slug]) for place in places]
    vintages = {
        place.slug: settings.vintage if settings.vintage in place.vintages else own[place.slug].vintage
        for place in places
    }
    tiers = tiers_on_one_curve(
        {place.slug: place.areas["children"].to_numpy(float) for place in places},
        {
            place.slug: place.deprivation(vintages[place.slug])["imd_position"].to_numpy(float)
            for place in places
        },
        settings.tiers,
    )
    return {
        slug: replace(settings, tiers=held, vintage=vintages[slug], basis="imd", children=editions[slug])
        for slug, held in tiers.items()
    }


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
