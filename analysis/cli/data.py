"""`hubreach data`: any figure of a place's areas, its place in England, and two at once; as rows or as a map."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Annotated, Any

import typer

from analysis.benchmark.indicator_answer import (
    IndicatorAnswer,
    PairAnswer,
    all_indicators,
    answer_indicator,
    answer_pair,
)
from analysis.benchmark.indicator_maps import indicator_map, pair_map
from analysis.benchmark.indicator_tables import indicator_table, look_table, pair_table, without_empty
from analysis.benchmark.indicator_words import (
    look_sentence,
    look_source,
    look_title,
    pair_sentence,
    pair_title,
)
from analysis.cli.choices import NeedChoices, PlaceArgument, estimate_from
from analysis.cli.groups import GIVEN, LEFT_OUT, command, only_where
from analysis.cli.printing import PrintOptions, print_frame, save_file
from analysis.cli.terms import TermsOptions
from analysis.need.estimate import NeedEstimate
from analysis.places.place import AreaLevel
from analysis.reach.answer import ReachAnswer, answer_reach
from analysis.reach.maps import sites_over
from analysis.reach.measures import MEASURES, answer_look, reach_indicators
from analysis.render.classes import Scheme
from analysis.render.outlines import outlines, with_level
from analysis.render.printmap import map_file
from analysis.render.sheets import wanted_image_kind
from analysis.report.content import unmarked

UNDRAWN = "The map was not made."
ToOption = Annotated[
    Path | None,
    typer.Option("--to", help="Map to write as well: .png (300 dpi), .svg or .pdf.", show_default=False),
]


@dataclass(frozen=True)
class Looked:
    """What is looked at, as options of a command."""

    indicator: Annotated[
        str | None,
        typer.Option("--indicator", help="Key of a figure: see --list.", show_default=False),
    ] = None
    by: Annotated[
        AreaLevel, typer.Option("--by", help="Areas to answer for; msoa: named neighbourhoods.")
    ] = "ward"
    against: Annotated[
        str | None,
        typer.Option("--against", help="Key of a second figure, for both at once.", show_default=False),
    ] = None
    listed: Annotated[
        bool, typer.Option("--list", help="List every figure (without --indicator as well).")
    ] = False


@dataclass(frozen=True)
class Drawn:
    """How its map is drawn, as options of a command."""

    to: ToOption = None
    classes: Annotated[Scheme, typer.Option("--classes", help="How values are put into classes.")] = (
        "natural breaks"
    )
    sites: Annotated[bool, typer.Option("--sites", help="Draw the sites that count today over it.")] = False


@command(
    only_where("listed", indicator=LEFT_OUT),
    only_where("by", "against", "to", *(each.name for each in fields(NeedChoices)), indicator=GIVEN),
    only_where("classes", "sites", to=GIVEN),
    only_where("classes", against=LEFT_OUT),
    only_where(*(each.name for each in fields(TermsOptions)), indicator=MEASURES).within(against=LEFT_OUT),
)
def data(
    place: PlaceArgument,
    looked: Looked,
    drawn: Drawn,
    asked: TermsOptions,
    choices: NeedChoices,
    printed: PrintOptions,
) -> None:
    """Any figure by area: need, reach, deprivation, children, Census, your own; against England, or two at once."""
    estimate = estimate_from(place, choices)
    if looked.indicator is None:
        known = all_indicators(estimate)
        table = indicator_table(known | reach_indicators(estimate, estimate.tier_keys[0]))
        print_frame(
            table,
            printed.format,
            printed.out,
            title=f"Figures of {estimate.place.name}",
            notes=[f"By area: hubreach data {estimate.place.slug} --indicator {list(known)[-1]}"],
            shown=table[["group", "title", "unit", "more_need", "vintage", "status"]],
        )
        return
    answer, pair, view = _look(estimate, looked, asked)
    table = look_table(answer) if pair is None else pair_table(pair)
    print_frame(
        table,
        printed.format,
        printed.out,
        title=look_title(answer) if pair is None else pair_title(pair),
        notes=[
            unmarked(look_sentence(answer) if pair is None else pair_sentence(pair)),
            *([] if view is None else [f"{view.line}."]),
            look_source(estimate, answer, pair),
        ],
        meta={"place": estimate.place.slug, "by": looked.by, **_meta(answer, "indicator")}
        | ({} if pair is None else _meta(pair.second, "against"))
        | ({} if view is None else {"scenario": view.line}),
        shown=without_empty(table),
    )
    if drawn.to is not None:
        save_file(drawn.to, _map_file(estimate, answer, pair, drawn))


def _look(
    estimate: NeedEstimate, looked: Looked, asked: TermsOptions
) -> tuple[IndicatorAnswer, PairAnswer | None, ReachAnswer | None]:
    """What is looked at, the second figure with it, and who is within reach where one of the two is of that."""
    first, second = str(looked.indicator), looked.against
    view = answer_reach(estimate, asked.terms()) if {first, second} & set(MEASURES) else None

    def answered(key: str) -> IndicatorAnswer:
        return (
            answer_indicator(estimate, key, looked.by) if view is None else answer_look(view, key, looked.by)
        )

    answer = answered(first)
    return answer, None if second is None else answer_pair(answer, answered(second)), view


def _meta(answer: IndicatorAnswer, name: str) -> dict[str, Any]:
    standing = None if answer.standing is None else asdict(answer.standing)
    return {name: asdict(answer.indicator) | {"value": answer.value, "standing": standing}}


def _map_file(
    estimate: NeedEstimate, answer: IndicatorAnswer, pair: PairAnswer | None, drawn: Drawn
) -> bytes:
    kind = wanted_image_kind(Path(drawn.to or ""), UNDRAWN)
    place, source = estimate.place, look_source(estimate, answer, pair)
    made = indicator_map(answer, source, drawn.classes) if pair is None else pair_map(pair, source)
    sheet, marks = sites_over(place, place.sites, made.sheet) if drawn.sites else (made.sheet, None)
    shapes = with_level(outlines(place), place, answer.level)
    return map_file(shapes, made.paint, sheet, kind, sites=marks)


def register(app: typer.Typer) -> None:
    """Add the command of this room."""
    app.command()(data)
