"""Sentences of reach and sites, computed: who is within reach, who is not, what the changes do."""

from __future__ import annotations

from typing import cast

import numpy as np
import pandas as pd

from analysis.base.text import unmarked
from analysis.places.crossings import BUNDLED_SOURCE
from analysis.places.place import Place
from analysis.places.sources import ground_sources
from analysis.reach.answer import ReachAnswer, named_areas
from analysis.reach.groups import By
from analysis.reach.sensitivity import Sensitivity
from analysis.reach.sites import open_counts
from analysis.reach.water import FARTHEST_MINUTES, SHORE_M, crossings_without_water, usable_crossings
from analysis.render.number_words import listed, number_word
from analysis.render.theme import estimate_words, nearest_ten, percent, whole
from analysis.scenario.ages import AGE_GROUPS
from analysis.scenario.scenario import plural
from analysis.scenario.travel import MODE_WORDS

MOST_NAMES = 4


def _number(table: pd.DataFrame, row: object, column: str) -> float:
    return float(cast("float", table[column].to_dict()[row]))


def sites_noun(view: ReachAnswer) -> str:
    """What counts, in the singular: "family hub", or "site" where several kinds do."""
    kinds = view.kinds
    return kinds[0] if len(kinds) == 1 else "site"


def limit_words(view: ReachAnswer) -> str:
    """The limit, such as "within a 20-minute walk"."""
    return f"within a {view.minutes:g}-minute {MODE_WORDS[view.travel.settings.mode].trip}"


def reach_answer(view: ReachAnswer) -> str:
    """Who can reach a site and who cannot, in markdown."""
    group = AGE_GROUPS[view.terms.ages]
    total, covered = (_number(view.summary, "children", part) for part in ("total", "covered"))
    noun = unmarked(sites_noun(view))
    if view.sites.empty:
        return (
            f"No {noun} that counts here is open, so **none of {whole(total)} {group.words}** "
            f"in {unmarked(view.estimate.place.name)} is within reach."
        )
    holding = " with the chosen services" if view.terms.services else ""
    share = percent(covered / total) if total else "0%"
    tier = {part: _number(view.summary, view.tier, part) for part in ("total", "covered", "low", "high")}
    name = next(t.name for t in view.estimate.settings.tiers if t.key == view.tier)
    words = estimate_words(tier["covered"], tier["low"], tier["high"])
    return (
        f"**{whole(covered)} of {whole(total)} {group.words} ({share})** live {limit_words(view)} of an open "
        f"{noun}{holding}, with **{words}** of the {whole(round(tier['total'], -1))} estimated to need {unmarked(name.lower())}; "
        f"{left_out(view)}."
    )


def reach_headline(view: ReachAnswer) -> str:
    """The finding in plain words, for the head of a printed map."""
    total, covered = (_number(view.summary, "children", part) for part in ("total", "covered"))
    share = percent(covered / total) if total else "0%"
    who = AGE_GROUPS[view.terms.ages].words
    return f"{share} of {who} ({whole(covered)} of {whole(total)}) live {limit_words(view)} of an open {sites_noun(view)}"


def smallest_part(place: Place) -> str:
    """What travel starts from, in the singular: "point where people live", or "neighbourhood centre"."""
    return "neighbourhood centre" if place.at_centres else "point where people live"


def starts(place: Place) -> str:
    """Where minutes run from, for a line of assumptions."""
    return (
        "from each neighbourhood's centre"
        if place.at_centres
        else f"from {len(place.points):,} points where people live"
    )


def standing(place: Place) -> str:
    """Where people are taken to live, in a sentence of the method."""
    if place.at_centres:
        return "Everyone in a neighbourhood is taken to live at its centre, as the figures give it."
    own = place.own("points")
    what = "groups of postcodes" if own is None else own.title
    doubt = (
        " A postcode is not a home: offices count like houses, and a tower of flats like one."
        if own is None
        else ""
    )
    return (
        f"The people of a neighbourhood are taken to live at its weighted points ({what}, {len(place.points):,} in all), all "
        f"ages alike, so a neighbourhood can be within reach in part.{doubt}"
    )


def none_of(view: ReachAnswer, names: str) -> str:
    """Start of a sentence about places from which no site is within the limit."""
    return f"no neighbourhood centre in {names}" if view.place.at_centres else f"no part of {names}"


