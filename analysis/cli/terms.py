"""Options that say who counts as within reach: one group for every command that asks about reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import typer

from analysis.scenario.scenario import ALL_KINDS
from analysis.scenario.terms import DEFAULT_MINUTES, Terms
from analysis.scenario.travel import DEFAULT_DETOUR, Mode, TravelSettings, travel_settings

Ages = Literal["0-17", "0-4", "5-10", "11-15", "16-17", "11-17"]
KindsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--kind",
        help="Kind of site that counts; repeat for several; all for every kind. Default: the place's open hubs.",
        show_default=False,
    ),
]
ServicesOption = Annotated[
    list[str] | None,
    typer.Option("--service", help="Service that a site must hold; repeat for several.", show_default=False),
]
ModeOption = Annotated[
    Mode | None, typer.Option("--mode", help="How people travel. Default: walk.", show_default=False)
]
MinutesOption = Annotated[
    float | None, typer.Option("--minutes", help="Limit in minutes. Default: 20.", show_default=False)
]
WeightOption = Annotated[
    str | None,
    typer.Option(
        "--weight",
        help="What counts: a tier, children or under_fives. Default: the first tier.",
        show_default=False,
    ),
]


@dataclass(frozen=True)
class TravelOptions:
    """How people travel, as options of a command."""

    mode: ModeOption = None
    detour: Annotated[
        float | None,
        typer.Option(
            "--detour", help=f"Way over straight line. Default: {DEFAULT_DETOUR:g}.", show_default=False
        ),
    ] = None
    speed: Annotated[
        float | None,
        typer.Option(
            "--speed", help="Kilometres an hour. Default: walk 4.8, cycle 16, drive 30.", show_default=False
        ),
    ] = None
    fixed_minutes: Annotated[
        float | None,
        typer.Option(
            "--fixed-minutes",
            help="Added once to every journey. Default: 5 by car, else 0.",
            show_default=False,
        ),
    ] = None

    close: Annotated[
        list[str] | None,
        typer.Option(
            "--close",
            help="Crossing of water that is taken to be closed (hubreach crossings lists them); repeat for several.",
            show_default=False,
        ),
    ] = None

    time: Annotated[
        str,
        typer.Option(
            "--time", metavar="HH:MM", help="Time of day: a ferry that does not run then is no crossing."
        ),
    ] = ""

    @property
    def settings(self) -> TravelSettings:
        """Travel settings that they stand for."""
        return travel_settings(
            self.mode or "walk",
            speed_kmh=self.speed,
            detour=self.detour,
            fixed_minutes=self.fixed_minutes,
            closed=tuple(self.close or ()),
            time=self.time,
        )


@dataclass(frozen=True)
class TermsOptions(TravelOptions):
    """Limit, travel, sites and ages, as options of a command."""

    kind: KindsOption = None
    service: ServicesOption = None
    ages: Annotated[
        Ages,
        typer.Option("--ages", help="Children who are counted, each by the sites that serve their age."),
    ] = "0-17"
    hours: Annotated[
        float, typer.Option("--hours", min=0, help="Opening hours a week that a site must state.")
    ] = 0.0
    minutes: MinutesOption = None
    weight: WeightOption = None

    def terms(self, *, own: bool = False) -> Terms:
        """The terms that they name; with `own` each option keeps its catchment where nothing is given."""
        kinds = None if self.kind is None else tuple(self.kind)
        return Terms(
            minutes=self.minutes if own or self.minutes is not None else DEFAULT_MINUTES,
            mode=self.mode if own or self.mode is not None else "walk",
            speed_kmh=self.speed,
            detour=self.detour,
            fixed_minutes=self.fixed_minutes,
            kinds=() if kinds is not None and ALL_KINDS in kinds else kinds,
            services=tuple(self.service or ()),
            ages=self.ages,
            least_hours=self.hours,
            tier=self.weight or "",
            closed=tuple(self.close or ()),
            time=self.time,
        )
