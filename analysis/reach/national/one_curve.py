"""One curve of need for the whole country: an authority's share of children follows from its deprivation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.need.rates import NoRateCurveError, fit_curve
from analysis.places.faults import Fault, HubreachError
from analysis.places.manifest import Tier
from analysis.reach.national.authorities import Authority


def tiers_by_authority(
    authorities: Sequence[Authority], tiers: Sequence[Tier]
) -> dict[str, tuple[Tier, ...]]:
    """Tiers of each authority when prevalence and gradient hold for all of them together.

    The curve is fitted once, on the small areas of every authority. An authority's prevalence is its
    children's mean rate on that curve; asked for with the same gradient, it gives the same curve again, so
    every small area of the country has the rate of the one curve, and the counts add up to the country's
    prevalence.

    Parameters
    ----------
    authorities : sequence of Authority
        What stands for the country: of a few, the prevalence holds for those few.
    tiers : sequence of Tier

    Returns
    -------
    dict
        By authority code.

    Raises
    ------
    HubreachError
        If prevalence and gradient cannot hold together.
    """
    children = [authority.areas["children"].to_numpy(float) for authority in authorities]
    position = [authority.figures["imd_position"].to_numpy(float) for authority in authorities]
    found: dict[str, list[Tier]] = {authority.code: [] for authority in authorities}
    for tier in tiers:
        try:
            curve = fit_curve(
                np.concatenate(children), np.concatenate(position), tier.prevalence, tier.gradient
            )
        except NoRateCurveError as error:
            fault = Fault("tiers", None, tier.key, str(error), "Lower one of the two")
            raise HubreachError("One curve of need cannot be fitted.", [fault]) from error
        for authority, people, places in zip(authorities, children, position, strict=True):
            rate = float(people @ curve.rate(places) / max(people.sum(), 1.0))
            found[authority.code].append(tier.model_copy(update={"prevalence": rate}))
    return {code: tuple(held) for code, held in found.items()}
