"""Where places live: bundled with the product, and in the user's own data folder."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

PACKAGE = Path(__file__).resolve().parents[1]


def dashboard_folder() -> Path:
    """Folder that holds `app.py`, `pages/` and `data/`: the checkout, or the installed package's copy."""
    installed = PACKAGE / "_dashboard"
    return installed if installed.is_dir() else PACKAGE.parent


def bundled_places_folder() -> Path:
    """Folder of the places that come with an installation: `HUBREACH_PLACES`, or those of the product."""
    chosen = os.environ.get("HUBREACH_PLACES")
    return Path(chosen).expanduser() if chosen else dashboard_folder() / "data" / "places"


def user_data_folder() -> Path:
    """Folder for the user's own places, options and workshops: `HUBREACH_DATA_DIR`, or the platform's."""
    chosen = os.environ.get("HUBREACH_DATA_DIR")
    return Path(chosen).expanduser() if chosen else Path(platformdirs.user_data_dir("hubreach", False))


def place_user_folder(slug: str) -> Path:
    """Folder for what a user adds to a place (options, edits, contracts); it need not exist yet."""
    return user_data_folder() / "places" / slug


def place_folders() -> dict[str, Path]:
    """Every place by slug, bundled ones first; a user's place never hides a bundled one."""
    found: dict[str, Path] = {}
    for root in (bundled_places_folder(), user_data_folder() / "places"):
        for manifest in sorted(root.glob("*/place.toml")):
            found.setdefault(manifest.parent.name, manifest.parent)
    return found
