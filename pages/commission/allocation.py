"""How is the money shared out: rules, amounts, floors, gains and losses."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.base.faults import HubreachError
from analysis.commissioning import allocation as commissioning_allocation
from analysis.commissioning import figures, published_words
from analysis.commissioning import words as commissioning_words
from analysis.commissioning.allocation import AllocationPlan, AllocationView, Recipients, read_allocation_plan
from analysis.commissioning.contract import read_contract
from analysis.commissioning.maps import allocation_map, site_amounts
from analysis.commissioning.storage import record_files, record_text
from analysis.commissioning.tables import changed
from analysis.need import maps as need_maps
from analysis.need import words as need_words
from analysis.places.finding import place_folder
from analysis.render.map_sheet import MapLegend, legend_rows
from analysis.render.theme import pounds
from analysis.scenario.levels import LEVEL_WORDS, Grouping, level_headings
from pages.commission import parts
from pages.commission.drafts import Draft, open_draft, toolbar
from pages.commission.hubs import Hubs, choose_hubs
from pages.shared import state
from pages.shared.charts import show_chart, show_table
from pages.shared.context import PageContext
from pages.shared.layout import map_columns, plain_markdown, question, show_error, source_line
from pages.shared.loading_commissioning import (
    By,
    load_allocation,
    load_published,
    load_recipients,
    open_sites,
)
from pages.shared.maps import show_area_map

RECIPIENTS: tuple[Grouping, ...] = ("locality", "ward", "site")


def choose_rules(now: PageContext, draft: Draft[AllocationPlan]) -> Hubs:
    """Every rule of the plan; answers with the sites that count."""
    plan = draft.record
    headings = level_headings(now.place, RECIPIENTS)
    with st.container(horizontal=True, vertical_alignment="bottom", key="allocation-rules"):
        with st.container(width=150):
            envelope = parts.ask_pounds(
                "Envelope", draft.key("envelope"), plan.envelope_gbp, "Whole pounds to share."
            )
        by = st.segmented_control(
            "Over",
            list(headings),
            format_func=headings.__getitem__,
            default=plan.by if plan.by in headings else next(iter(headings)),
            required=True,
            key=draft.key("by"),
            help="Sites: each neighbourhood's need goes to the nearest open site of the chosen kinds.",
        )
        with st.container(width=190):
            floor = st.number_input(
                "Floor, % of the envelope",
                0.0,
                100.0,
                float(plan.floor_percent),
                0.5,
                key=draft.key("floor"),
                help="Least that anybody gets; those below are topped up, the others share the rest by need.",
            )
        with st.popover("Weights of the tiers", icon=":material/balance:"):
            weights = {
                tier.key: st.number_input(
                    tier.name,
                    0.0,
                    100.0,
                    float(weights_in_force(now, plan).get(tier.key, 0.0)),
                    0.1,
                    key=draft.key(f"weight-{tier.key}"),
                    help="What a child in this tier counts for; only the ratios matter.",
                )
                for tier in now.settings.tiers
            }
        with st.popover("Supplement, damping, sites", icon=":material/tune:"):
            hubs = choose_hubs(now, limit=False)
            supplement = _supplement(draft)
            loss, gain = _damping(draft)
            name = st.text_input("Name of this allocation", plan.name, key=draft.key("name"), max_chars=200)
    values = {
        "name": name,
        "envelope_gbp": envelope,
        "by": by,
        "floor_percent": str(floor),
        "weights": {tier: str(weight) for tier, weight in weights.items() if weight},
        "supplement": supplement,
        "most_loss_percent": loss,
        "most_gain_percent": gain,
    }
    draft.change(parts.attempt(lambda: changed(draft.record, **values), draft.record))
    return hubs


def _supplement(draft: Draft[AllocationPlan]) -> dict[str, str]:
    now = draft.record.supplement
    asked = {
        "percent_per_minute": (
            "Supplement for travel, % a minute",
            0.5,
            "Added to the need of areas that are far.",
        ),
        "beyond_minutes": (
            "beyond so many minutes",
            1.0,
            "Mean minutes to the nearest site that are ordinary.",
        ),
        "most_percent": ("at most, %", 5.0, "Cap on the supplement."),
    }
    return {
        field: str(
            st.number_input(
                label, 0.0, 100.0, float(getattr(now, field)), step, key=draft.key(field), help=help_text
            )
        )
        for field, (label, step, help_text) in asked.items()
    }


def _damping(draft: Draft[AllocationPlan]) -> tuple[str, str]:
    asked = {
        "most_loss_percent": (
            "No area loses more than, %",
            "Of today's amount; blank: no limit. Needs today's amounts.",
        ),
        "most_gain_percent": (
            "No area gains more than, %",
            "Of today's amount; blank: no limit. Needs today's amounts.",
        ),
    }
    answers = []
    for field, (label, help_text) in asked.items():
        value = getattr(draft.record, field)
        given = st.number_input(
            label,
            0.0,
            1000.0,
            None if value is None else float(value),
            0.5,
            key=draft.key(field),
            help=help_text,
        )
        answers.append("" if given is None else str(given))
    return answers[0], answers[1]


def edit_today(draft: Draft[AllocationPlan], recipients: Recipients) -> None:
    """Today's amounts of those that share, to be typed or pasted."""
    with st.expander("Today's amounts (for damping and comparison)"):
        st.caption("Paste a column from a spreadsheet, or type. Blank: not known.")
        names = recipients.names
        edited = parts.edit_table(
            draft.key(f"today-{draft.record.by}-{len(names)}"),
            lambda: pd.DataFrame(
                {
                    "area_name": names,
                    "today_gbp": [
                        float(amount)
                        if (amount := draft.record.today_gbp.get(str(code))) is not None
                        else None
                        for code in names.index
                    ],
                },
            ).astype({"today_gbp": float}),
            column_config={
                "area_code": "Code",
                "area_name": st.column_config.TextColumn("Name", disabled=True),
                "today_gbp": parts.money_column("Today, £ a year"),
            },
        )
        given = {str(code): amount for code, amount in edited["today_gbp"].items() if pd.notna(amount)}
        st.caption(f"Together: **£{sum(given.values()):,.2f}**, of {len(given)} that are known.")
        others = {code: amount for code, amount in draft.record.today_gbp.items() if code not in names.index}
        values = {**others, **given}
        draft.change(parts.attempt(lambda: changed(draft.record, today_gbp=values), draft.record))


