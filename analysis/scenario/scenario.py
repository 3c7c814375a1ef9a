"""Everything that a figure depends on, in one immutable object.

It is made from an address, from a command's options or from a manifest, and it writes itself back into each of
them and into one line of words. Whoever shows a figure (page, screen, phone, command, pack) has a scenario behind
it and prints that line.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from types import MappingProxyType
from typing import Any, get_args

from pydantic import Field

from analysis.base.records import Record, checked_record
from analysis.base.text import plain, slugify
from analysis.places.england.editions import children_editions
from analysis.places.place import Place
from analysis.scenario.ages import AGE_GROUPS
from analysis.scenario.need_settings import NeedSettings, default_settings, with_tiers
from analysis.scenario.terms import DEFAULT_MINUTES, Status, Terms
from analysis.scenario.travel import MODES, is_time, travel_settings

NEED_NAMES = (
    "vintage",
    "basis",
    "children_per_family",
    "seed",
    "draws",
    "prevalence_sd",
    "gradient_sd",
    "area_sd",
    "ward_share",
    "tier_correlation",
    "range_kind",
    "interval",
    "top",
    "children",
)
ALL_KINDS = "all"


class _OwnTier(Record):
    prevalence: float | None = None
    gradient: float | None = None
    gradient_from: str = ""


class _OwnNeed(Record):
    """What a scenario may change of `NeedSettings`; each is left out where the place's default holds."""

    vintage: str = ""
    basis: str = ""
    children_per_family: float = 0
    seed: int = 0
    draws: int = 0
    prevalence_sd: float = 0
    gradient_sd: float = 0
    area_sd: float = 0
    ward_share: float = 0
    tier_correlation: float = 0
    range_kind: str = ""
    interval: float = 0
    top: int | None = None
    children: str = ""
    tiers: dict[str, _OwnTier] = Field(default_factory=dict)


STATUS_WORDS: dict[Status, str] = {
    "today": "as open today",
    "proposal": "a proposal",
    "illustration": "illustration",
}


