"""Charts by plotly: a frame of numbers in, a figure out, never shown here."""

from analysis.output.figures.frame import FigureStyle, titled
from analysis.output.figures.need import age_bars, domain_bars, pyramid_bars, ranking_bars, share_bars
from analysis.output.figures.targeting import concentration_lines, rank_interval_lines

__all__ = [
    "FigureStyle",
    "age_bars",
    "concentration_lines",
    "domain_bars",
    "pyramid_bars",
    "rank_interval_lines",
    "ranking_bars",
    "share_bars",
    "titled",
]
