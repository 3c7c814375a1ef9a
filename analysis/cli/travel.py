"""Options of how people travel, and the minutes that they make."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from analysis.reach.answer import Travel
from analysis.reach.network import network_matrix
from analysis.reach.travel import straight_line_matrix
from analysis.reach.travel_tables import read_travel_table
from analysis.scenario.travel import Mode, travel_settings

TravelFileOption = Annotated[
    Path | None,
    typer.Option(
        "--travel",
        help="CSV of travel times between a place's areas and sites: origin, destination, minutes.",
        show_default=False,
    ),
]


@dataclass(frozen=True)
class TravelOptions:
    """How people travel: in a straight line, by a table of their own, or along streets."""

    mode: Annotated[Mode, typer.Option("--mode", help="How people travel.")] = "walk"
    detour: Annotated[
        float | None,
        typer.Option("--detour", help="Way over straight line. Default: 1.3.", show_default=False),
    ] = None
    speed: Annotated[
        float | None,
        typer.Option(
            "--speed", help="Kilometres an hour. Default: walk 4.8, cycle 16, drive 30.", show_default=False
        ),
    ] = None
    travel: TravelFileOption = None
    network: Annotated[
        Path | None,
        typer.Option("--network", help="OpenStreetMap extract (.osm.pbf) to travel on.", show_default=False),
    ] = None


def travel_to(
    chosen: TravelOptions, demand: pd.DataFrame, wanted: pd.DataFrame, *, known: pd.DataFrame
) -> Travel:
    """Minutes from every area to some sites.

    Parameters
    ----------
    chosen : TravelOptions
    demand : DataFrame
        See `analysis.reach.demand.demand_frame`.
    wanted : DataFrame
        Sites that minutes are needed to.
    known : DataFrame
        All sites that a table of travel times may name.

    Raises
    ------
    HubreachError
        If the table or the streets cannot be used, or a site is missing from them.
    """
    settings = travel_settings(chosen.mode, detour=chosen.detour, speed_kmh=chosen.speed)
    if chosen.travel is not None:
        areas, required = list(demand.index), set(wanted.index)
        table = read_travel_table(chosen.travel, areas, list(known.index), required=required)
        words = f"travel times from {chosen.travel.name}"
        return Travel(table.costs[list(wanted.index)], settings, words, is_straight=False)
    if chosen.network is not None:
        words = f"{settings.words}, along the streets of {chosen.network.name}"
        return Travel(
            network_matrix(chosen.network, demand, wanted, settings), settings, words, is_straight=False
        )
    return Travel(
        straight_line_matrix(demand, wanted, settings), settings, f"{settings.words}, straight line"
    )