@dataclass(frozen=True)
class Scenario:
    """What a figure depends on.

    Parameters
    ----------
    place : str
        Slug.
    need : mapping
        Parameters of the estimate of need that differ from the place's defaults: names of `NeedSettings`, and
        `tiers`: key to `prevalence` and `gradient`.
    index : str
        Recipe of the user's own index, "" for none.
    terms : Terms
        Limit, travel, kinds, services, ages, hours and tier.
    option : str
        Slug of the option whose sites count; "" is the register.
    changes : str
        Id of a working copy of changes to the register; "" for none.
    way : {"", "table", "streets"}
        Straight line, a table of travel times, or a street network.
    way_source : str
        Id of that table or name of that network.
    status : {"today", "proposal", "illustration"}
        What the set of sites is.
    """

    place: str
    need: Mapping[str, Any] = field(default_factory=dict)
    index: str = ""
    terms: Terms = field(default_factory=Terms)
    option: str = ""
    changes: str = ""
    way: str = ""
    way_source: str = ""
    status: Status = "today"

    def __post_init__(self) -> None:
        object.__setattr__(self, "need", MappingProxyType(dict(self.need)))

    def need_settings(self, place: Place) -> NeedSettings:
        """Settings of the estimate of need, on the place's defaults.

        Raises
        ------
        HubreachError
            For a parameter or tier that does not exist.
        """
        headline = "The scenario cannot be used with these settings."
        given = checked_record(dict(self.need), _OwnNeed, file="scenario", headline=headline)
        own = given.tiers.items()
        settings = with_tiers(
            default_settings(place),
            {key: tier.prevalence for key, tier in own if tier.prevalence is not None},
            {key: tier.gradient for key, tier in own if tier.gradient is not None},
            {key: tier.gradient_from for key, tier in own if tier.gradient_from},
        )
        return replace(settings, **given.model_dump(exclude_unset=True, exclude={"tiers"}))

    def with_need(self, place: Place, settings: NeedSettings) -> Scenario:
        """The same with these settings of the estimate of need; those at their default are left out."""
        usual = default_settings(place)
        need: dict[str, Any] = {
            name: getattr(settings, name)
            for name in NEED_NAMES
            if getattr(settings, name) != getattr(usual, name)
        }
        own = {tier.key: tier for tier in usual.tiers}
        fitted = dict(settings.gradients_from)
        tiers = {}
        for tier in settings.tiers:
            changed: dict[str, Any] = {
                name: getattr(tier, name)
                for name in ("prevalence", "gradient")
                if getattr(tier, name) != getattr(own[tier.key], name)
            }
            if tier.key in fitted:
                changed["gradient_from"] = fitted[tier.key]
            if changed:
                tiers[tier.key] = changed
        return replace(self, need=need | ({"tiers": tiers} if tiers else {}))

    # In a manifest

    def manifest(self) -> dict[str, Any]:
        """The scenario as a manifest keeps it."""
        return {
            "place": self.place,
            "need": json.loads(json.dumps(dict(self.need))),
            "index": self.index,
            "terms": json.loads(json.dumps(asdict(self.terms))),
            "option": self.option,
            "changes": self.changes,
            "way": self.way,
            "way_source": self.way_source,
            "status": self.status,
        }

    @classmethod
    def from_manifest(cls, kept: Mapping[str, Any]) -> Scenario:
        """The scenario that a manifest holds.

        Raises
        ------
        ValueError, TypeError
            If it is none.
        """
        known = {name: kept[name] for name in cls.__dataclass_fields__ if name in kept}
        terms = dict(known.pop("terms", {}))
        for name in ("kinds", "services", "closed"):
            if terms.get(name) is not None:
                terms[name] = tuple(map(str, terms[name]))
        if known.get("status", "today") not in get_args(Status):
            raise ValueError(f"status {known['status']!r}")
        return cls(**known, terms=Terms(**terms))

    # In an address

    def address(self, place: Place) -> dict[str, list[str]]:
        """Query parameters that open a page on the scenario; what is at its default is left out."""
        terms, settings, usual = self.terms, self.need_settings(place), default_settings(place)
        pairs: dict[str, list[str]] = {"place": [self.place]}

        def add(key: str, value: object, default: object) -> None:
            if value not in (default, None):
                pairs[key] = [f"{value:g}" if isinstance(value, float) else str(value)]

        for tier, own in zip(settings.tiers, usual.tiers, strict=True):
            add(f"p_{tier.key}", 100 * tier.prevalence, 100 * own.prevalence)
            add(f"g_{tier.key}", float(tier.gradient), float(own.gradient))
            add(f"from_{tier.key}", dict(settings.gradients_from).get(tier.key), None)
        add("vintage", settings.vintage, usual.vintage)
        add("basis", settings.basis, usual.basis)
        add("children", settings.children, usual.children)
        add("family", settings.children_per_family, usual.children_per_family)
        add("range", settings.range_kind, usual.range_kind)
        add("spread", settings.prevalence_sd, usual.prevalence_sd)
        add("tier", terms.tier, "")
        add("index", self.index, "")
        travel, mode = terms.travel, terms.mode or "walk"
        base = travel_settings(mode)
        add("minutes", terms.minutes, DEFAULT_MINUTES)
        add("mode", terms.mode, "walk")
        add(f"speed_{mode}", travel.speed_kmh, base.speed_kmh)
        add("detour", travel.detour, base.detour)
        add(f"fixed_{mode}", travel.fixed_minutes, base.fixed_minutes)
        add("ages", terms.ages, "0-17")
        add("hours", terms.least_hours, 0.0)
        if terms.kinds is not None:
            pairs[f"kind_{self.place}"] = list(terms.kinds)
        if terms.services:
            pairs["services"] = list(terms.services)
        if terms.closed:
            pairs["closed"] = list(terms.closed)
        add("time", terms.time, "")
        add("changes", self.changes, "")
        add("option", self.option, "")
        if self.way:
            pairs["way"] = [self.way]
            pairs["times" if self.way == "table" else "streets"] = [self.way_source]
        return pairs

    @classmethod
    def from_address(cls, place: Place, query: Mapping[str, Sequence[str]]) -> Scenario:
        """The scenario that an address names; a value that cannot be read is left at its default.

        Parameters
        ----------
        place : Place
            The place of the address.
        query : mapping of str to sequence of str
            Query parameters, each with all its values; names may be short keys or labels ("Walk", "walk").
        """
        usual = default_settings(place)
        tiers: dict[str, dict[str, Any]] = {}
        for tier in usual.tiers:
            share, ratio = _number(query, f"p_{tier.key}"), _number(query, f"g_{tier.key}")
            own: dict[str, Any] = {} if share is None else {"prevalence": share / 100}
            own |= {} if ratio is None else {"gradient": ratio}
            if _first(query, f"from_{tier.key}"):
                own["gradient_from"] = _first(query, f"from_{tier.key}")
            if own:
                tiers[tier.key] = own
        need: dict[str, Any] = {"tiers": tiers} if tiers else {}
        for key, name in (("vintage", "vintage"), ("basis", "basis"), ("range", "range_kind")):
            if _first(query, key):
                need[name] = _first(query, key)
        editions = children_editions(place)
        named = {words: key for key, words in editions.items()} | {key: key for key in editions}
        children = _one_of(_first(query, "children"), named, "")
        if children:
            need["children"] = children
        family = _number(query, "family")
        if family is not None:
            need["children_per_family"] = family
        spread = _number(query, "spread")
        if spread is not None:
            need["prevalence_sd"] = spread
        mode = _one_of(_first(query, "mode"), {each: each for each in MODES}, "walk")
        kinds = query.get(f"kind_{place.slug}")
        terms = Terms(
            minutes=_number(query, "minutes") or DEFAULT_MINUTES,
            mode=mode,
            speed_kmh=_number(query, f"speed_{mode}"),
            detour=_number(query, "detour"),
            fixed_minutes=_number(query, f"fixed_{mode}"),
            kinds=None if kinds is None else tuple(kinds),
            services=tuple(query.get("services", ())),
            ages=_one_of(
                _first(query, "ages"),
                {group.words: key for key, group in AGE_GROUPS.items()} | {key: key for key in AGE_GROUPS},
                "0-17",
            ),
            least_hours=_number(query, "hours") or 0.0,
            tier=_first(query, "tier"),
            closed=tuple(query.get("closed", ())),
            time=time if is_time(time := _first(query, "time")) else "",
        )
        way = _first(query, "way")
        source = _first(query, {"table": "times", "streets": "streets"}.get(way, ""))
        return cls(
            place.slug,
            need,
            _first(query, "index"),
            terms,
            _first(query, "option"),
            _first(query, "changes"),
            way if source else "",
            source,
            "proposal" if _first(query, "changes") else "today",
        )

    # As a command's options

    def options(self, place: Place) -> list[str]:
        """Options of `hubreach reach` and its like that stand for the scenario, after the place's name."""
        settings, usual, terms = self.need_settings(place), default_settings(place), self.terms
        words: list[str] = []

        def add(option: str, value: object, default: object) -> None:
            if value not in (default, None):
                words.extend([option, f"{value:g}" if isinstance(value, float) else str(value)])

        for tier, own in zip(settings.tiers, usual.tiers, strict=True):
            if tier.prevalence != own.prevalence:
                words.extend(["--prevalence", f"{tier.key}={tier.prevalence:g}"])
            if tier.gradient != own.gradient:
                fitted = dict(settings.gradients_from).get(tier.key)
                words.extend(["--gradient", f"{tier.key}={fitted or format(tier.gradient, 'g')}"])
        add("--vintage", settings.vintage, usual.vintage)
        add("--basis", settings.basis, usual.basis)
        add("--children", settings.children, usual.children)
        add("--children-per-family", settings.children_per_family, usual.children_per_family)
        add("--range", settings.range_kind, usual.range_kind)
        add("--spread", settings.prevalence_sd, usual.prevalence_sd)
        add("--weight", terms.tier, "")
        add("--minutes", terms.minutes, DEFAULT_MINUTES)
        add("--mode", terms.mode, "walk")
        base = travel_settings(terms.mode or "walk")
        add("--speed", terms.travel.speed_kmh, base.speed_kmh)
        add("--detour", terms.travel.detour, base.detour)
        add("--fixed-minutes", terms.travel.fixed_minutes, base.fixed_minutes)
        add("--ages", terms.ages, "0-17")
        add("--hours", terms.least_hours, 0.0)
        for kind in (ALL_KINDS,) if terms.kinds == () else terms.kinds or ():
            words.extend(["--kind", kind])
        for service in terms.services:
            words.extend(["--service", service])
        for name in terms.closed:
            words.extend(["--close", name])
        add("--time", terms.time, "")
        add("--option", self.option, "")
        return words


