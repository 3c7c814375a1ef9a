"""What an answer looks like: next-best sets, the frontier, robustness, and areas of balanced need."""

from __future__ import annotations

import streamlit as st

from analysis.scenario.travel import DETOURS
from analysis.siting import tables as siting_tables
from analysis.siting import words as siting_words
from analysis.siting.answer import best_sets, file_name, own_set
from analysis.siting.districts.districts import WardSplit, split_wards
from analysis.siting.figures import share_of_answers
from analysis.siting.maps import split_map
from analysis.siting.models.model import Solution
from analysis.siting.problem import WITH_NUMBER, PlaceProblem
from analysis.siting.robustness import siting_robustness
from pages.plan.siting.lists import choose_list
from pages.plan.siting.opening import open_as_option
from pages.plan.siting.parts import show_impossible, siting_source
from pages.plan.siting.searching import worked_out
from pages.shared import state
from pages.shared.charts import show_chart, show_table
from pages.shared.context import PageContext
from pages.shared.layout import map_columns
from pages.shared.maps import NO_CLICKS, show_area_map
from pages.shared.short_keys import adopt_address

ALTERNATIVES = 6
DRAWS = 60
# A tight margin can take minutes to prove: after this the best split so far is shown, and says so.
SPLIT_SECONDS = 45.0
SITES_SHOWN = 15
MOST_AREAS = 8
AREA_COLUMNS = {
    "wards": st.column_config.NumberColumn("Wards", width=62),
    "need": st.column_config.NumberColumn("Need", format="localized", width=66),
    "share": st.column_config.NumberColumn("Share", format="percent", width=66),
    "deviation": st.column_config.NumberColumn("From equal", format="percent", width=84),
    "pieces": st.column_config.NumberColumn("Pieces", width=62, help="1 is contiguous."),
}


