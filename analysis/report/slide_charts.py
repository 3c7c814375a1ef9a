"""Bars as PowerPoint's own chart: numbers, colours and ranges that can be edited there."""

from __future__ import annotations

from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_LABEL_POSITION
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Length, Pt

from analysis.base.text import inert
from analysis.render.council_theme import HOUSE, CouncilTheme
from analysis.render.theme import SURFACES, readable_on, rgb
from analysis.report.content import BarData
from analysis.report.word_parts import safe_xml

CHART_SPACE = "http://schemas.openxmlformats.org/drawingml/2006/chart"


def slide_colour(colour: str) -> RGBColor:
    """A hex colour for PowerPoint."""
    return RGBColor(*rgb(colour))  # type: ignore[no-untyped-call]


QUIET = slide_colour(SURFACES["light"].quiet_text)


def add_bars(
    slide: Any, bars: BarData, box: tuple[Length, Length, Length, Length], theme: CouncilTheme = HOUSE
) -> Any:
    """Put bars on a slide as PowerPoint's own chart.

    Parameters
    ----------
    slide : Slide
    bars : BarData
    box : tuple of Length
        Left, top, width, height.
    theme : CouncilTheme

    Returns
    -------
    GraphicFrame
    """
    data: Any = CategoryChartData()  # type: ignore[no-untyped-call]
    # The chart's own workbook reads text that begins with a sign as a formula.
    data.categories = [inert(safe_xml(name)) for name in bars.names]
    for name, values in bars.series.items():
        data.add_series(inert(safe_xml(name)), values)
    frame = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *box, data)
    _style_bars(frame.chart, bars, theme)
    return frame


def _style_bars(chart: Any, bars: BarData, theme: CouncilTheme) -> None:
    small = max(_largest(bars), 1e-9) <= 1
    form = "0%" if small else "#,##0"
    chart.font.size, chart.font.name = (
        Pt(14 if len(bars.names) <= 12 else 12 if len(bars.names) <= 16 else 10),
        theme.document_font,
    )
    chart.has_legend = len(bars.series) > 1
    chart.has_title = False
    category, value = chart.category_axis, chart.value_axis
    category.reverse_order = True
    category.has_major_gridlines = False
    category.format.line.color.rgb = QUIET
    value.has_major_gridlines = False
    value.minimum_scale = 0
    value.maximum_scale = 1.04 * max(_largest(bars), *bars.high, 1e-9)
    value.visible = False
    value.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    plot = chart.plots[0]
    plot.gap_width = 35
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.number_format, labels.number_format_is_linked = form, False
    labels.position = XL_LABEL_POSITION.INSIDE_BASE if bars.low else XL_LABEL_POSITION.OUTSIDE_END
    for name, series in zip(bars.series, plot.series, strict=True):
        colours = tuple(theme.colour(colour) for colour in bars.colours[name])
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = slide_colour(colours[0])
        for number, colour in enumerate(colours if len(colours) > 1 else ()):
            point = series.points[number]
            point.format.fill.solid()
            point.format.fill.fore_color.rgb = slide_colour(colour)
            point.format.line.color.rgb = QUIET
        if bars.low:
            _add_range(series, bars)
            _contrast_labels(series, colours, len(bars.names), form)


def _largest(bars: BarData) -> float:
    return max((max(values, default=0.0) for values in bars.series.values()), default=0.0)


def _contrast_labels(series: Any, colours: tuple[str, ...], count: int, form: str) -> None:
    """Letters inside a bar that read on its colour."""
    for number in range(count):
        label = series.points[number].data_label
        label.font.color.rgb = slide_colour(readable_on(colours[number % len(colours)]))
        label.position = XL_LABEL_POSITION.INSIDE_BASE
        own = parse_xml(f'<c:numFmt xmlns:c="{CHART_SPACE}" formatCode="{form}" sourceLinked="0"/>')
        label._dLbl.find(qn("c:idx")).addnext(own)


def _add_range(series: Any, bars: BarData) -> None:
    """Range of each bar as error bars with their own lengths, which PowerPoint keeps editable."""
    values = next(iter(bars.series.values()))
    plus = [max(high - value, 0) for high, value in zip(bars.high, values, strict=True)]
    minus = [max(value - low, 0) for low, value in zip(bars.low, values, strict=True)]

    def lengths(tag: str, numbers: list[float]) -> str:
        points = "".join(
            f'<c:pt idx="{number}"><c:v>{length:g}</c:v></c:pt>' for number, length in enumerate(numbers)
        )
        return f'<c:{tag}><c:numLit><c:ptCount val="{len(numbers)}"/>{points}</c:numLit></c:{tag}>'

    body = (
        f'<c:errBars xmlns:c="{CHART_SPACE}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        '<c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="1"/>'
        f"{lengths('plus', plus)}{lengths('minus', minus)}"
        '<c:spPr><a:ln w="15875"><a:solidFill><a:srgbClr val="1F2328"/></a:solidFill></a:ln></c:spPr></c:errBars>'
    )
    element = series._element
    element.find(qn("c:cat")).addprevious(parse_xml(body))
