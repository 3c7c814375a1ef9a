"""Siting in sentences: the answer, its proof, what it gives up, or what stands in the way."""

from __future__ import annotations

import math
from collections.abc import Iterable

from analysis.reach.words import smallest_part
from analysis.render.number_words import listed, number_word
from analysis.render.theme import estimate_words, nearest_ten, percent, pounds, whole
from analysis.siting.answer import set_reach
from analysis.siting.districts.districts import WardSplit
from analysis.siting.figures import FrontierWords
from analysis.siting.frontier import Frontier
from analysis.siting.models.model import Progress, Solution
from analysis.siting.problem import FLOORS, MODELS, WITH_NUMBER, WITH_RADIUS, PlaceProblem, SitingProblem
from analysis.siting.robustness import Robustness

MOST_NAMED = 6
MOST_AREAS = 10
EQUAL = 1e-9
# How the explanation of a budget question says that a floor cannot be met.
SHORTFALL = " of need can be covered, not "
AMOUNTS = {
    "mclp": "estimated children within reach",
    "budget": "estimated children within reach",
    "pmedian": "child-minutes in all",
    "pcenter": "minutes at the longest",
    "lscp": "sites",
    "partial": "sites",
}
MEASURES = {
    "mclp": "need covered",
    "budget": "need covered",
    "pmedian": "need-weighted minutes",
    "pcenter": "longest minutes",
    "lscp": "sites",
    "partial": "sites",
}


def weight_words(problem: PlaceProblem) -> str:
    """What counts, in words: "children who need early help"."""
    weight = problem.terms.weight
    for tier in problem.estimate.settings.tiers:
        if tier.key == weight:
            return f"children who need {tier.name.lower()}"
    return {"under_fives": "children under five", "children": "children"}.get(weight, weight)


def siting_sentence(problem: PlaceProblem, best: Solution) -> str:
    """The answer in one sentence (markdown), or why there is none."""
    if math.isnan(best.objective):
        return impossible_words(best)
    return f"{sites_words(problem, best)}. {achieved(problem, best)}"


def sites_words(problem: PlaceProblem, solution: Solution) -> str:
    """The sites of a set by name (markdown); of a large set its number, and under a budget its hubs."""
    if len(solution.sites) <= MOST_NAMED:
        return f"{counted(len(solution.sites), 'site')}: {_bold(problem, solution.sites)}"
    hubs = [site for site in solution.sites if solution.kinds.get(site) == "hub"]
    outreach = len(solution.sites) - len(hubs)
    if 0 < len(hubs) <= MOST_NAMED:
        return f"{counted(len(hubs), 'hub')} ({_bold(problem, hubs)}) and {counted(outreach, 'outreach site').lower()}"
    if len(solution.kinds):
        both = f"{counted(len(hubs), 'hub')} and {counted(outreach, 'outreach site').lower()}"
        return both if hubs else counted(outreach, "outreach site")
    return f"{counted(len(solution.sites), 'site')}, among them {_bold(problem, solution.sites[:3])}"


def _bold(problem: PlaceProblem, sites: Iterable[str]) -> str:
    return listed([f"**{name}**" for name in problem.names(sites)])


def counted(number: int, noun: str) -> str:
    """A number of things, to begin a sentence with: "Three sites"."""
    return f"{number_word(number).capitalize()} {noun}{'' if number == 1 else 's'}"


def impossible_words(solution: Solution) -> str:
    """What cannot be met, and the least change that would make it possible (markdown)."""
    if solution.status == "stopped":
        return "**Stopped** before any set of sites was found."
    short = shortfalls(solution)
    changes = [remedy for remedy in solution.remedies if remedy not in short]
    if len(short) > 1:
        changes.insert(0, f"{len(short)} floors fall short, among them {short[0]}")
    else:
        changes = [*short, *changes]
    reasons = ". ".join(f"{change[0].upper()}{change[1:]}" for change in changes if change)
    return f"**No set of sites can do this.** {reasons or 'No set of sites can do it'}."


