"""What the hall looks at, in one line for every screen and phone: which plans, their status, ages and travel."""

from __future__ import annotations

from analysis.base.text import plain
from analysis.render.number_words import listed
from analysis.scenario.ages import AGE_GROUPS, ALL_AGES
from analysis.scenario.terms import DEFAULT_MINUTES
from analysis.scenario.travel import MODE_WORDS
from analysis.workshop.state import State

MOST_NAMED = 4


def standing_line(state: State) -> str:
    """The plans of the step on screen, or of the workshop, each with "illustration" where nobody decided it.

    Examples
    --------
    "Today and Three hubs (illustration); ages 0 to 17, 20-minute walk".
    """
    parameters = {**state.parameters, **(state.step.step.parameters if state.step else {})}
    ages, mode, minutes = (parameters.get(name) for name in ("ages", "mode", "minutes"))
    group = AGE_GROUPS[str(ages) if ages in AGE_GROUPS else ALL_AGES]
    way = next((words.trip for key, words in MODE_WORDS.items() if key == mode), MODE_WORDS["walk"].trip)
    limit = minutes if isinstance(minutes, int | float) else DEFAULT_MINUTES
    terms = f"ages {group.short}, {limit:g}-minute {way}"
    numbers = state.step.step.options if state.step else ()
    options = [state.options[number - 1] for number in numbers] or list(state.options)
    names = [
        f"{plain(str(each['name']))}{' (illustration)' if each['detail'].get('illustration') else ''}"
        for each in options[:MOST_NAMED]
    ]
    left = len(options) - MOST_NAMED
    return (
        f"{listed([*names, *([f'{left} more'] if left > 0 else [])])}; {terms}"
        if names
        else terms[:1].upper() + terms[1:]
    )
