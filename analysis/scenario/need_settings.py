"""Every choice behind an estimate of need, in one value that can be shown, logged and compared."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from analysis.base.faults import Fault, FaultList, HubreachError
from analysis.places.england.editions import with_children
from analysis.places.england.outcomes import OUTCOMES
from analysis.places.manifest import Tier
from analysis.places.place import Place

WHOLE_FAMILIES = 1.74
INDEPENDENT_CHILDREN = 1.11
CHILDREN_PER_FAMILY = {
    WHOLE_FAMILIES: "Need falls on whole families: mean dependent children in families with any (ONS 2024)",
    INDEPENDENT_CHILDREN: "Need falls on children independently of their brothers and sisters",
}
COMPOSITE = "composite"
FEWEST_DRAWS = 100
MOST_DRAWS = 100_000
FITTED_CODE = re.compile(
    r"(?P<outcome>[a-z0-9-]+):(?P<year>\d{4}):(?P<basis>imd|idaci):(?P<vintage>\d{4}):(?P<gradient>\d{1,3}\.\d)"
)
RangeKind = Literal["rate", "count"]
RANGE_KINDS: dict[RangeKind, str] = {
    "rate": "rate range: how far the expected number could be off",
    "count": "count range: the children one would find, with chance as well",
}
BASES = {
    "imd": "Index of Multiple Deprivation",
    "idaci": "Income Deprivation Affecting Children Index",
}


@dataclass(frozen=True)
class NamedGradient:
    """A gradient of a published outcome that may be taken for a tier's.

    Parameters
    ----------
    name : str
        The outcome.
    gradient : float
    source : str
        Where it comes from, and what it is a gradient of.
    """

    name: str
    gradient: float
    source: str


BETWEEN_AUTHORITIES = (
    "own fit to DfE 2021 and 2025, one curve for England; between authorities, so a lower bound"
)
NAMED_GRADIENTS = {
    "children-in-need": NamedGradient(
        "Children in need",
        2.7,
        f"Children in need at 31 March, about 3% of children: 2.5 to 2.7 ({BETWEEN_AUTHORITIES})",
    ),
    "looked-after": NamedGradient(
        "Looked after",
        5.7,
        f"Children looked after, under 1% of children: 4.0 to 5.7 ({BETWEEN_AUTHORITIES})",
    ),
    "care-and-protection": NamedGradient(
        "Care and protection inside authorities",
        10.0,
        "Published ratios inside authorities for care and protection, about 1% of children, reach 10 (Child Welfare "
        "Inequalities Project, 2017)",
    ),
}
DIFFER_HELP = (
    "Relative standard deviation of each tier's share of children. Real authorities differ from what deprivation predicts "
    "by 0.22 to 0.30 (children in need, DfE 2021 and 2025): see the page Benchmark."
)


@dataclass(frozen=True)
class FittedGradient:
    """A gradient that was fitted to a published outcome.

    Parameters
    ----------
    outcome : str
        Key of the outcome.
    year : int
    basis, vintage : str
        Of the deprivation that it was fitted on.
    gradient : float
        To one decimal.
    """

    outcome: str
    year: int
    basis: str
    vintage: str
    gradient: float

    @property
    def code(self) -> str:
        """As it stands in an address: "looked-after:2021:imd:2019:5.5"."""
        return f"{self.outcome}:{self.year}:{self.basis}:{self.vintage}:{self.gradient:.1f}"

    @property
    def words(self) -> str:
        """What it was fitted on."""
        name = next(outcome.name for outcome in OUTCOMES if outcome.key == self.outcome)
        return f"fitted between authorities on {name} {self.year}, {self.basis.upper()} {self.vintage}"

    @classmethod
    def read(cls, code: str) -> FittedGradient | None:
        """The gradient that a code stands for; None where it is none.

        Examples
        --------
        >>> FittedGradient.read("looked-after:2021:imd:2019:5.5").words
        'fitted between authorities on children looked after at 31 March 2021, IMD 2019'
        """
        parts = FITTED_CODE.fullmatch(code)
        if parts is None or parts["outcome"] not in {outcome.key for outcome in OUTCOMES}:
            return None
        return cls(
            parts["outcome"], int(parts["year"]), parts["basis"], parts["vintage"], float(parts["gradient"])
        )


@dataclass(frozen=True)
class NeedSettings:
    """The parameters of an estimate of need.

    Parameters
    ----------
    tiers : tuple of Tier
        Prevalence and gradient of each tier, mildest first.
    vintage : str
        Edition of the deprivation figures.
    basis : str
        "imd" or "idaci": whose national rank places an area on the rate curve.
    children_per_family : float
        Children are divided by it to count families.
    seed : int
        Of the simulation.
    draws : int
        Number of simulated draws.
    prevalence_sd : float
        How far authorities differ: relative standard deviation of each prevalence (Beta).
    gradient_sd : float
        Standard deviation of the logarithm of each gradient (log-normal).
    area_sd : float
        Standard deviation of an area's own effect, on the logit scale.
    ward_share : float
        Share of the variance of an area's own effect that it has in common with its ward.
    tier_correlation : float
        Correlation between tiers of prevalences, gradients and effects.
    range_kind : {"rate", "count"}
        "rate": how far the expected number could be off. "count": the children one would find, with chance as well.
    interval : float
        Share of the draws that the range holds.
    top : int or None
        Number of areas with most need that `p_top` is the chance of being among; None chooses by level.
    children : str
        Edition of the children counted (`analysis.places.england.editions`); "" is what the place opens with.
    family_readings : tuple of float
        Children per family that the range of families holds beside the one in force.
    gradients_from : tuple of (str, str)
        Tiers whose gradient is a fitted one, by key, with the code of `FittedGradient`.
    """

    tiers: tuple[Tier, ...]
    vintage: str = "2019"
    basis: str = "imd"
    children_per_family: float = WHOLE_FAMILIES
    seed: int = 1
    draws: int = 1000
    prevalence_sd: float = 0.20
    gradient_sd: float = 0.35
    area_sd: float = 0.20
    ward_share: float = 0.5
    tier_correlation: float = 0.5
    range_kind: RangeKind = "rate"
    interval: float = 0.90
    top: int | None = None
    children: str = ""
    family_readings: tuple[float, ...] = tuple(CHILDREN_PER_FAMILY)
    gradients_from: tuple[tuple[str, str], ...] = ()

    def fitted(self, tier_key: str) -> FittedGradient | None:
        """What the gradient of a tier was fitted on, if it was."""
        return FittedGradient.read(dict(self.gradients_from).get(tier_key, ""))

    def gradient_source(self, tier: Tier, usual: Tier) -> str:
        """Where the gradient of a tier comes from, given the tier as its place has it."""
        fitted = self.fitted(tier.key)
        if fitted is not None:
            return f"Scenario: {fitted.words}"
        if tier.gradient == usual.gradient:
            return usual.gradient_source
        named = (each.source for each in NAMED_GRADIENTS.values() if each.gradient == tier.gradient)
        return next(named, "Chosen by the user")


def default_settings(place: Place) -> NeedSettings:
    """The place's own tiers on its earliest edition of deprivation figures and the IMD."""
    return NeedSettings(tiers=place.tiers, vintage=place.vintages[0])


