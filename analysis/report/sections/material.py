"""What every section is made from: the estimate, the shapes, the request, and the words that return."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from analysis.need.estimate import NeedEstimate
from analysis.need.words import parameters_sentence, source_sentence
from analysis.options.reached import scenario_reach
from analysis.places.place import Place
from analysis.reach.answer import ReachAnswer
from analysis.render.outlines import Outlines
from analysis.render.theme import DARK_BLUE
from analysis.report.content import BarData
from analysis.report.manifest import PackRequest
from analysis.scenario.terms import Terms

MOST_BARS = 22


@dataclass(frozen=True, eq=False)
class Material:
    """The ground of a section.

    Parameters
    ----------
    estimate : NeedEstimate
    shapes : Outlines
    request : PackRequest
    tier : str
        Key of the tier of maps and rankings.
    manifest : str
    sites : DataFrame
        The place's own, or those of the request.
    """

    estimate: NeedEstimate
    shapes: Outlines
    request: PackRequest
    tier: str
    manifest: str
    sites: pd.DataFrame

    @cached_property
    def reach(self) -> ReachAnswer:
        """The request's scenario, in a straight line."""
        return scenario_reach(self.estimate, replace(self.request.scenario, terms=self.terms), self.sites)

    @property
    def terms(self) -> Terms:
        """Terms of reach, with the tier of maps and rankings."""
        return replace(self.request.scenario.terms, tier=self.tier)

    @property
    def place(self) -> Place:
        """The place."""
        return self.estimate.place

    @property
    def source(self) -> str:
        """Source, licence and assumptions of an estimate of need."""
        return f"{source_sentence(self.estimate)} {parameters_sentence(self.estimate)}"

    @property
    def counted_source(self) -> str:
        """Source and licence of figures that are counted, not modelled."""
        return f"{source_sentence(self.estimate)} Counted, not modelled."

    def tier_name(self, key: str) -> str:
        """Name of a tier."""
        return next(tier.name for tier in self.estimate.settings.tiers if tier.key == key)


def bars_of(rows: pd.DataFrame, value: str, unit: str, *, name: str = "area_name") -> BarData:
    """Rows of a bar chart for a presentation's own chart, with range and fill where the rows have them."""
    fill = tuple(rows["fill"]) if "fill" in rows else (DARK_BLUE,)
    ranged = {"low", "high"} <= set(rows.columns)
    return BarData(
        names=tuple(map(str, rows[name])),
        series={unit: tuple(rows[value].astype(float))},
        colours={unit: fill},
        low=tuple(rows["low"].astype(float)) if ranged else (),
        high=tuple(rows["high"].astype(float)) if ranged else (),
        unit=unit,
    )
