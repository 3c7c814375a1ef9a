"""How every number is made, what the figures cannot say, and every parameter in force."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pandas as pd

from analysis.report import data_tables, method_text
from analysis.report.content import Block, Heading, Paragraph, Section, Table, prose
from analysis.report.sections.material import Material
from analysis.scenario.need_settings import COMPOSITE
from analysis.targeting.recipe import read_recipe

LOG_HEADS = {"meaning": "What", "value": "Value", "default": "Default", "source": "Source"}


def method_section(material: Material) -> Section:
    """Method, limits, parameter log, versions."""
    place, settings = material.place, material.estimate.settings
    message = "Every figure is made in steps that are written down here, with the parameters used."
    blocks: list[Block] = [Paragraph("method.answer", message)]
    for number, part in enumerate(method_text.method_sections(place, settings)):
        if part.heading == method_text.OWN_INDEX and settings.basis != COMPOSITE:
            continue
        blocks += [Heading(part.heading), *prose(f"method.{number}", part.text)]
    blocks.append(Heading("What the figures cannot say"))
    blocks += [
        Paragraph(f"method.limit.{number}", f"**{part.heading}.** {part.text}")
        for number, part in enumerate(method_text.limits(place, settings))
    ]
    return Section(
        "method", "Method and parameter log", message, (*blocks, *_log(material)), is_appendix=True
    )


def _log(material: Material) -> Iterator[Block]:
    recipe = read_recipe(material.request.scenario.index) if material.request.scenario.index else None
    log = data_tables.log_shown(
        data_tables.full_parameter_log(material.place, material.estimate.settings, recipe)
    )
    yield Heading("Parameters used")
    yield Table(
        "parameters",
        "Every value behind the figures",
        log.reset_index(),
        LOG_HEADS,
        "",
        on_slide=False,
    )
    body = json.loads(material.manifest)
    rows = [("made", body["made"]), ("place folder (SHA-256)", body["place"]["hash"])]
    rows += [(f"option {name} (SHA-256)", digest) for name, digest in body["options"].items()]
    rows += list(body["versions"].items())
    table = pd.DataFrame(rows, columns=["name", "value"])
    heads = {"name": "What", "value": "Which"}
    yield Heading("To make the same figures again")
    yield Paragraph(
        "method.again",
        "The file holds its manifest: place, parameters, seed and versions. The page Evidence, or hubreach pack --from, "
        "makes the same figures from it and says what has changed since.",
    )
    yield Table("manifest", "What this pack was made from", table, heads, "", on_slide=False)
