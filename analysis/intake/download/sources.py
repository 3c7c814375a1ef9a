"""Addresses of the official files at their publishers, from the one file that lists them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from analysis.base.faults import Fault, HubreachError
from analysis.base.folders import dashboard_folder
from analysis.base.records import Record, read_record

CODE = re.compile(r"E0[6-9]\d{6}")
Role = Literal["imd", "lookup", "boundaries", "population", "sites"]


class OfficialFile(Record):
    """One official file: what it is, and where its publisher keeps it."""

    file: Annotated[str, Field(pattern=r"^[A-Za-z0-9_{}][A-Za-z0-9_.{}-]*$")]
    role: Role
    edition: Annotated[str, Field(pattern=r"^[0-9]{4}$")]
    title: str
    publisher: str
    kind: Literal["file", "service"]
    address: Annotated[str, Field(pattern=r"^https?://")]
    where: str = "1=1"
    code_column: str = ""
    name_column: str = ""
    sha256: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""

    def of(self, code: str, name: str) -> OfficialFile:
        """The file of one authority."""
        quoted = name.replace("'", "''")
        return self.model_copy(
            update={
                "file": self.file.replace("{code}", code),
                "where": self.where.format(code=code, name=quoted),
            }
        )


class OfficialSources(Record):
    """All of `official_sources.toml`."""

    files: tuple[OfficialFile, ...]


def official_files(code: str, name: str, edition: str, path: Path | None = None) -> tuple[OfficialFile, ...]:
    """Files that a place of one authority needs for one edition of the indices.

    Parameters
    ----------
    code, name : str
        Of the authority, as the lookups have them.
    edition : str
        "2019" or "2025".
    path : Path, optional
        Another list of addresses than the bundled one.

    Returns
    -------
    tuple of OfficialFile
        In the order of the list.

    Raises
    ------
    HubreachError
        If the list cannot be read, holds nothing of the edition, or the code is none.
    """
    if not CODE.fullmatch(code):
        fault = Fault(
            "--authority", None, None, f"{code!r:.40} is no authority's code", "Give one such as E08000035"
        )
        raise HubreachError("The files cannot be fetched.", [fault])
    return tuple(file.of(code, name) for file in listed_files(edition, path))


def listed_files(edition: str, path: Path | None = None) -> tuple[OfficialFile, ...]:
    """Files of one edition as the list has them, for any authority.

    Raises
    ------
    HubreachError
        If the list cannot be read, or holds nothing of the edition.
    """
    listed = path or dashboard_folder() / "data" / "official_sources.toml"
    sources = read_record(listed, OfficialSources, "The list of addresses cannot be used.")
    found = tuple(file for file in sources.files if file.edition == edition)
    if not found:
        known = ", ".join(sorted({file.edition for file in sources.files}))
        fault = Fault(listed.name, None, "edition", f"nothing of {edition!r:.20}", f"Use one of: {known}")
        raise HubreachError("The files cannot be fetched.", [fault])
    return found
