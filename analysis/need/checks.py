"""All checks of a place: its figures, and that its tiers add up on every edition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

import pandas as pd

from analysis.need.estimate import estimate_need
from analysis.places.checks import Check, checks_table, figure_checks, passed
from analysis.places.england.checks import official_checks
from analysis.places.place import LEVELS, Place, sum_by
from analysis.scenario.need_settings import available_bases, default_settings


def place_checks(place: Place) -> pd.DataFrame:
    """Every check of a place.

    Returns
    -------
    DataFrame
        Index `check`; `result` ("passed", "failed", "note"), `expected`, `found`, `source`.
    """
    return checks_table(chain(figure_checks(place), official_checks(place), _tiers(place)))


def _tiers(place: Place) -> Iterator[Check]:
    for vintage in place.vintages:
        for basis in available_bases(place, vintage):
            estimate = estimate_need(place, replace(default_settings(place), vintage=vintage, basis=basis))
            wanted = {t.key: int(t.prevalence * place.children + 0.5) for t in place.tiers}
            found = {
                key: {int(sum_by(place, estimate.counts, level)[key].sum()) for level in LEVELS}
                for key in wanted
            }
            steepest = max(
                abs(estimate.curves[t.key].gradient / t.gradient - 1) for t in place.tiers if t.prevalence
            )
            yield Check(
                f"Tiers add up at every level and keep their gradients ({basis.upper()} {vintage})",
                passed(all(found[key] == {wanted[key]} for key in wanted) and steepest < 1e-9),
                ", ".join(f"{t.name} {wanted[t.key]:,}" for t in place.tiers),
                ", ".join(
                    f"{t.name} {' or '.join(f'{n:,}' for n in sorted(found[t.key]))}" for t in place.tiers
                )
                + f"; gradients to {steepest:.0e}",
                f"prevalences and gradients in {place.stated_in}",
            )
