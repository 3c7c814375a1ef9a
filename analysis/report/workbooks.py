"""A pack's tables as Excel, and its areas and sites as GeoPackage."""

from __future__ import annotations

import pandas as pd

from analysis.render.tables import geopackage_file, workbook_file
from analysis.report.content import Pack


def pack_workbook(pack: Pack) -> bytes:
    """Every table and the numbers of every chart and map, with notes and the manifest."""
    manifest = pd.DataFrame({"name": ["manifest"], "value": [" ".join(pack.manifest.split())]})
    notes = pd.concat([pack.parameters, manifest], ignore_index=True)
    return workbook_file(pack.sheets(), notes, title=pack.title, made=pack.made)


def pack_geopackage(pack: Pack) -> bytes:
    """Need by area of every level, and the sites, with source and assumptions in the metadata."""
    sources = [block.source for _, block in pack.blocks() if hasattr(block, "source")]
    return geopackage_file(
        pack.layers(), title=pack.title, source=sources[0] if sources else "", made=pack.made
    )
