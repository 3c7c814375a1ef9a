"""Sentences of the options page: which plan reaches most, who loses, what a consultation has to say."""

from __future__ import annotations

import math

import pandas as pd

from analysis.base.text import plain
from analysis.options.difference_view import DifferenceView
from analysis.options.equality import GroupView
from analysis.options.option import Option
from analysis.options.reached import OptionReach
from analysis.options.statement import wards_worse_off
from analysis.options.view import SideBySide
from analysis.render.number_words import listed, number_word
from analysis.render.theme import percent, whole
from analysis.scenario.travel import MODE_WORDS

MOST_NAMES = 4


def comparison_sentence(view: SideBySide) -> str:
    """Which option brings most children within reach, which fewest, and whom the count holds."""
    note = age_note(view.reaches)
    return f"{_first_and_last(view)} {note}".strip()


def _first_and_last(view: SideBySide) -> str:
    figures = view.figures.sort_values("children_covered", ascending=False, kind="stable")
    total = whole(float(figures["children"].iloc[0]))
    first, last = figures.to_dict("records")[0], figures.to_dict("records")[-1]
    if len(figures) == 1 or first["children_covered"] == last["children_covered"]:
        which = "This option" if len(figures) == 1 else f"All {number_word(len(figures))} options"
        verb = "brings" if len(figures) == 1 else "bring"
        return f"{which} {verb} **{whole(first['children_covered'])}** of {total} children ({percent(first['share_covered'])}) within reach."
    most, fewest = (
        listed(
            [
                f"**{_named(name)}**"
                for name in figures["name"][figures["children_covered"] == row["children_covered"]]
            ]
        )
        for row in (first, last)
    )
    verb = "brings" if (figures["children_covered"] == first["children_covered"]).sum() == 1 else "bring"
    return (
        f"{most} {verb} most children within reach, **{whole(first['children_covered'])}** of {total} "
        f"({percent(first['share_covered'])}); {fewest} fewest, **{whole(last['children_covered'])}** "
        f"({percent(last['share_covered'])})."
    )


def alone_words(option: Option, others: int) -> str:
    """What to do where one option stands alone: choose another, or, where there are none, make one."""
    alone = f"Only **{_named(option.name)}** is here, so there is nothing to compare it with."
    if others:
        return f"{alone} Choose a second option above."
    return (
        f"{alone} Make a plan on the page Sites (open, close, move or add sites, then save it as an option), or take "
        "a set of sites from the page Siting."
    )


def difference_sentence(view: DifferenceView) -> str:
    """How many children lose and gain from one option to another, the losers first."""
    children, under = view.children, view.under_fives
    loses = int(children["out of reach"] + children["farther"])
    gains = int(children["into reach"] + children["nearer"])
    names = f"From {_named(view.before.option.name)} to {_named(view.after.option.name)}"
    if loses == gains == 0:
        return f"{names}, **nothing changes** for any of {whole(children.sum())} children."
    few = under["out of reach"] + under["farther"]
    return (
        f"{names}, **{whole(loses)}** of {whole(children.sum())} children lose (**{whole(children['out of reach'])}** fall out of "
        f"reach), **{whole(few)}** of them under five; **{whole(gains)}** gain (**{whole(children['into reach'])}** come within "
        f"reach); {whole(children['unchanged'])} are unchanged."
    )


def statement_sentence(statement: pd.DataFrame, before: OptionReach, after: OptionReach) -> str:
    """The under-fives statement in one sentence."""
    mode = after.settings.mode
    total = round(statement["under_fives"].sum())
    one, other = round(statement[f"{mode}_before"].sum()), round(statement[f"{mode}_after"].sum())
    worse = wards_worse_off(statement)
    start = (
        f"**{whole(one)}** of {whole(total)} children under five ({_share(one, total)}) are within reach {MODE_WORDS[mode].way} under "
        f"{_named(before.option.name)}, **{whole(other)}** ({_share(other, total)}) under {_named(after.option.name)}"
    )
    if worse.empty:
        return f"{start}; no ward is worse off."
    names = [plain(str(name)) for name in worse["area_name"].head(MOST_NAMES)]
    more = f" and {len(worse) - MOST_NAMES} more" if len(worse) > MOST_NAMES else ""
    joined = f"{', '.join(names)}{more}" if more else listed(names)
    return f"{start}; {_worse_words(statement)}: {joined}."


def _worse_words(statement: pd.DataFrame) -> str:
    """In how many wards families are worse off, and in how many some lose and others gain."""
    number = statement["verdict"].value_counts()
    worse, mixed = int(number.get("worse", 0)), int(number.get("mixed", 0))
    if not worse:
        return f"in **{number_word(mixed)} of {len(statement)} wards** some families lose and others gain"
    words = f"families are worse off in **{number_word(worse)} of {len(statement)} wards**"
    return f"{words}, and in {number_word(mixed)} more some lose and others gain" if mixed else words


