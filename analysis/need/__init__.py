"""Need: children and families in each tier, by area, with ranges."""

from analysis.need.estimate import NeedEstimate, estimate_need, estimate_on
from analysis.need.families import family_reconciliation
from analysis.need.pyramid import pyramid
from analysis.need.settings import (
    BASES,
    CHILDREN_PER_FAMILY,
    NeedSettings,
    available_bases,
    default_settings,
    with_tiers,
)
from analysis.need.simulation import Draws, simulate

__all__ = [
    "BASES",
    "CHILDREN_PER_FAMILY",
    "Draws",
    "NeedEstimate",
    "NeedSettings",
    "available_bases",
    "default_settings",
    "estimate_need",
    "estimate_on",
    "family_reconciliation",
    "pyramid",
    "simulate",
    "with_tiers",
]
