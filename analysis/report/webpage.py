"""A pack as one HTML file that opens with no server and no network: charts that answer, maps with names."""

from __future__ import annotations

import base64
import html
import json
import re
from typing import Any

from plotly.offline import get_plotlyjs

from analysis.base.jobs import UNWATCHED, Job
from analysis.base.text import escaped, slugify
from analysis.render.council_theme import CouncilTheme
from analysis.render.figure_frame import FigureStyle
from analysis.render.printmap import AREA_GROUP, drawn_codes
from analysis.render.theme import DARK_BLUE, FONT, SURFACES
from analysis.render.typefaces import font_face_css
from analysis.report.content import Block, Bullets, Chart, Formula, Heading, Map, Pack, Paragraph, Table, runs
from analysis.report.paper import front_line
from analysis.report.pictures import Pictures, formula_width_cm, picture_alt, picture_source, picture_title

WIDTH_PX = 760
WIDTH_CM = 20.0
SURFACE = SURFACES["light"]
POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:"
STYLE = f"""
body {{font: 17px/1.55 {FONT}; color: {SURFACE.text}; background: {SURFACE.background}; margin: 0;}}
main, header, nav {{max-width: {WIDTH_PX}px; margin: 0 auto; padding: 0 20px;}}
h1, h2, h3 {{color: {DARK_BLUE}; line-height: 1.2;}}
h1 {{font-size: 2.1rem; margin: 2rem 0 .2rem;}} h2 {{margin-top: 3rem;}} h3 {{margin-top: 2rem;}}
.quiet, .source {{color: {SURFACE.quiet_text};}} .source {{font-size: 13px; margin: .2rem 0 2rem;}}
figure {{margin: 1.5rem 0 0;}} figcaption b {{display: block;}} figure svg, figure img {{max-width: 100%; height: auto;}}
.logo {{max-height: 72px; max-width: 100%; margin-top: 1rem;}}
.wide {{overflow-x: auto;}}
table {{border-collapse: collapse; font-size: 15px; font-variant-numeric: tabular-nums; width: 100%;}}
caption {{text-align: left; font-weight: 600; padding: .4rem 0;}}
th, td {{text-align: left; vertical-align: top; padding: 4px 8px; border-bottom: 1px solid {SURFACE.grid};}}
thead th {{background: #E7EDF3; position: sticky; top: 0;}} .number {{text-align: right; white-space: nowrap;}}
a {{color: {DARK_BLUE};}} .skip {{position: absolute; left: -9999px;}} .skip:focus {{left: 8px;}}
.map * {{stroke-linejoin: round; stroke-linecap: butt;}}
.map path.area:hover {{stroke: {SURFACE.selected}; stroke-width: 2;}}
@media print {{figure, table {{break-inside: avoid;}} nav {{display: none;}}}}
"""


def webpage_file(pack: Pack, *, job: Job[Any] = UNWATCHED) -> bytes:
    """Write a pack as a self-contained web page, the same bytes for the same pack.

    Parameters
    ----------
    pack : Pack
    job : Job
        As for `analysis.report.assembly.build_pack`; told before each block.

    Raises
    ------
    StoppedError
    """
    pack = pack.as_read()
    pictures = Pictures(WIDTH_CM, theme=pack.theme)
    total = sum(len(section.blocks) for section in pack.sections) or 1
    body, done = [], 0
    for section in pack.sections:
        body.append(f"<section id='{slugify(section.key)}'><h2>{escaped(section.title)}</h2>")
        for block in section.blocks:
            job.tell(done / total, section.title)
            body.append(_html(block, pictures, done))
            done += 1
        body.append("</section>")
    return _page(pack, "".join(body)).encode("utf-8")


def _page(pack: Pack, body: str) -> str:
    contents = "".join(
        f"<li><a href='#{slugify(section.key)}'>{escaped(section.title)}</a>: {_words(section.message)}</li>"
        for section in pack.sections
    )
    manifest = pack.manifest.replace("<", "\\u003c")
    return (
        "<!DOCTYPE html><html lang='en-GB'><head><meta charset='utf-8'>"
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>{escaped(pack.title)}</title><style>{font_face_css(compressed=True)}{_style(pack.theme)}</style>"
        f"<script>{get_plotlyjs()}</script></head><body><a class='skip' href='#main'>Skip to the text</a>"
        f"<header>{_logo(pack.theme)}<h1>{escaped(pack.title)}</h1><p class='quiet'>{escaped(front_line(pack))}</p></header>"
        f"<nav aria-label='Contents'><ol>{contents}</ol></nav><main id='main'>{body}</main>"
        f"<script type='application/json' id='manifest'>{manifest}</script></body></html>"
    )


def _style(theme: CouncilTheme) -> str:
    return theme.svg(STYLE.encode()).decode()


