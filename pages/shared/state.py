"""Names and defaults of everything that is kept in the address or the session.

A key that is bound to the address is also the name of its query parameter: short, lower case, stable.
"""

from __future__ import annotations

PLACE = "place"
PROJECTOR = "projector"
BACKGROUND = "background"
WORKSHOP = "workshop"
FACILITATOR = "open"
SCREEN_KEY = "key"
TICKET = "ticket"
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
SPOTS_LEVEL = "spots"
CHANGES = "changes"
MODE = "mode"
MINUTES = "minutes"
DETOUR = "detour"
WAY = "way"
TIMES = "times"
STREETS = "streets"
SERVICES = "services"
AGES = "ages"
HOURS = "hours"
GAPS_BY = "gaps"
COVERED_BY = "covered"
DECAY = "decay"
WARD = "ward"
SITE = "site"
SITES_SHOWN = "shown"
VIEW = "view"
DISCOUNT = "discount"
INFLATION = "inflation"
TIMING = "timing"
YEAR_BASIS = "years"
PART_YEARS = "part-years"
WITHOUT_AT_RISK = "without-at-risk"
HUB_KINDS = "hubs"
HUB_MINUTES = "within"
HUB_MODE = "by"
RIVAL = "against"
COHORT_MEASURE = "counted"
HORIZON = "horizon"
CONCENTRATION = "closeness"
SCORE_SD = "score-sd"
OUTCOME = "outcome"
OPTIONS = "options"
ASPECT = "aspect"
BEFORE = "before"
AFTER = "after"
WHAT_IF = "what-if"
OWN_TERMS = "own"
LEAST_MINUTES = "least"
GROUP = "group"
SECTIONS = "sections"
FORMAT = "format"

LEVEL_NAMES = {"ward": "Wards", "lsoa": "LSOAs", "locality": "Localities"}


def prevalence(tier_key: str) -> str:
    """Key of a tier's prevalence slider (per cent)."""
    return f"p_{tier_key}"


def gradient(tier_key: str) -> str:
    """Key of a tier's gradient slider (ratio)."""
    return f"g_{tier_key}"


def speed(mode: str) -> str:
    """Key of a mode's speed (km/h)."""
    return f"speed_{mode}"


def fixed_minutes(mode: str) -> str:
    """Key of a mode's fixed minutes."""
    return f"fixed_{mode}"


def kinds(place_slug: str) -> str:
    """Key of the kinds of site that count, which each place names itself."""
    return f"kind_{place_slug}"


SITING_LOOK = "siting"
SITING_MODEL = "question"
SITING_NUMBER = "choose"
SITING_SHARE = "cover"
SITING_WEIGHT = "counts"
SITING_KINDS = "hosts"
SITING_CONDITIONS = "grades"
SITING_OWNERS = "owners"
SITING_ONLY = "only"
SITING_KEEP = "keep"
SITING_EXCLUDE = "without"
SITING_OWN = "own_set"
SITING_BUDGET = "budget"
SITING_HUB_COST = "hub_cost"
SITING_OUTREACH_COST = "outreach_cost"
SITING_OUTREACH_MINUTES = "outreach_minutes"
SITING_FLOOR = "floor"
SITING_FLOOR_SHARE = "floor_share"
SITING_AREAS = "areas"
SITING_MARGIN = "margin"
SITING_OWN_OUTREACH = "own_outreach"
SITING_HUB_CAPACITY = "hub_places"
SITING_OUTREACH_CAPACITY = "outreach_places"
SITING_LEAST_HUBS = "least_hubs"
SITING_COLOURS = "colours"
SITING_POINT = "point"
SITING_FAIRNESS = "fairness"
SITING_TRADE = "trade"
SITING_RANK = "rank"
SITING_BEST_SPLIT = "best_split"
ENGLAND_FILE = "file"
ENGLAND_LOOK = "england"
ENGLAND_COUNT = "first"
ENGLAND_AUTHORITY = "authority"
ENGLAND_AREA = "small_area"


def england_measure(kind: str) -> str:
    """Key of what England's areas are compared by; files of need and of reach hold other measures."""
    return f"england_{kind}"
