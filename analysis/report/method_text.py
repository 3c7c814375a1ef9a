"""The method in plain words, with the values in force, and what the figures cannot say."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.base.text import unmarked
from analysis.need.rates import LEAST_DEPRIVED, MOST_DEPRIVED
from analysis.places.england.editions import CAUTION, CENSUS_2021
from analysis.places.place import Place
from analysis.places.rounding import NOTE
from analysis.reach.words import standing, water_method
from analysis.render.number_words import listed
from analysis.render.theme import percent
from analysis.scenario.need_settings import CHILDREN_PER_FAMILY, COMPOSITE, NeedSettings
from analysis.scenario.travel import DEFAULT_SETTINGS, DETOUR_SOURCE
from analysis.targeting.composite import WEIGHT_CONCENTRATION
from analysis.targeting.hot_spots import PERMUTATIONS

OWN_INDEX = "An index of your own"


@dataclass(frozen=True)
class MethodSection:
    """One part of the method: heading and markdown, formulas between dollar signs."""

    heading: str
    text: str


def method_sections(place: Place, settings: NeedSettings) -> list[MethodSection]:
    """How every number is made, in the order in which they follow from each other."""
    return [
        MethodSection("Children, neighbourhoods, wards", _areas(place, settings)),
        MethodSection("Tiers of need", _tiers(settings)),
        MethodSection("Families, and ranges", _ranges(settings)),
        MethodSection(OWN_INDEX, _composite(settings)),
        MethodSection("Which areas to focus on", _targeting(settings)),
        MethodSection("Travel", _travel(place)),
        MethodSection("Small counts of people", _disclosure()),
    ]


def _caution(place: Place) -> str:
    return f" {CAUTION}" if place.children_edition == CENSUS_2021 else ""


def _areas(place: Place, settings: NeedSettings) -> str:
    geography, edition = place.manifest.geography, place.vintage(settings.vintage)
    text = (
        f"Everything starts from the {len(place.areas):,} small areas ({unmarked(geography)}) of {unmarked(place.name)}: "
        f"census neighbourhoods of about 1,500 people. Children are: "
        f"{unmarked(place.manifest.children_title)}.{_caution(place)} Figures of wards and localities are **sums of counts**, and means of "
        "scores weighted by children, always worked out from the small areas and never from other means:\n\n"
        "$$\n"
        r"\bar{x}_{\text{ward}} = \frac{\sum_{i \in \text{ward}} c_i \, x_i}{\sum_{i \in \text{ward}} c_i}"
        "\n$$"
        "\n\nFor the official average of the index, the weight is the whole population "
        f"({unmarked(place.manifest.population_column.removeprefix('population_'))}), which is the index's own."
    )
    if edition.changes:
        text += (
            f" The {unmarked(edition.title)} are published for {unmarked(edition.geography)}. Where a small area was split "
            "since, its parts are put together again by their population."
        )
    return text


def _tiers(settings: NeedSettings) -> str:
    tiers = "; ".join(
        f"**{unmarked(t.name)}** p = {percent(t.prevalence)}, g = {t.gradient:g}" for t in settings.tiers
    )
    basis = (
        "your own index, dealt out over the place's own IMD positions"
        if settings.basis == COMPOSITE
        else f"the {settings.basis.upper()} rank"
    )
    return (
        "Children who may need early help are not counted anywhere. A tier is therefore two statements: a **prevalence** p, the share "
        "of all children of the place who are in it, and a **gradient** g, how many times higher the rate is in the most "
        f"deprived tenth of neighbourhoods in England than in the least deprived. In use: {tiers}.\n\n"
        f"A neighbourhood's national rank (here {basis}, {settings.vintage}) becomes a position between 0 (least "
        "deprived) and 1 (most deprived), and its rate follows a curve that never leaves 0 to 100%:\n\n"
        "$$\n"
        r"z_i = 1 - \frac{\text{rank}_i - 0.5}{N} \qquad r(z) = \frac{1}{1 + e^{-(a + b z)}}"
        "\n$$"
        "\n\nThe two numbers a and b are solved so that both statements hold exactly, the first for the place and the "
        "second for England:\n\n"
        "$$\n"
        r"\sum_i c_i \, r(z_i) = p \sum_i c_i \qquad "
        rf"\frac{{r({MOST_DEPRIVED:g})}}{{r({LEAST_DEPRIVED:g})}} = g"
        "\n$$"
        "\n\nWhere no curve can do both, the page says which prevalence would be the highest. Children are then made "
        "whole by largest remainder, so that neighbourhoods add up to wards, wards to the place, and the place to p × "
        "children, without a child lost or gained."
    )


def _ranges(settings: NeedSettings) -> str:
    k = "; ".join(f"{value:g}: {why[0].lower()}{why[1:]}" for value, why in CHILDREN_PER_FAMILY.items())
    return (
        f"Families are children divided by k, here {settings.children_per_family:g} ({k}).\n\n"
        f"Every range comes from {settings.draws:,} model runs (seed {settings.seed}: the same seed gives the same "
        "ranges). In each run the prevalence, the gradient and every neighbourhood's own level are a little "
        "different, and the total is benchmarked again:\n\n"
        "$$\n"
        r"p' \sim \text{Beta}(\text{mean } p, \text{ relative s.d. } "
        rf"{settings.prevalence_sd:g}) \qquad g' = g \, e^{{\varepsilon}},\ \varepsilon \sim N(0, {settings.gradient_sd:g}^2)"
        "\n$$"
        "\n\n"
        "$$\n"
        r"\text{logit } r_i' = a' + b' z_i + u_i + s, \qquad "
        rf"u_i \sim N(0, {settings.area_sd:g}^2)"
        "\n$$"
        f"\n\nwhere {settings.ward_share:.0%} of the variance of u is shared within a ward, tiers are correlated by "
        f"{settings.tier_correlation:g}, and s shifts the level until the run's total is its own p' × children. The range holds "
        f"{settings.interval:.0%} of the runs; the chance of being in the top k is the share of runs in which an area is among the k with most "
        "need. A range says how far model runs differ; it does not hold what the model leaves out (below)."
    )


def _composite(settings: NeedSettings) -> str:
    return (
        "Indicators are turned so that more means more need, put on one scale (rank percentile, z-score or min-max) and "
        "averaged with your weights, as an arithmetic or a geometric mean:\n\n"
        "$$\n"
        r"I_i = \sum_j w_j \, x_{ij} \qquad \text{or} \qquad I_i = \prod_j x_{ij}^{\,w_j}, \qquad \sum_j w_j = 1"
        "\n$$"
        f"\n\nThe stability of the ranks comes from {settings.draws:,} other weightings: weights drawn around yours "
        rf"($w' \sim \text{{Dirichlet}}({WEIGHT_CONCENTRATION:g}\,w)$), each with one of the three scales and two means "
        "(OECD and JRC 2008; Saisana, Saltelli and Tarantola 2005). Two indicators of one domain count it twice: the "
        "page warns. Used as the basis of the estimate, the index says who stands where among the place's own "
        "national positions; totals and gradients stay."
    )


def _targeting(settings: NeedSettings) -> str:
    del settings
    return (
        "The **smallest set** takes areas by falling need until they hold the share asked for: no smaller number of areas "
        "can. The **concentration curve** takes them by falling rate; its Gini coefficient is twice the area between "
        "curve and diagonal, G = 0 where every area has the same rate:\n\n"
        "$$\n"
        r"G = \sum_k (x_k - x_{k-1})(y_k + y_{k-1}) - 1"
        "\n$$"
        "\n\nwith x the running share of children and y of need. **Named areas** are compared with as many wards of most "
        "need as were named: named and among the highest; named, lower in the model; high, not named. **Hot spots** are neighbourhoods whose neighbours are alike beyond "
        "chance, by local Moran's I with row-standardised weights w of neighbours that touch:\n\n"
        "$$\n"
        r"I_i = \frac{z_i}{m_2} \sum_j w_{ij} z_j, \qquad z_i = x_i - \bar{x}, \quad m_2 = \frac{1}{n} \sum_i z_i^2"
        "\n$$"
        f"\n\nwith two-sided p-values from {PERMUTATIONS:,} conditional permutations unless another number is chosen "
        "(Anselin 1995)."
    )


def _travel(place: Place) -> str:
    modes = listed(
        [
            f"{mode} {s.speed_kmh:g} km/h"
            + (f" plus {s.fixed_minutes:g} minutes to park and walk in" if s.fixed_minutes else "")
            for mode, s in DEFAULT_SETTINGS.items()
        ]
    )
    detour = DEFAULT_SETTINGS["walk"].detour
    return (
        "Minutes from where people live to a site are the straight line between a point and the "
        f"site's postcode (British National Grid), made longer by a detour factor of {detour:g}, at the speed of the "
        "mode:\n\n"
        "$$\n"
        r"t = \frac{d \cdot \text{detour}}{\text{speed}} + \text{fixed minutes}"
        "\n$$"
        f"\n\nDefaults: {modes}. {DETOUR_SOURCE}. {standing(place)} Instead of the straight line, a "
        "table of travel times that you bring, or a street network, can be used. "
        f"{water_method()} Thresholds such as a pram-pushing "
        "distance are local conventions, and marked as such."
    )


def _disclosure() -> str:
    return (
        "Estimates of this page are modelled and describe no person. Counts of real people, such as a cohort that you "
        f"enter, are another thing and look different. {NOTE} The same holds in maps, tooltips, tables, charts and every "
        "download."
    )


def limits(place: Place, settings: NeedSettings) -> list[MethodSection]:
    """What the figures cannot say."""
    statement = place.manifest.family_statement
    edition = place.vintage(settings.vintage)
    found = [
        *(
            MethodSection(unmarked(told.title), f"{unmarked(told.words)} ({unmarked(told.source)})")
            for told in place.manifest.notices
        ),
        MethodSection(
            "They do not count families",
            "No file here holds a child or a family that is known to a service. Need is modelled from deprivation: an area "
            "with more or less need than its deprivation suggests is not seen, but for the range.",
        ),
        MethodSection(
            "Rates of intervention are not rates of need",
            "Among equally deprived neighbourhoods, those in less deprived authorities have more children on plans or in "
            "care: the inverse intervention law (Bywaters et al. 2015, Children and Youth Services Review 57, 98-105). Fitting the model to referrals would therefore send less to where need "
            "is greatest. It is not fitted to them.",
        ),
        MethodSection(
            "At a point in time, or ever",
            "A prevalence may mean children who need help today, within a year, or at some time of their childhood, and "
            "each is larger than the one before. The framework's 15% and 5% do not say which. Use a prevalence and "
            "a capacity of the same kind.",
        ),
        MethodSection(
            "Wards are best fit",
            "A small area that straddles a ward boundary belongs wholly to one ward, and ward boundaries change. Ward "
            "figures are those of the best-fit lookup (see the sources), and can differ from figures for exact "
            "boundaries.",
        ),
        MethodSection(
            "Boundaries are generalised",
            "Shapes are simplified for maps: for seeing, not for measuring. Wards are dissolved from their small areas. "
            + (
                "Distances start at one published centre an area, and some lie outside their simplified shape."
                if place.at_centres
                else f"Distances start at {len(place.points):,} weighted points inside the small areas, not at homes."
            ),
        ),
        MethodSection(
            "Figures have different dates",
            f"Children are {unmarked(place.manifest.children_title.split(', ')[-1])}; the {unmarked(edition.title)} rest on "
            "earlier data still. New estates and moves since are not in them.",
        ),
        MethodSection(
            "The tiers' rates are assumptions",
            "; ".join(
                f"{unmarked(t.name)}: prevalence from {unmarked(t.prevalence_source) or 'no stated source'}; gradient: "
                f"{unmarked(t.gradient_source) or 'no stated source'}"
                for t in settings.tiers
            )
            + ". Two places with the same prevalence have the same rate by construction: what differs is how many "
            "children there are and where they live.",
        ),
    ]
    if statement is not None:
        found.append(
            MethodSection(
                "Children and families do not match the published figure by themselves",
                f"“{unmarked(statement.words)}” ({unmarked(statement.source)}) and {percent(statement.share_of_children)} of "
                f"today's children together imply {statement.share_of_children * place.children / statement.families:.1f} "
                "children to a family. The page Need shows the readings side by side and does not force them together.",
            )
        )
    return found