def left_out(view: ReachAnswer) -> str:
    """Who cannot: of the council's named areas if it has any, else the wards of which no part is within reach."""
    named = named_areas(view)
    if len(named):
        many = f"of the {number_word(len(named))} named areas"
        none = list(named.index[named["children_covered"] == 0])
        if none:
            return f"{many}, **{none_of(view, listed([unmarked(name) for name in none]))}** is within it"
        low = str(named["share_covered"].idxmin())
        if _number(named, low, "share_covered") >= 1:
            return _all_within(view, f"in the {number_word(len(named))} named areas")
        return f"{many}, **{unmarked(low)}** has the fewest who do ({percent(_number(named, low, 'share_covered'))})"
    wards = view.by("ward")
    need = view.areas[view.tier].groupby(view.areas["ward_code"]).sum()
    empty = wards[(wards["children_covered"] == 0) & (wards["children"] > 0)]
    names = [
        unmarked(str(empty.loc[code, "area_name"]))
        for code in need.reindex(empty.index).sort_values(ascending=False, kind="stable").index
    ]
    if not names:
        low = str(wards["share_covered"].idxmin())
        if _number(wards, low, "share_covered") >= 1:
            return (
                _all_within(view, "in every ward")
                if not view.place.at_centres
                else "the centre of every neighbourhood is within it"
            )
        share = percent(_number(wards, low, "share_covered"))
        return f"**{unmarked(str(wards.loc[low, 'area_name']))}** has the smallest share who do ({share})"
    more = len(names) - MOST_NAMES
    some = (
        f"{', '.join(names[:MOST_NAMES])} and {number_word(more)} more wards" if more > 1 else listed(names)
    )
    return f"**{none_of(view, some)}** is within it"


def _all_within(view: ReachAnswer, where: str) -> str:
    return (
        f"every neighbourhood centre {where} is within it"
        if view.place.at_centres
        else f"nearly all do {where}"
    )


def gap_sentence(view: ReachAnswer) -> str:
    """Whether the most deprived fifth is better or worse off than the least."""
    fifths = view.by("fifth")
    most, least = (float(fifths["share_covered"].iloc[end]) for end in (0, -1))
    points = abs(view.gap["share_gap"]) * 100
    if np.isnan(points) or points < 0.5:
        return f"The most and the least deprived fifth are reached alike ({percent(most)})"
    side = "less" if view.gap["share_gap"] > 0 else "more"
    return (
        f"The most deprived fifth is reached {side} than the least: {percent(most)} against {percent(least)} "
        f"of children, {points:.0f} points"
    )


def coverage_sentence(view: ReachAnswer, by: By, many: str) -> str:
    """Title of the coverage chart: the areas of which no part is within reach, else the one with the smallest share."""
    known = view.by(by).dropna(subset=["share_covered"])
    if known.empty:
        return "No children live here"
    none = int((known["children_covered"] == 0).sum())
    if none > 1 and view.place.at_centres:
        return f"In {none} of {len(known)} {many}, no neighbourhood centre is within reach"
    if none > 1:
        return f"No part of {none} of {len(known)} {many} is within reach"
    low = str(known["share_covered"].idxmin())
    return f"{known.loc[low, 'area_name']!s}: {percent(_number(known, low, 'share_covered'))} within reach"


def site_sentence(view: ReachAnswer) -> str:
    """Title of the chart of sites: which site alone reaches most."""
    table = view.site_table
    if table.empty:
        return "No site counts here"
    best = str(table["need_unique"].idxmax())
    if _number(table, best, "need_unique") <= 0:
        return f"No {smallest_part(view.place)} depends on one site alone"
    return f"Closing {table.loc[best, 'name']!s} alone would lose most"


def access_sentence(table: pd.DataFrame) -> str:
    """Title of the chart of capacity per need: where there is none, else where there is least.

    Parameters
    ----------
    table : DataFrame
        `area_name`, `value`, least first.
    """
    nothing = table[table["value"] == 0]
    if len(nothing) > 1:
        return f"In {number_word(len(nothing))} of {len(table)} wards there is nothing within reach"
    return f"{table['area_name'].iloc[0]} has the least within reach for its need"


def sensitivity_sentence(found: Sensitivity) -> str:
    """How far the share of children moves when one assumption at a time does, and how many wards keep their answer."""
    shares = found.table["children_share"]
    return f"Between {percent(shares.min())} and {percent(shares.max())} of children, by assumption; {_kept(found)}"


