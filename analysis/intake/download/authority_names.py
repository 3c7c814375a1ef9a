"""The code of an authority by its name, from the publisher's own lookup, and remembered."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from analysis.base.faults import Fault, HubreachError
from analysis.base.records import kept_values
from analysis.base.text import plain, slugify
from analysis.base.writing import write_whole
from analysis.intake.download.fetching import service_rows
from analysis.intake.download.sources import CODE, OfficialFile

KEPT = "authorities.json"
HEADLINE = "The authority is not known."
MOST_LETTERS = 80


def find_authority(
    text: str, files: Sequence[OfficialFile], folder: Path, *, pause_seconds: float = 1.0
) -> tuple[str, str]:
    """Code and name of an authority, given either.

    Parameters
    ----------
    text : str
        Such as Leeds, leeds or E08000035.
    files : sequence of OfficialFile
        Of one edition, with a lookup that says in which columns it has codes and names.
    folder : Path
        Where answers are remembered, so that a second time needs no connection.
    pause_seconds : float
        Wait before a second attempt.

    Returns
    -------
    code : str
    name : str

    Raises
    ------
    HubreachError
        If there is no such authority (the message names those that sound like it), or no connection.
    """
    lookup = next((file for file in files if file.code_column and file.name_column), None)
    if lookup is None or not text or len(text) > MOST_LETTERS:
        found = "the list of addresses has no lookup of names" if text else "no name"
        raise _unknown(found, "Give the code too, such as --code E08000035")
    kept, key = _kept(folder), f"{lookup.edition} {text.casefold()}"
    if key in kept:
        return kept[key]
    lookup = lookup.of(text.upper() if CODE.fullmatch(text.upper()) else slugify(text), text)
    quoted = text.replace("'", "''")
    column = lookup.code_column if CODE.fullmatch(text.upper()) else lookup.name_column
    rows = service_rows(lookup, f"UPPER({column}) = UPPER('{quoted}')", pause_seconds=pause_seconds)
    pairs = _pairs(rows, lookup)
    if len(pairs) != 1:
        near = pairs or _pairs(
            service_rows(
                lookup, f"UPPER({lookup.name_column}) LIKE UPPER('%{quoted}%')", pause_seconds=pause_seconds
            ),
            lookup,
        )
        like = ", ".join(f"{name} {code}" for code, name in near[:5])
        remedy = f"Did you mean {like}?" if like else "Give its name as the lookup has it, or its code"
        raise _unknown(f"no authority {text!r:.60} in {lookup.title}", remedy)
    write_whole(folder / KEPT, json.dumps({**kept, key: pairs[0]}, indent=1), "The name was not kept.")
    return pairs[0]


def _pairs(rows: Sequence[dict[str, object]], lookup: OfficialFile) -> list[tuple[str, str]]:
    found = {
        (str(row.get(lookup.code_column, "")), plain(str(row.get(lookup.name_column, "")))) for row in rows
    }
    return sorted((code, name) for code, name in found if CODE.fullmatch(code))


def _kept(folder: Path) -> dict[str, tuple[str, str]]:
    pairs = {key: pair for key, pair in kept_values(folder / KEPT).items() if isinstance(pair, list)}
    return {key: (str(pair[0]), str(pair[1])) for key, pair in pairs.items() if len(pair) > 1}


def _unknown(found: str, remedy: str) -> HubreachError:
    return HubreachError(HEADLINE, [Fault("--authority", None, None, found, remedy)])
