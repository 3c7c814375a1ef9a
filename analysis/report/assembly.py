"""Build the sections of a pack one by one: a section that fails is told, the rest is still made."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import geopandas as gpd
import pandas as pd

from analysis.base.faults import FaultList, HubreachError
from analysis.base.jobs import UNWATCHED, Job
from analysis.base.text import plain
from analysis.need.estimate import NeedEstimate
from analysis.need.opening import open_place
from analysis.need.parameters import parameter_log
from analysis.need.tables import wide_table
from analysis.places.place import LEVELS, Place
from analysis.reach.demand import estimated_demand
from analysis.reach.selection import check_kinds
from analysis.render.outlines import outlines
from analysis.render.theme_files import council_theme
from analysis.report.content import Block, Failure, Pack, Paragraph, Section, unmarked
from analysis.report.manifest import PackRequest, manifest_text, requested_estimate
from analysis.report.requested_sites import requested_sites
from analysis.report.sections.catalogue import SECTIONS
from analysis.report.sections.material import Material
from analysis.scenario.terms import check_terms


def _noticed(place: Place) -> list[str]:
    return [notice.title[0].lower() + notice.title[1:] for notice in place.manifest.notices]


def build_pack(
    request: PackRequest,
    *,
    made: dt.date | None = None,
    place: Place | None = None,
    job: Job[Any] = UNWATCHED,
) -> Pack:
    """Work out every section that a request asks for.

    Parameters
    ----------
    request : PackRequest
    made : date, optional
        By default today.
    place : Place, optional
        If it is open already.
    job : Job
        Told before each section what is being made, and asked whether to stop.

    Returns
    -------
    Pack
        With the sections that could be made, and why others could not.

    Raises
    ------
    HubreachError
        If the place or the estimate of need cannot be used, or a section does not exist.
    StoppedError
    """
    _check_sections(request)
    theme = council_theme(request.theme)
    place = place or open_place(request.place)
    sites = requested_sites(place, request)
    day = made or dt.datetime.now(dt.UTC).date()
    manifest = manifest_text(place, request, day)
    estimate = requested_estimate(place, request)
    place = estimate.place
    tier = request.scenario.terms.tier or estimate.tier_keys[0]
    demand = estimated_demand(estimate)
    check_terms(replace(request.scenario.terms, tier=tier), estimate.tier_keys, list(demand.columns))
    check_kinds(sites, request.scenario.terms.kinds or (), [kind.name for kind in place.kinds])
    material = Material(estimate, outlines(place), request, tier, manifest, sites)
    sections, failures = [], []
    for number, key in enumerate(request.sections):
        kind = SECTIONS[key]
        job.tell(number / len(request.sections), kind.title)
        try:
            sections.append(_worded(kind.build(material), request.texts))
        except HubreachError as error:
            failures.append(Failure(key, kind.title, _why(error)))
    job.tell(1.0, "")
    return Pack(
        plain(request.title) or f"Early help in {place.name}",
        ", ".join([place.name, place.vintage(estimate.settings.vintage).title, *_noticed(place)]),
        place.name,
        day,
        tuple(sections),
        tuple(failures),
        manifest,
        _parameters(place, estimate),
        lambda: _layers(estimate, sites),
        theme,
        request.form,
        material.reach.line,
    )


def left_out(request: PackRequest, place: Place) -> list[tuple[str, str]]:
    """What a pack will leave out as it is blank: title of the section and why, before it is made."""
    return [
        (SECTIONS[key].title, unmarked(blank))
        for key in request.sections
        if key in SECTIONS
        for blank in SECTIONS[key].blanks(place, request)
    ]


def _check_sections(request: PackRequest) -> None:
    faults = FaultList("sections")
    known = ", ".join(SECTIONS)
    for key in request.sections:
        if key not in SECTIONS:
            faults.add(f"there is no section {plain(key)!r:.40}", f"Choose from {known}")
    if len(set(request.sections)) < len(request.sections):
        faults.add("a section is asked for twice", "Name each once")
    if not request.sections:
        faults.add("no section is asked for", f"Choose from {known}")
    faults.raise_if_any("The pack cannot be made.")


def _why(error: HubreachError) -> str:
    return plain(" ".join([error.headline, *map(str, error.faults)]))


def _worded(section: Section, texts: dict[str, str]) -> Section:
    """A section with the user's own words in place of the generated ones; an empty text takes one out."""
    blocks: list[Block] = []
    for block in section.blocks:
        if isinstance(block, Paragraph) and block.key in texts:
            if texts[block.key].strip():
                blocks.append(replace(block, text=texts[block.key]))
        else:
            blocks.append(block)
    message = texts.get(f"{section.key}.message") or section.message
    return replace(section, message=message, blocks=tuple(blocks))


def _parameters(place: Place, estimate: NeedEstimate) -> pd.DataFrame:
    log = parameter_log(place, estimate.settings).reset_index()
    rows = list(log[["parameter", "value"]].itertuples(index=False, name=None))
    rows += [
        (f"source: {source.file}", f"{source.title}, {source.publisher}, {source.vintage}. {source.licence}.")
        for source in place.manifest.sources
    ]
    return pd.DataFrame(rows, columns=["name", "value"])


def _layers(estimate: NeedEstimate, sites: pd.DataFrame) -> dict[str, gpd.GeoDataFrame]:
    """Need by area of every level, and the sites."""
    place = estimate.place
    layers: dict[str, gpd.GeoDataFrame] = {}
    for level in LEVELS:
        shapes = place.outlines(level)
        table = wide_table(estimate, level).reindex(shapes.index)
        layers[level] = gpd.GeoDataFrame(table.assign(geometry=shapes.geometry), crs=shapes.crs)
    points = gpd.points_from_xy(sites["easting"], sites["northing"], crs="EPSG:27700")
    layers["sites"] = gpd.GeoDataFrame(sites, geometry=points)
    return layers
