"""Write the options that come with the bundled places, each chosen by a rule from the real figures.

Run when the figures change: ``python data/illustrate_options.py``, and again with ``HUBREACH_PLACES=tests/places_of_2011``. The councils' papers speak of three hubs, of
family hubs, of four youth hubs, but mostly do not name buildings. So every option is put on the place's listed
sites by a rule that is written into the option's own note, and is marked as an illustration. A test runs
the rules again and compares.

Rules rest on the default estimate of need (IoD 2025, IMD; the place's own tiers), walking as by default and
a limit of 20 minutes. Ties go to the site that comes first in the alphabet.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.need.estimate import estimate_need
from analysis.options.files import option_folders, option_text
from analysis.options.option import Catchment, Option, OptionSite
from analysis.places.manifest import Locality
from analysis.places.place import Place
from analysis.places.read import read_place
from analysis.places.sites.duplicates import label_kinds
from analysis.reach.answer import straight_travel
from analysis.reach.demand import area_codes, estimated_demand, people_at_points
from analysis.scenario.need_settings import default_settings
from analysis.scenario.travel import travel_settings

WALK_MINUTES = 20.0
BASE_DRIVE_MINUTES = 20.0
EARLY_YEARS = {"age_from": 0.0, "age_to": 5.0}
HUB_AGES = {"age_from": 0.0, "age_to": 19.0}
YOUTH = {"age_from": 11.0, "age_to": 17.0}
REGISTER = "Get Information About Schools, 21 August 2026"
HUB_LIST = "Department for Education, list of family hub sites"


@dataclass(frozen=True, eq=False)
class Figures:
    """A place with the figures that the rules rest on."""

    place: Place
    demand: pd.DataFrame
    walk: pd.DataFrame

    @property
    def sites(self) -> pd.DataFrame:
        """The place's sites."""
        return self.place.sites


def figures_of(slug: str) -> Figures:
    """Read a place and work out its default need and the walk to every site."""
    place = read_place(slug)
    areas = estimated_demand(estimate_need(place, default_settings(place)))
    demand = people_at_points(areas, place.points)
    return Figures(place, demand, straight_travel(place, place.sites, travel_settings("walk")).costs)


def reached(figures: Figures, sites: Iterable[str], weights: pd.Series) -> float:
    """Weight within the walking limit of any of the sites."""
    inside = (figures.walk[list(sites)] <= WALK_MINUTES).any(axis=1)
    return float(weights[inside].sum())


def best_set(figures: Figures, candidates: Sequence[str], count: int, weights: pd.Series) -> tuple[str, ...]:
    """The `count` candidates that together reach most; the first set in the alphabet of equals."""
    sets = itertools.combinations(sorted(candidates), count)
    return max(sets, key=lambda chosen: reached(figures, chosen, weights))


def of_kind(sites: pd.DataFrame, *kinds: str) -> list[str]:
    """Sites that have a kind, or are also listed as one."""
    return [
        site_id
        for site_id, kind, labels in zip(sites.index, sites["kind"], sites["labels"], strict=True)
        if {kind, *label_kinds(labels)} & set(kinds)
    ]


def centre_sites(sites: pd.DataFrame) -> list[str]:
    """Everything that the register lists as a children's centre or a linked site of one."""
    return of_kind(sites, "children's centre", "children's centre linked site")


def listed(site_ids: Iterable[str], kind: str, **values: str | float) -> tuple[OptionSite, ...]:
    """Sites of an option, each of one kind and with the same values."""
    return tuple(OptionSite(site_id, {"kind": kind, **values}) for site_id in site_ids)


def thurrock() -> list[Option]:
    """Three hubs, and three hubs with outreach and satellites."""
    figures = figures_of("thurrock")
    source = "Thurrock Cabinet, 13 June 2012, item 13: early offer of help"
    hubs = of_kind(figures.sites, "family hub")
    three = best_set(figures, hubs, 3, figures.demand["early_help"])
    rule = (
        "The paper proposes three community hubs and names no buildings. Rule: of today's seven family hubs, the "
        "three that together have most children in need of early help within a 20-minute walk."
    )
    offer = ";".join(figures.place.core_offer)
    core = listed(three, "family hub", services=offer)
    satellites = listed((site for site in hubs if site not in three), "satellite")
    outreach = listed((site for site in centre_sites(figures.sites) if site not in hubs), "outreach")
    return [
        Option(
            "Three hubs",
            "three-hubs",
            core,
            source,
            f"{rule} Each holds the core offer.",
            illustration=True,
        ),
        Option(
            "Three hubs with outreach and satellites",
            "three-hubs-with-outreach-and-satellites",
            (*core, *satellites, *outreach),
            source,
            f"{rule} Each holds the core offer. The paper adds outreach and satellite capacity in other parts of the "
            "borough. Rule: the other four family hubs become satellites, and every other building that the register "
            "lists as a children's centre or a linked site becomes an outreach venue.",
            illustration=True,
        ),
    ]


