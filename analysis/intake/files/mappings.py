"""What a user has said of a file's columns, remembered for the next file with the same headings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from analysis.base.faults import HubreachError
from analysis.base.folders import user_data_folder
from analysis.base.records import kept_values
from analysis.base.writing import write_whole
from analysis.intake.files.headings import normal_heading
from analysis.intake.files.sheets import open_sheets

FILE = "column_mappings.json"
MOST_KEPT = 500


def recalled(path: Path, given: Mapping[str, str] | None = None) -> dict[str, str]:
    """The mapping of a file: as given, else as remembered for its headings, else none.

    Parameters
    ----------
    path : Path
    given : mapping, optional
        Meaning to heading.
    """
    if given:
        return dict(given)
    kept = _kept()
    if not kept:
        return {}
    return next((kept[key] for key in _signatures(path) if key in kept), {})


def remember(path: Path, given: Mapping[str, str]) -> None:
    """Keep a mapping for every file with these headings."""
    kept = _kept()
    for key in _signatures(path, list(given.values())):
        kept.pop(key, None)
        kept[key] = dict(given)
    newest = dict(list(kept.items())[-MOST_KEPT:])
    text = json.dumps(newest, ensure_ascii=False, indent=1)
    write_whole(user_data_folder() / FILE, text, "The columns were not remembered.")


def _signatures(path: Path, holding: list[str] | None = None) -> list[str]:
    """Marks of the rows of a file that can be headings: the same words in the same order."""
    try:
        sheets = open_sheets(path)
    except HubreachError:
        return []
    wanted = {normal_heading(text) for text in holding or ()}
    marks = []
    for sheet in sheets:
        for row in sheet.preview:
            words = [normal_heading(cell) for cell in row]
            if len(set(words) - {""}) > 1 and wanted <= set(words):
                marks.append(hashlib.sha256("\x1f".join(words).encode()).hexdigest()[:24])
    return marks


def _kept() -> dict[str, dict[str, str]]:
    return {
        str(key): {str(name): str(text) for name, text in value.items()}
        for key, value in kept_values(user_data_folder() / FILE).items()
        if isinstance(value, dict)
    }
