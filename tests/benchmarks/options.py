"""How fast options are: `python -m tests.benchmarks.options`.

Six options on Wirral side by side, maps and table, as the dashboard works them out: with nothing known; with another
limit for all; with one site of one option closed (what the others come to is kept). Then the difference of two with
its map. Ratios to the first come first, because seconds depend on the machine, and the process's own time beside the
clock's, because a busy machine lengthens that; the limits are those of the page.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from analysis.need.estimate import estimate_need
from analysis.options.changes import SiteChanges, with_changes
from analysis.options.comparison import option_row
from analysis.options.difference import difference_by, site_moves
from analysis.options.difference_view import difference_map, difference_view
from analysis.options.files import find_option, list_options
from analysis.options.option import Option
from analysis.options.reached import option_reach, option_reaches
from analysis.options.statement import under_fives_statement
from analysis.options.view import side_by_side, small_maps, words_table
from analysis.places.read import read_place
from analysis.reach.demand import estimated_demand
from analysis.render.outlines import outlines
from analysis.render.small_maps import map_shapes
from analysis.scenario.need_settings import default_settings
from analysis.scenario.terms import Terms

REPEATS = 7
PLACE = "wirral"
SIX_LIMIT_S, DIFFERENCE_LIMIT_S = 0.300, 0.150
TERMS = Terms(20.0, "walk")


def best(work: Callable[[], object], repeats: int = REPEATS) -> tuple[float, float]:
    """Shortest of several in seconds by the clock, and of this process's own time, which others cannot lengthen."""
    clock, own = [], []
    for _ in range(repeats):
        start, begun = time.perf_counter(), time.process_time()
        work()
        clock.append(time.perf_counter() - start)
        own.append(time.process_time() - begun)
    return min(clock), min(own)


def six_options() -> list[Option]:
    """The place's options, and as many with one site closed as make six."""
    options = [find_option(PLACE, slug) for slug in list_options(PLACE)]
    today = find_option(PLACE, "today")
    hubs = read_place(PLACE).sites.index
    for number in range(6 - len(options)):
        closed = with_changes(today, SiteChanges(closed=(str(hubs[number]),)))
        options.append(
            Option(f"Without {hubs[number]}", f"without-{number}", closed.sites, others="as today")
        )
    return options


def main() -> None:
    """Print a table of ratios and times."""
    place = read_place(PLACE)
    estimate, shapes = estimate_need(place, default_settings(place)), map_shapes(outlines(place))
    options = six_options()
    reaches = option_reaches(estimate, options, TERMS)
    rows = {reach.option.slug: option_row(reach) for reach in reaches}
    changed = with_changes(options[0], SiteChanges(closed=(options[0].sites[0].site_id,)))

    def everything() -> object:
        view = side_by_side([option_reach(estimate, option, TERMS) for option in options])
        return words_table(view), small_maps(view, shapes)

    demand, applied = estimated_demand(estimate), [reach.applied for reach in reaches]

    def another_limit() -> object:
        terms = Terms(25.0, "walk")
        view = side_by_side([option_reach(estimate, plan, terms, demand) for plan in applied])
        return words_table(view), small_maps(view, shapes)

    def after_a_change() -> object:
        one = option_reach(estimate, changed, TERMS)
        view = side_by_side([one, *reaches[1:]], {**rows, changed.slug: option_row(one)})
        return words_table(view), small_maps(view, shapes)

    def difference() -> object:
        view = difference_view(reaches[2], reaches[1])
        drawn = difference_map(view, "lsoa", "", "")
        return drawn, difference_by(view.before, view.after, "ward"), site_moves(view.before, view.after)

    first, limit_moved, again, pair = map(best, (everything, another_limit, after_a_change, difference))
    statement = best(lambda: under_fives_statement(reaches[2], reaches[1]))
    print(f"{'what':<58}{'of all':>8}{'own ms':>8}{'ms':>8}  limit (by the clock)")
    for words, taken, limit in (
        ("six options, nothing kept", first, None),
        ("six options, another limit for all", limit_moved, SIX_LIMIT_S),
        ("six options, one site closed in one, the others kept", again, SIX_LIMIT_S),
        ("difference: map, wards, moves", pair, DIFFERENCE_LIMIT_S),
        ("under-fives statement", statement, None),
    ):
        clock, own = taken
        verdict = "" if limit is None else f"{limit * 1000:.0f} ms: {'kept' if clock < limit else 'MISSED'}"
        print(f"{words:<58}{own / first[1]:>8.2f}{own * 1000:>8.0f}{clock * 1000:>8.0f}  {verdict}")


if __name__ == "__main__":
    main()
