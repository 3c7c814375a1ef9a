"""Siting in sentences: the answer, its proof, what it gives up, or what stands in the way."""

from __future__ import annotations

import math
from collections.abc import Iterable

from analysis.render.number_words import listed, number_word
from analysis.render.theme import percent, pounds, whole
from analysis.siting.models.model import SitingResult
from analysis.siting.robustness import Robustness
from analysis.siting.split import Split
from analysis.siting.view import FLOORS, MODELS, NO_FLOOR, WITH_FLOORS, WITH_MINUTES, SitingSetting

MOST_NAMED = 6
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


def weight_words(setting: SitingSetting) -> str:
    """What counts, in words: "children who need early help"."""
    weight = setting.choice.weight
    for tier in setting.estimate.settings.tiers:
        if tier.key == weight:
            return f"children who need {tier.name.lower()}"
    return {"under_fives": "children under five", "children": "children"}.get(weight, weight)


def siting_answer(setting: SitingSetting, best: SitingResult) -> str:
    """The answer in one sentence (markdown), or why there is none."""
    if math.isnan(best.objective):
        return impossible_words(best)
    return f"{sites_words(setting, best)}. {achieved(setting, best)}"


def sites_words(setting: SitingSetting, result: SitingResult) -> str:
    """The sites of a set by name (markdown); of a large set its number, and under a budget its hubs."""
    if len(result.sites) <= MOST_NAMED:
        return f"{counted(len(result.sites), 'site')}: {_bold(setting, result.sites)}"
    hubs = [site for site in result.sites if result.kinds.get(site) == "hub"]
    outreach = len(result.sites) - len(hubs)
    if 0 < len(hubs) <= MOST_NAMED:
        return f"{counted(len(hubs), 'hub')} ({_bold(setting, hubs)}) and {counted(outreach, 'outreach site').lower()}"
    if len(result.kinds):
        both = f"{counted(len(hubs), 'hub')} and {counted(outreach, 'outreach site').lower()}"
        return both if hubs else counted(outreach, "outreach site")
    return f"{counted(len(result.sites), 'site')}, among them {_bold(setting, result.sites[:3])}"


def _bold(setting: SitingSetting, sites: Iterable[str]) -> str:
    return listed([f"**{name}**" for name in setting.names(sites)])


def counted(number: int, noun: str) -> str:
    """A number of things, to begin a sentence with: "Three sites"."""
    return f"{number_word(number).capitalize()} {noun}{'' if number == 1 else 's'}"


def impossible_words(result: SitingResult) -> str:
    """What cannot be met, and the least change that would make it possible (markdown)."""
    if result.status == "stopped":
        return "**Stopped** before any set of sites was found."
    short = shortfalls(result)
    changes = [remedy for remedy in result.remedies if remedy not in short]
    if len(short) > 1:
        changes.insert(0, f"{len(short)} floors fall short, among them {short[0]}")
    else:
        changes = [*short, *changes]
    reasons = ". ".join(f"{change[0].upper()}{change[1:]}" for change in changes if change)
    return f"**No set of sites can do this.** {reasons or 'No set of sites can do it'}."


def shortfalls(result: SitingResult) -> list[str]:
    """The floors that cannot be met, each with the most that can."""
    return [remedy for remedy in result.remedies if SHORTFALL in remedy]


def shortfall_words(short: list[str]) -> str:
    """Floors that fall short in one paragraph: the most that each can have."""
    parts = [words.split(SHORTFALL)[0] for words in short]
    return f"The most that can be had where less than {short[0].split(SHORTFALL)[1]} can: {'; '.join(parts)}."


def achieved(setting: SitingSetting, result: SitingResult) -> str:
    """What a set achieves, with the share of all that counts."""
    choice, total = setting.choice, float(setting.weights.sum())
    if result.model in {"mclp", "budget"}:
        share = percent(result.objective / total) if total else "none"
        limit = f"{choice.minutes:g} minutes"
        if result.model == "budget":
            limit = f"{choice.minutes:g} minutes of a hub or {choice.outreach_minutes:g} of outreach"
        cost = f", for {pounds(result.annual_cost_gbp)} a year" if result.annual_cost_gbp > 0 else ""
        have = "have a place" if limited_places(setting) else "live"
        words = f"an estimated **{whole(result.objective)} ({share})** of {weight_words(setting)} {have} within {limit}{cost}."
        return words[0].upper() + words[1:]
    if result.model == "pmedian":
        mean = result.objective / total if total else math.nan
        return f"They put {weight_words(setting)} **{mean:.1f} minutes** away on average."
    if result.model == "pcenter":
        return f"Nobody has farther than **{result.objective:.0f} minutes**."
    everyone = "everyone" if result.model == "lscp" else f"{percent(choice.share)} of {weight_words(setting)}"
    return f"They are the fewest that bring {everyone} within **{choice.minutes:g} minutes**."


def limited_places(setting: SitingSetting) -> bool:
    """Whether sites can serve only so many."""
    choice = setting.choice
    return choice.model == "budget" and not (
        math.isinf(choice.hub_capacity) and math.isinf(choice.outreach_capacity)
    )


