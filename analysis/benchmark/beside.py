"""Several places beside each other: need of each, by its own tiers or on one curve for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.base.faults import Fault, HubreachError
from analysis.need.estimate import NeedEstimate
from analysis.need.rates import Floats, NoRateCurveError, fit_curve
from analysis.places.manifest import Tier
from analysis.places.place import Place
from analysis.scenario.need_settings import NeedSettings, default_settings

MOST_DEPRIVED_FIFTH = 0.8


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

    Each keeps the edition of `settings` where it has it, else its own first choice.

    Raises
    ------
    HubreachError
        If prevalence and gradient cannot hold together.
    """
    own = {place.slug: default_settings(place) for place in places}
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
        slug: replace(settings, tiers=held, vintage=vintages[slug], basis="imd")
        for slug, held in tiers.items()
    }


def places_beside(estimates: Sequence[NeedEstimate]) -> pd.DataFrame:
    """Need of several places, one row each.

    Returns
    -------
    DataFrame
        Index `place` (slug); `name`, `children`, `most_deprived_share` (share of children who live in the
        most deprived fifth of England's neighbourhoods), `vintage`; for each tier that a place has
        `<tier>_children`, `_low`, `_high`, `_rate_per_1000`; `families`, `families_low`, `families_high`.
    """
    rows = []
    for estimate in estimates:
        place, total = estimate.place, estimate.table("place").iloc[0]
        children = place.areas["children"]
        deprived = place.deprivation(estimate.settings.vintage)["imd_position"] > MOST_DEPRIVED_FIFTH
        row: dict[str, object] = {
            "place": place.slug,
            "name": place.name,
            "children": int(total["children"]),
            "most_deprived_share": float(children[deprived].sum() / max(children.sum(), 1)),
            "vintage": estimate.settings.vintage,
        }
        for tier in estimate.tier_keys:
            row |= {
                f"{tier}_children": int(total[f"{tier}_children"]),
                f"{tier}_low": int(total[f"{tier}_low"]),
                f"{tier}_high": int(total[f"{tier}_high"]),
                f"{tier}_rate_per_1000": float(total[f"{tier}_rate_per_1000"]),
            }
        rows.append(
            {**row, **{name: int(total[name]) for name in ("families", "families_low", "families_high")}}
        )
    return pd.DataFrame(rows).set_index("place")