def statement_text(statement: pd.DataFrame, before: OptionReach, after: OptionReach) -> str:
    """The statement as text for a report: what is compared, the sum, and a line a ward that is worse off."""
    worse = wards_worse_off(statement)
    mode = after.settings.mode
    meaning = (
        f"Within reach means {after.words}. Only sites that serve ages 0 to 4 count. A family loses where it falls out of "
        "reach, or its nearest site is further by a minute or more."
    )
    lines = [statement_sentence(statement, before, after).replace("*", ""), meaning]
    for row in worse.to_dict("records"):
        nearest = row["nearest_after"] or "none"
        lines.append(
            f"{row['area_name']}: {whole(row['under_fives_losing'])} of {whole(row['under_fives'])} children under five lose, "
            f"{whole(row['under_fives_out_of_reach'])} fall out of reach; within reach {whole(row[f'{mode}_before'])} before, "
            f"{whole(row[f'{mode}_after'])} after ({whole(row['drive_after'])} by car); mean minutes "
            f"{_mean(row['minutes_before'])} before, {_mean(row['minutes_after'])} after; nearest site after: {nearest}."
        )
    if worse.empty:
        lines.append("No ward is worse off.")
    return "\n\n".join(plain(line) for line in lines)


def _mean(minutes: float) -> str:
    """Mean minutes; where some have no way to any site there is no mean."""
    return f"{minutes:.0f}" if math.isfinite(minutes) else "no way"


def terms_sentence(reaches: tuple[OptionReach, ...] | list[OptionReach]) -> str:
    """The scenario of each option, in the one line that every picture of it carries."""
    return " ".join(f"{plain(reach.option.name)}: {reach.line}." for reach in reaches)


def age_note(reaches: tuple[OptionReach, ...] | list[OptionReach]) -> str:
    """Where sites serve certain ages only, that each age counts its own."""
    certain = [plain(reach.option.name) for reach in reaches if reach.serves is not None]
    if not certain:
        return ""
    return (
        f"Some sites of {listed(certain)} serve certain ages only: children count as within reach of a site that serves "
        "their age."
    )


def _share(part: int, total: int) -> str:
    return percent(part / total) if total else "none"


def _named(name: object) -> str:
    """A name inside a bold part of a sentence: markdown's own signs are taken out of it."""
    text = plain(str(name))
    for sign in "\\`*_{}[]<>#|~$":
        text = text.replace(sign, "")
    return text


def equality_sentence(table: pd.DataFrame, view: GroupView) -> str:
    """Which group is farthest behind, under which option, and where groups are closest."""
    known = table.dropna(subset=["share_covered"])
    if known["group"].nunique() < 2:
        return "There is only one group to compare."
    spread = known.groupby("option")["share_covered"].agg(lambda shares: shares.max() - shares.min())
    names = dict(zip(known["option"], known["name"], strict=True))
    worst = known.to_dict("records")[int(known["behind"].to_numpy().argmax())]
    closest = str(names[str(spread.idxmin())])
    best = known[known["option"] == worst["option"]].sort_values("share_covered").to_dict("records")[-1]
    if worst["behind"] < 0.005:
        return f"Every group of {view.name.lower()} is reached alike under every option."
    return (
        f"Under {_named(worst['name'])}, **{percent(worst['share_covered'])}** of {_named(str(worst['group']).lower())} are within "
        f"reach, against **{percent(best['share_covered'])}** of {_named(str(best['group']).lower())}; groups are closest under "
        f"**{_named(closest)}**."
    )


def balance_sentence(balanced: pd.DataFrame, tier: str, tier_name: str) -> str:
    """Which way of drawing localities shares need most evenly."""
    rows = balanced[balanced["measure"] == tier].sort_values("coefficient_of_variation", kind="stable")
    first = rows.to_dict("records")[0]
    if int(rows["localities"].max()) < 2:
        return "The place is one locality, so there is nothing to balance."
    words = f"the largest holds **{first['largest_to_smallest']:.1f}** times the {tier_name.lower()} of the smallest"
    if len(rows) == 1:
        return f"No option redraws localities. Today's {first['localities']}: {words}."
    last = rows.to_dict("records")[-1]
    return (
        f"**{_named(first['name'])}** ({first['localities']}) share need most evenly: {words}; under {_named(last['name'])} "
        f"({last['localities']}) it is **{last['largest_to_smallest']:.1f}** times."
    )


def years_sentence(table: pd.DataFrame) -> str:
    """Where reach dips on the way, the deepest dip first."""
    dips = table[table["dip"]]
    if table["year"].max() <= 1:
        start = "No option sets years, so all changes come at once, in year 1"
    else:
        start = f"The plans run to year {int(table['year'].max())}"
    if dips.empty:
        return f"{start}; in no year are fewer children within reach than before."
    deepest = dips.sort_values("children_covered", kind="stable").to_dict("records")[0]
    before = table[(table["option"] == deepest["option"]) & (table["year"] < deepest["year"])][
        "children_covered"
    ].max()
    return (
        f"{start}; fewest under {_named(deepest['name'])} in year {deepest['year']}: "
        f"**{whole(before - deepest['children_covered'])} fewer** children within reach than before, "
        f"{whole(deepest['children_covered'])} instead of {whole(before)}."
    )


def score_sentence(scores: pd.DataFrame) -> str:
    """Which option comes first under the weights, and how firmly."""
    first = scores.to_dict("records")[0]
    firm = "firmly" if first["p_first"] >= 0.9 else "mostly" if first["p_first"] >= 0.6 else "barely"
    return (
        f"**{_named(first['name'])}** comes first with {first['score']:.0f} of 100 points, {firm}: it is first in "
        f"**{percent(first['p_first'])}** of model runs around your weights."
    )