def show_alternatives(now: PageContext, problem: PlaceProblem, key: str) -> None:
    """The next-best distinct sets, what each gives up, and a set of the user's own against the best."""
    results = worked_out(
        f"alternatives {key}",
        lambda watch: best_sets(problem, ALTERNATIVES, watch),
        what="Finding the next-best sets",
    )
    if not results[0].sites:
        show_impossible(now, problem, results[0])
        return
    table = siting_tables.readable_sets(problem, results)
    st.markdown(
        "**The next-best sets, and what each gives up**  \n:gray[each proven the best of those not yet named]"
    )
    show_table(
        "alternatives",
        table,
        source=siting_source(now, problem),
        name=f"{file_name(problem)} next best",
        column_order=[
            "rank",
            "objective",
            "gives_up",
            "gives_up_share",
            "joins",
            "leaves",
            "sites",
            "status",
        ],
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
    _open_ranked(now, problem, results)
    _own(now, problem, key)


def _open_ranked(now: PageContext, problem: PlaceProblem, results: list[Solution]) -> None:
    """One of the sets in words, to be opened as an option."""
    ranks = [str(rank) for rank in range(1, len(results) + 1)]
    adopt_address(state.SITING_RANK, ranks)
    if st.session_state.get(state.SITING_RANK) not in (None, *ranks):
        st.session_state[state.SITING_RANK] = ranks[-1]
    left, right = st.columns([2, 3], gap="medium")
    with left:
        rank = st.selectbox(
            "Look at one of them",
            ranks,
            index=min(1, len(ranks) - 1),
            format_func=lambda rank: f"Rank {rank}",
            key=state.SITING_RANK,
            bind="query-params",
            help="Any of these sets can be opened as an option.",
        )
    solution = results[int(rank) - 1]
    with right:
        st.markdown(siting_words.siting_sentence(problem, solution))
        if solution is not results[0]:
            st.caption(siting_words.swap_words(problem, results[0], solution))
        open_as_option(now, problem, solution, "rank", "" if rank == "1" else f"rank {rank}")


def _own(now: PageContext, problem: PlaceProblem, key: str) -> None:
    own = choose_list(
        state.SITING_OWN,
        now.place.slug,
        problem.candidates,
        "Your own set, against the best of its size",
        help_words="Scored by the same functions as the best set.",
        placeholder="Pick the sites that you have in mind",
    )
    if not own:
        return
    outreach: tuple[str, ...] = ()
    if problem.terms.model == "budget":
        outreach = choose_list(
            state.SITING_OWN_OUTREACH,
            now.place.slug,
            problem.candidates.loc[list(own)],
            "Of these, as outreach",
            help_words="The others host a hub.",
        )
    found: Solution = worked_out(
        f"own {key} {own} {outreach}",
        lambda _: own_set(problem, {site: "outreach" if site in outreach else "hub" for site in own}),
        what="Scoring your set",
    )
    st.markdown(siting_words.own_set_words(problem, found))
    open_as_option(now, problem, found, "own", "own set")


def show_robustness(now: PageContext, problem: PlaceProblem, key: str) -> None:
    """How often each site is chosen when need and detour are not known for sure."""
    found = worked_out(
        f"robustness {key}",
        lambda watch: siting_robustness(problem, DRAWS, watch),
        what=f"Solving the question for {DRAWS} model runs and {len(DETOURS)} detours",
    )
    st.markdown(siting_words.robustness_words(problem, found))
    shares = found.shares[found.shares["all"] > 0].head(SITES_SHOWN)
    named = shares.assign(name=problem.names(shares.index))
    asked = "this question" if problem.terms.model in WITH_NUMBER else "“reach most need”"
    show_chart(
        "robustness",
        lambda style: share_of_answers(
            named,
            style,
            title="Sites by how often they are in the best set",
            subtitle=f"share of {found.solved:,} solves of {asked}: {DRAWS} model runs of need, "
            f"detours {min(DETOURS):g} to {max(DETOURS):g}",
        ),
        named,
        source=siting_source(now, problem),
        name=f"{file_name(problem)} robustness",
    )


def show_boundaries(now: PageContext, problem: PlaceProblem, key: str) -> None:
    """Wards split into areas of balanced need, contiguous, with the fewest changes from today's."""
    number, margin, best = _ask_split(now)
    split: WardSplit = worked_out(
        f"boundaries {key} {number} {margin} {best}",
        lambda watch: split_wards(
            problem.estimate, problem.terms.weight, number=number, margin=margin / 100, best=best, watch=watch
        ),
        what="Splitting the wards",
        most_seconds=SPLIT_SECONDS,
    )
    words = siting_words.split_words(split)
    st.markdown(words)
    st.caption(siting_words.split_proof(split, best=best))
    left, right = map_columns()
    source = siting_source(now, problem)
    with left:
        drawn = split_map(split, words.replace("**", ""), source)
        show_area_map(
            "split",
            now.shapes,
            drawn.paint,
            now.map_frame(highlighted=drawn.moved),
            drawn.sheet,
            numbers=split.wards,
            clicks=NO_CLICKS,
        )
    with right:
        _show_areas(now, split, source)
    _show_wards(now, split, source)


def _ask_split(now: PageContext) -> tuple[int, int, bool]:
    """How many areas, how far from equal need in per cent, and whether balance comes before few changes."""
    today = max(2, len(now.place.manifest.localities))
    most = max(MOST_AREAS, today)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=130):
            number = st.number_input("Areas", 2, most, today, key=state.SITING_AREAS, bind="query-params")
        with st.container(width=260):
            margin = st.slider(
                "Farthest from equal need (%)", 1, 40, 25, 1, key=state.SITING_MARGIN, bind="query-params"
            )
        best = st.toggle("Best balance, however much moves", key=state.SITING_BEST_SPLIT, bind="query-params")
    return int(number), int(margin), best


def _show_areas(now: PageContext, split: WardSplit, source: str) -> None:
    """Need of today's areas and, where there is a split, of its own."""
    tables = [("areas-today", "today", split.now)]
    if split.exists:
        tables.append(("areas-then", "as split", split.then))
    heading = "Areas today, and as split" if split.exists else "Areas today"
    st.markdown(f"**{heading}**  \n:gray[need, and distance from equal need]")
    for shown, title, table in tables:
        show_table(
            shown,
            table,
            source=source,
            name=f"{now.place.slug} areas {title}",
            column_config={"district": f"Area {title}", **AREA_COLUMNS},
        )


def _show_wards(now: PageContext, split: WardSplit, source: str) -> None:
    """Every ward with its area today and, where there is a split, its area there."""
    moves = "  \n:gray[a ward whose area differs moves]" if split.exists else ""
    st.markdown(f"**Wards**{moves}")
    show_table(
        "wards-split",
        split.wards,
        source=source,
        name=f"{now.place.slug} wards by area",
        hide_index=True,
        column_config={
            "ward_name": "Ward",
            "need": st.column_config.NumberColumn("Need (est.)", format="localized"),
            "today": "Area today",
            "area": "Area as split" if split.exists else None,
        },
    )
