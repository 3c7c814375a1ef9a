"""Tables of figures looked at, as they are downloaded and printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.benchmark.indicator_answer import IndicatorAnswer, PairAnswer
from analysis.benchmark.indicator_words import figure, map_title
from analysis.places.indicators import Indicator

SHOWN_DECIMALS = 4


def indicator_table(known: Mapping[str, Indicator]) -> pd.DataFrame:
    """What can be looked at, one row each.

    Returns
    -------
    DataFrame
        Index `key`; `group`, `title`, `unit`, `more_need` ("higher", "lower", "context"), `finest` (smallest areas),
        `measure`, `weight` (of means), `vintage`, `publisher`, `source`, `licence`, `status`, `note`.
    """
    rows = [
        {
            "key": each.key,
            "group": each.group,
            "title": each.title,
            "unit": each.unit,
            "more_need": {1: "higher", -1: "lower", 0: "context"}[each.direction],
            "finest": each.finest,
            "measure": each.measure,
            "weight": each.weight if each.measure == "mean" else "",
            "vintage": each.vintage,
            "publisher": each.publisher,
            "source": each.source,
            "licence": each.licence,
            "status": each.status,
            "note": each.note,
        }
        for each in known.values()
    ]
    return pd.DataFrame(rows).set_index("key")


def look_table(answer: IndicatorAnswer) -> pd.DataFrame:
    """A figure by area, most need first, as `LOOK` says, rounded."""
    return answer.table.round(
        {"value": SHOWN_DECIMALS, "low": SHOWN_DECIMALS, "high": SHOWN_DECIMALS, "england_percentile": 1}
    )


def without_empty(table: pd.DataFrame) -> pd.DataFrame:
    """A table as it is read: columns without any figure are left out, but for the figure itself."""
    return table.drop(columns=[name for name in table if name != "value" and table[name].isna().all()])


def standing_table(answers: Sequence[IndicatorAnswer]) -> pd.DataFrame:
    """The place against England, a row a figure that can be compared.

    Returns
    -------
    DataFrame
        Index `figure` (in words); `place` and `england` (in words), `rank` and `peers` (missing for a place that is
        neither one authority nor one district), `among`.
    """
    rows = [
        {
            "figure": map_title(each.whole),
            "place": figure(each.whole, each.standing.value),
            "england": figure(each.whole, each.standing.england),
            "rank": each.standing.rank,
            "peers": each.standing.peers,
            "among": each.standing.among,
        }
        for each in answers
        if each.standing is not None
    ]
    columns = ["figure", "place", "england", "rank", "peers", "among"]
    table = pd.DataFrame(rows, columns=columns).set_index("figure")
    return table.astype({"rank": "Int64", "peers": "Int64"})


def pair_table(pair: PairAnswer) -> pd.DataFrame:
    """Two figures by area, and the third of the place that each area is in on either."""
    return pair.table.round({"value": SHOWN_DECIMALS, "second_value": SHOWN_DECIMALS})
