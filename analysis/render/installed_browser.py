"""The installed Chrome, Chromium or Edge that draws charts as pictures."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

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
        "Maps, CSV and HTML work without."
    )
