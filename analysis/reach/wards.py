"""The view from one ward: its nearest site of each kind and service, and the services out of reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.base.text import slugify
from analysis.places.sites.duplicates import label_kinds
from analysis.places.sites.register import split_list
from analysis.reach.coverage import Limit, covered_areas
from analysis.reach.selection import choose_sites


def ward_minutes(costs: pd.DataFrame, demand: pd.DataFrame, ward_code: str) -> pd.Series:
    """Child-weighted mean minutes from a ward to every site, index `site_id`, inf without a way."""
    members = demand.index[demand["ward_code"] == ward_code]
    children = demand.loc[members, "children"].to_numpy(float)
    weights = children if children.sum() > 0 else np.ones(len(members))
    heavy = weights > 0
    mean = np.average(costs.loc[members].to_numpy(float)[heavy], axis=0, weights=weights[heavy])
    return pd.Series(mean, index=costs.columns, name="minutes")


def nearest_of_each_kind(
    costs_by_mode: Mapping[str, pd.DataFrame], sites: pd.DataFrame, demand: pd.DataFrame, ward_code: str
) -> pd.DataFrame:
    """For one ward, the nearest open site of every kind there is, with minutes by mode.

    Parameters
    ----------
    costs_by_mode : mapping of str to DataFrame
        A cost matrix a mode; the first decides which site is nearest.
    sites : DataFrame
        Sites frame; closed sites and sites without costs take no part.
    demand : DataFrame
        Demand frame.
    ward_code : str
        The ward.

    Returns
    -------
    DataFrame
        Index `kind`; `nearest_site`, `site_name`, and `<mode>_minutes` (child-weighted mean over the
        ward) to that site.
    """
    open_sites = choose_sites(sites)
    kinds = {
        site_id: [kind, *label_kinds(labels)]
        for site_id, kind, labels in _cells(open_sites, "kind", "labels")
    }
    return _nearest_table(costs_by_mode, open_sites, demand, ward_code, kinds).rename_axis("kind")


def nearest_of_each_service(
    costs_by_mode: Mapping[str, pd.DataFrame],
    sites: pd.DataFrame,
    demand: pd.DataFrame,
    ward_code: str,
    services: Sequence[str],
) -> pd.DataFrame:
    """For one ward, the nearest open site that holds each service of the core offer.

    Parameters
    ----------
    costs_by_mode : mapping of str to DataFrame
        Minutes from every area to every site, by mode.
    sites : DataFrame
        Sites frame; closed ones are left out.
    demand : DataFrame
        See `analysis.reach.demand.demand_frame`; its children weigh the areas of the ward.
    ward_code : str
    services : sequence of str

    Returns
    -------
    DataFrame
        Index `service`, in the order given, as `nearest_of_each_kind`; a service that no open site
        holds has "" and inf.
    """
    open_sites = choose_sites(sites)
    names = {slugify(service): service for service in services}
    held = {
        site_id: [names[slugify(item)] for item in split_list(cell) if slugify(item) in names]
        for site_id, cell in zip(open_sites.index, open_sites["services"], strict=True)
    }
    table = _nearest_table(costs_by_mode, open_sites, demand, ward_code, held).reindex(list(services))
    text = ["nearest_site", "site_name"]
    table[text] = table[text].fillna("")
    minutes = [column for column in table.columns if column not in text]
    table[minutes] = table[minutes].fillna(np.inf)
    return table.rename_axis("service")


def services_by_ward(
    costs: pd.DataFrame, sites: pd.DataFrame, demand: pd.DataFrame, services: Sequence[str], minutes: Limit
) -> pd.DataFrame:
    """Share of each ward's children within reach of each service; 0 is nobody in the ward.

    Parameters
    ----------
    costs : DataFrame
        Minutes to every site that may hold a service.
    sites : DataFrame
        Sites frame; only open sites count.
    demand : DataFrame
        Demand frame.
    services : sequence of str
        The core offer.
    minutes : float or Series
        The limit.

    Returns
    -------
    DataFrame
        Index `area_code` (ward) with `area_name` first, then one column a service, shares in [0, 1].
    """
    children = demand["children"]
    ward = demand["ward_code"]
    total = children.groupby(ward).sum()
    table = demand["ward_name"].groupby(ward).first().to_frame("area_name")
    for service in services:
        holders = choose_sites(sites, services=[service]).index.intersection(costs.columns)
        covered = covered_areas(costs[holders], minutes).reindex(demand.index)
        table[service] = children.where(covered, 0).groupby(ward).sum() / total.where(total > 0)
    return table.rename_axis("area_code")


def services_out_of_reach(shares: pd.DataFrame) -> pd.Series:
    """For every ward, the services that none of its children can reach in time.

    Parameters
    ----------
    shares : DataFrame
        `services_by_ward`.

    Returns
    -------
    Series of tuple of str
        Index of `shares`.
    """
    services = [column for column in shares.columns if column != "area_name"]
    nobody = shares[services].to_numpy(float) == 0
    missing = [tuple(service for service, none in zip(services, row, strict=True) if none) for row in nobody]
    return pd.Series(missing, index=shares.index, name="services_out_of_reach", dtype=object)


def _cells(sites: pd.DataFrame, *columns: str) -> list[tuple[str, ...]]:
    return [tuple(map(str, row)) for row in sites[list(columns)].itertuples()]


def _nearest_table(
    costs_by_mode: Mapping[str, pd.DataFrame],
    sites: pd.DataFrame,
    demand: pd.DataFrame,
    ward_code: str,
    groups: Mapping[str, Sequence[str]],
) -> pd.DataFrame:
    """One row a group: of the sites that belong to it, the nearest by the first mode, ties by id."""
    minutes = {mode: ward_minutes(costs, demand, ward_code) for mode, costs in costs_by_mode.items()}
    first = next(iter(minutes.values()))
    rows: dict[str, dict[str, object]] = {}
    for site_id in sorted(set(groups) & set(first.index), key=lambda key: (first[key], key)):
        for group in groups[site_id]:
            if group not in rows and np.isfinite(first[site_id]):
                times = {
                    f"{mode}_minutes": float(by_site.get(site_id, np.inf))
                    for mode, by_site in minutes.items()
                }
                rows[group] = {"nearest_site": site_id, "site_name": sites["name"][site_id], **times}
    columns = ["nearest_site", "site_name", *(f"{mode}_minutes" for mode in minutes)]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)
