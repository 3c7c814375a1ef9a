"""The row of downloads under a chart or a map: numbers as CSV, picture as PNG, SVG or PDF."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal

import pandas as pd
import streamlit as st

from analysis.base.text import slugify
from analysis.render.sheets import SIZES, ImageKind, PrintSize, SizeName
from analysis.render.tables import csv_file

MakePicture = Callable[[ImageKind, PrintSize], bytes]
MIME: dict[ImageKind, str] = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf"}
SIZE_WORDS: dict[SizeName, str] = {
    "report": "Report, 16 cm wide",
    "slide": "Slide, 16:9",
    "square": "Square",
}


def csv_button(key: str, numbers: pd.DataFrame, name: str) -> None:
    """A table as CSV: exactly the numbers shown."""
    st.download_button(
        "CSV",
        lambda: csv_file(numbers),
        f"{slugify(name)}.csv",
        "text/csv",
        key=f"csv-{key}",
        on_click="ignore",
        icon=":material/download:",
        type="tertiary",
        help="Exactly the numbers shown, with source and assumptions.",
    )


def downloads_row(
    key: str,
    name: str,
    make: MakePicture,
    *,
    numbers: pd.DataFrame | None = None,
    missing: str = "",
    what: Literal["chart", "map"] = "chart",
) -> None:
    """Offer a picture in three formats and sizes, and its numbers.

    Parameters
    ----------
    key : str
        Unique on the page.
    name : str
        Start of the file names.
    make : callable
        Makes the file when it is asked for.
    numbers : DataFrame, optional
        For the CSV, source included.
    missing : str
        Why no picture can be made here; "" where it can.
    what : {"chart", "map"}
    """
    with st.container(horizontal=True, key=f"downloads-{key}", gap="small"):
        if numbers is not None:
            csv_button(key, numbers, name)
        size: SizeName = st.session_state.get(f"size-{key}") or "report"
        for kind, mime in MIME.items():
            st.download_button(
                kind.upper(),
                partial(make, kind, SIZES[size]),
                f"{slugify(name)}{'' if size == 'report' else f'-{size}'}.{kind}",
                mime,
                key=f"{kind}-{key}",
                on_click="ignore",
                icon=":material/image:",
                type="tertiary",
                disabled=bool(missing),
                help=missing
                or f"The {what} as {kind.upper()} ({SIZE_WORDS[size].lower()}), with its source line.",
            )
        with st.popover("Size", type="tertiary", icon=":material/aspect_ratio:", disabled=bool(missing)):
            st.segmented_control(
                "Size of the picture",
                list(SIZES),
                format_func=SIZE_WORDS.__getitem__,
                default="report",
                required=True,
                key=f"size-{key}",
                help="PNG is 300 dpi at this size; SVG and PDF are vector.",
            )