def plymouth() -> list[Option]:
    """Children's centres, family hubs, and family hubs with targeted-support bases."""
    figures = figures_of("plymouth")
    source = "Plymouth Cabinet, 9 July 2019: family hubs"
    hubs, centres = of_kind(figures.sites, "family hub"), centre_sites(figures.sites)
    bases = fewest_bases(figures, [site for site in centres if site not in hubs])
    offer = ";".join(figures.place.core_offer)
    hub_rule = "The paper names no buildings. Rule: the eleven family hubs on the department's list of today, for ages 0 to 19."
    base_rule = (
        "The paper leaves the targeted support teams' sites to consultation; they work citywide, so no family has to get "
        "to a base. Rule: of the register's children's centres that are no family hub, the fewest from which every "
        "neighbourhood is within a 20-minute drive, and of such sets the one with the shortest drive to early-help "
        "need. The bases hold the in-house services that the paper names."
    )
    return [
        Option(
            "Children's centres of 2019, reconstructed",
            "childrens-centres",
            listed(centres, "children's centre", **EARLY_YEARS),
            f"{source}; {REGISTER}",
            "The paper speaks of children's centres for ages 0 to 5 and names no buildings. Rule: every site that "
            "today's register lists as a children's centre, also where it is a family hub now.",
            illustration=True,
        ),
        Option(
            "Family hubs",
            "family-hubs",
            listed(hubs, "family hub", **HUB_AGES),
            f"{source}; {HUB_LIST}",
            hub_rule,
            illustration=True,
        ),
        Option(
            "Family hubs with targeted-support bases",
            "family-hubs-with-targeted-support-bases",
            (
                *listed(hubs, "family hub", **HUB_AGES),
                *listed(bases, "targeted-support base", services=offer, **HUB_AGES),
            ),
            f"{source}; {HUB_LIST}",
            f"{hub_rule} {base_rule}",
            illustration=True,
            catchment=Catchment(citywide_kinds=("targeted-support base",)),
        ),
    ]


def fewest_bases(figures: Figures, candidates: Sequence[str]) -> tuple[str, ...]:
    """The fewest sites from which all is within the driving limit; of equals, least need-weighted driving."""
    bases = figures.sites.loc[sorted(candidates)]
    drive = straight_travel(figures.place, bases, travel_settings("drive")).costs
    need = figures.demand["early_help"]
    for count in range(1, len(candidates) + 1):
        sets = [
            (float(np.average(nearest, weights=need)), chosen)
            for chosen in itertools.combinations(drive.columns, count)
            if (nearest := drive[list(chosen)].min(axis=1)).max() <= BASE_DRIVE_MINUTES
        ]
        if sets:
            return min(sets)[1]
    raise ValueError("no set of the candidates is near enough to every neighbourhood")