def weights_in_force(now: PageContext, plan: AllocationPlan) -> dict[str, float]:
    """Weights by tier: the mildest tier alone where the plan gives none."""
    given = {tier: float(weight) for tier, weight in plan.weights.items()}
    return given or {now.settings.tiers[0].key: 1.0}


TITLE = "How is the money shared out, and who gains or loses?"
KEPT_KEY = "commissioning_kept_allocation"
MOST_BARS = 22


def show(now: PageContext, head: DeltaGenerator, bar: DeltaGenerator) -> None:
    """Answer, rules, map and amounts, other floors, comparison, workings, log."""
    draft = open_draft(now, "allocations", read_allocation_plan, lambda: _start(now))
    if draft is None:
        return
    rules, answer, below = st.container(), st.container(), st.container()
    with rules:
        hubs = choose_rules(now, draft)
        _published(now)
    with bar:
        toolbar(draft, AllocationPlan)
    plan = draft.record
    if plan.envelope_gbp is None:
        with head:
            question(TITLE, "There is nothing to share yet: enter the **envelope**, in whole pounds.")
        with answer:
            parts.needs_box(plan.blanks(), "The amounts, the map and the comparison appear with the envelope")
        return
    try:
        recipients = load_recipients(now.place.slug, now.settings, now.index, plan.by, hubs.kinds, hubs.mode)
        with below:
            edit_today(draft, recipients)
        view, curve, others = load_allocation(record_text(draft.record), recipients)
    except HubreachError as error:
        with head:
            question(TITLE, f"**{pounds(float(plan.envelope_gbp))}** cannot be shared under these rules.")
        with answer:
            show_error(error)
        return
    weight_words = parts.tier_words(now, weights_in_force(now, plan))
    with head:
        words_of = LEVEL_WORDS[plan.by][:2]
        sentence = commissioning_words.allocation_sentence(view, weight_words, words_of, plain_markdown)
        question(TITLE, sentence)
    source = f"{need_words.source_sentence(now.need)} {need_words.parameters_sentence(now.need)} {_rule_words(draft.record, hubs)}"
    with answer:
        _amounts(now, view, draft.record, hubs, source)
        _floors_and_changes(now, view, draft.record, curve, others, source)
        _workings(now, view, source)
    with below:
        parts.assumptions_and_log(draft, draft.record.log(), name=f"{now.place.slug} {draft.record.name}")
        _explained()