def shortfalls(solution: Solution) -> list[str]:
    """The floors that cannot be met, each with the most that can."""
    return [remedy for remedy in solution.remedies if SHORTFALL in remedy]


def shortfall_words(short: list[str]) -> str:
    """Floors that fall short in one paragraph: the most that each can have."""
    parts = [words.split(SHORTFALL)[0] for words in short]
    return f"The most that can be had where less than {short[0].split(SHORTFALL)[1]} can: {'; '.join(parts)}."


def achieved(problem: PlaceProblem, solution: Solution) -> str:
    """What a set achieves, with the share of all that counts."""
    terms, total = problem.terms, float(problem.weights.sum())
    if solution.model in {"mclp", "budget"}:
        share = percent(solution.objective / total) if total else "none"
        limit = f"{terms.radius_minutes:g} minutes"
        if solution.model == "budget":
            limit = (
                f"{terms.radius_minutes:g} minutes of a hub or {terms.outreach_radius_minutes:g} of outreach"
            )
        cost = f", for {pounds(solution.annual_cost_gbp)} a year" if solution.annual_cost_gbp > 0 else ""
        have = "have a place" if terms.has_capacities else "live"
        return (
            f"{_covered(problem, solution)} ({share}) of {weight_words(problem)} {have} within {limit}{cost}."
        )
    if solution.model == "pmedian":
        mean = solution.objective / total if total else math.nan
        return f"They put {weight_words(problem)} **{mean:.1f} minutes** away on average."
    if solution.model == "pcenter":
        return f"From no {smallest_part(problem.estimate.place)} is it further than **{solution.objective:.0f} minutes**."
    everyone = (
        "everyone" if solution.model == "lscp" else f"{percent(terms.share)} of {weight_words(problem)}"
    )
    return f"They are the fewest that bring {everyone} within **{terms.radius_minutes:g} minutes**."


def _covered(problem: PlaceProblem, solution: Solution) -> str:
    """Whom a set covers, to begin a sentence with: an estimate with the range that its reach has, rounded alike."""
    if problem.terms.weight not in problem.estimate.tier_keys:
        return f"**{whole(solution.objective)}**"
    if problem.terms.has_capacities:
        return f"An estimated **{nearest_ten(solution.objective)}**"
    row = set_reach(problem, solution).summary.loc[problem.terms.weight, ["covered", "low", "high"]]
    covered, low, high = map(float, row)
    return f"An estimated **{estimate_words(covered, low, high)}**"


def proof(solution: Solution) -> str:
    """The proof: what was shown, how far from the bound, the time."""
    if math.isnan(solution.objective):
        shown = "Stopped after" if solution.status == "stopped" else "Shown impossible in"
        return f"{shown} {solution.seconds:.2f} s."
    took = f", {solution.seconds:.2f} s" if math.isfinite(solution.seconds) else ""
    shown = (
        "Proven best on these travel times and estimates"
        if solution.status == "optimal"
        else "Best so far, not proven"
    )
    return f"{shown} (gap {solution.gap:.2%}{took})."


def own_set_words(problem: SitingProblem, own: Solution) -> str:
    """A set of the user's own against the best of its size, or of its money (markdown)."""
    total, number = float(problem.weights.sum()), len(own.sites)
    if not (math.isfinite(own.objective) and math.isfinite(own.bound)):
        return f"From {counted(len(problem.areas_of(own.unmet)), 'area').lower()} there is no way to {_yours(number)}."
    if isinstance(problem, PlaceProblem) and own.model in {"mclp", "budget"} and total:
        mine, best = percent(own.objective / total), percent(own.bound / total)
        reaches = f"{'Your site reaches' if number == 1 else f'{_yours(number).capitalize()} reach'} **{mine}** of {weight_words(problem)}"
        if own.gap <= EQUAL:
            return f"{reaches}: nothing does better."
        if own.model == "budget":
            money = (
                f"the {pounds(own.annual_cost_gbp)} a year that {'it costs' if number == 1 else 'they cost'}"
            )
            return f"{reaches}; the best sites for {money} reach **{best}**."
        others = "best one reaches" if number == 1 else f"best {number_word(number)} reach"
        return f"{reaches}; the {others} **{best}**."
    if isinstance(problem, PlaceProblem) and own.model == "pmedian" and total:
        others = "one" if number == 1 else number_word(number)
        return (
            f"{_yours(number).capitalize()} put{'s' if number == 1 else ''} people **{own.objective / total:.1f} minutes** "
            f"away on average; the best {others} **{own.bound / total:.1f}**."
        )
    money = f" for £{own.annual_cost_gbp:,.0f} a year" if own.model == "budget" else ""
    return (
        f"Your own set: **{_amount(own.objective)}** {MEASURES[own.model]}{money}; the best of "
        f"{'that money' if money else 'its size'} has **{_amount(own.bound)}** ({own.gap:.1%} apart)."
    )


