"""Contracts, allocations, appraisals, cohorts and outcomes as files: bundled with a place, or the user's own."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Literal, Protocol

import tomlkit
from pydantic import BaseModel

from analysis.base.folders import place_user_folder
from analysis.base.text import slugify
from analysis.base.writing import write_whole

if TYPE_CHECKING:
    from pathlib import Path

Kind = Literal["contracts", "allocations", "appraisals", "cohorts", "counts", "monitoring", "users"]


class Named(Protocol):
    """A record with a name, which gives its file's name."""

    @property
    def name(self) -> str:
        """Name of the record."""
        ...

    def model_dump(self, *, exclude_defaults: bool) -> dict[str, Any]:
        """Fields of the record as plain values."""
        ...


def record_files(place_folder: Path, kind: Kind) -> dict[str, Path]:
    """Files of one kind by slug; a user's own takes the place of a bundled one of the same name."""
    folders = (place_folder / kind, place_user_folder(place_folder.name) / kind)
    return {path.stem: path for folder in folders for path in sorted(folder.glob("*.toml"))}


def record_text(record: BaseModel | Named) -> str:
    """The record as a TOML file that reads back to an equal record."""
    return tomlkit.dumps(_plain(record.model_dump(exclude_defaults=True)))


def save_record(record: Named, place_slug: str, kind: Kind) -> Path:
    """Write a record into the user's folder of a place; returns the file."""
    path = place_user_folder(place_slug) / kind / f"{slugify(record.name) or 'unnamed'}.toml"
    return write_whole(path, record_text(record), f"{record.name} was not saved.")


def remove_record(place_slug: str, kind: Kind, slug: str) -> None:
    """Remove a record of the user's own; a bundled one of the same name is there again."""
    (place_user_folder(place_slug) / kind / f"{slugify(slug)}.toml").unlink(missing_ok=True)


def is_saved(place_slug: str, kind: Kind, slug: str) -> bool:
    """Whether the user has a record of this name of their own."""
    return (place_user_folder(place_slug) / kind / f"{slug}.toml").is_file()


def _plain(value: Any) -> Any:
    """Decimals as text, which keeps them exact; blanks as empty text, since TOML has no null."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if value is None:
        return ""
    return value if isinstance(value, bool | int | str | dt.date) else str(value)