def with_tiers(
    settings: NeedSettings,
    prevalence: Mapping[str, float],
    gradient: Mapping[str, float],
    gradient_from: Mapping[str, str] | None = None,
) -> NeedSettings:
    """Settings with other prevalences or gradients for some tiers, by key.

    Parameters
    ----------
    settings : NeedSettings
    prevalence, gradient : mapping of str to float
        Shares of all children, and ratios.
    gradient_from : mapping of str to str, optional
        Codes of `FittedGradient`; one whose gradient is not the one in force says nothing.

    Raises
    ------
    HubreachError
        For an unknown tier, a prevalence outside 0 to 1, prevalences over 100% together, or a gradient
        that is not above 0.
    """
    faults = FaultList("tiers")
    known = [tier.key for tier in settings.tiers]
    for key in {**prevalence, **gradient}:
        if key not in known:
            faults.add(f"there is no tier {key!r}", f"Choose from {', '.join(known)}", column=key)
    for key, value in prevalence.items():
        if not 0 <= value <= 1:
            faults.add(f"prevalence {value:g}", "Give a share between 0 and 1, such as 0.15", column=key)
    for key, value in gradient.items():
        if not 0 < value <= 1000:
            faults.add(f"gradient {value:g}", "Give a ratio above 0 and at most 1000, such as 4", column=key)
    tiers = tuple(
        tier.model_copy(
            update={
                "prevalence": prevalence.get(tier.key, tier.prevalence),
                "gradient": gradient.get(tier.key, tier.gradient),
            }
        )
        for tier in settings.tiers
    )
    total = sum(tier.prevalence for tier in tiers)
    if total > 1 + 1e-12 and not faults.faults:
        faults.add(f"the tiers together hold {total:.1%} of all children", "Lower a prevalence")
    faults.raise_if_any("The tiers cannot be used.")
    given = {**dict(settings.gradients_from), **(gradient_from or {})}
    fitted = {
        tier.key: found
        for tier in tiers
        if (found := FittedGradient.read(given.get(tier.key, "")))
        and abs(found.gradient - tier.gradient) < 1e-9
    }
    codes = tuple((key, found.code) for key, found in fitted.items())
    return replace(settings, tiers=tiers, gradients_from=codes)


