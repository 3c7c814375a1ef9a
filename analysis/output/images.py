"""Charts as image files, drawn by an installed Chrome, Chromium or Edge; no network."""

from __future__ import annotations

import atexit
import os
import shutil
import threading
from functools import lru_cache
from pathlib import Path
from typing import Literal, cast

import kaleido
import plotly.graph_objects as go

ImageKind = Literal["png", "svg", "pdf"]
BROWSERS = (
    "google-chrome",
    "google-chrome-stable",
    "chromium",
    "chromium-browser",
    "microsoft-edge",
    "microsoft-edge-stable",
    "chrome",
    "msedge",
)
INSTALLED = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
PRINT_WIDTH_PX = 720
_lock = threading.Lock()


def find_browser() -> str | None:
    """Path of a Chrome, Chromium or Edge: `HUBREACH_BROWSER`, then the search path, then the usual places."""
    chosen = os.environ.get("HUBREACH_BROWSER")
    if chosen:
        return chosen if Path(chosen).exists() else None
    for name in BROWSERS:
        found = shutil.which(name)
        if found:
            return found
    return next((path for path in INSTALLED if Path(path).exists()), None)


def image_browser_missing() -> str:
    """What to do when no browser can draw images; empty when one can."""
    if find_browser() is not None:
        return ""
    return (
        "Images need Chrome, Chromium or Edge on this machine (Debian and Ubuntu: apt install chromium). "
        "The CSV works without."
    )


@lru_cache(maxsize=1)
def _server() -> None:
    kaleido.start_sync_server(n=1, mathjax=False, silence_warnings=True, path=find_browser())
    atexit.register(kaleido.stop_sync_server, silence_warnings=True)


def figure_image(
    figure: go.Figure, kind: ImageKind, *, width_px: int = PRINT_WIDTH_PX, scale: float = 3.0
) -> bytes:
    """Draw a figure into a file's bytes.

    Parameters
    ----------
    figure : Figure
    kind : {"png", "svg", "pdf"}
    width_px : int
        Width in CSS pixels; 720 is 16 cm and a little more at 110 dpi.
    scale : float
        PNG pixels to a CSS pixel.

    Raises
    ------
    RuntimeError
        If no browser is installed.
    """
    missing = image_browser_missing()
    if missing:
        raise RuntimeError(missing)
    options = {"format": kind, "width": width_px, "height": figure.layout.height or 400, "scale": scale}
    # One renderer serves every session: requests queue here.
    with _lock:
        _server()
        return cast("bytes", kaleido.calc_fig_sync(figure, opts=options))
