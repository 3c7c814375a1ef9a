"""Results by group of people, where groups are large enough, with disclosure control."""

from __future__ import annotations

import pandas as pd

from analysis.places.disclosure import protect
from analysis.workshop.answers import Value
from analysis.workshop.questions import SCALE_POINTS, Question

SMALLEST_GROUP = 10
COUNTED_ONCE: frozenset[str] = frozenset({"single", "scale", "place", "ranking"})
NOT_SAID = "(not said)"

NOTE = (
    f"Groups of fewer than {SMALLEST_GROUP} people are left out, and counts of 1 to 4 are shown as [c]; where what "
    f"is hidden would come to fewer than {SMALLEST_GROUP} people, so that it could be had by subtraction, more is "
    "hidden. All other counts are rounded to the nearest 5."
)


def items_of(question: Question, value: Value) -> list[str]:
    """Items that a person counts for: all that got a dot or a tick, the first choice, the chosen one."""
    if question.kind == "ranking" and isinstance(value, list):
        return value[:1]
    return [str(each) for each in value] if isinstance(value, (list, dict)) else [str(value)]


def labels_of(question: Question) -> pd.Series:
    """Label of every item, index `item`."""
    labels = {item.key: item.label for item in question.items}
    if question.kind == "scale":
        labels = {str(point): str(point) for point in SCALE_POINTS}
    return pd.Series(labels, name="label", dtype="str").rename_axis("item")


def protected_counts(question: Question, values: pd.Series) -> pd.DataFrame:
    """Answers to a question about people, safe to show.

    Parameters
    ----------
    question : Question
        A demographic one.
    values : Series
        Canonical answers, one a person.

    Returns
    -------
    DataFrame
        Index `item` and a last row `all`; `label`, `people` (Int64, rounded to 5, NA where suppressed).

    Notes
    -----
    Where people may tick several items, each item is a table of its own: ticked, or not.
    """
    labels = labels_of(question)
    ticked = pd.DataFrame(
        [[key in items_of(question, value) for key in labels.index] for value in values], columns=labels.index
    ).astype(bool)
    if question.kind in COUNTED_ONCE:
        leaves = ticked.sum().rename("count").rename_axis("item").reset_index()
        shown = protect(leaves, {"items": ["item"], "all": []})
        people, total = shown["items"], shown["all"].iloc[0]
    else:
        apart = {
            key: protect(_two_ways(ticked[key]), {"items": ["ticked"], "all": []}) for key in labels.index
        }
        people = pd.Series({key: tables["items"][True] for key, tables in apart.items()}, dtype="Int64")
        total = min((tables["all"].iloc[0] for tables in apart.values()), key=pd.isna)
    frame = pd.DataFrame({"label": labels, "people": people.reindex(labels.index).astype("Int64")})
    frame.loc["all"] = ["All who answered", total]
    return frame.astype({"people": "Int64"})


def _two_ways(ticked: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"ticked": [True, False], "count": [int(ticked.sum()), int((~ticked).sum())]})


def results_by_group(
    question: Question, answers: pd.DataFrame, about: Question, people: pd.DataFrame
) -> pd.DataFrame:
    """How each group answered, as far as that can be shown of people.

    Parameters
    ----------
    question : Question
        The question that was answered; not free text.
    answers : DataFrame
        From `read_answers` for it.
    about : Question
        A demographic question: each of its items is a group.
    people : DataFrame
        From `read_answers` for `about`.

    Returns
    -------
    DataFrame
        One row a group and item: `group`, `group_label`, `group_people`, `item`, `label`, `people` (Int64,
        rounded to 5, NA where suppressed). Empty if no group is large enough.

    Notes
    -----
    Exact results of the whole room are public, so what is hidden in a column could be had by subtraction:
    it is made to come to `SMALLEST_GROUP` people or more, by hiding the next smallest. Those who did not
    say are a group as well.
    """
    groups = people["value"].map(lambda value: items_of(about, value)).reindex(answers.index)
    groups = groups.map(lambda value: value if isinstance(value, list) else [NOT_SAID])
    rows = pd.DataFrame(
        {"group": groups, "item": answers["value"].map(lambda value: items_of(question, value))}
    )
    members = rows.explode("group")
    sizes = members["group"].value_counts().sort_values(kind="stable")
    kept = sizes.index[_fewest_hidden(sizes, int((sizes < SMALLEST_GROUP).sum())) :]
    frames = [_protected(question, members, list(kept))] if len(kept) else []
    shown = pd.concat([*frames, _no_rows()]).merge(labels_of(question).reset_index(), on="item")
    named = labels_of(about)
    shown["group_label"] = shown["group"].map(named).fillna("Not said").astype("str")
    shown = shown.sort_values(["group", "item"], key=lambda column: column.map(_order(question, about)))
    return shown[["group", "group_label", "group_people", "item", "label", "people"]].reset_index(drop=True)


