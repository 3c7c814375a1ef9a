"""One curve of need for the whole country: an authority's share of children follows from its deprivation."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.benchmark.beside import tiers_on_one_curve
from analysis.national.authorities import Authority
from analysis.places.manifest import Tier


def tiers_by_authority(
    authorities: Sequence[Authority], tiers: Sequence[Tier]
) -> dict[str, tuple[Tier, ...]]:
    """`tiers_on_one_curve` for authorities, by code; of a few, the prevalence holds for those few.

    Raises
    ------
    HubreachError
        If prevalence and gradient cannot hold together.
    """
    return tiers_on_one_curve(
        {each.code: each.areas["children"].to_numpy(float) for each in authorities},
        {each.code: each.figures["imd_position"].to_numpy(float) for each in authorities},
        tiers,
    )
