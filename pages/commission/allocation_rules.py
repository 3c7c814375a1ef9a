"""The rules of an allocation, to be entered: envelope, weights, floor, supplement, damping, today's amounts."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analysis.commissioning.allocation_plans import AllocationPlan
from analysis.commissioning.editing import changed
from analysis.commissioning.recipients import Recipients
from analysis.scenario.levels import Grouping, level_headings
from pages.commission import parts
from pages.commission.drafts import Draft
from pages.commission.hubs import Hubs, choose_hubs
from pages.shared.context import PageContext

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
            "Nobody loses more than, %",
            "Of today's amount; blank: no limit. Needs today's amounts.",
        ),
        "most_gain_percent": (
            "Nobody gains more than, %",
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
        others = {code: amount for code, amount in draft.record.today_gbp.items() if code not in names.index}
        values = {**others, **given}
        draft.change(parts.attempt(lambda: changed(draft.record, today_gbp=values), draft.record))


def weights_in_force(now: PageContext, plan: AllocationPlan) -> dict[str, float]:
    """Weights by tier: the mildest tier alone where the plan gives none."""
    given = {tier: float(weight) for tier, weight in plan.weights.items()}
    return given or {now.settings.tiers[0].key: 1.0}