def _published(now: PageContext) -> None:
    """What is published of early years and family support, beside the envelope: the council and its neighbours."""
    money = load_published(now.place)
    if money is None:
        return
    with st.expander("Published spending beside the envelope"):
        st.markdown(plain_markdown(published_words.early_help_words(money)))
        show_table(
            "published-spending",
            money.table,
            source=published_words.money_source(money),
            name=f"{now.place.slug} published spending",
            placeholder="not published",
            column_order=["authority_name", "early_help_gbp", "early_help_per_child_gbp", "children"],
            column_config={
                "authority_name": "Authority",
                "early_help_gbp": parts.NUMBER("Early years and family support", format="£%,.0f"),
                "early_help_per_child_gbp": parts.NUMBER("For each child", format="£%,.0f"),
                "children": parts.NUMBER("Children 0-17", format="%,.0f"),
            },
        )
        source_line(*published_words.money_notes(money)[2:])


def _start(now: PageContext) -> AllocationPlan:
    """Begin with the open contract's yearly value, shared over the localities or wards by the tier in force."""
    envelope = None
    for path in list(record_files(place_folder(now.place.slug), "contracts").values())[:1]:
        envelope = read_contract(path).annual_value_gbp
    by: By = "locality" if len(now.place.names("locality")) > 1 else "ward"
    weights = {now.settings.tiers[0].key: Decimal(1)}
    return AllocationPlan(name="Allocation by need", envelope_gbp=envelope, by=by, weights=weights)


def _rule_words(plan: AllocationPlan, hubs: Hubs) -> str:
    held = f"Floor {plan.floor_percent:f}%."
    if plan.by == "site" or plan.supplement.percent_per_minute:
        held += f" Sites: open {' or '.join(hubs.kinds) or 'of every kind'}, {hubs.mode}."
    if plan.most_loss_percent is not None:
        held += f" No area loses more than {plan.most_loss_percent:f}% of today's amount."
    return held


def _amounts(now: PageContext, view: AllocationView, plan: AllocationPlan, hubs: Hubs, source: str) -> None:
    left, right = map_columns()
    with left:
        _map(now, view, plan, hubs)
    with right:
        shown = view.table.head(MOST_BARS)
        many = (
            f"first {len(shown)} of {len(view.table)}"
            if len(shown) < len(view.table)
            else f"all {len(shown)}"
        )
        first = view.table.iloc[0]
        show_chart(
            "amounts",
            lambda style: figures.allocation_bars(
                shown,
                style,
                title=f"{first['area_name']} gets most, {pounds(first['allocation_gbp'])}",
                subtitle=f"{many} {LEVEL_WORDS[plan.by].many}, pounds of {pounds(view.envelope_gbp)}; a sign says which rule holds",
            ),
            view.table,
            source=source,
            name=f"{now.place.slug} {plan.name} {plan.by}",
        )


def _map(now: PageContext, view: AllocationView, plan: AllocationPlan, hubs: Hubs) -> None:
    frame = now.map_frame()
    if plan.by == "site":
        drawn = need_maps.need_map(now.need, now.tier, "lsoa")
        symbols = {kind.name: kind.symbol for kind in now.place.kinds}
        sites = site_amounts(view, open_sites(now.place.slug, hubs.kinds))
        show_area_map(
            "allocation",
            now.shapes,
            drawn.paint,
            frame,
            MapLegend(drawn.title, tuple(legend_rows(drawn.scale, drawn.ranking["value"]))),
            sites=sites.assign(symbol=sites["kind"].map(symbols).fillna("centre")),
        )
        source_line(need_words.source_sentence(now.need), "Hover over a site for its amount.")
        return
    scale, paint = allocation_map(view, plan.by)
    rows = legend_rows(scale, view.table["allocation_gbp"])
    words = MapLegend("Pounds a year", tuple(rows), LEVEL_WORDS[plan.by].many)
    show_area_map("allocation", now.shapes, paint, frame, words)
    source_line(need_words.source_sentence(now.need))


