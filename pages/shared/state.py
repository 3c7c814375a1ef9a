"""Names and defaults of everything that is kept in the address or the session.

A key that is bound to the address is also the name of its query parameter: short, lower case, stable.
"""

from __future__ import annotations

PLACE = "place"
VINTAGE = "vintage"
BASIS = "basis"
TIER = "tier"
LEVEL = "level"
AREA = "area"
MEASURE = "measure"
SCHEME = "classes"
SHARE = "share"
CHILDREN_PER_FAMILY = "family"
COMPARE = "beside"
SEED = "seed"
LOOK = "look"
CUT = "cut"
NAMED = "named"
INDEX = "index"
P_VALUE = "p"
CORRECTION = "correction"
PERMUTATIONS = "permutations"

DEFAULT_PLACE = "thurrock"
LEVEL_NAMES = {"ward": "Wards", "lsoa": "LSOAs", "locality": "Localities"}


def prevalence(tier_key: str) -> str:
    """Key of a tier's prevalence slider (per cent)."""
    return f"p_{tier_key}"


def gradient(tier_key: str) -> str:
    """Key of a tier's gradient slider (ratio)."""
    return f"g_{tier_key}"
