"""`hubreach national need` and `hubreach national reach`: every authority in England at once."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import geopandas as gpd
import pandas as pd
import typer

from analysis.base.faults import Fault, HubreachError
from analysis.base.jobs import Job
from analysis.cli import national_files
from analysis.cli.groups import LEFT_OUT, command, only_where
from analysis.cli.printing import print_frame, print_notes
from analysis.intake.assemble.adding import Mappings
from analysis.intake.assemble.gathering import OfficialTables, gather
from analysis.intake.assemble.new_place import starting_tables
from analysis.intake.assemble.shapes import read_shapes, recognise_shapes
from analysis.intake.files.mappings import recalled
from analysis.national.answers import Question
from analysis.national.authorities import Authority, bundled_authorities, english_authorities
from analysis.national.files import national_folder
from analysis.national.one_curve import tiers_by_authority
from analysis.national.run import forget_parts, join_parts, run_tasks, tasks_of
from analysis.places.england.tables import read_shapes as english_shapes
from analysis.places.manifest import Tier
from analysis.places.sites.register import empty_sites, read_sites
from analysis.scenario.need_settings import NeedSettings
from analysis.scenario.travel import Mode, travel_settings

SHOWN_ROWS = 20
COUNTED = ("_children", "_covered")
BY_ITSELF = "Each authority is estimated by itself, so that the country is their sum"
TOGETHER = "One curve of need for the country: an authority's share of children follows from its deprivation"

OutOption = Annotated[
    Path, typer.Option("--out", help="Parquet file of the answers (GeoParquet with --boundaries).")
]
ImdOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--imd",
        help="A file of the Indices of Deprivation, as published. Default: the figures that come with the product.",
        show_default=False,
    ),
]
LookupOption = Annotated[
    list[Path] | None,
    typer.Option("--lookup", help="Lookup from LSOA to ward and authority, with --imd.", show_default=False),
]
PopulationOption = Annotated[
    list[Path] | None, typer.Option("--population", help="Small-area population by age.", show_default=False)
]
BoundariesOption = Annotated[
    Path | None, typer.Option("--boundaries", help="LSOA boundaries of the country.", show_default=False)
]
AuthorityOption = Annotated[
    list[str] | None,
    typer.Option("--authority", help="Only these authorities (codes or names).", show_default=False),
]
ProcessesOption = Annotated[
    int, typer.Option("--processes", min=1, max=256, help="Processes on this machine. Default: one a core.")
]
SchedulerOption = Annotated[
    str, typer.Option("--scheduler", help="Address of a Dask scheduler (needs the extra `cluster`).")
]
SeedOption = Annotated[int, typer.Option("--seed", min=0, help="Of the simulation behind the ranges.")]
DrawsOption = Annotated[
    int, typer.Option("--draws", min=100, max=10_000, help="Model runs behind the ranges.")
]
CORES = os.cpu_count() or 1

group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Every authority in England at once.")


OneCurveOption = Annotated[
    bool,
    typer.Option(
        "--one-curve",
        help="The share of children holds for the country, and each authority's own follows from its deprivation. "
        "Default: it holds for each authority by itself.",
    ),
]


@dataclass(frozen=True)
class Country:
    """The files that the country is read from, and how it is worked through."""

    imd: ImdOption = None
    lookup: LookupOption = None
    population: PopulationOption = None
    authority: AuthorityOption = None
    processes: ProcessesOption = CORES
    scheduler: SchedulerOption = ""
    one_curve: OneCurveOption = False


@dataclass(frozen=True)
class Simulation:
    """The draws behind the ranges."""

    seed: SeedOption = 1
    draws: DrawsOption = 1000


@group.command()
@command(only_where("processes", scheduler=LEFT_OUT))
def need(
    out: OutOption, country: Country, simulation: Simulation, boundaries: BoundariesOption = None
) -> None:
    """Need by tier with ranges, for every authority, ward and LSOA. Started again, it goes on where it stopped."""
    _work(country, boundaries, Question(_settings(simulation)), empty_sites(), out)


@group.command()
@command(only_where("processes", scheduler=LEFT_OUT))
def reach(
    out: OutOption,
    country: Country,
    simulation: Simulation,
    boundaries: Annotated[Path, typer.Option("--boundaries", help="LSOA boundaries of the country.")],
    sites: Annotated[
        Path, typer.Option("--sites-file", help="Sites of the country, as `hubreach sites` has them.")
    ],
    minutes: Annotated[float, typer.Option("--minutes", min=1, max=240, help="Limit of reach.")] = 20.0,
    mode: Annotated[Mode, typer.Option("--mode", help="Way to travel, in a straight line.")] = "walk",
) -> None:
    """Who is within reach of an open site, with ranges of need, for every authority, ward and LSOA."""
    held = read_sites(sites)
    held = held[held["is_open"]]
    if held.empty:
        fault = Fault(sites.name, None, "is_open", "no site is open", "Give at least one open site")
        raise HubreachError("Reach cannot be worked out.", [fault])
    _work(country, boundaries, Question(_settings(simulation), travel_settings(mode), minutes), held, out)


def _settings(simulation: Simulation) -> NeedSettings:
    tiers = tuple(Tier.model_validate(tier) for tier in starting_tables()["tiers"])
    return NeedSettings(tiers=tiers, seed=simulation.seed, draws=simulation.draws)


def _work(
    country: Country, boundaries: Path | None, question: Question, sites: pd.DataFrame, out: Path
) -> None:
    if out.absolute().parent == national_folder().absolute():
        out.absolute().parent.mkdir(parents=True, exist_ok=True)
    if not out.absolute().parent.is_dir():
        fault = Fault("--out", None, None, f"{str(out)!r}: there is no such folder", "Choose one that exists")
        raise HubreachError("The answer cannot be written.", [fault])
    authorities, shapes = _authorities(country, boundaries, located=question.travel is not None)
    parts = out.with_name(f"{out.name}.parts")
    settings = question.settings or NeedSettings(tiers=())
    own_tiers = tiers_by_authority(authorities, settings.tiers) if country.one_curve else None
    tasks = tasks_of(authorities, sites, question, own_tiers)
    files = run_tasks(
        tasks, parts, processes=country.processes, scheduler=country.scheduler, job=Job(_progress)
    )
    places = join_parts(files, out, shapes)
    forget_parts(parts)
    measure = [name for name in places.columns if name.endswith(COUNTED) and "share" not in name]
    shown = places.set_index("authority_code")[["authority_name", "children", *measure]]
    totals = ", ".join(
        f"{name.replace('_', ' ')} {int(shown[name].sum()):,}" for name in ["children", *measure]
    )
    title = authorities[0].manifest.children_title
    print_frame(
        shown.sort_values(measure[0], ascending=False).head(SHOWN_ROWS),
        title=f"{len(shown):,} authorities, the first {min(len(shown), SHOWN_ROWS)}",
        notes=[
            f"Together: {totals}.",
            f"Children: {title}. {TOGETHER if country.one_curve else BY_ITSELF}.",
            f"Written: {out}. Rank it: hubreach national rank {out}",
        ],
    )


def _authorities(
    country: Country, boundaries: Path | None, *, located: bool
) -> tuple[list[Authority], gpd.GeoDataFrame | None]:
    if not any((country.imd, country.lookup, country.population, boundaries)):
        authorities = bundled_authorities(country.authority or ())
        codes = [each.code for each in authorities]
        return authorities, english_shapes("boundaries", codes, index="area_code", key="authority_code")
    if not (country.imd and country.lookup):
        remedy = "Give --imd and --lookup, or no files for those that come with the product"
        fault = Fault("--imd, --lookup", None, None, "one of the two is missing", remedy)
        raise HubreachError("The country cannot be read.", [fault])
    paths = [*country.lookup, *country.imd, *(country.population or [])]
    mappings: Mappings = {path.name: recalled(path) for path in paths}
    tables = gather(paths, mappings)
    if boundaries is None:
        return english_authorities(tables, only=country.authority or ()), None
    source = recognise_shapes(boundaries)
    codes = [str(code) for code in _codes(tables, source.year)]
    shapes = read_shapes(source, codes)
    authorities = english_authorities(tables, shapes, country.authority or (), source.year)
    missing = sum(int(authority.areas["easting"].isna().sum()) for authority in authorities)
    if located and missing:
        found = f"{missing:,} small areas have no polygon, so no position"
        fault = Fault(boundaries.name, None, None, found, "Give boundaries of the whole country")
        raise HubreachError("Reach cannot be worked out.", [fault])
    return authorities, shapes


def _codes(tables: OfficialTables, year: str) -> list[str]:
    return [] if year not in tables.homes else [c for c in tables.homes[year].index if str(c).startswith("E")]


def _progress(share: float | None, words: str) -> None:
    if sys.stderr.isatty():
        typer.echo(f"\r\033[K{words}", err=True, nl=share == 1.0)
    elif share == 1.0 or int(words.split(maxsplit=1)[0]) % 25 == 0:
        print_notes(words)


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    for answer in (national_files.rank, national_files.query, national_files.columns):
        group.command()(answer)
    group.command("map")(national_files.draw_map)
    app.add_typer(group, name="national")