def _yours(number: int) -> str:
    return "your site" if number == 1 else f"your {number_word(number)}"


def result_lines(problem: SitingProblem, solution: Solution) -> list[str]:
    """A set with its proof in figures, or what stands in the way: a line each, without markup."""
    if math.isnan(solution.objective):
        unmet = problem.areas_of(solution.unmet)
        named = ", ".join(unmet[:MOST_AREAS]) + (" ..." if len(unmet) > MOST_AREAS else "")
        areas = [f"Areas in the way: {named}"] if unmet else []
        return [f"{solution.status}: {'; '.join(solution.remedies)}.", *areas]
    total, share = float(problem.weights.sum()), ""
    if total and solution.model in {"mclp", "budget"}:
        share = f" ({solution.objective / total:.1%} of all)"
    elif total and solution.model == "pmedian":
        share = f" ({solution.objective / total:.1f} on average)"
    shown = (
        "proven optimal"
        if solution.status == "optimal"
        else f"best so far, within {solution.gap:.2%} of the bound"
    )
    proven = f"(bound {_amount(solution.bound)}, gap {solution.gap:.2%}, {solution.seconds:.2f} s)"
    lines = [
        f"{len(solution.sites)} sites, {_amount(solution.objective)} {MEASURES[solution.model]}{share}: {shown} {proven}."
    ]
    if solution.annual_cost_gbp > 0:
        lines.append(f"Cost: £{solution.annual_cost_gbp:,.0f} a year.")
    if solution.unmet:
        lines.append(f"{len(problem.areas_of(solution.unmet)):,} areas with need are not covered.")
    return lines