def _order(question: Question, about: Question) -> dict[str, int]:
    return {
        key: place
        for place, key in enumerate([*labels_of(about).index, NOT_SAID, *labels_of(question).index])
    }


def _no_rows() -> pd.DataFrame:
    columns = {"group": "str", "item": "str", "people": "Int64", "group_people": "Int64"}
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in columns.items()})


def _fewest_hidden(people: pd.Series, hidden: int) -> int:
    """How many of some counts, smallest first, to hide so that those hidden come to enough people, or none."""
    while 0 < hidden < len(people) and people.iloc[:hidden].sum() < SMALLEST_GROUP:
        hidden += 1
    return hidden


def _protected(question: Question, members: pd.DataFrame, groups: list[str]) -> pd.DataFrame:
    """Cells of the groups that are kept, by item, and the groups' sizes, protected together."""
    items = list(labels_of(question).index)
    exploded = members.explode("item")
    everybody = pd.crosstab(exploded["group"], exploded["item"]).reindex(columns=items, fill_value=0)
    counts = everybody.reindex(groups, fill_value=0)
    dropped = everybody.drop(index=groups, errors="ignore").sum()
    if question.kind in COUNTED_ONCE:
        tables = protect(
            _long(counts, "count"), {"cells": ["group", "item"], "groups": ["group"], "items": ["item"]}
        )
        cells, totals = tables["cells"], tables["groups"]
    else:
        sizes = members["group"].value_counts().reindex(groups)
        apart = {item: _protect_ticks(counts[item], sizes) for item in items}
        cells = pd.concat({item: each["cells"].xs(True, level="ticked") for item, each in apart.items()})
        cells = cells.swaplevel()
        totals = apart[items[0]]["groups"]
    shown = _long(counts, "count").set_index(["group", "item"]).assign(people=cells.astype("Int64"))
    for item in items:
        _hide_enough(shown, item, int(dropped[item]))
    return shown.reset_index().assign(group_people=lambda rows: rows["group"].map(totals).astype("Int64"))


def _long(counts: pd.DataFrame, name: str) -> pd.DataFrame:
    """From groups x items to a row each."""
    return counts.rename_axis(index="group").reset_index().melt("group", var_name="item", value_name=name)


def _protect_ticks(ticked: pd.Series, sizes: pd.Series) -> dict[str, pd.Series]:
    """One item of several that can be ticked: by group, ticked or not."""
    both = pd.DataFrame({True: ticked, False: sizes - ticked}).rename_axis(index="group")
    leaves = both.reset_index().melt("group", var_name="ticked", value_name="count")
    return protect(leaves.astype({"ticked": bool}), {"cells": ["group", "ticked"], "groups": ["group"]})


def _hide_enough(shown: pd.DataFrame, item: str, dropped: int) -> None:
    """Hide more of one item's counts where those hidden are too few people, in place."""
    column = shown.xs(item, level="item", drop_level=False)
    hidden = column["people"].isna()
    together = dropped + int(column.loc[hidden, "count"].sum())
    for cell in column.loc[~hidden & column["count"].gt(0), "count"].sort_values(kind="stable").index:
        if not 0 < together < SMALLEST_GROUP:
            break
        together += int(shown.loc[cell, "count"])
        shown.loc[cell, "people"] = pd.NA
