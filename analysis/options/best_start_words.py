"""The siting test of Best Start Family Hubs in words."""

from __future__ import annotations

from analysis.options.best_start import MOST_DISADVANTAGED, TARGET, BestStart
from analysis.render.number_words import listed
from analysis.render.theme import percent
from analysis.scenario.terms import Terms

CAUTION = (
    f"{percent(TARGET)} of hubs in the {percent(MOST_DISADVANTAGED)} most disadvantaged areas: reported target, not "
    "confirmed. Neither the index nor whether the areas are England's or the council's own has been published: both are shown."
)


def best_start_sentence(answer: BestStart) -> str:
    """Share of hubs in the most disadvantaged areas, for the first option, and the others beside it."""
    rows = answer.table.to_dict("records")
    if not rows or not any(row["hubs"] for row in rows):
        return f"No hub is open in {answer.place.name}: there is nothing to test."
    first, *others = rows
    own = f"{percent(first['share_own'])} in the council's own" if first["hubs"] else ""
    start = (
        f"**{first['name']}: {first['inside_england']} of {first['hubs']} hubs ({percent(first['share_england'])})** stand in the "
        f"{percent(MOST_DISADVANTAGED)} most disadvantaged neighbourhoods of England, {own}."
        if first["hubs"]
        else f"**{first['name']}** has no hub."
    )
    beside = [f"{row['name']} {percent(row['share_england'])}" for row in others if row["hubs"]]
    return f"{start}{f' Beside it: {listed(beside)}.' if beside else ''} Reported target {percent(TARGET)}, not confirmed."


def best_start_notes(answer: BestStart, terms: Terms | None = None) -> list[str]:
    """What the test is, what it cannot say, and its sources, a line each."""
    kinds = (
        "those that count by default" if terms is None or terms.kinds is None else listed(list(terms.kinds))
    )
    notes = [
        CAUTION,
        f"Hubs: open sites, {kinds}; whether they meet the programme's definition is not checked",
        (
            f"Disadvantage: income deprivation affecting children (IDACI) {answer.vintage} of the neighbourhood that a site "
            "stands in. Borderline: 100 m, or a hundredth of England's ranks, would change its side"
        ),
    ]
    outside = int(answer.table["outside_place"].sum())
    if outside:
        notes.append(
            f"{outside} sites stand in none of the place's neighbourhoods: not placed, and not counted as inside"
        )
    notes.append(
        f"Source: English Indices of Deprivation {answer.vintage} (MHCLG); sites as the place lists them. Open Government "
        "Licence v3.0"
    )
    return notes