class ImpossibleTiersError(HubreachError):
    """Prevalences and gradients that cannot hold together, or not on these figures."""


def tiers_together(tiers: Sequence[Tier]) -> str:
    """Prevalences and gradients in words: "Early help 40% (gradient 4) with Specialist services 15% (gradient 5)"."""
    return " with ".join(
        f"{tier.name} {100 * tier.prevalence:.4g}% (gradient {tier.gradient:g})" for tier in tiers
    )


def available_bases(place: Place, vintage: str) -> tuple[str, ...]:
    """Deprivation bases that have a national rank in this edition."""
    columns = place.deprivation(vintage).columns
    return tuple(basis for basis in BASES if f"{basis}_position" in columns)


def check_settings(place: Place, settings: NeedSettings) -> None:
    """Raise one error for settings that the place cannot serve."""
    faults = FaultList("settings")
    place.vintage(settings.vintage)
    with faults.collecting():
        with_children(place, settings.children)
    bases = available_bases(place, settings.vintage)
    if settings.basis not in bases:
        known = BASES.get(settings.basis, settings.basis)
        faults.add(
            f"no national rank of {known} {settings.vintage} is published in this place's figures",
            f"Choose {' or '.join(bases)} for {settings.vintage}, or another edition",
            column="basis",
        )
    if not settings.children_per_family >= 1:
        faults.add(
            f"{settings.children_per_family:g} children a family",
            "Give 1 or more",
            column="children_per_family",
        )
    if not FEWEST_DRAWS <= settings.draws <= MOST_DRAWS:
        faults.add(
            f"{settings.draws:,} model runs", f"Give 100 to {MOST_DRAWS:,} for a range", column="draws"
        )
    if settings.top is not None and settings.top < 1:
        faults.add(f"top {settings.top}", "Give 1 or more", column="top")
    if not 0.5 <= settings.interval < 1:
        faults.add(f"an interval of {settings.interval:g}", "Give 0.5 to 0.99", column="interval")
    limits = {"prevalence_sd": 2, "gradient_sd": 2, "area_sd": 2, "ward_share": 1, "tier_correlation": 1}
    for name, most in limits.items():
        if not 0 <= getattr(settings, name) <= most:
            faults.add(f"{getattr(settings, name):g}", f"Give 0 to {most}", column=name)
    if settings.range_kind not in RANGE_KINDS:
        faults.add(f"{settings.range_kind!r}", f"Choose {' or '.join(RANGE_KINDS)}", column="range_kind")
    faults.raise_if_any("The estimate cannot be made with these settings.")


def unknown_level(level: str) -> HubreachError:
    """The error for a level that does not exist."""
    fault = Fault("by", None, None, f"{level!r}", "Choose lsoa, ward, locality or place")
    return HubreachError("That level of geography is not known.", [fault])
