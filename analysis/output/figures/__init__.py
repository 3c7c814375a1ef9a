"""Charts by plotly: a frame of numbers in, a figure out, never shown here."""

from analysis.output.figures.frame import FigureStyle, titled
from analysis.output.figures.need import age_bars, domain_bars, pyramid_bars, ranking_bars, share_bars
from analysis.output.figures.reach import access_bars, coverage_bars, sensitivity_lines, site_bars
from analysis.output.figures.spots import moran_points
from analysis.output.figures.targeting import (
    chance_bars,
    concentration_lines,
    rank_interval_lines,
    set_bars,
    verdict_bars,
)

__all__ = [
    "FigureStyle",
    "access_bars",
    "age_bars",
    "chance_bars",
    "concentration_lines",
    "coverage_bars",
    "domain_bars",
    "moran_points",
    "pyramid_bars",
    "rank_interval_lines",
    "ranking_bars",
    "sensitivity_lines",
    "set_bars",
    "share_bars",
    "site_bars",
    "titled",
    "verdict_bars",
]
