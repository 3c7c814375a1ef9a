"""Write a file whole or not at all, so that a reader never meets half of it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from analysis.base.faults import Fault, HubreachError


def write_whole(path: Path, text: str, headline: str) -> Path:
    """Write text (UTF-8) to a file, making its folder where needed.

    Parameters
    ----------
    path : Path
        Replaced in one step if it is there.
    text : str
    headline : str
        First sentence of the error.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    HubreachError
        If it cannot be written; what was there before is still there.
    """
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        temporary = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        found = f"it cannot be written ({error.strerror or error})"
        fault = Fault(path.name, None, None, found, "Check the folder named in HUBREACH_DATA_DIR")
        raise HubreachError(headline, [fault]) from error
    return path
