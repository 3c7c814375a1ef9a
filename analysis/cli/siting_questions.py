"""From the options of `hubreach site` and `frontier` to a question about a place or a matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.base.faults import Fault, FaultList, HubreachError
from analysis.cli.choices import NeedChoices, estimate_from, named_numbers, need_notes
from analysis.cli.reach import illustration, sites_from
from analysis.cli.siting_options import SiteChoices
from analysis.reach.demand import estimated_demand, tier_columns
from analysis.reach.travel import straight_line_matrix
from analysis.reach.travel_tables import read_travel_table
from analysis.scenario.travel import travel_settings
from analysis.siting.candidates import candidate_sites, coverage_floor, demand_weights, named_sites
from analysis.siting.matrices import read_matrix, read_weights
from analysis.siting.models.budget import BudgetQuestion, Floor
from analysis.siting.models.budget_model import Kind
from analysis.siting.models.model import Question


@dataclass(frozen=True, eq=False)
class Setting:
    """Everything that a solve needs, with the words for it.

    Parameters
    ----------
    title : str
    costs : DataFrame of shape (areas, sites)
    weights : Series by area
    sites : DataFrame
        Index `site_id`, with `name` and `kind`.
    demand : DataFrame or None
        Of a place; None for a matrix.
    keep, exclude : tuple of str
    notes : list of str
    """

    title: str
    costs: pd.DataFrame
    weights: pd.Series[float]
    sites: pd.DataFrame
    demand: pd.DataFrame | None
    keep: tuple[str, ...]
    exclude: tuple[str, ...]
    notes: list[str]


def setting_from(choices: SiteChoices) -> Setting:
    """Read the matrix, or open the place and build its matrix."""
    if (choices.place is None) == (choices.matrix is None):
        fault = Fault("PLACE", None, None, "neither or both are given", "Give a place, or --matrix FILE")
        raise HubreachError("There must be one of a place and a matrix.", [fault])
    return _from_matrix(choices, choices.matrix) if choices.matrix is not None else _from_place(choices)


def _from_matrix(choices: SiteChoices, path: Path) -> Setting:
    about_places = {
        "--candidates": choices.candidates,
        "--condition": choices.conditions,
        "--ownership": choices.owners,
        "--sites-file": choices.sites_file,
        "--option": choices.option,
    }
    faults = FaultList("options")
    for name, value in about_places.items():
        if value:
            faults.add("says nothing about a matrix", "Leave it out, or give a place", column=name)
    faults.raise_if_any("A matrix names its own sites.")
    costs = read_matrix(path)
    weights = (
        pd.Series(1.0, index=costs.index, name="weight")
        if choices.weights is None
        else read_weights(choices.weights)
    )
    sites = pd.DataFrame({"name": costs.columns, "kind": "", "labels": ""}, index=costs.columns)
    return Setting(
        f"Sites of {path.name}",
        costs,
        weights,
        sites,
        None,
        named_sites(sites, choices.keep, "--keep"),
        named_sites(sites, choices.exclude, "--exclude"),
        [f"{costs.shape[0]:,} areas, {costs.shape[1]:,} sites, weights that add up to {weights.sum():,g}"],
    )


def _from_place(choices: SiteChoices) -> Setting:
    estimate = estimate_from(choices.place or "", NeedChoices(vintage=choices.vintage, basis=choices.basis))
    demand, place = estimated_demand(estimate), estimate.place
    sites, plan = sites_from(place, choices.sites_file, choices.option)
    keep = named_sites(sites, choices.keep, "--keep")
    exclude = named_sites(sites, choices.exclude, "--exclude")
    candidates = candidate_sites(
        sites,
        kinds=split(choices.candidates),
        conditions=split(choices.conditions),
        owners=split(choices.owners),
        only=named_sites(sites, choices.only, "--only"),
        keep=keep,
    )
    settings = travel_settings(choices.mode, detour=choices.detour)
    if choices.travel is None:
        costs, words = straight_line_matrix(demand, candidates, settings), f"{settings.words}, straight line"
    else:
        table = read_travel_table(
            choices.travel, list(demand.index), list(sites.index), required=set(candidates.index)
        )
        costs, words = table.costs[list(candidates.index)], f"travel times from {choices.travel.name}"
    measure = choices.weight or tier_columns(demand)[0]
    return Setting(
        f"Sites in {place.name}",
        costs,
        demand_weights(demand, measure),
        candidates,
        demand,
        keep,
        tuple(site for site in exclude if site in candidates.index),
        [
            f"What counts: {measure}. {len(candidates):,} candidate sites. {words}.",
            *need_notes(estimate),
            *illustration(plan),
        ],
    )


def split(texts: Sequence[str]) -> list[str]:
    """Parts of options that may hold several, with commas."""
    return [part.strip() for text in texts for part in text.split(",") if part.strip()]


def question_from(choices: SiteChoices, setting: Setting) -> Question | BudgetQuestion:
    """The question that the options put."""
    floors = _floors(choices, setting)
    if choices.model == "budget":
        return _budget_question(choices, setting, floors)
    if floors and choices.model == "mclp":
        one = Kind("site", choices.minutes, 0.0, least=choices.choose, most=choices.choose)
        return BudgetQuestion((one,), np.inf, floors, dict.fromkeys(setting.keep, ""), setting.exclude)
    faults = FaultList("options")
    if floors:
        faults.add(f"floors with {choices.model}", "Use --model mclp or budget", column="--floor")
    faults.raise_if_any("The question cannot be put.")
    return Question(
        choices.model,
        choices.choose,
        choices.minutes,
        choices.share,
        keep=setting.keep,
        exclude=setting.exclude,
    )


def question_note(choices: SiteChoices, setting: Setting, *, with_number: bool = True) -> str:
    """What is asked, in one line, so that a table can be made again."""
    parts = [f"Question: {choices.model}"]
    if with_number and choices.model in {"mclp", "pmedian", "pcenter"}:
        parts.append(f"{choices.choose} sites")
    if choices.model == "partial":
        parts.append(f"{choices.share:.0%} of need")
    if choices.model in {"mclp", "lscp", "partial"}:
        parts.append(f"within {choices.minutes:g} minutes")
    if choices.model == "budget":
        parts.append(
            f"within {choices.hub_minutes:g} minutes of a hub, {choices.outreach_minutes:g} of outreach"
        )
    parts += [f"floor {floor}" for floor in choices.floors]
    names = setting.sites["name"]
    parts += [f"kept: {', '.join(map(str, names[list(setting.keep)]))}"] if setting.keep else []
    parts += [f"ruled out: {', '.join(map(str, names[list(setting.exclude)]))}"] if setting.exclude else []
    return f"{'; '.join(parts)}."


def _budget_question(choices: SiteChoices, setting: Setting, floors: tuple[Floor, ...]) -> BudgetQuestion:
    faults = FaultList("options")
    for name, value in (
        ("--budget", choices.budget),
        ("--hub-cost", choices.hub_cost),
        ("--outreach-cost", choices.outreach_cost),
    ):
        if value is None or not value >= 0:
            faults.add("is missing or negative", f"Give {name} in pounds a year", column=name)
    faults.raise_if_any("A budget needs its figures: none is assumed.")
    kinds = (
        Kind(
            "hub",
            choices.hub_minutes,
            choices.hub_cost or 0.0,
            _limit(choices.hub_capacity),
            least=choices.least_hubs,
        ),
        Kind(
            "outreach",
            choices.outreach_minutes,
            choices.outreach_cost or 0.0,
            _limit(choices.outreach_capacity),
        ),
    )
    return BudgetQuestion(
        kinds, choices.budget or 0.0, floors, dict.fromkeys(setting.keep, ""), setting.exclude
    )


def _limit(capacity: float | None) -> float:
    return np.inf if capacity is None else capacity


def _floors(choices: SiteChoices, setting: Setting) -> tuple[Floor, ...]:
    faults = FaultList("options")
    shares = named_numbers(choices.floors, "--floor", "ward=0.5", faults)
    if shares and setting.demand is None:
        faults.add(
            "floors go by ward, locality or fifth", "Use a place instead of --matrix", column="--floor"
        )
    faults.raise_if_any("The floors cannot be set.")
    if setting.demand is None:
        return ()
    return tuple(coverage_floor(setting.demand, level, share) for level, share in shares.items())
