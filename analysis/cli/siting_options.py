"""Options of `hubreach site`, `frontier` and `boundaries`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer

from analysis.scenario.travel import Mode

ModelName = Literal["mclp", "pmedian", "pcenter", "lscp", "partial", "budget"]

PlaceOption = Annotated[str | None, typer.Argument(metavar="[PLACE]", help="A place: see `hubreach places`.")]
ModelOption = Annotated[
    ModelName,
    typer.Option(
        "--model",
        help=(
            "mclp: most need within reach of --choose sites; pmedian: least travel; pcenter: least longest travel; "
            "lscp: fewest sites for everyone; partial: fewest for --share of need; budget: hubs and outreach for --budget."
        ),
    ),
]
ChooseOption = Annotated[int, typer.Option("--choose", min=1, help="Number of sites, kept ones included.")]
MinutesOption = Annotated[float, typer.Option("--minutes", help="Catchment, in minutes.")]
ShareOption = Annotated[float, typer.Option("--share", help="Share of need to cover, for partial.")]
WeightOption = Annotated[
    str | None,
    typer.Option(
        "--weight",
        help="What counts: a tier, children, under_fives, children_5_10 ... Default: the first tier.",
        show_default=False,
    ),
]
CandidatesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--candidates",
        help="Kinds that may be chosen, with commas; school stands for all schools. Default: all.",
        show_default=False,
    ),
]
ConditionOption = Annotated[
    list[str] | None,
    typer.Option("--condition", help="Survey grades that will do, with commas.", show_default=False),
]
SitesFileOption = Annotated[
    Path | None,
    typer.Option("--sites-file", help="CSV of sites to use instead of the place's.", show_default=False),
]
PlanOption = Annotated[
    str | None,
    typer.Option("--option", help="Sites as a saved or bundled option has them.", show_default=False),
]
OwnershipOption = Annotated[
    list[str] | None,
    typer.Option("--ownership", help="Owners of buildings that will do, with commas.", show_default=False),
]
OnlyOption = Annotated[
    list[str] | None,
    typer.Option(
        "--only",
        help="Hand-picked candidate in place of kinds, by id or name; repeat for several.",
        show_default=False,
    ),
]
KeepOption = Annotated[
    list[str] | None,
    typer.Option("--keep", help="Site that stays, by id or name; repeat for several.", show_default=False),
]
ExcludeOption = Annotated[
    list[str] | None,
    typer.Option("--exclude", help="Site ruled out, by id or name; repeat for several.", show_default=False),
]
ModeOption = Annotated[Mode, typer.Option("--mode", help="How people travel.")]
DetourOption = Annotated[
    float | None, typer.Option("--detour", help="Way over straight line. Default: 1.3.", show_default=False)
]
TravelOption = Annotated[
    Path | None,
    typer.Option("--travel", help="CSV of travel times: origin, destination, minutes.", show_default=False),
]
MatrixOption = Annotated[
    Path | None,
    typer.Option(
        "--matrix",
        help="CSV of costs instead of a place: area ids down, site ids across.",
        show_default=False,
    ),
]
WeightsOption = Annotated[
    Path | None,
    typer.Option(
        "--weights", help="CSV of area ids and weights, with --matrix. Default: 1 each.", show_default=False
    ),
]
BudgetOption = Annotated[
    float | None, typer.Option("--budget", help="Pounds a year, for budget.", show_default=False)
]
HubCostOption = Annotated[
    float | None, typer.Option("--hub-cost", help="Pounds a year for a hub.", show_default=False)
]
OutreachCostOption = Annotated[
    float | None,
    typer.Option("--outreach-cost", help="Pounds a year for an outreach site.", show_default=False),
]
HubMinutesOption = Annotated[float, typer.Option("--hub-minutes", help="Catchment of a hub.")]
OutreachMinutesOption = Annotated[
    float, typer.Option("--outreach-minutes", help="Catchment of an outreach site.")
]
HubCapacityOption = Annotated[
    float | None, typer.Option("--hub-capacity", help="Need that a hub can serve.", show_default=False)
]
OutreachCapacityOption = Annotated[
    float | None,
    typer.Option("--outreach-capacity", help="Need that an outreach site can serve.", show_default=False),
]
LeastHubsOption = Annotated[
    int, typer.Option("--least-hubs", min=0, help="Hubs that there must be, however many more pay.")
]
FloorOption = Annotated[
    list[str] | None,
    typer.Option(
        "--floor",
        metavar="LEVEL=SHARE",
        help="Least share covered in every ward or locality, or in the most deprived fifth: ward=0.5, fifth=0.8.",
        show_default=False,
    ),
]
SecondsOption = Annotated[
    float | None,
    typer.Option("--seconds", min=0.0, help="Stop after so long and keep the best.", show_default=False),
]


@dataclass(frozen=True)
class SiteChoices:
    """What the options say, before any file is read."""

    place: str | None
    model: ModelName = "mclp"
    choose: int = 3
    minutes: float = 20.0
    share: float = 0.9
    weight: str | None = None
    candidates: Sequence[str] = ()
    conditions: Sequence[str] = ()
    owners: Sequence[str] = ()
    sites_file: Path | None = None
    option: str | None = None
    keep: Sequence[str] = ()
    exclude: Sequence[str] = ()
    mode: Mode = "walk"
    detour: float | None = None
    travel: Path | None = None
    matrix: Path | None = None
    weights: Path | None = None
    budget: float | None = None
    hub_cost: float | None = None
    outreach_cost: float | None = None
    hub_minutes: float = 30.0
    outreach_minutes: float = 15.0
    hub_capacity: float | None = None
    outreach_capacity: float | None = None
    least_hubs: int = 0
    only: Sequence[str] = ()
    floors: Sequence[str] = ()
    vintage: str | None = None
    basis: str = "imd"
