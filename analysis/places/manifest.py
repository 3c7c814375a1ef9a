"""What a place says of itself: `place.toml`, checked key by key."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, ValidationError, model_validator

from analysis.base.faults import FaultList, HubreachError
from analysis.base.records import Record, read_record, read_values

Share = Annotated[float, Field(ge=0, le=1)]
FileName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_][^/\\]*$")]
"""Of a file in the place's own folder."""
AgeBand = Literal["children_0_4", "children_5_10", "children_11_15", "children_16_17"]
# What a council said, where its figures are those of England; in a folder of its own it stands in PLACE_FILE.
DECISIONS_FILE, PLACE_FILE = "decisions.toml", "place.toml"
AGE_BANDS: tuple[AgeBand, ...] = get_args(AgeBand)
SiteSymbol = Literal[
    "hub", "youth-hub", "youth-zone", "centre", "outreach", "satellite", "gateway", "candidate"
]


class Tier(Record):
    """One tier of need: a share of all children and how steeply it follows deprivation.

    `prevalence` is a share of all children aged 0-17 in the place; `gradient` the ratio of the rate at
    national position 0.95 (most deprived tenth) to the rate at 0.05 (least deprived tenth).
    """

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    name: str
    prevalence: Share
    prevalence_source: str = ""
    gradient: Annotated[float, Field(gt=0, le=1000)]
    gradient_source: str = ""


class Locality(Record):
    """A named set of wards."""

    name: str
    wards: tuple[str, ...]


class PriorityArea(Record):
    """An area that the council named; `part` when only some neighbourhoods of its wards are meant."""

    name: str
    wards: tuple[str, ...]
    part: bool = False


class Priority(Record):
    """The council's own list of areas with most need, and where it said so."""

    title: str
    source: str
    areas: tuple[PriorityArea, ...]


class Decision(Record):
    """A published decision that this place's figures serve."""

    title: str
    body: str
    date: dt.date | None = None
    facts: tuple[str, ...] = ()


class FamilyStatement(Record):
    """A number of families that the council has published, to be reconciled with the estimate."""

    families: Annotated[int, Field(gt=0)]
    share_of_children: Share
    words: str
    source: str


class Notice(Record):
    """Something that a reader of the place's figures has to know before the first of them.

    One that concerns the wards of England's tables falls away where the council brings wards of its own.
    """

    title: str
    words: str
    source: str
    concerns: Literal["", "wards"] = ""


class StatedTier(Record):
    """What a council said of a tier; name and gradient stay those of `data/new_place.toml`."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    prevalence: Share
    prevalence_source: str


class SiteKind(Record):
    """A kind of site, its symbol on the map, and whether sites of the kind start open."""

    name: str
    symbol: SiteSymbol
    open: bool = True


class Vintage(Record):
    """One edition of the deprivation figures: its file, geography and national size."""

    title: str
    file: FileName
    geography: str
    areas_in_england: Annotated[int, Field(gt=0)]
    changes: FileName | None = None
    official_imd_average: float | None = None
    official_imd_average_source: str = ""


class Source(Record):
    """Where the columns of one file come from.

    `status` says whether the figures are official, estimated, or carried from other areas; `checked` what was done to
    check them; `cited_as` how the column `source` of a row of the file names this source, where each row has its own.
    """

    file: str
    columns: tuple[str, ...]
    title: str
    publisher: str
    vintage: str
    licence: str
    note: str = ""
    status: Literal["", "official", "estimated", "carried"] = ""
    checked: str = ""
    cited_as: str = ""


class Statements(Record):
    """What a council decided and said, wherever the figures of its place come from.

    The place that `opens_first` is shown where an address names none.
    """

    opens_first: bool = False
    core_offer: tuple[str, ...] = ()
    core_offer_source: str = ""
    localities: tuple[Locality, ...] = ()
    priority: Priority | None = None
    decisions: tuple[Decision, ...] = ()
    family_statement: FamilyStatement | None = None
    notices: tuple[Notice, ...] = ()


class Decisions(Statements):
    """All of `decisions.toml`: what a council said, about a place whose figures are those of England.

    `tiers` replace the prevalence of those that every place starts with; `kinds` come before those that every place has.
    """

    tiers: tuple[StatedTier, ...] = ()
    kinds: tuple[SiteKind, ...] = ()

    @property
    def statements(self) -> dict[str, Any]:
        """What a `Manifest` takes over as it stands."""
        return {name: getattr(self, name) for name in Statements.model_fields}


class Manifest(Statements):
    """All of `place.toml`.

    `age_bands` are the bands that areas.csv holds; where they are not all four, it holds the column
    `children` too. `population_column` is the column of areas.csv with the residents that weigh averages
    of the deprivation figures. `opening_vintage` is the edition that estimates start from; without it, the
    earliest.
    """

    name: str
    authority: str
    geography: str
    children_title: str
    age_bands: tuple[AgeBand, ...] = AGE_BANDS
    population_column: Annotated[str, Field(pattern=r"^population_[a-z0-9]+$")] = "population_mid2015"
    opening_vintage: str | None = None
    tiers: Annotated[tuple[Tier, ...], Field(min_length=1)]
    vintages: Annotated[dict[str, Vintage], Field(min_length=1)]
    kinds: tuple[SiteKind, ...] = ()
    sources: tuple[Source, ...] = ()

    @model_validator(mode="after")
    def _tier_keys_differ(self) -> Manifest:
        keys = [tier.key for tier in self.tiers]
        if len(set(keys)) < len(keys) or "universal" in keys:
            raise ValueError(f"tier keys must differ, and 'universal' is taken; found {', '.join(keys)}")
        return self


def report_full_tiers(manifest: Manifest, faults: FaultList) -> None:
    """Record that the tiers together hold more than all children.

    Apart from the model, so that a folder with such tiers is still read and told all its other faults.
    """
    total = sum(tier.prevalence for tier in manifest.tiers)
    if total > 1 + 1e-12:
        shares = " + ".join(f"{tier.prevalence:.4g}" for tier in manifest.tiers)
        faults.add(
            f"the tiers' prevalences add up to {total:.1%} ({shares}), more than all children",
            "Lower one of them",
            column="tiers.prevalence",
        )


def readable_vintages(path: Path) -> dict[str, Vintage]:
    """The editions that a faulty `place.toml` still names, so that their files are checked as well."""
    try:
        given = read_values(path, "").get("vintages")
    except HubreachError:
        return {}
    found = {}
    for key, value in given.items() if isinstance(given, dict) else ():
        try:
            found[key] = Vintage.model_validate(value)
        except ValidationError:
            continue
    return found


def read_manifest(path: Path) -> Manifest:
    """Read and check `place.toml`.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    Manifest
        The place's own statements, immutable.

    Raises
    ------
    HubreachError
        With one fault for each wrong, missing or unknown key.
    """
    return read_record(path, Manifest, f"The place in folder {path.parent.name} cannot be read.")
