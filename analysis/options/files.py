"""Option files of a place: those that come with it and the user's own, found, read and saved."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from analysis.base.faults import Fault, FaultList, HubreachError
from analysis.base.folders import bundled_places_folder, place_user_folder
from analysis.base.text import slugify
from analysis.base.writing import write_whole
from analysis.options.option import Option
from analysis.options.wording import option_text, parse_option

__all__ = [
    "TODAY",
    "find_option",
    "list_options",
    "option_folders",
    "option_text",
    "parse_option",
    "read_option",
    "read_options",
    "write_option",
]

TODAY = Option("Today", "today", source="The place's sites as they are listed", others="as today")


def option_folders(place_slug: str) -> tuple[Path, Path]:
    """Where a place's options are: those that come with it, then the user's own."""
    return bundled_places_folder() / place_slug / "options", place_user_folder(place_slug) / "options"


def list_options(place_slug: str) -> dict[str, Path]:
    """Option files of a place by slug; a user's file stands in for a bundled one of the same name."""
    return {
        path.stem: path
        for folder in option_folders(place_slug)
        for path in sorted(folder.glob("*.toml"), key=lambda path: path.stem)
    }


def find_option(place_slug: str, name: str) -> Option:
    """Read an option of a place by name or slug; "today" is always there.

    Raises
    ------
    HubreachError
        If there is none (the message lists those there are), or its file cannot be used.
    """
    files = list_options(place_slug)
    slug = slugify(name)
    if slug in files:
        return _read_as(slug, files[slug])
    if slug == TODAY.slug:
        return TODAY
    faults = FaultList("option")
    known = ", ".join(sorted({*files, TODAY.slug}))
    faults.add(f"{name!r:.60} is not known", f"Choose one of: {known}")
    raise HubreachError("There is no such option.", faults)


def read_options(place_slug: str) -> tuple[dict[str, Option], tuple[Fault, ...]]:
    """Every option of a place by slug, today last unless a file says what today is.

    Returns
    -------
    dict of str to Option
    tuple of Fault
        What is wrong with files that cannot be used; the others are there all the same.
    """
    found, faults = {}, FaultList("options")
    for slug, path in list_options(place_slug).items():
        with faults.collecting():
            found[slug] = _read_as(slug, path)
    found.setdefault(TODAY.slug, TODAY)
    return found, tuple(faults)


def _read_as(slug: str, path: Path) -> Option:
    """Read an option whose file's name says what it is called on the command line and in links."""
    return replace(read_option(path), slug=slug)


def read_option(path: Path) -> Option:
    """Read an option file.

    Raises
    ------
    HubreachError
        With everything in it that cannot be used.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        faults = FaultList(path.name)
        faults.add(f"it cannot be read ({error!s:.80})", "Give an option file (TOML, UTF-8)")
        raise HubreachError("The option cannot be read.", faults) from error
    return parse_option(text, file=path.name)


def write_option(option: Option, place_slug: str, *, replace: bool = True) -> Path:
    """Save an option in the user's data folder, whole or not at all.

    Parameters
    ----------
    option : Option
    place_slug : str
    replace : bool
        Whether an option of the same name, one that comes with the place too, may give way to it.

    Returns
    -------
    Path
        Of the file: `places/<place>/options/<slug>.toml`.

    Raises
    ------
    HubreachError
        If the name is taken, or the folder cannot be written to.
    """
    if not replace and slugify(option.slug) in list_options(place_slug):
        found = f"there is an option {option.slug} already"
        fault = Fault("option", None, "name", found, "Take another name, or say that it may be replaced")
        raise HubreachError("The option was not saved.", [fault])
    path = option_folders(place_slug)[1] / f"{slugify(option.slug)}.toml"
    return write_whole(path, option_text(option), "The option was not saved.")
