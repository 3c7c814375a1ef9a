"""What an answer looks like: next-best sets, the frontier, robustness, and areas of balanced need."""

from __future__ import annotations

import streamlit as st

from analysis.output import siting_sentences, siting_view
from analysis.output.figures.siting import frontier_line, share_of_answers
from analysis.output.siting_view import NO_FLOOR, WITH_NUMBER, SitingSetting
from analysis.siting import SitingResult
from pages.shared import state
from pages.shared.charts import show_chart, show_table
from pages.shared.context import PageContext
from pages.shared.jobs import worked_out
from pages.siting_views.parts import siting_source

ALTERNATIVES = 6
MOST_SITES = 12
DRAWS = 60
# A tight margin can take minutes to prove: after this the best split so far is shown, and says so.
SPLIT_SECONDS = 45.0
SITES_SHOWN = 15


def show_alternatives(now: PageContext, setting: SitingSetting, key: str) -> None:
    """The next-best distinct sets, what each gives up, and a set of the user's own against the best."""
    results = worked_out(
        f"alternatives {key}",
        lambda watch: siting_view.best_sets(setting, ALTERNATIVES, watch),
        what="Finding the next-best sets",
    )
    table = siting_view.readable_sets(setting, results)
    st.markdown(
        "**The next-best sets, and what each gives up**  \n:gray[each proven the best of those not yet named]"
    )
    show_table(
        "alternatives",
        table,
        source=siting_source(now, setting),
        name=f"{siting_view.file_name(setting)} next best",
        column_config={
            "rank": "Rank",
            "sites": st.column_config.TextColumn("Sites", width="large"),
            "objective": st.column_config.NumberColumn("Achieves", format="localized"),
            "gives_up": st.column_config.NumberColumn("Gives up", format="localized"),
            "gives_up_share": st.column_config.NumberColumn("Share given up", format="percent"),
            "joins": "Joins",
            "leaves": "Leaves",
            "status": "Proof",
        },
    )
    _own(setting, key)


def _own(setting: SitingSetting, key: str) -> None:
    candidates = setting.candidates["name"].sort_values(key=lambda text: text.str.casefold())
    own = st.multiselect(
        "Your own set, against the best of its size",
        list(candidates.index),
        format_func=lambda site: str(candidates.get(site, site)),
        key=state.SITING_OWN,
        placeholder="Pick the sites that you have in mind",
    )
    if not own:
        return
    chosen: tuple[str, ...] = tuple(sorted(own))
    found: SitingResult = worked_out(
        f"own {key} {chosen}", lambda _: siting_view.own_set(setting, chosen), what="Scoring your set"
    )
    st.markdown(siting_sentences.own_set_words(setting, found))


def show_frontier(now: PageContext, setting: SitingSetting, key: str) -> None:
    """What each further site, or pound, buys; and what fairness costs in coverage."""
    table = worked_out(
        f"frontier {key}",
        lambda watch: siting_view.siting_frontier(setting, MOST_SITES, watch),
        what="Working out the frontier",
    )
    budget = setting.choice.model == "budget"
    value = "share" if table["share"].notna().any() else "objective"
    what = "share of need reached" if value == "share" else siting_sentences.AMOUNTS[setting.choice.model]
    left, right = st.columns([3, 2], gap="medium")
    with left:
        show_chart(
            "frontier",
            lambda style: frontier_line(
                table,
                style,
                title=siting_sentences.frontier_title(table),
                subtitle=f"{what}, each point a proven best set",
                value=value,
                axis="budget, pounds a year" if budget else "number of sites",
            ),
            table.drop(columns="sites"),
            source=siting_source(now, setting),
            name=f"{siting_view.file_name(setting)} frontier",
        )
    with right:
        _tradeoff(now, setting, key)


def _tradeoff(now: PageContext, setting: SitingSetting, key: str) -> None:
    if setting.choice.model != "mclp":
        st.info("The trade-off with fairness is worked out for “reach most need”.", icon=":material/info:")
        return
    against = st.segmented_control(
        "Coverage against",
        ["longest", "fifth"],
        format_func={"longest": "the longest journey", "fifth": "the most deprived fifth"}.get,
        default="longest",
        required=True,
        key="siting-against",
        help="Every set that no other beats on both counts (an exact Pareto set).",
    )
    table = worked_out(
        f"tradeoff {against} {key}",
        lambda watch: siting_view.fairness_tradeoff(setting, against, watch),
        what="Working out the trade-off",
    )
    readable = table.assign(sites=["; ".join(setting.names(sites)) for sites in table["sites"]])
    show_table(
        "tradeoff",
        readable,
        source=siting_source(now, setting),
        name=f"{siting_view.file_name(setting)} {against}",
    )


def show_robustness(now: PageContext, setting: SitingSetting, key: str) -> None:
    """How often each site is chosen when need and detour are not known for sure."""
    found = worked_out(
        f"robustness {key}",
        lambda watch: siting_view.siting_robustness(setting, DRAWS, watch),
        what=f"Solving the question for {DRAWS} simulated worlds and {len(siting_view.DETOURS)} detours",
    )
    st.markdown(siting_sentences.robustness_words(setting, found))
    shares = found.shares[found.shares["all"] > 0].head(SITES_SHOWN)
    named = shares.assign(name=setting.names(shares.index))
    asked = "this question" if setting.choice.model in WITH_NUMBER else "“reach most need”"
    show_chart(
        "robustness",
        lambda style: share_of_answers(
            named,
            style,
            title="Sites by how often they are in the best set",
            subtitle=f"share of {found.solved:,} solves of {asked}: {DRAWS} draws of need, detours 1.2 to 1.4",
        ),
        named,
        source=siting_source(now, setting),
        name=f"{siting_view.file_name(setting)} robustness",
    )


def show_boundaries(now: PageContext, setting: SitingSetting, key: str) -> None:
    """Wards split into areas of balanced need, contiguous, with the fewest changes from today's."""
    today = max(2, len(now.place.manifest.localities))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=130):
            number = int(st.number_input("Areas", 2, 8, today, key=state.SITING_AREAS, bind="query-params"))
        with st.container(width=260):
            margin = st.slider(
                "Farthest from equal need (%)", 1, 40, 25, 1, key=state.SITING_MARGIN, bind="query-params"
            )
        best = st.toggle("Best balance, however much moves", key="siting-best-balance")
    split = worked_out(
        f"boundaries {key} {number} {margin} {best}",
        lambda watch: siting_view.balanced_split(setting, number, margin / 100, best=best, watch=watch),
        what="Splitting the wards",
        most_seconds=SPLIT_SECONDS,
    )
    st.markdown(siting_sentences.split_words(split))
    left, right = st.columns([2, 3], gap="medium")
    source = siting_source(now, setting)
    with left:
        st.markdown("**Areas today, and as split**  \n:gray[need, and distance from equal need]")
        show_table("areas-today", split.now, source=source, name=f"{now.place.slug} areas today")
        show_table("areas-then", split.then, source=source, name=f"{now.place.slug} areas as split")
    with right:
        st.markdown("**Wards**  \n:gray[a ward whose area differs moves]")
        show_table("wards-split", split.wards, source=source, name=f"{now.place.slug} wards by area")


__all__ = ["NO_FLOOR", "show_alternatives", "show_boundaries", "show_frontier", "show_robustness"]
