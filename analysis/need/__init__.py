"""Need: children and families in each tier, by area, with ranges."""

from analysis.need.checks import place_checks
from analysis.need.estimate import NeedEstimate, estimate_need, estimate_on
from analysis.need.families import family_reconciliation
from analysis.need.opening import open_place
from analysis.need.parameters import parameter_log, settings_line
from analysis.need.pyramid import pyramid
from analysis.need.simulation import Draws, simulate
from analysis.scenario.need_settings import (
    BASES,
    CHILDREN_PER_FAMILY,
    COMPOSITE,
    NeedSettings,
    available_bases,
    default_settings,
    with_tiers,
)

__all__ = [
    "BASES",
    "CHILDREN_PER_FAMILY",
    "COMPOSITE",
    "Draws",
    "NeedEstimate",
    "NeedSettings",
    "available_bases",
    "default_settings",
    "estimate_need",
    "estimate_on",
    "family_reconciliation",
    "open_place",
    "parameter_log",
    "place_checks",
    "pyramid",
    "settings_line",
    "simulate",
    "with_tiers",
]
