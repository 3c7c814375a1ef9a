"""Make sure that a browser is there for the browser tests: one that is installed, else install one.

Run by `make test`. It fails, and so does the run, when no browser can be had.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from analysis.render.installed_browser import find_browser


def installed_browser() -> str | None:
    """Path of an installed Chrome, Chromium or Edge, or of the one that Playwright keeps."""
    found = find_browser()
    if found:
        return found
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install() -> None:
    """Try Debian's package as root, then Playwright's own download."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=False)
    if installed_browser() is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


if __name__ == "__main__":
    if installed_browser() is None:
        install()
    browser = installed_browser()
    if browser is None:
        sys.exit(
            "No browser for the browser tests: install Chrome, Chromium or Edge, or set HUBREACH_BROWSER."
        )
    print(f"browser: {browser}")