def proof(result: SitingResult) -> str:
    """The proof: what was shown, the bound, the gap, the time."""
    if math.isnan(result.objective):
        shown = "Stopped after" if result.status == "stopped" else "Shown impossible in"
        return f"{shown} {result.seconds:.2f} s."
    took = f", {result.seconds:.2f} s" if math.isfinite(result.seconds) else ""
    shown = (
        "Proven best: no other set does better" if result.status == "optimal" else "Best so far, not proven"
    )
    return (
        f"{shown} (objective {result.objective:,.2f} {AMOUNTS[result.model]}, bound {result.bound:,.2f}, "
        f"gap {result.gap:.2%}{took})."
    )


def own_set_words(setting: SitingSetting, own: SitingResult) -> str:
    """A set of the user's own against the best of its size."""
    total = float(setting.weights.sum())
    number = number_word(len(own.sites))
    if own.model in {"mclp", "budget"} and total:
        mine, best = percent(own.objective / total), percent(own.bound / total)
        if len(own.sites) == 1:
            what = f"Your site reaches **{mine}** of {weight_words(setting)}"
            return (
                f"{what}: nothing does better."
                if own.gap <= 1e-9
                else f"{what}; the best one reaches **{best}**."
            )
        if own.gap <= 1e-9:
            return f"Your {number} reach **{mine}** of {weight_words(setting)}: nothing does better."
        return (
            f"Your {number} reach **{mine}** of {weight_words(setting)}; the best {number} reach **{best}**."
        )
    if own.model == "pmedian" and total:
        return (
            f"Your {number} put people **{own.objective / total:.1f} minutes** away on average; the best {number} "
            f"**{own.bound / total:.1f}**."
        )
    return f"Yours: **{own.objective:,.0f}** {AMOUNTS[own.model]}; the best: **{own.bound:,.0f}**."


def swap_words(setting: SitingSetting, best: SitingResult, other: SitingResult) -> str:
    """Which sites another set has in place of which of the best; under a budget, which host another kind."""
    joins = setting.names(sorted(set(other.sites) - set(best.sites)))
    leaves = setting.names(sorted(set(best.sites) - set(other.sites)))
    both = sorted(set(other.sites) & set(best.sites))
    changed = setting.names([site for site in both if other.kinds.get(site) != best.kinds.get(site)])
    parts = [f"{listed(joins)} joins" if len(joins) == 1 else f"{listed(joins)} join" if joins else ""]
    parts.append(
        f"{listed(leaves)} leaves" if len(leaves) == 1 else f"{listed(leaves)} leave" if leaves else ""
    )
    parts.append(f"{listed(changed)} change between hub and outreach" if changed else "")
    return f"Against the best: {'; '.join(part for part in parts if part)}."


def robustness_words(setting: SitingSetting, found: Robustness) -> str:
    """Sites that are in every good answer, and in most, by name."""
    if not found.solved:
        return f"No set of sites answers this question in any of {found.impossible:,} simulated worlds and detours."
    share = found.shares["all"]
    always = setting.names(found.always)
    usual = setting.names([site for site in share.index[(share >= 0.8)] if site not in found.always])
    start = f"Over {found.solved:,} combinations of simulated need and detour, "
    parts = [f"**{listed(always)}** in every good answer" if always else "no site is in every good answer"]
    if usual:
        parts.append(f"**{listed(usual)}** in most")
    if found.impossible:
        parts.append(f"in {found.impossible:,} more, no set answers the question")
    return f"{start}{'; '.join(parts)}."


def split_words(split: Split) -> str:
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


def split_proof(split: Split, *, best: bool) -> str:
    """What is proven of a split, and how long it took."""
    found = split.found
    took = f"{found.seconds:.1f} s"
    if not len(found.districts):
        return f"{'Stopped after' if found.status == 'stopped' else 'Shown impossible in'} {took}."
    shown = "is nearer to equal need" if best else "within the limit moves less need"
    if found.status == "optimal":
        return f"Proven best: no other split into contiguous areas of whole wards {shown} ({took})."
    least = percent(found.bound) if best else whole(found.bound)
    bound = f"the farthest area is {least} from equal need or more" if best else f"{least} or more must move"
    return f"Best so far, not proven: {bound} ({took})."


def model_words(setting: SitingSetting) -> str:
    """The question in a few words, for titles and file names."""
    return MODELS[setting.choice.model]


def question_words(setting: SitingSetting) -> str:
    """The question as it goes under a chart: what is asked, within what, and with which limits."""
    choice = setting.choice
    parts = [model_words(setting)]
    if choice.model in WITH_MINUTES:
        parts.append(f"{choice.minutes:g} minutes")
    if floor := floor_words(setting):
        parts.append(floor)
    if choice.keep:
        parts.append(f"kept: {listed(setting.names(choice.keep))}")
    if choice.exclude:
        parts.append(f"ruled out: {len(choice.exclude)}")
    return ", ".join([*parts, f"{len(setting.candidates):,} candidate sites"])


def floor_words(setting: SitingSetting) -> str:
    """The floor of coverage, such as "at least 30% of need reached in every ward"; blank without one."""
    choice = setting.choice
    if choice.floor == NO_FLOOR or choice.model not in WITH_FLOORS:
        return ""
    return f"at least {percent(choice.floor_share)} of need reached in {FLOORS[choice.floor]}"