def wirral() -> list[Option]:
    """Youth hubs and satellites, with the Youth Zone, the three gateways, and today."""
    figures = figures_of("wirral")
    source = "Wirral Children's Trust Board: early offer, targeted services review"
    hubs, satellites = youth_sites(figures)
    zone = youth_zone(figures, (*hubs, *satellites))
    youth = (*listed(hubs, "youth hub", **YOUTH), *listed(satellites, "youth satellite", **YOUTH))
    rule = (
        "The review has four youth hubs and four youth satellites and names no buildings. Rule: among family hubs, "
        "children's centres and secondary and all-through schools, in each of the four areas the site with most "
        "children aged 11 to 17 of the borough within a 20-minute walk is the hub, and the site that adds most to "
        "the four hubs is the satellite. Schools stand for a neighbourhood, not for an agreement to use them."
    )
    return [
        Option(
            "Four youth hubs and four satellites",
            "four-youth-hubs-and-four-satellites",
            youth,
            source,
            rule,
            illustration=True,
        ),
        Option(
            "With the Youth Zone",
            "with-the-youth-zone",
            (*youth, *listed([zone], "youth zone", **YOUTH)),
            source,
            f"{rule} The review keeps the Youth Zone apart. Rule: it stands at the site that adds most children aged 11 "
            "to 17 to the eight, as a stand-in: its own building is not among the sites.",
            illustration=True,
        ),
        Option(
            "Three gateways",
            "three-gateways",
            listed(gateways(figures), "gateway"),
            source,
            "A single gateway replaces several referral routes: Birkenhead, Wallasey, and one for Wirral South and West. "
            "The review names no buildings. Rule: the sites that today's lists call the hub of each of these areas. "
            "Families are referred to a gateway; reach says who could come in person.",
            illustration=True,
            localities=gateway_areas(figures.place),
        ),
    ]


def youth_sites(figures: Figures) -> tuple[list[str], list[str]]:
    """Hub and satellite of each area, in order of the areas."""
    homes = site_localities(figures)
    candidates = youth_candidates(figures)
    names = sorted(homes.unique())
    near = {name: [site for site in candidates if homes[site] == name] for name in names}
    hubs = [most_added(figures, (), near[name]) for name in names]
    satellites = [
        most_added(figures, hubs, [site for site in near[name] if site not in hubs]) for name in names
    ]
    return hubs, satellites


def youth_candidates(figures: Figures) -> list[str]:
    """Sites that could serve young people: not primary schools or nurseries."""
    kinds = ("family hub", "children's centre", "children's centre linked site")
    return sorted(of_kind(figures.sites, *kinds, "school (secondary)", "school (all-through)"))


def youth_zone(figures: Figures, taken: Sequence[str]) -> str:
    """The candidate that adds most children aged 11 to 17 to the hubs and satellites."""
    return most_added(figures, taken, [site for site in youth_candidates(figures) if site not in taken])


def most_added(figures: Figures, there: Sequence[str], candidates: Sequence[str]) -> str:
    """The candidate with which most children aged 11 to 17 are within reach; the first of equals."""
    young = figures.demand[["children_11_15", "children_16_17"]].sum(axis=1)
    return max(candidates, key=lambda site: reached(figures, (*there, site), young))


def site_localities(figures: Figures) -> pd.Series:
    """Locality of the demand point that is nearest to each site."""
    homes = pd.Series(area_codes(figures.demand), figures.demand.index)
    return figures.walk.idxmin().map(homes.map(figures.place.areas["locality_name"]))


def gateways(figures: Figures) -> list[str]:
    """Sites whose listed names call them the hub of one of the three gateways' areas."""
    starts = ("Birkenhead Hub", "Wallasey Hub", "South and West Hub")
    listed = figures.sites["name"] + ";" + figures.sites["labels"]
    return [
        next(
            str(site)
            for site, cell in listed.items()
            if any(n.startswith(start) for n in str(cell).split(";"))
        )
        for start in starts
    ]


def gateway_areas(place: Place) -> tuple[Locality, ...]:
    """Today's areas, the third and fourth as one."""
    birkenhead, wallasey, south, west = place.manifest.localities
    return (birkenhead, wallasey, Locality(name=f"{south.name} and West", wards=(*south.wards, *west.wards)))


def medway() -> list[Option]:
    """Today's hubs, and the children's centres of the register."""
    sites = figures_of("medway").sites
    return [
        Option(
            "Children's centres",
            "childrens-centres",
            listed(centre_sites(sites), "children's centre", **EARLY_YEARS),
            REGISTER,
            "No paper names the buildings. Rule: every site that the register lists as a children's centre, also where "
            "it is a hub now, for ages 0 to 5. The register may lag: a centre listed as open may have closed.",
            illustration=True,
        ),
    ]


RULES = {"thurrock": thurrock, "plymouth": plymouth, "wirral": wirral, "medway": medway}


def main() -> None:
    """Write every option's file."""
    for slug, rule in RULES.items():
        folder, _ = option_folders(slug)
        folder.mkdir(exist_ok=True)
        for option in rule():
            (folder / f"{option.slug}.toml").write_text(option_text(option), "utf-8")


if __name__ == "__main__":
    main()
