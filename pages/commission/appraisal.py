"""Which way of doing it is best, how firmly, and what speaks for the others?"""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.base.text import slugify
from analysis.commissioning import appraisal as commissioning_appraisal
from analysis.commissioning import figures
from analysis.commissioning import words as commissioning_words
from analysis.commissioning.appraisal import Alternative, Appraisal, AppraisalView, Criterion, read_appraisal
from analysis.commissioning.storage import record_text
from analysis.commissioning.tables import (
    changed,
    items_table,
    matrix_scores,
    positioned,
    reasons_matrix,
    reshaped,
    scores_matrix,
)
from analysis.render.theme import percent
from pages.commission import parts
from pages.commission.drafts import Draft, open_draft, toolbar
from pages.shared import state
from pages.shared.charts import show_chart, show_table
from pages.shared.context import PageContext
from pages.shared.layout import plain_markdown, question
from pages.shared.loading_commissioning import load_appraisal

TITLE = "Which way of doing it is best, and how firmly?"
START_ALTERNATIVES = ("Do nothing", "Deliver in house", "Recommission as before", "Alliance")
START_CRITERIA = ("Reaches those in need", "Quality", "Value for money")


def blank_appraisal() -> Appraisal:
    """An appraisal to begin with: usual alternatives and criteria, no weight and no score."""
    return Appraisal(
        name="Appraisal of alternatives",
        criteria=tuple(Criterion(name=name) for name in START_CRITERIA),
        alternatives=tuple(Alternative(name=name) for name in START_ALTERNATIVES),
        note="The names are a start to be changed; the scores are the panel's to give.",
    )


def show(now: PageContext, head: DeltaGenerator, bar: DeltaGenerator) -> None:
    """Answer, ranking and stability, both sides of each argument, scores with reasons, criteria, log."""
    draft = open_draft(now, "appraisals", read_appraisal, blank_appraisal)
    if draft is None:
        return
    answer, below = st.container(), st.container()
    with below:
        _lists(draft)
        _scores(draft)
    with bar:
        toolbar(draft, Appraisal)
    appraisal, name = draft.record, plain_markdown(draft.record.name)
    given, needed = commissioning_appraisal.scored_count(appraisal)
    if appraisal.blanks():
        sentence = commissioning_words.appraisal_needs_sentence(
            name, given, needed, equal=appraisal.equal_weights
        )
        with head:
            question(TITLE, sentence)
        with answer:
            _waiting(appraisal, given, needed)
    else:
        with answer:
            view = _worked_out(appraisal)
            names = {a: plain_markdown(a) for a in appraisal.alternative_names}
        with head:
            question(TITLE, commissioning_words.appraisal_sentence(view, names))
        with answer:
            source = _source(appraisal, draft.origin)
            _charts(now, appraisal, view, source)
            _both_sides(view)
            _tables(now, appraisal, view, source)
    with below:
        parts.assumptions_and_log(draft, draft.log(), name=f"{now.place.slug} {appraisal.name}")
        _explained()


def _waiting(appraisal: Appraisal, given: int, needed: int) -> None:
    st.progress(given / max(needed, 1), f"{given} of {needed} scores")
    st.info(
        "The ranking, its stability and both sides of every argument appear when every score is given. Give each a "
        f"number from {appraisal.scale_low} to {appraisal.scale_high} and a reason; weights can stay blank to count alike.",
        icon=":material/edit_note:",
    )


def _worked_out(appraisal: Appraisal) -> AppraisalView:
    with st.popover("Uncertainty of weights and scores", icon=":material/casino:"):
        closeness = st.slider(
            "How close weights stay to the chosen",
            2,
            200,
            30,
            key=state.CONCENTRATION,
            bind="query-params",
            help="Weights are drawn at random around the chosen ones: the higher, the closer.",
        )
        spread = st.slider(
            "Uncertainty of a score, % of the scale",
            0,
            40,
            10,
            key=state.SCORE_SD,
            bind="query-params",
            help="Standard deviation of each score when the ranking is drawn again and again.",
        )
    return load_appraisal(record_text(appraisal), float(closeness), spread / 100)


def _source(appraisal: Appraisal, origin: str) -> str:
    equal = " Criteria count alike: no weights are given." if appraisal.equal_weights else ""
    return f"{origin}. Scores from {appraisal.scale_low} to {appraisal.scale_high}.{equal}"


def _charts(now: PageContext, appraisal: Appraisal, view: AppraisalView, source: str) -> None:
    left, right = st.columns([3, 2], gap="medium")
    with left:
        show_chart(
            "contributions",
            lambda style: figures.contribution_bars(
                view.parts,
                style,
                title=f"{view.winner} comes first",
                subtitle="points of 100, by criterion: weight × score",
                order=appraisal.criterion_names,
            ),
            view.parts.set_index("alternative"),
            source=source,
            name=f"{now.place.slug} {appraisal.name} points",
        )
    with right:
        chance = float(view.stability["p_first"].iloc[0])
        show_chart(
            "first-place",
            lambda style: figures.first_place_bars(
                view.stability,
                style,
                title=f"First in {percent(chance)} of simulated appraisals",
                subtitle="share of model runs of weights and scores in which each comes first",
            ),
            view.stability,
            source=source,
            name=f"{now.place.slug} {appraisal.name} stability",
        )