def _amount(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"


def swap_words(problem: PlaceProblem, best: Solution, other: Solution) -> str:
    """Which sites another set has in place of which of the best; under a budget, which host another kind."""
    joins = problem.names(sorted(set(other.sites) - set(best.sites)))
    leaves = problem.names(sorted(set(best.sites) - set(other.sites)))
    both = sorted(set(other.sites) & set(best.sites))
    changed = problem.names([site for site in both if other.kinds.get(site) != best.kinds.get(site)])
    parts = [f"{listed(joins)} joins" if len(joins) == 1 else f"{listed(joins)} join" if joins else ""]
    parts.append(
        f"{listed(leaves)} leaves" if len(leaves) == 1 else f"{listed(leaves)} leave" if leaves else ""
    )
    parts.append(f"{listed(changed)} change between hub and outreach" if changed else "")
    return f"Against the best: {'; '.join(part for part in parts if part)}."


def robustness_words(problem: PlaceProblem, found: Robustness) -> str:
    """Sites that are in every good answer, and in most, by name."""
    if not found.solved and not found.impossible:
        return "Stopped before the first model run was solved: no data yet on how far the answer depends on the assumptions."
    if not found.solved:
        return f"No set of sites answers this question in any of {found.impossible:,} model runs and detours."
    always, usual = problem.names(found.always), problem.names(found.usual)
    start = f"Over {found.solved:,} combinations of simulated need and detour, "
    parts = [f"**{listed(always)}** in every good answer" if always else "no site is in every good answer"]
    if usual:
        parts.append(f"**{listed(usual)}** in most")
    if found.impossible:
        parts.append(f"in {found.impossible:,} more, no set answers the question")
    return f"{start}{'; '.join(parts)}."


def split_words(split: WardSplit) -> str:
    """Balance of today's areas and of the split, and what moves."""
    now, then = split.now["deviation"].abs().max(), split.then["deviation"].abs().max()
    single = len(split.now) == 1
    start = (
        "The place is one area today"
        if single
        else f"Today's areas lie up to **{percent(float(now))}** from equal need"
    )
    if not len(split.found.districts):
        return f"{start}. {'. '.join(split.found.remedies)}."
    if single:
        number = number_word(len(split.then))
        return f"{start}; {number} areas of whole wards lie up to **{percent(float(then))}** from equal need."
    moved = [str(split.wards.loc[ward, "ward_name"]) for ward in split.found.moved]
    what = f"moving {listed(moved)}" if moved else "moving no ward"
    return f"{start}; {what} brings that to **{percent(float(then))}**."


def split_proof(split: WardSplit, *, best: bool) -> str:
    """What is proven of a split, and how long it took."""
    found = split.found
    took = f"{found.seconds:.1f} s"
    if not len(found.districts):
        return f"{'Stopped after' if found.status == 'stopped' else 'Shown impossible in'} {took}."
    shown = "is nearer to equal need" if best else "within the limit moves less need"
    if found.status == "optimal":
        return f"Proven best on these estimates: no other split into contiguous areas of whole wards {shown} ({took})."
    least = percent(found.bound) if best else whole(found.bound)
    bound = f"the farthest area is {least} from equal need or more" if best else f"{least} or more must move"
    return f"Best so far, not proven: {bound} ({took})."


def model_words(problem: SitingProblem) -> str:
    """The question in a few words, for titles and file names."""
    return MODELS[problem.terms.model]


def question_words(problem: SitingProblem) -> str:
    """The question as it goes under a chart: what is asked, within what, and with which limits."""
    terms = problem.terms
    parts = [model_words(problem)]
    if terms.model in WITH_RADIUS:
        parts.append(f"{terms.radius_minutes:g} minutes")
    if floor := floor_words(problem):
        parts.append(floor)
    if terms.keep:
        parts.append(f"kept: {listed(problem.names(terms.keep))}")
    if terms.exclude:
        parts.append(f"ruled out: {len(terms.exclude)}")
    return ", ".join([*parts, f"{len(problem.candidates):,} candidate sites"])


def terms_line(problem: SitingProblem, *, with_number: bool = True) -> str:
    """What is asked in one line by the names of the options, so that a table can be made again."""
    terms = problem.terms
    parts = [f"Question: {terms.model}"]
    if with_number and terms.model in WITH_NUMBER:
        parts.append(f"{terms.p} sites")
    if terms.model == "partial":
        parts.append(f"{terms.share:.0%} of need")
    if terms.model == "budget":
        parts.append(
            f"within {terms.radius_minutes:g} minutes of a hub, {terms.outreach_radius_minutes:g} of outreach"
        )
    elif terms.model in WITH_RADIUS:
        parts.append(f"within {terms.radius_minutes:g} minutes")
    parts += [f"floor {level}={share:g}" for level, share in terms.floors_in_force]
    parts += [f"kept: {', '.join(problem.names(terms.keep))}"] if terms.keep else []
    parts += [f"ruled out: {', '.join(problem.names(problem.excluded))}"] if problem.excluded else []
    return f"{'; '.join(parts)}."


def floor_words(problem: SitingProblem) -> str:
    """The floors of coverage, such as "at least 30% of need reached in every ward"; blank without any."""
    floors = problem.terms.floors_in_force
    return listed(
        [f"at least {percent(share)} of need reached in {FLOORS[level]}" for level, share in floors]
    )


def frontier_words(problem: PlaceProblem, found: Frontier) -> FrontierWords:
    """How the frontier by number of sites, or by money, is written."""
    by_money = problem.terms.model == "budget"
    has_share = found.points["share"].notna().any()
    what = (
        f"share of {weight_words(problem)} within reach" if has_share else AMOUNTS[found.solutions[0].model]
    )
    return FrontierWords(
        frontier_title(found, by_money=by_money),
        f"{what}, each point a proven best set{_floor_kept(problem, found)}",
        "budget, pounds a year" if by_money else "number of sites",
        "share" if has_share else "value",
        "£{:,.0f} a year" if by_money else "{:.0f} site",
        "£{:,.0f} a year" if by_money else "{:.0f} sites",
    )


def _floor_kept(problem: PlaceProblem, found: Frontier) -> str:
    if not (floor := floor_words(problem)):
        return ""
    fewest = f"; none of {number_word(found.impossible)} or fewer sites has it" if found.impossible else ""
    return f" with {floor}{fewest}"


def frontier_title(found: Frontier, *, by_money: bool) -> str:
    """The finding of a frontier: where a further site, or pound, buys clearly less."""
    at = found.points.loc[found.points["is_knee"], "x"]
    if not len(at):
        return "Each further step buys about as much as the last"
    if by_money:
        return f"Beyond {pounds(float(at.iloc[0]))} a year, money buys clearly less"
    return f"Beyond {number_word(int(at.iloc[0]))} sites, a further one buys clearly less"


def tradeoff_words(problem: PlaceProblem, found: Frontier, against: str) -> FrontierWords:
    """How the trade-off of coverage and fairness is written, with what the knee gives up as its finding."""
    first, knee = found.points.iloc[0], found.points[found.points["is_knee"]]
    by_minutes = against == "longest"
    point = _distinct(
        found, "at most {:.%df} minutes" if by_minutes else "{:.%d%%} of the fifth", 0 if by_minutes else 1
    )
    last = found.points.iloc[-1]
    lost = percent(max(0.0, float(first["share"] - last["share"])))
    title = "The set that reaches most is the fairest too"
    if len(found.points) > 1:
        title = f"From {point.format(first['x'])} to {point.format(last['x'])} costs {lost} of need"
    if len(knee):
        there = point.format(float(knee["x"].iloc[0]))
        lost = percent(max(0.0, float(first["share"] - knee["share"].iloc[0])))
        title = f"Giving up {lost} of need brings {there} instead of {point.format(float(first['x'])).replace('at most ', '')}"
    return FrontierWords(
        title,
        f"share of {weight_words(problem)} within reach; each point is beaten by no set {_of_floor(problem)}on both counts",
        "longest journey, minutes" if by_minutes else "share of the most deprived fifth reached",
        "share",
        point,
        point,
        number="%.1f" if by_minutes else "percent",
        is_tradeoff=True,
    )


def _distinct(found: Frontier, pattern: str, digits: int) -> str:
    """The pattern of a point's name, with as many digits as it takes to tell the points apart."""
    for further in range(digits, digits + 3):
        point = pattern % further
        if found.points["x"].map(point.format).is_unique:
            break
    return point


def _of_floor(problem: PlaceProblem) -> str:
    return f"with {floor} " if (floor := floor_words(problem)) else ""


def no_tradeoff_words(problem: PlaceProblem) -> str:
    """Why coverage and fairness have no point."""
    sites = counted(problem.terms.p, "site").lower()
    kept = f" with {floor}" if (floor := floor_words(problem)) else ""
    return f"No set of {sites}{kept} was found: nothing can be traded off."


def point_words(problem: PlaceProblem, found: Frontier, point: str, words: FrontierWords) -> str:
    """One point of a frontier, written as the answer is (markdown)."""
    at = list(found.points.index).index(point)
    knee = " This is the point of diminishing returns." if found.points["is_knee"].iloc[at] else ""
    where = (
        f"**{words.point(float(found.points['x'].iloc[at]))}**: " if words.axis != "number of sites" else ""
    )
    return f"{where}{siting_sentence(problem, found.solution(point))}{knee}"


def progress_words(seen: Progress) -> str:
    """How far a search is (markdown): no best is told before there is one, no bound before it is known."""
    best = f"Best so far {seen.objective:,.1f}" if math.isfinite(seen.objective) else "Nothing found so far"
    bound = f"; nothing can be better than {seen.bound:,.1f}" if math.isfinite(seen.bound) else ""
    return f"{seen.seconds:.0f} s. {best}{bound}."