def _kept(found: Sensitivity) -> str:
    keeps, many = int(found.wards["keeps"].sum()), len(found.wards)
    if keeps == many:
        return (
            f"all {number_word(many)} wards keep the same answer" if many > 1 else "its ward keeps its answer"
        )
    return f"of {number_word(many)} wards, {number_word(keeps)} {'keeps' if keeps == 1 else 'keep'} the same answer"


def wards_kept(found: Sensitivity) -> str:
    """How many wards keep the same answer whatever is assumed, and what was: for a committee, in markdown."""
    kept = _kept(found)
    every = int(found.wards["keeps_together"].sum())
    return (
        f"{kept[:1].upper()}{kept[1:]} **whatever is assumed**, one assumption at a time: {_tried(found)}. "
        f"{number_word(every).capitalize()} {'keeps' if every == 1 else 'keep'} it even with all of these at their best or at "
        "their worst together. A ward is within reach when at least half of its children are."
    )


def _tried(found: Sensitivity) -> str:
    """The assumptions that were tried, with their values."""
    forms = {"detour": "a detour of {}", "speed_kmh": "{} km/h", "minutes": "a limit of {} minutes"}
    words = [
        form.format(f"{min(values):g} to {max(values):g}")
        for name, form in forms.items()
        if (values := found.tried.get(name))
    ]
    words += map(str, found.tried.get("way", ()))
    crossings = len(found.tried.get("crossings", ()))
    if crossings:
        words.append(
            "the one crossing closed"
            if crossings == 1
            else f"any one or two of the {number_word(crossings)} crossings closed"
        )
    return listed(words)


def closing_sentence(found: Sensitivity) -> str:
    """What closing one or two crossings would cost; "" where none can be closed."""
    table = found.table[found.table["assumption"] == "crossings"]
    if table.empty:
        return ""
    now = float(found.table.loc[found.table["in_force"], "children_covered"].iloc[0])
    worst = table.sort_values("children_covered", kind="stable").groupby("value").first()
    lost = (now - worst["children_covered"]).round()
    names = worst["what"].map(lambda what: unmarked(str(what)))
    one, two = float(lost.get(1.0, 0.0)), float(lost.get(2.0, 0.0))
    if max(one, two) <= 0:
        return "Whichever one or two crossings are closed, as many children are within reach."
    words = (
        f"Of the crossings, closing {names[1.0]} costs most: {whole(one)} fewer children are within reach"
        if one > 0
        else "Closing any one crossing leaves as many children within reach"
    )
    if two > one:
        return f"{words}; closing {names[2.0]}, {whole(two)} fewer."
    return f"{words}{'; closing a second costs no more' if 2.0 in lost else ''}."


def depends_on(flips_with: str) -> str:
    """The assumptions that change an answer, in words."""
    names = {"speed_kmh": "speed", "minutes": "limit", "way": "way round water", "crossings": "crossings"}
    return ", ".join(names.get(name, name) for name in flips_with.split("; "))


def water_sentence(view: ReachAnswer) -> str:
    """What open water does to the minutes, or that nobody has looked; "" where no water lies in the way."""
    if not view.travel.is_straight:
        return ""
    if view.place.crossings:
        usable, many = usable_crossings(view.place.crossings, view.settings), len(view.place.crossings)
        return (
            "Where open water lies in the way, people go round by the listed crossings "
            f"({sum(usable)} of {many} can be used {MODE_WORDS[view.settings.mode].way}).{_barred(view.place)}"
        )
    across = round(view.children_across_water)
    if not across:
        return _barred(view.place).strip()
    return (
        f"For {whole(across)} children the straight line to their nearest site crosses open water. No crossings have been "
        f"listed, so this is unchecked.{_barred(view.place)}"
    )


def _barred(place: Place) -> str:
    """The barriers that lines go round, after a sentence."""
    if not place.barriers:
        return ""
    names = listed([f"{each.name} ({each.kind})" for each in place.barriers])
    return f" Lines go round {'this barrier' if len(place.barriers) == 1 else 'these barriers'} too: {names}."