def _both_sides(view: AppraisalView) -> None:
    st.header("Both sides of every argument", anchor=False)
    st.caption(
        "A criterion speaks for an alternative where it scores above the mean of the others, against it where below."
    )
    pair: list[DeltaGenerator] = []
    for number, alternative in enumerate(view.ranking.index):
        row = view.ranking.loc[alternative]
        # A new pair of columns for each two, so that a phone shows them in order of rank.
        pair = pair if number % 2 else list(st.columns(2, gap="medium"))
        with pair[number % 2], st.container(border=True, key=f"argument-{number}"):
            st.markdown(f"**{int(row['rank'])}. {plain_markdown(alternative)}** · {row['total']:.0f} points")
            for side, points in commissioning_appraisal.both_sides(view, alternative).items():
                st.markdown(
                    f"*{side.capitalize()}*" + ("" if len(points) else ": nothing that the scores say")
                )
                for point in points.to_dict("records"):
                    reason = plain_markdown(point["reason"]) or "no reason is given"
                    st.markdown(
                        f"- **{plain_markdown(point['criterion'])}**: {point['score']:g} against {point['others_mean']:.1f} "
                        f"for the others, weight {percent(point['weight'])}. {reason}"
                    )


def _tables(now: PageContext, appraisal: Appraisal, view: AppraisalView, source: str) -> None:
    st.markdown("**Ranking, cost and need reached**")
    show_table(
        "ranking",
        commissioning_appraisal.ranking_table(view),
        placeholder="",
        source=source,
        name=f"{now.place.slug} {appraisal.name} ranking",
        column_config={
            "alternative": "Alternative",
            "rank": "Rank",
            "total": parts.NUMBER("Points", format="%.1f"),
            "cost_gbp": parts.NUMBER("Cost", format="£%,.0f", help="Shown beside, not weighed."),
            "need_reached": parts.NUMBER("Need reached", format="localized"),
            "median_rank": "Median rank",
            "rank_low": "from",
            "rank_high": "to",
            "p_first": parts.NUMBER("First", format="%.0f%%"),
            "p_last": parts.NUMBER("Last", format="%.0f%%"),
        },
    )
    st.markdown(
        f"**What would have to be true for another to draw level with {plain_markdown(view.winner)}**"
    )
    show_table(
        "switching",
        view.switching,
        placeholder="",
        source=source,
        name=f"{now.place.slug} {appraisal.name} switching weights",
        column_config={
            "alternative": "Alternative",
            **{
                name: parts.NUMBER(f"{name} (now {view.weights[name]:.0f}%)", format="%.0f%%")
                for name in appraisal.criterion_names
            },
        },
    )
    st.caption(
        "The weight of one criterion at which the two are level, the others in proportion; blank: none does it."
    )


def _lists(draft: Draft[Appraisal]) -> None:
    st.header("What matters, and what could be done", anchor=False)
    criteria = parts.edit_table(
        draft.key("criteria"),
        lambda: items_table(draft.record.criteria, ["name", "weight", "source"], ["weight"]),
        num_rows="dynamic",
        hide_index=True,
        column_config={
            "name": st.column_config.TextColumn("Criterion", required=True, max_chars=200),
            "weight": parts.NUMBER("Weight", min_value=0.0, help="Only the ratios matter; all blank: alike."),
            "source": st.column_config.TextColumn("Source", default=""),
        },
    )
    alternatives = parts.edit_table(
        draft.key("alternatives"),
        lambda: items_table(
            draft.record.alternatives,
            ["name", "preferred", "cost_gbp", "need_reached", "note"],
            ["cost_gbp", "need_reached"],
        ),
        num_rows="dynamic",
        hide_index=True,
        column_config={
            "name": st.column_config.TextColumn("Alternative", required=True, max_chars=200),
            "preferred": st.column_config.CheckboxColumn("Preferred", default=False, help="In the paper."),
            "cost_gbp": parts.money_column("Cost, £"),
            "need_reached": parts.NUMBER("Need reached"),
            "note": st.column_config.TextColumn("Note", default=""),
        },
    )
    rows, columns = positioned(alternatives), positioned(criteria)
    started = draft.key("lists")
    before = st.session_state.setdefault(started, (draft.record, rows, columns))
    if (rows, columns) == before[1:]:
        return
    record = parts.attempt(lambda: reshaped(draft.record, columns, rows), draft.record)
    if record != draft.record:
        # The positions of the rows are those of the record before: draw the tables anew.
        draft.put(record)
        st.rerun()


def _scores(draft: Draft[Appraisal]) -> None:
    appraisal = draft.record
    st.header("Scores, with reasons", anchor=False)
    names = slugify(" ".join([*appraisal.alternative_names, *appraisal.criterion_names]))
    scores = parts.edit_table(
        draft.key(f"scores-{names}"),
        lambda: scores_matrix(draft.record),
        column_config={
            "alternative": "Score",
            **{
                name: parts.NUMBER(name, min_value=appraisal.scale_low, max_value=appraisal.scale_high)
                for name in appraisal.criterion_names
            },
        },
    )
    reasons = parts.edit_table(
        draft.key(f"reasons-{names}"),
        lambda: reasons_matrix(draft.record),
        column_config={
            "alternative": "Reason",
            **{name: st.column_config.TextColumn(name, width="medium") for name in appraisal.criterion_names},
        },
    )
    values = matrix_scores(scores, reasons)
    draft.take(f"scores-{names}", parts.attempt(lambda: changed(draft.record, scores=values), draft.record))


def _explained() -> None:
    with st.expander("How this is worked out"):
        st.markdown(
            "Points are the weighted mean of scores, put on 0 to 100 of their scale. Cost and need reached stand beside and "
            "are not weighed, so that no pound is counted twice. Stability: weights are drawn around the chosen ones "
            "(Dirichlet) and every score moved by a random amount, 5,000 times; the share of model runs in which each comes first "
            "says how firm the ranking is (Saisana, Saltelli and Tarantola 2005)."
        )