def _logo(theme: CouncilTheme) -> str:
    """The council's logo, in the file itself."""
    if not theme.logo:
        return ""
    coded = base64.b64encode(theme.logo).decode()
    kind = "png" if theme.logo.startswith(b"\x89PNG") else "jpeg"
    return (
        f"<p><img class='logo' alt='{escaped(theme.logo_words)}' src='data:image/{kind};base64,{coded}'></p>"
    )


def _html(block: Block, pictures: Pictures, number: int) -> str:
    if isinstance(block, Paragraph):
        return f"<p>{_words(block.text)}</p>"
    if isinstance(block, Heading):
        return f"<h3>{escaped(block.text)}</h3>"
    if isinstance(block, Bullets):
        return f"<ul>{''.join(f'<li>{_words(item)}</li>' for item in block.items)}</ul>"
    return _table(block) if isinstance(block, Table) else _picture(block, pictures, number)


def _words(text: str) -> str:
    return "".join(
        f"<b>{html.escape(piece)}</b>" if bold else html.escape(piece) for piece, bold in runs(text)
    )


def _picture(block: Chart | Map | Formula, pictures: Pictures, number: int) -> str:
    if isinstance(block, Formula):
        svg = pictures.svg(block)
        coded = base64.b64encode(svg).decode()
        return (
            f"<p><img alt='{escaped(picture_alt(block))}' style='width:{formula_width_cm(svg) * 1.15:.2f}cm' "
            f"src='data:image/svg+xml;base64,{coded}'></p>"
        )
    title, subtitle = picture_title(block)
    inner = _map(block, pictures, number) if isinstance(block, Map) else _chart(block, pictures.theme, number)
    return (
        f"<figure><figcaption><b>{escaped(title)}</b><span class='quiet'>{escaped(subtitle)}</span></figcaption>"
        f"{inner}</figure><p class='source'>{escaped(picture_source(block))}</p>"
    )


def _chart(block: Chart, theme: CouncilTheme, number: int) -> str:
    """A chart that answers when pointed at; its numbers are in the description for screen readers."""
    style = FigureStyle(width_px=WIDTH_PX, heading=False, theme=theme)
    figure = theme.figure(block.draw(style))
    figure.update_layout(autosize=True)
    data: dict[str, Any] = json.loads(figure.to_json())
    data["layout"].pop("template", None)
    drawn = json.dumps(data, sort_keys=True, separators=(",", ":")).replace("<", "\\u003c")
    return (
        f"<div id='chart-{number}' role='img' aria-label='{escaped(picture_alt(block))}'></div>"
        f"<script>{{const f={drawn};Plotly.newPlot('chart-{number}',f.data,f.layout,"
        "{displayModeBar:false,responsive:true})}</script>"
    )


def _map(block: Map, pictures: Pictures, number: int) -> str:
    """The print map, whose areas say their name and numbers when pointed at."""
    svg = pictures.svg(block).decode("utf-8")
    svg = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    start = svg.index(f'<g id="{AREA_GROUP}">')
    end = svg.index("</g>", start)
    named = _named_paths(svg[start:end], block)
    svg = re.sub(r'(id="|href="#|url\(#)', rf"\g<1>m{number}-", svg[:start] + named + svg[end:])
    opening = f"<svg class='map' role='img' aria-label='{escaped(picture_alt(block))}'"
    return svg.replace("<svg", opening, 1)


def _named_paths(group: str, block: Map) -> str:
    """Give every path of the areas its name and lines, which a browser shows when it is pointed at."""
    names = block.shapes.labels[block.paint.level]["area_name"]
    tooltip = block.paint.tooltip.fillna("").astype(str)
    codes = iter(drawn_codes(block.shapes, block.paint))

    def titled(path: re.Match[str]) -> str:
        code = next(codes)
        lines = [str(names[code]), *(str(line) for line in tooltip.loc[code] if line)]
        words = "\n".join(escaped(line) for line in lines)
        return f"<path class='area' {path.group(1)}><title>{words}</title></path>"

    return re.sub(r"<path ([^>]*?)/>", titled, group, flags=re.DOTALL)


def _table(block: Table) -> str:
    right = block.right_aligned
    heads = "".join(
        f"<th scope='col'{_class(number)}>{escaped(head)}</th>"
        for head, number in zip(block.heads.values(), right, strict=True)
    )
    rows = "".join(
        "<tr>"
        + "".join(
            f"<{'th scope=row' if column == 0 else 'td'}{_class(number)}>{escaped(cell)}</{'th' if column == 0 else 'td'}>"
            for column, (cell, number) in enumerate(zip(row, right, strict=True))
        )
        + "</tr>"
        for row in block.rows()
    )
    return (
        f"<div class='wide' tabindex='0' role='region' aria-label='{escaped(block.title)}'><table>"
        f"<caption>{escaped(block.title)}</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
        f"<p class='source'>{escaped(block.source)}</p>"
    )


def _class(is_number: bool) -> str:
    return " class='number'" if is_number else ""