def water_method() -> str:
    """What is done about water, for the method."""
    return (
        "Open water is what the shapes of the areas leave out. Where the place lists its crossings, a straight line over "
        "water, or over a barrier such as docks, is replaced by the shortest way round by crossings that are open and "
        f"can be used by the mode, with a ferry's wait; a line within {SHORE_M:g} m of the shore, and water narrower than "
        f"{2 * SHORE_M:g} m, do not count, and sites more than {FARTHEST_MINUTES:g} minutes away keep their straight "
        "line. Where no crossing is listed, no line is replaced, and the children whose line crosses water are counted."
    )


def crossings_sentence(place: Place) -> str:
    """How many crossings are listed, how sure they are, and which of them no way needs."""
    if not place.crossings:
        return "No crossings have been listed yet, so straight lines go over open water."
    many = len(place.crossings)
    words = [f"{number_word(many).capitalize()} crossing{'s are' if many > 1 else ' is'} listed."]
    guessed = sum(each.source == BUNDLED_SOURCE for each in place.crossings)
    if guessed:
        words.append(
            f"{number_word(guessed).capitalize()} from general knowledge, not surveyed: verify before use."
        )
    dry = [each.name for each in crossings_without_water(place)]
    if dry:
        words.append(f"Not needed, because the shapes show no water to go round there: {listed(dry)}.")
    return " ".join(words)


def travel_source(view: ReachAnswer) -> str:
    """Assumptions in force, for under a chart or in a download."""
    words = [view.line, f"{view.travel.words}, {starts(view.place)}"]
    if view.travel.estimated:
        words.append(f"{len(view.travel.estimated)} sites are not in the table: straight-line estimates")
    sentences = [f"Modelled travel: {'; '.join(words)}", *ground_sources(view.place, view.sites)]
    return " ".join(f"{part.rstrip('.')}." for part in sentences)


def sites_answer(sites: pd.DataFrame, changes: int, place_name: str) -> str:
    """Which sites there are, and how many changes were made."""
    counts = open_counts(sites)
    closed = int(len(sites) - counts.sum())
    kinds = [
        f"{number} {unmarked(plural(str(kind), int(number)))}" for kind, number in counts.head(4).items()
    ]
    rest = int(counts.iloc[4:].sum())
    if rest:
        kinds.append(f"{rest} of other kinds")
    number = int(counts.sum())
    start = f"**{number} {'site is' if number == 1 else 'sites are'} open** in {unmarked(place_name)}"
    start += f": {listed(kinds)}" if kinds else ""
    rest_words = "is closed or a possible building" if closed == 1 else "are closed or possible buildings"
    more = f"; {closed} more {rest_words}" if closed else ""
    done = (
        "them as they are today"
        if changes == 0
        else f"**{changes} change{'s' if changes > 1 else ''}** from today"
    )
    return f"{start}{more}. The table shows {done}."


def change_sentence(before: ReachAnswer, after: ReachAnswer, changes: int) -> str:
    """What the changes to sites do to the children within reach."""
    was, now = (round(_number(view.summary, "children", "covered")) for view in (before, after))
    total = round(_number(after.summary, "children", "total"))
    words = f"{whole(now)} of {whole(total)} {AGE_GROUPS[after.terms.ages].words} are {limit_words(after)}"
    if changes == 0:
        return f"{words}."
    if now == was:
        return f"{words}, as many as today."
    more = "more" if now > was else "fewer"
    return f"{words}: **{whole(abs(now - was))} {more}** than today."


def site_card(view: ReachAnswer, site: pd.Series, site_id: str) -> str:
    """What one site is and carries, in markdown.

    Parameters
    ----------
    site : Series
        Its row of the sites frame.
    site_id : str
        Index of that row.
    """
    state = "open" if bool(site["is_open"]) else "closed"
    head = f"**{unmarked(str(site['name']))}**  \n:gray[{unmarked(str(site['kind']))}, {state}]"
    if site_id not in view.site_table.index:
        why = "it is closed" if state == "closed" else "its kind or the filters leave it out"
        return f"{head}  \nIt does not count now: {why}."
    columns = ("children_within", "children_unique", "families_assigned", "load")
    row = {column: _number(view.site_table, site_id, column) for column in columns}
    load = row["load"]
    full = f" Its load is **{percent(load)}** of its capacity." if np.isfinite(load) else ""
    return (
        f"{head}  \n**{whole(row['children_within'])} children** {limit_words(view)}; **{whole(row['children_unique'])}** of "
        f"them can reach no other site that counts. It is the nearest for an estimated {nearest_ten(row['families_assigned'])} "
        f"families.{full}"
    )