def _floors_and_changes(
    now: PageContext,
    view: AllocationView,
    plan: AllocationPlan,
    curve: pd.DataFrame,
    others: dict[str, pd.Series],
    source: str,
) -> None:
    left, right = st.columns(2, gap="medium")
    with left:
        largest = float(curve["floor"].max())
        show_chart(
            "floors",
            lambda style: figures.floor_lines(
                curve,
                style,
                title=f"What if the floor were higher? At most {largest:.1%} fits",
                subtitle=f"pounds by {LEVEL_WORDS[plan.by].one} at every floor; dashed: the floor chosen",
                now=float(plan.floor_percent) / 100,
            ),
            curve.set_index("area_code"),
            source=source,
            name=f"{now.place.slug} {plan.name} floors",
        )
    with right:
        _changes(now, view, plan, others, source)


def _changes(
    now: PageContext, view: AllocationView, plan: AllocationPlan, others: dict[str, pd.Series], source: str
) -> None:
    kept = st.session_state.setdefault(KEPT_KEY, {}).get((now.place.slug, plan.by))
    rivals = {**others, **({f"Kept: {kept[0]}": kept[1]} if kept else {})}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=260):
            rival = st.selectbox(
                "Compared with", list(rivals), key=state.RIVAL, help="Another way to share the same envelope."
            )
        st.button(
            "Keep this one to compare",
            icon=":material/bookmark_add:",
            on_click=_keep,
            args=(now.place.slug, plan, view.table["allocation_gbp"]),
            help="Then change the rules: the allocation of now can be chosen beside.",
        )
    changes = commissioning_allocation.gains_and_losses(view, rivals[rival])
    show_chart(
        "changes",
        lambda style: figures.change_bars(
            changes,
            style,
            title=commissioning_words.change_sentence(changes, rival),
            subtitle=f"pounds by {LEVEL_WORDS[plan.by].one}, this allocation less the other; the largest loss on top",
        ),
        changes,
        source=f"{source} Compared with: {rival}.",
        name=f"{now.place.slug} {plan.name} compared",
    )


def _keep(place: str, plan: AllocationPlan, amounts: pd.Series) -> None:
    words = f"{plan.name}, floor {plan.floor_percent:f}%, {pounds(float(plan.envelope_gbp or 0))}"
    st.session_state[KEPT_KEY][(place, plan.by)] = (words, amounts)


def _workings(now: PageContext, view: AllocationView, source: str) -> None:
    st.header("Workings", anchor=False)
    money = {
        f"{column}_gbp": parts.NUMBER(words, format="£%,.0f")
        for column, words in {
            "before_limits": "By need alone",
            "lower_limit": "At least",
            "upper_limit": "At most",
            "allocation": "Allocation",
            "per_child": "A child",
            "per_need": "A child in need",
        }.items()
    }
    show_table(
        "workings",
        commissioning_allocation.workings(view),
        placeholder="",
        source=source,
        name=f"{now.place.slug} allocation workings",
        column_config={
            "area_code": "Code",
            "area_name": st.column_config.TextColumn("Name", width="medium"),
            "need": parts.NUMBER("Need (est.)", format="localized"),
            "supplement": parts.NUMBER("Supplement", format="%.1f%%"),
            "weighted_need": parts.NUMBER("Weighted need", format="localized"),
            "share": parts.NUMBER("Share", format="%.1f%%"),
            "held_by": "Paid",
            **money,
        },
    )


def _explained() -> None:
    with st.expander("How this is worked out"):
        st.markdown(
            "Each gets the same rate a unit of weighted need, held between its limits: "
            "$a_i = \\max(l_i, \\min(u_i, k\\,w_i))$ with the one $k$ that spends the envelope. $w_i$ is need × (1 + "
            "supplement); $l_i$ the floor or today's amount less the largest loss, $u_i$ today's amount plus the largest "
            "gain. Whole pounds by largest remainder, so the column adds up to the envelope to the pound. Need is modelled "
            "and carries a range: small differences between areas are not firm."
        )
