"""A place's own options kept in order: save, duplicate, rename, delete, bring in, and take back.

Options that come with a place are never changed: they can be duplicated, and a saved option of the same name
stands in for one until it is deleted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from analysis.base.faults import Fault, FaultList, HubreachError
from analysis.base.history import Change, History
from analysis.base.text import plain, slugify
from analysis.base.writing import write_whole
from analysis.options.files import (
    find_option,
    list_options,
    option_folders,
    option_text,
    write_option,
)
from analysis.options.option import Option

FileTexts = dict[str, str | None]


class LibraryChange(Change[FileTexts]):
    """What was done to a place's own options: the text of each file that was touched, before and after.

    `slug` is the option that it leads to; a text is None where there is no file.
    """

    slug: str


LibraryHistory = History[LibraryChange]


def is_own(place_slug: str, slug: str) -> bool:
    """Whether an option is a file of the user's own, which can be renamed and deleted."""
    return _own_path(place_slug, slug).is_file()


def save_option(option: Option, place_slug: str) -> LibraryChange:
    """Save an option in the user's folder, in place of one of the same name.

    Raises
    ------
    HubreachError
        If it has no name, or the folder cannot be written to.
    """
    named = _named(option, option.name)
    before = _texts(place_slug, named.slug)
    write_option(named, place_slug)
    return _change(place_slug, f"Saved {named.name}", named.slug, before)


def duplicate_option(place_slug: str, slug: str, name: str = "") -> LibraryChange:
    """Copy an option under a new name, by default "Copy of ..." with a number where that is taken.

    Raises
    ------
    HubreachError
        If there is no such option, or the new name is taken.
    """
    option = find_option(place_slug, slug)
    copy = _named(option, name or _free_name(place_slug, f"Copy of {option.name}"))
    _refuse_taken(place_slug, copy)
    change = save_option(copy, place_slug)
    return change.model_copy(update={"words": f"Copied {option.name} as {copy.name}"})


def rename_option(place_slug: str, slug: str, name: str) -> LibraryChange:
    """Give one of the user's own options another name.

    Raises
    ------
    HubreachError
        If it comes with the place, or the new name is taken.
    """
    _refuse_bundled(place_slug, slug, "renamed")
    option = find_option(place_slug, slug)
    renamed = _named(option, name)
    if renamed.slug != slug:
        _refuse_taken(place_slug, renamed)
    before = _texts(place_slug, slug, renamed.slug)
    write_option(renamed, place_slug)
    if renamed.slug != slug:
        _restore(place_slug, slug, None)
    return _change(place_slug, f"Renamed {option.name} to {renamed.name}", renamed.slug, before)


def delete_option(place_slug: str, slug: str) -> LibraryChange:
    """Delete one of the user's own options.

    Raises
    ------
    HubreachError
        If it comes with the place.
    """
    _refuse_bundled(place_slug, slug, "deleted")
    before = _texts(place_slug, slug)
    _restore(place_slug, slug, None)
    return _change(place_slug, f"Deleted {slug}", slug, before)


def import_option(place_slug: str, option: Option) -> LibraryChange:
    """Bring in an option; where its name is taken it gets another.

    Raises
    ------
    HubreachError
        If it cannot be saved.
    """
    option = _named(option, _free_name(place_slug, option.name))
    change = save_option(option, place_slug)
    return change.model_copy(update={"words": f"Imported {option.name}"})


def exported_text(place_slug: str, slug: str) -> str:
    """Text of an option's file, to send to someone else."""
    return option_text(find_option(place_slug, slug))


def move_library(
    place_slug: str, history: LibraryHistory, move: Callable[[LibraryHistory], LibraryHistory]
) -> LibraryHistory:
    """Undo or redo changes to a place's own options, in their files.

    Parameters
    ----------
    place_slug : str
    history : LibraryHistory
    move : callable
        Such as `History.undo`.

    Raises
    ------
    HubreachError
        If a file is no longer as the change left it (somebody changed it since); it then stays as it is.
    """
    moved = move(history)
    for change in reversed(history.done[len(moved.done) :]):
        _put(place_slug, change.words, change.after, change.before)
    for change in moved.done[len(history.done) :]:
        _put(place_slug, change.words, change.before, change.after)
    return moved


def _put(place_slug: str, words: str, there: FileTexts, wanted: FileTexts) -> None:
    faults = FaultList("option")
    for slug, text in _texts(place_slug, *there).items():
        if text != there[slug]:
            found = f"{slug!r:.60} was changed since"
            faults.add(found, "Look at it as it is now, and change it there", file=f"{slug}.toml")
    faults.raise_if_any(f"This cannot be taken back or done again: {words}.")
    for slug, text in wanted.items():
        _restore(place_slug, slug, text)


def _change(place_slug: str, words: str, slug: str, before: FileTexts) -> LibraryChange:
    return LibraryChange(words=words, slug=slug, before=before, after=_texts(place_slug, *before))


def _own_path(place_slug: str, slug: str) -> Path:
    return option_folders(place_slug)[1] / f"{slugify(slug)}.toml"


def _named(option: Option, name: str) -> Option:
    name = plain(name)
    slug = slugify(name)
    if not slug:
        fault = Fault("option", None, "name", "it has no name", "Give it a name with letters or digits")
        raise HubreachError("The option cannot be saved.", [fault])
    return replace(option, name=name, slug=slug)


def _free_name(place_slug: str, name: str) -> str:
    taken, number, candidate = list_options(place_slug), 1, name
    while slugify(candidate) in taken:
        number += 1
        candidate = f"{name} {number}"
    return candidate


def _refuse_taken(place_slug: str, option: Option) -> None:
    if option.slug in list_options(place_slug):
        fault = Fault("option", None, "name", f"{option.name!r:.60} is taken", "Choose another name")
        raise HubreachError("There is an option of that name.", [fault])


def _refuse_bundled(place_slug: str, slug: str, done: str) -> None:
    if not is_own(place_slug, slug):
        found = f"{slug!r:.60} is not one of your own"
        fault = Fault("option", None, None, found, "Duplicate it, and change the copy")
        raise HubreachError(f"Options that come with a place cannot be {done}.", [fault])


def _texts(place_slug: str, *slugs: str) -> FileTexts:
    paths = {slug: _own_path(place_slug, slug) for slug in slugs}
    return {slug: path.read_text("utf-8") if path.is_file() else None for slug, path in paths.items()}


def _restore(place_slug: str, slug: str, text: str | None) -> None:
    path = _own_path(place_slug, slug)
    if text is not None:
        write_whole(path, text, "The option was not put back.")
        return
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        fault = Fault(
            path.name, None, None, f"it cannot be removed ({error.strerror or error})", "Check the folder"
        )
        raise HubreachError("The option was not deleted.", [fault]) from error
