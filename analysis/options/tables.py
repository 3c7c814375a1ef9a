"""The numbers behind an option's localities and its years."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis.base.text import plain, slugify
from analysis.options.applied import apply_option
from analysis.options.balance import balance, locality_figures
from analysis.options.option import Option, OptionSite, with_current_sites
from analysis.options.phases import year_figures
from analysis.options.reached import OptionReach
from analysis.options.view import SideBySide, option_names, tiers_of
from analysis.places.place import Place
from analysis.reach.demand import whole_people
from analysis.render.theme import percent, whole

TODAY_NAME = "Today's localities"


def _plans(view: SideBySide) -> list[tuple[str, str, OptionReach, pd.DataFrame | None]]:
    """Today's localities, then those of each option that redraws them: key, name, reach, areas."""
    first = view.reaches[0]
    today = first.estimate.place.areas[["locality_code", "locality_name"]]
    plans: list[tuple[str, str, OptionReach, pd.DataFrame | None]] = [("today", TODAY_NAME, first, today)]
    names = option_names(view)
    plans += [
        (reach.option.slug, names[reach.option.slug], reach, None)
        for reach in view.reaches
        if reach.option.localities
    ]
    return plans


def locality_rows(view: SideBySide, measure: str) -> list[tuple[str, str, pd.DataFrame]]:
    """For today and each option that redraws localities: key, name, and rows for the bars, most need first."""
    charts = []
    for key, name, reach, today in _plans(view):
        table = locality_figures(reach, today)
        total = table[measure].sum()
        rows = table[["area_name", measure]].rename(columns={measure: "value"})
        rows["words"] = [
            f"{whole(value)}, {percent(value / total) if total else 'none'}; {whole(children)} children"
            for value, children in zip(rows["value"], table["children"], strict=True)
        ]
        charts.append((key, name, rows.sort_values("value", ascending=False)))
    return charts


def balance_table(view: SideBySide) -> pd.DataFrame:
    """How evenly children and each tier are shared: `option`, `name`, `measure`, then `balance`."""
    tables = []
    for key, name, reach, today in _plans(view):
        tiers = tiers_of(reach)
        table = balance(locality_figures(reach, today), ["children", *tiers]).reset_index()
        table.insert(0, "option", key)
        table.insert(1, "name", name)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def locality_table(view: SideBySide) -> pd.DataFrame:
    """Every locality of today, under each option, and of options that redraw them: what each holds."""
    tables = []
    names = option_names(view)
    for reach in view.reaches:
        table = locality_figures(reach).reset_index(drop=True)
        table.insert(0, "option", names[reach.option.slug])
        tables.append(table)
    return whole_people(pd.concat(tables, ignore_index=True)).round({"mean_minutes": 1, "share_covered": 3})


def named_measures(table: pd.DataFrame, view: SideBySide) -> pd.DataFrame:
    """The balance with its measures in words, for the screen."""
    names = {"children": "Children", **tiers_of(view.reaches[0])}
    return table.drop(columns="option").assign(measure=table["measure"].map(names))


def years_table(journeys: dict[str, dict[int, OptionReach]], names: dict[str, str]) -> pd.DataFrame:
    """Every option year by year: `option`, `name`, `year`, then `year_figures`, and `words` for a hover."""
    tables = []
    for slug, years in journeys.items():
        table = year_figures(years).reset_index()
        table.insert(0, "option", slug)
        table.insert(1, "name", names[slug])
        tables.append(table)
    full = pd.concat(tables, ignore_index=True)
    full["words"] = [
        f"{row['name']}, {'today' if row['year'] == 0 else 'year ' + str(row['year'])}: {whole(row['children_covered'])} children "
        f"({percent(row['share_covered'])}), {row['sites_open']} sites"
        for row in full.to_dict("records")
    ]
    return full


def phase_frame(option: Option, place: Place) -> pd.DataFrame:
    """Sites that open, close or change kind under an option, with the year in which they do.

    Returns
    -------
    DataFrame
        Index `site_id`; `name`, `kind`, `change` ("opens", "closes" or "becomes ..."), `year`.
    """
    applied = apply_option(option, place)
    planned = applied.sites
    today = place.sites.reindex(planned.index)
    listed = {site.site_id: site for site in applied.option.sites}
    rows = {}
    cells = zip(
        planned.index,
        today["is_open"].eq(True),
        planned["is_open"],
        today["kind"],
        planned["kind"],
        planned["name"],
        strict=True,
    )
    for site_id, now, then, kind_before, kind_after, name in cells:
        site = listed.get(str(site_id), OptionSite(str(site_id)))
        if then and not now:
            change = "opens"
        elif now and not then:
            change = "closes"
        elif now and kind_before != kind_after:
            change = f"becomes {kind_after}"
        else:
            continue
        year = site.closes_year if change == "closes" else site.opens_year
        rows[str(site_id)] = {"name": name, "kind": kind_after, "change": change, "year": year or 1}
    return pd.DataFrame.from_dict(
        rows, orient="index", columns=["name", "kind", "change", "year"]
    ).rename_axis("site_id")


def with_phases(option: Option, place: Place, years: pd.Series, name: str) -> Option:
    """An option in steps: every site of `phase_frame` with its year.

    Parameters
    ----------
    option : Option
    place : Place
    years : Series of int
        Index `site_id`.
    name : str
        Of the new option.
    """
    option = with_current_sites(option, place.sites)
    changes = {str(site_id): change for site_id, change in phase_frame(option, place)["change"].items()}
    said = {site.site_id: site for site in option.sites}
    for site_id, year in years.items():
        site = said.get(str(site_id), OptionSite(str(site_id)))
        number = int(year)
        if changes[str(site_id)] == "closes":
            values = {key: value for key, value in site.values.items() if key != "is_open"}
            said[str(site_id)] = replace(site, values=values, opens_year=None, closes_year=number)
        else:
            said[str(site_id)] = replace(site, opens_year=number if number > 1 else None, closes_year=None)
    clean = plain(name)
    source = f"In steps, from {option.name}. {option.source}".strip()
    return replace(
        option, name=clean, slug=slugify(clean), sites=tuple(said.values()), source=source, illustration=True
    )