def scenario_line(terms: Terms, counted: str, trip: str, way: str, status: Status) -> str:
    """The scenario in one line of words, for under every picture and in every source line.

    Parameters
    ----------
    terms : Terms
    counted : str
        How many sites of what kind, such as "10 family hubs".
    trip : str
        Limit and mode, such as "20-minute walk".
    way : str
        How minutes are found.
    status : {"today", "proposal", "illustration"}

    Examples
    --------
    >>> scenario_line(Terms(), "10 family hubs", "20-minute walk", "straight line, detour 1.2", "illustration")
    '10 family hubs, ages 0 to 17, 20-minute walk (straight line, detour 1.2), illustration'
    """
    holding = f" with {', '.join(map(plain, terms.services))}" if terms.services else ""
    hours = f" open {terms.least_hours:g} hours a week or more" if terms.least_hours else ""
    ages = AGE_GROUPS[terms.ages].short
    return f"{counted}{holding}{hours}, ages {ages}, {trip} ({way}), {STATUS_WORDS[status]}"


def counted_noun(kinds: Sequence[str], sites: int) -> str:
    """What counts, as a number of it is said: "family hubs", "site", "hubs and outreach sites"."""
    if len(kinds) != 1:
        return "site" if sites == 1 else "sites"
    return plural(plain(kinds[0]), sites)


def plural(kind: str, number: int) -> str:
    """A kind of site as it is counted: two family hubs, two outreach sites, two libraries."""
    head, bracket, tail = kind.partition(" (")
    if head.endswith("outreach"):
        head += " site"
    if number == 1:
        return f"{head}{bracket}{tail}"
    if head.endswith("y") and head[-2:-1] not in "aeiou":
        return f"{head[:-1]}ies{bracket}{tail}"
    ending = "es" if head.endswith(("s", "x", "ch", "sh")) else "s"
    return f"{head}{ending}{bracket}{tail}"


def _first(query: Mapping[str, Sequence[str]], key: str) -> str:
    values = query.get(key, ()) if key else ()
    return str(values[0]) if len(values) else ""


def _number(query: Mapping[str, Sequence[str]], key: str) -> float | None:
    try:
        number = float(_first(query, key))
    except ValueError:
        return None
    return number if number == number and abs(number) != float("inf") else None  # noqa: PLR0124 - not a number


def _one_of(given: str, known: Mapping[str, Any], default: Any) -> Any:
    by_slug = {slugify(word): value for word, value in known.items()}
    return by_slug.get(slugify(given), default)
